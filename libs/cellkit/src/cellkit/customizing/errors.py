"""Why a definition cannot be changed as asked."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class ValuesExist(BusinessRuleViolation):
    """Documents hold values of the field."""

    code, status = "CUSTOM_FIELD_IN_USE", 409
    zh = "字段 {name} 在 {count} 份单据中有值，不能删除；可停用该字段，或先执行“清除数据”并确认份数"
    en = (
        "Field {name} has values in {count} document(s) and cannot be deleted; deactivate it, or erase its values "
        "first, naming their count"
    )


class CountDiffers(BusinessRuleViolation):
    """Another number of documents holds values than the caller thought."""

    code, status = "CUSTOM_FIELD_COUNT", 409
    zh = "字段 {name} 当前在 {count} 份单据中有值，与确认的 {given} 份不一致，未作任何更改"
    en = "Field {name} has values in {count} document(s), not {given}; nothing was changed"


class TooManyFields(BusinessRuleViolation):
    """An entity has as many fields of the tenant's own as it may have."""

    code = "CUSTOM_FIELD_LIMIT"
    zh = "{entity} 的自定义字段已达上限 {limit} 个"
    en = "{entity} has {limit} custom fields, which is the limit"


class EntriesInUse(BusinessRuleViolation):
    """Documents hold codes of the dictionary that would be gone."""

    code, status = "DICTIONARY_IN_USE", 409
    zh = "编码 {codes} 已被单据使用，不能删除；可将其停用"
    en = "Codes {codes} are used by documents and cannot be removed; retire them instead"


class DictionaryOfFields(BusinessRuleViolation):
    """Fields choose from the dictionary."""

    code, status = "DICTIONARY_HAS_FIELDS", 409
    zh = "字段 {fields} 正在使用此字典，不能删除"
    en = "Fields {fields} choose from this dictionary; it cannot be deleted"
