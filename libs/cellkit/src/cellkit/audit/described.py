"""The audit trail in the cell's OpenAPI document."""

from __future__ import annotations

from cellkit.described import FLAG, NUMBER, PAGE_PARAMETERS, READ_ERRORS, TEXT, Schema, answered, operation, page, shape
from cellkit.described import queries as parameters
from cellkit.labels import L

_ENTRY_FILTERS = ("entity", "entity_id", "user_id", "action", "request_id", "channel", "address", "from", "to")


def audit_paths(cell: str) -> Schema:
    """The paths below ``_audit``."""
    base = f"/api/v1/{cell}/_audit"
    verified = shape({"holds": FLAG, "checked": NUMBER, "complete": FLAG, "archivedThrough": NUMBER})
    head = shape({"sequence": NUMBER, "day": TEXT, "head": TEXT, "signature": TEXT})
    archive = shape({"first_sequence": NUMBER, "last_sequence": NUMBER, "chain_hash": TEXT, "file": TEXT})
    key = shape(dict.fromkeys(("algorithm", "publicKey", "fingerprint"), TEXT))
    lines = {"application/x-ndjson": {"schema": TEXT}}
    return {
        base: {
            "get": operation("audit", L("审计日志", "audit trail"), page(), READ_ERRORS)
            | {"parameters": parameters(*_ENTRY_FILTERS, *PAGE_PARAMETERS)}
        },
        f"{base}/verify": {
            "get": operation("verify_audit", L("校验审计链", "verify the audit chain"), verified, READ_ERRORS)
            | {"parameters": parameters("cursor")}
        },
        f"{base}/heads": {
            "get": operation("audit_heads", L("签名链头", "signed heads"), page(head), READ_ERRORS)
            | {"parameters": parameters("limit", "cursor")}
        },
        f"{base}/archives": {
            "get": operation("audit_archives", L("审计归档", "audit archives"), page(archive), READ_ERRORS)
            | {"parameters": parameters("limit", "cursor")}
        },
        f"{base}/key": {"get": operation("audit_key", L("审计签名公钥", "key that signs the trail"), key, READ_ERRORS)},
        f"{base}/export": {
            "get": answered("export_audit", L("导出审计链", "the trail as a file"), lines, READ_ERRORS)
            | {"parameters": parameters("from", "to")}
        },
    }
