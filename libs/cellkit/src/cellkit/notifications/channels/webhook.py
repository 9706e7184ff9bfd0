"""Webhooks by the Standard Webhooks convention (standardwebhooks.com): ``webhook-id``, ``-timestamp``, ``-signature``.

The receiver computes ``v1,`` + base64(HMAC-SHA256(secret, "<id>.<timestamp>.<body>")), compares it, refuses old
timestamps, and takes an id once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cellkit.http.messages import to_json
from cellkit.notifications.channels.message import Message, Target
from cellkit.notifications.channels.posting import Poster, refuse_status

_PREFIX = "whsec_"


def signature(secret: str, identity: str, timestamp: int, body: bytes) -> str:
    """The signature header; a secret ``whsec_<base64>`` is its decoded bytes, any other text its UTF-8."""
    key = secret.encode()
    if secret.startswith(_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            key = secret.encode()
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def body_of(message: Message) -> bytes:
    """``{"type", "timestamp", "data"}``; the data carries the notices as the channel's owner may see them."""
    return to_json(
        {
            "type": message.items[0].kind,
            "timestamp": message.created_at,
            "data": {
                "cell": message.cell,
                "tenant_id": message.tenant_id,
                "notifications": [
                    {
                        "kind": item.kind,
                        "title": item.title,
                        "text": item.text,
                        "link": item.link,
                        "entity": item.entity,
                        "entity_id": item.entity_id,
                        "must_read": item.must_read,
                    }
                    for item in message.items
                ],
            },
        }
    )


async def send(poster: Poster, target: Target, message: Message, now: int) -> None:
    """Post it; ``now`` is Unix time in seconds. The id is the same at every try, also as ``Idempotency-Key``."""
    body = body_of(message)
    headers = {
        "webhook-id": message.identity,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(target.secret, message.identity, now, body),
        "Idempotency-Key": message.identity,
    }
    refuse_status(await poster.post(target.url, body, headers))
