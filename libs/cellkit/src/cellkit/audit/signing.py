"""The cell's signing key (Ed25519): heads, exports and archives of the audit trail carry its signature.

``AUDIT_SIGNING_KEY`` (base64 of 32 bytes) where several instances share it or a vault keeps it; else a file in the data
folder, made at first use and readable by its owner alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cellkit.settings import Settings, SettingsError

_SEED_BYTES = 32
_KEY_FILE = "signing.key"


def audit_folder(settings: Settings) -> Path:
    """Where a cell keeps its heads, archives and key."""
    return settings.data_folder / "audit" / settings.service_name


class SigningKey:
    """Signs; ``public`` is the public key as base64."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    @classmethod
    def of(cls, settings: Settings) -> SigningKey:
        """The cell's key; raises :class:`SettingsError` for one that is none, :class:`OSError` without a folder."""
        given = settings.environment.get("AUDIT_SIGNING_KEY", "")
        seed = _decoded(given) if given else _kept(audit_folder(settings) / _KEY_FILE)
        if seed is None:
            message = "AUDIT_SIGNING_KEY must be base64 of 32 bytes"
            raise SettingsError(message)
        return cls(seed)

    def sign(self, text: bytes) -> bytes:
        """The signature (64 bytes)."""
        return self._key.sign(text)


def signed_by(public: str, text: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's over this text."""
    raw = _decoded(public)
    if raw is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """A public key in a form that people compare: SHA-256, eight groups of four."""
    digest = hashlib.sha256(public.encode()).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def _decoded(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _SEED_BYTES else None


def _kept(path: Path) -> bytes | None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(_SEED_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # Whoever comes second takes the first one's key.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return _decoded(path.read_text(encoding="ascii"))
