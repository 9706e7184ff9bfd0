"""Encryption of fields at rest, and blind indexes to find them.

Values are bound to tenant, table and column, so that a ciphertext cannot be moved to another row's column. Two forms:

* ``v1:<master key's id>:<base64 nonce+ciphertext>``: under a master key itself, AES-256-GCM (platform services, and
  what cells stored before tenants had keys of their own);
* ``v2:<cipher>:<generation>:<base64 …>``: under the tenant's data key of that generation, which the master key wraps.
  Cipher ``a`` is AES-256-GCM, ``s`` SM4-GCM; each value tells its own, so both may stand in one column.

Master keys come from ``FIELD_ENCRYPTION_KEYS`` (the first wraps, all unwrap) and never reach SQL. Destroying a tenant's
wrapped keys destroys everything under them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cellkit.errors import BusinessRuleViolation
from cellkit.masks import mask
from cellkit.settings import SettingsError

__all__ = ["KeyDestroyed", "KeyRing", "TenantKeys", "mask"]

KEY_BYTES = 32
CIPHERS = {"aes-256-gcm": "a", "sm4-gcm": "s"}
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SM4_KEY_BYTES = 16
_FRESH_SECONDS = 300.0
_MOST_TENANTS = 20_000


class KeyDestroyed(BusinessRuleViolation):
    """The tenant's keys were destroyed, and with them everything that was encrypted."""

    code = "KEY_DESTROYED"
    zh, en = (
        "该租户的加密密钥已销毁，加密数据不可恢复",
        "The tenant's keys were destroyed; nothing encrypted can be read",
    )


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


class Sm4Gcm:
    """SM4 (GB/T 32907) in GCM, with the face of :class:`AESGCM`; the key is derived from a longer one."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(hmac.new(key, b"cellkit sm4", hashlib.sha256).digest()[:_SM4_KEY_BYTES])

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext with its tag behind."""
        sealing = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data or b"")
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The clear bytes; raises ``InvalidTag``."""
        if len(data) < _TAG_BYTES:
            raise InvalidTag
        opening = Cipher(self._algorithm, modes.GCM(nonce, data[-_TAG_BYTES:])).decryptor()
        opening.authenticate_additional_data(associated_data or b"")
        return opening.update(data[:-_TAG_BYTES]) + opening.finalize()


def aead(cipher: str, key: bytes) -> _Aead:
    """The cipher of one letter over a key of 32 bytes."""
    if cipher == "a":
        return AESGCM(key)
    if cipher == "s":
        return Sm4Gcm(key)
    raise ValueError(cipher)


@dataclass(slots=True)
class TenantKeys:
    """A tenant's unwrapped keys: data keys by generation (the newest encrypts) and the key of its blind indexes."""

    data: dict[int, bytes]
    index: bytes
    loaded_at: float = field(default_factory=time.monotonic)
    _ciphers: dict[tuple[str, int], _Aead] = field(default_factory=dict)

    @property
    def current(self) -> int:
        """The generation that encrypts."""
        return max(self.data)

    def cipher(self, letter: str, generation: int) -> _Aead:
        """The cipher of a generation; raises :class:`KeyDestroyed` when it is gone."""
        found = self._ciphers.get((letter, generation))
        if found is None:
            key = self.data.get(generation)
            if key is None:
                raise KeyDestroyed
            found = self._ciphers[letter, generation] = aead(letter, key)
        return found


class KeyRing:
    """Master keys by id, and under them the keys of tenants where a cell keeps those (``enveloped``)."""

    def __init__(self, keys: dict[str, bytes], *, cipher: str = "aes-256-gcm") -> None:
        if not keys:
            message = "FIELD_ENCRYPTION_KEYS is empty; expected id:base64(32 bytes)[,…]"
            raise SettingsError(message)
        if cipher not in CIPHERS:
            message = f"FIELD_CIPHER must be one of {', '.join(CIPHERS)}, not {cipher!r}"
            raise SettingsError(message)
        self._keys = dict(keys)
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.current = next(iter(keys))
        self.letter = CIPHERS[cipher]
        # Without keys of tenants the blind index must survive rotation, so it hangs on the oldest key of the ring.
        oldest = keys[list(keys)[-1]]
        self.first_index_key = hmac.new(oldest, b"cellkit blind index v1", hashlib.sha256).digest()
        self.enveloped = False
        self._tenants: OrderedDict[str, TenantKeys] = OrderedDict()

    @classmethod
    def parse(cls, text: str, *, cipher: str = "aes-256-gcm") -> KeyRing:
        """Read ``id:base64,id:base64``; raises :class:`SettingsError` without repeating the key."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (item.strip() for item in text.split(","))):
            name, _, encoded = part.partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name) or len(key) != KEY_BYTES:
                message = f"FIELD_ENCRYPTION_KEYS: key {name[:16]!r} is not id:base64 of 32 bytes"
                raise SettingsError(message)
            keys[name] = key
        return cls(keys, cipher=cipher)

    # The keys of tenants

    def ready(self, tenant_id: str) -> bool:
        """Whether a tenant's keys are at hand and fresh; always where the ring keeps none."""
        if not self.enveloped:
            return True
        keys = self._tenants.get(tenant_id)
        return keys is not None and time.monotonic() - keys.loaded_at < _FRESH_SECONDS

    def take(self, tenant_id: str, keys: TenantKeys) -> None:
        """Hold a tenant's keys."""
        self._tenants[tenant_id] = keys
        self._tenants.move_to_end(tenant_id)
        while len(self._tenants) > _MOST_TENANTS:
            self._tenants.popitem(last=False)

    def forget(self, tenant_id: str) -> None:
        """Read a tenant's keys anew at its next request."""
        self._tenants.pop(tenant_id, None)

    def keys_of(self, tenant_id: str) -> TenantKeys:
        """A tenant's keys; they were loaded when its session was opened."""
        keys = self._tenants.get(tenant_id)
        if keys is None:
            message = "the tenant's keys are not loaded: open a database session of the tenant first"
            raise RuntimeError(message)
        return keys

    def wrap(self, key: bytes, tenant_id: str, purpose: str) -> str:
        """A tenant's key as it is stored: ``w1:<cipher>:<master id>:<base64>``."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = aead(self.letter, self._keys[self.current]).encrypt(nonce, key, f"{tenant_id}|{purpose}".encode())
        return f"w1:{self.letter}:{self.current}:{base64.b64encode(nonce + sealed).decode()}"

    def unwrap(self, wrapped: str, tenant_id: str, purpose: str) -> bytes:
        """The key that :meth:`wrap` was given; raises :class:`SettingsError` when its master key is not in the ring."""
        _, letter, name, encoded = wrapped.split(":", 3)
        master = self._keys.get(name)
        if master is None:
            message = f"FIELD_ENCRYPTION_KEYS lacks key {name!r}, which keys of tenants are wrapped with"
            raise SettingsError(message)
        raw = base64.b64decode(encoded)
        return aead(letter, master).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{tenant_id}|{purpose}".encode())

    def wrapped_with_current(self, wrapped: str) -> bool:
        """Whether a stored key hangs on the current master key and cipher."""
        return wrapped.startswith(f"w1:{self.letter}:{self.current}:")

    # Values

    def encrypt(self, text: str, tenant_id: str, place: str) -> str:
        """Ciphertext of ``text`` for a column (``place`` = ``table.column``) of a tenant."""
        nonce = os.urandom(_NONCE_BYTES)
        bound = f"{tenant_id}|{place}".encode()
        if not self.enveloped:
            sealed = self._ciphers[self.current].encrypt(nonce, text.encode(), bound)
            return f"v1:{self.current}:{base64.b64encode(nonce + sealed).decode()}"
        keys = self.keys_of(tenant_id)
        if not keys.data:
            raise KeyDestroyed
        sealed = keys.cipher(self.letter, keys.current).encrypt(nonce, text.encode(), bound)
        return f"{self.prefix(tenant_id)}{base64.b64encode(nonce + sealed).decode()}"

    def prefix(self, tenant_id: str) -> str:
        """How values begin that are encrypted now; others are older."""
        if not self.enveloped:
            return f"v1:{self.current}:"
        return f"v2:{self.letter}:{self.keys_of(tenant_id).current}:"

    def decrypt(self, stored: str, tenant_id: str, place: str) -> str:
        """The clear text.

        Raises :class:`KeyDestroyed` when the tenant's key is gone, and whatever the cipher raises when the key is not
        in the ring or the ciphertext was changed or moved.
        """
        cipher, encoded = self._cipher_of(stored, tenant_id)
        raw = base64.b64decode(encoded)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{tenant_id}|{place}".encode()).decode()

    def _cipher_of(self, stored: str, tenant_id: str) -> tuple[_Aead, str]:
        form, rest = stored.split(":", 1)
        if form == "v1":
            name, encoded = rest.split(":", 1)
            if self.enveloped and not self.keys_of(tenant_id).data:
                raise KeyDestroyed
            return self._ciphers[name], encoded
        letter, generation, encoded = rest.split(":", 2)
        return self.keys_of(tenant_id).cipher(letter, int(generation)), encoded

    def seal(self, raw: bytes, tenant_id: str, place: str) -> bytes:
        """Ciphertext of bytes; the same form as :meth:`encrypt` without base64."""
        nonce = os.urandom(_NONCE_BYTES)
        bound = f"{tenant_id}|{place}".encode()
        if not self.enveloped:
            return b"v1:%s:%s" % (self.current.encode(), nonce + self._ciphers[self.current].encrypt(nonce, raw, bound))
        keys = self.keys_of(tenant_id)
        if not keys.data:
            raise KeyDestroyed
        sealed = keys.cipher(self.letter, keys.current).encrypt(nonce, raw, bound)
        return self.prefix(tenant_id).encode() + nonce + sealed

    def open(self, stored: bytes, tenant_id: str, place: str) -> bytes:
        """The bytes that :meth:`seal` was given."""
        parts = 2 if stored.startswith(b"v1:") else 3
        head, raw = b":".join(stored.split(b":", parts)[:parts]), stored.split(b":", parts)[parts]
        cipher, _ = self._cipher_of(f"{head.decode()}:", tenant_id)
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{tenant_id}|{place}".encode())

    def blind_index(self, text: str, tenant_id: str, place: str) -> bytes:
        """A keyed digest by which equal values are found without decrypting; case and blanks do not count."""
        normal = re.sub(r"[\s\-]", "", text).casefold()
        key = self.keys_of(tenant_id).index if self.enveloped else self.first_index_key
        return hmac.new(key, f"{tenant_id}|{place}|{normal}".encode(), hashlib.sha256).digest()[:16]


def ring_of(settings: Any) -> KeyRing | None:
    """The ring of a service's settings (``FIELD_ENCRYPTION_KEYS``, ``FIELD_CIPHER``); None where there are no keys."""
    if not settings.field_encryption_keys:
        return None
    cipher = settings.environment.get("FIELD_CIPHER") or "aes-256-gcm"
    return KeyRing.parse(settings.field_encryption_keys, cipher=cipher)
