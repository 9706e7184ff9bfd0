"""Refusals that several features share."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class ProductDisabled(BusinessRuleViolation):
    """A line names a product that is not sold any more."""

    code = "PRODUCT_DISABLED"
    zh = "产品 {product} 已停用"
    en = "Product {product} is disabled"


class CustomerDisabled(BusinessRuleViolation):
    """New business with a customer that was disabled."""

    code = "CUSTOMER_DISABLED"
    zh = "客户 {customer} 已停用"
    en = "Customer {customer} is disabled"


class ContactOfOtherCustomer(BusinessRuleViolation):
    """The contact belongs to another customer than the document."""

    code = "CONTACT_OF_OTHER_CUSTOMER"
    zh = "联系人不属于该客户"
    en = "The contact belongs to another customer"


class OpportunityOfOtherCustomer(BusinessRuleViolation):
    """The opportunity belongs to another customer than the document."""

    code = "OPPORTUNITY_OF_OTHER_CUSTOMER"
    zh = "商机不属于该客户"
    en = "The opportunity belongs to another customer"


class OpportunityClosed(BusinessRuleViolation):
    """The opportunity has ended."""

    code = "OPPORTUNITY_CLOSED"
    zh = "商机 {number} 已结束"
    en = "Opportunity {number} has ended"
