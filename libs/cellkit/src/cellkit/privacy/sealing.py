"""Personal values in the audit trail: each entry's are encrypted under a key of its own, kept apart from the entry.

Entries can never be changed, so what they hold of a person must become unreadable without being touched: erasing a
person's data deletes the entries' keys, and the chain still holds. Masked fields stand masked in the trail; this is for
the personal fields that are shown in clear.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cellkit.db.shape import Shape, shape_of, shape_of_lines
from cellkit.declare.document import Table
from cellkit.http.messages import from_json, to_json
from cellkit.secrets import KEY_BYTES, KeyDestroyed, KeyRing, aead

SEALED = "sealed"
_PLACE = "kit_audit_key"
_NONCE_BYTES = 12


def seals(table: type[Table]) -> bool:
    """Whether entries about a table hold anything to be sealed."""
    return bool(shape_of(table).sealed_in_audit) or any(
        shape_of_lines(grid).sealed_in_audit for grid in table.lines.values()
    )


class EntrySeal:
    """Seals the values of one entry; ``wrapped`` is its key as it is stored, None while nothing was sealed."""

    def __init__(self, ring: KeyRing, tenant_id: str) -> None:
        self._ring = ring
        self._tenant_id = tenant_id
        self._key = os.urandom(KEY_BYTES)
        self._cipher = aead(ring.letter, self._key)
        self.wrapped: str | None = None

    def seal(self, table: type[Table], values: dict[str, Any]) -> dict[str, Any]:
        """The values with the personal ones sealed; lines as well."""
        sealed = self._row(shape_of(table), values)
        for name, grid in table.lines.items():
            shape = shape_of_lines(grid)
            if shape.sealed_in_audit and isinstance(sealed.get(name), list):
                sealed[name] = [self._row(shape, line) for line in sealed[name]]
        return sealed

    def _row(self, shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
        sealed = dict(values)
        for item in shape.sealed_in_audit:
            if sealed.get(item.name) is not None:
                sealed[item.name] = self._sealed(item.name, to_json(sealed[item.name]))
        return sealed

    def _sealed(self, name: str, raw: bytes) -> dict[str, str]:
        if self.wrapped is None:
            self.wrapped = self._ring.encrypt(base64.b64encode(self._key).decode(), self._tenant_id, _PLACE)
        nonce = os.urandom(_NONCE_BYTES)
        text = base64.b64encode(nonce + self._cipher.encrypt(nonce, raw, f"{self._tenant_id}|{name}".encode())).decode()
        return {SEALED: f"{self._ring.letter}:{text}"}


class EntryOpener:
    """Opens the values of one entry; without its key they are gone."""

    def __init__(self, ring: KeyRing | None, tenant_id: str, wrapped: str | None) -> None:
        self._tenant_id = tenant_id
        self._key: bytes | None = None
        self.erased: set[str] = set()
        if ring is not None and wrapped is not None:
            try:
                self._key = base64.b64decode(ring.decrypt(wrapped, tenant_id, _PLACE))
            except (KeyDestroyed, InvalidTag):
                self._key = None

    def open(self, values: Any) -> Any:
        """The values in clear; erased ones are None and named in ``erased``."""
        if not isinstance(values, dict):
            return values
        return {name: self._value(name, value) for name, value in values.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list) and any(isinstance(line, dict) for line in value):
            return [self.open(line) for line in value]
        if not isinstance(value, dict) or set(value) != {SEALED} or not isinstance(value[SEALED], str):
            return value
        letter, _, text = value[SEALED].partition(":")
        if self._key is None:
            self.erased.add(name)
            return None
        raw = base64.b64decode(text)
        cipher = AESGCM(self._key) if letter == "a" else aead(letter, self._key)
        try:
            clear = cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"{self._tenant_id}|{name}".encode())
        except InvalidTag:
            # Somebody changed the entry; the chain's check tells so.
            self.erased.add(name)
            return None
        return from_json(clear)


def holds_sealed(texts: Iterable[str | None]) -> bool:
    """Whether an entry's texts hold anything sealed."""
    return any(text is not None and f'"{SEALED}":' in text for text in texts)
