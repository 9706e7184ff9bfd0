"""The CRM cell."""

from __future__ import annotations

from cell_crm.contacts.documents import Contact
from cell_crm.contracts.documents import Contract
from cell_crm.contracts.handlers import on_order_approved, on_order_created, on_order_rejected
from cell_crm.customers.documents import Customer
from cell_crm.followups.documents import FollowUp, Task
from cell_crm.leads.documents import Lead
from cell_crm.opportunities.documents import Opportunity, StageChange
from cell_crm.owners.documents import OwnerChange
from cell_crm.pipelines.documents import Pipeline, Stage
from cell_crm.products.documents import Product
from cell_crm.quotes.documents import Quote
from cell_crm.receipts.documents import AllocationEntry, Receipt
from cell_crm.receivables.documents import ReceivablePlan
from cell_crm.reports.receivables import receivable_ageing, receivables_due, receivables_overdue
from cell_crm.reports.sales import forecast, funnel, lead_duplicates, leads_waiting
from cell_crm.settings.documents import OwnLimit, Setting, Team
from cellkit.cell import Cell
from cellkit.labels import L

cell = Cell(
    "crm",
    label=L("客户关系管理", "CRM"),
    version="0.1.0",
    port=8101,
    package="cell_crm",
    documents=[
        Lead,
        Customer,
        Contact,
        Opportunity,
        Quote,
        Contract,
        ReceivablePlan,
        Receipt,
        FollowUp,
        Task,
        Product,
        Pipeline,
        Stage,
        Team,
        OwnLimit,
        Setting,
        OwnerChange,
        StageChange,
        AllocationEntry,
    ],
    handlers=[on_order_created, on_order_approved, on_order_rejected],
    reports=[
        funnel,
        forecast,
        leads_waiting,
        lead_duplicates,
        receivables_overdue,
        receivables_due,
        receivable_ageing,
    ],
)
service = cell.service
