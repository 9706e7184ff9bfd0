"""Encryption of fields at rest, blind indexes to find them, and masks to show them.

AES-256-GCM with the key's id in front (``v1:<key id>:<base64 nonce+ciphertext>``), bound to tenant, table and column
so that a ciphertext cannot be moved to another row's column. Keys come from ``FIELD_ENCRYPTION_KEYS`` and never reach
SQL.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cellkit.settings import SettingsError

_KEY_BYTES = 32
_NONCE_BYTES = 12


class KeyRing:
    """Encryption keys by id; the first one encrypts, all decrypt."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            message = "FIELD_ENCRYPTION_KEYS is empty; expected id:base64(32 bytes)[,…]"
            raise SettingsError(message)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.current = next(iter(keys))
        # The blind index must survive key rotation, so it hangs on the oldest key of the ring.
        oldest = keys[list(keys)[-1]]
        self._index_key = hmac.new(oldest, b"cellkit blind index v1", hashlib.sha256).digest()

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read ``id:base64,id:base64``; raises :class:`SettingsError` without repeating the key."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (item.strip() for item in text.split(","))):
            name, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name) or len(key) != _KEY_BYTES:
                message = f"FIELD_ENCRYPTION_KEYS: key {name[:16]!r} is not id:base64 of 32 bytes"
                raise SettingsError(message)
            keys[name] = key
        return cls(keys)

    def encrypt(self, text: str, tenant_id: str, place: str) -> str:
        """Ciphertext of ``text`` for a column (``place`` = ``table.column``) of a tenant."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, text.encode(), f"{tenant_id}|{place}".encode())
        return f"v1:{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, tenant_id: str, place: str) -> str:
        """The clear text; raises when the key is unknown or the ciphertext was changed or moved."""
        _, name, encoded = stored.split(":", 2)
        raw = base64.b64decode(encoded)
        clear = self._ciphers[name].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{tenant_id}|{place}".encode())
        return clear.decode()

    def seal(self, raw: bytes, tenant_id: str, place: str) -> bytes:
        """Ciphertext of bytes; the same form as :meth:`encrypt` without base64."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, raw, f"{tenant_id}|{place}".encode())
        return b"v1:%s:%s" % (self.current.encode(), nonce + sealed)

    def open(self, stored: bytes, tenant_id: str, place: str) -> bytes:
        """The bytes that :meth:`seal` was given."""
        _, name, raw = stored.split(b":", 2)
        cipher = self._ciphers[name.decode()]
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{tenant_id}|{place}".encode())

    def blind_index(self, text: str, tenant_id: str, place: str) -> bytes:
        """A keyed digest by which equal values are found without decrypting; case and blanks do not count."""
        normal = re.sub(r"[\s\-]", "", text).casefold()
        return hmac.new(self._index_key, f"{tenant_id}|{place}|{normal}".encode(), hashlib.sha256).digest()[:16]


def mask(kind: str, text: str) -> str:
    """``text`` as someone without the right to read it sees it."""
    if not text:
        return text
    if kind == "mobile":
        return text[:3] + "****" + text[-4:] if len(text) >= 11 else text[:1] + "****"
    if kind == "email":
        name, at, domain = text.partition("@")
        return name[:1] + "***" + at + domain
    if kind == "id_card":
        return text[:4] + "*" * 10 + text[-4:] if len(text) >= 15 else "****"
    if kind == "bank":
        return "**** **** " + text[-4:] if len(text) > 8 else "****"
    if kind == "name":
        return text[:1] + "*" * max(1, min(len(text) - 1, 3))
    return "****"
