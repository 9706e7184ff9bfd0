"""The platform's secrets inside a backup: one file, encrypted under the recovery key, which is in no backup."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from superpaas.layout import Layout
from superpaas.messages import TroubleError
from superpaas.vault import Vault

KEY_NAME = "backup-key"
SEALED = "secrets.sealed"
_MAGIC = b"SUPERPAAS-SEALED-1\n"
_SALT, _NONCE = 16, 12
_WORK, _BLOCK, _LANES = 2**15, 8, 1


def recovery_key(layout: Layout) -> str:
    """The recovery key: ``SUPERPAAS_BACKUP_KEY_FILE``, else one made at the first backup in the secrets' folder."""
    named = os.environ.get("SUPERPAAS_BACKUP_KEY_FILE", "")
    return read_key(Path(named)) if named else Vault(layout.secrets).token(KEY_NAME)


def read_key(path: Path) -> str:
    """A recovery key from a file."""
    try:
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise TroubleError(
            f"读不到恢复密钥 {path}：{error.strerror}。", f"The recovery key {path} cannot be read: {error.strerror}."
        ) from None
    if len(key) < 20:
        raise TroubleError(
            f"{path} 中的恢复密钥太短（至少 20 个字符）。", f"The recovery key in {path} is too short (20 at least)."
        )
    return key


def secret_files(layout: Layout) -> list[Path]:
    """All files that must never lie in a backup in clear. The recovery key itself is not among them."""
    found = [path for path in layout.secrets.iterdir() if path.is_file() and not path.name.startswith(".")]
    found += (layout.data / "audit").glob("*/signing.key")
    return sorted(path for path in found if path.name != KEY_NAME)


def seal(layout: Layout, key: str, target: Path) -> None:
    """Write the secrets, encrypted and authenticated."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only here

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in secret_files(layout):
            tar.add(path, arcname=str(path.relative_to(layout.data)), recursive=False)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = AESGCM(_derived(key, salt)).encrypt(nonce, packed.getvalue(), _MAGIC)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_MAGIC + salt + nonce + sealed)
        file.flush()
        os.fsync(file.fileno())


def opened(source: Path, key: str) -> dict[str, bytes]:
    """The secrets by their place in the data folder; raises when the key is another one."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only here
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only here

    raw = source.read_bytes()
    if not raw.startswith(_MAGIC):
        raise TroubleError(f"{source} 不是密封的密钥文件。", f"{source} is no file of sealed secrets.")
    salt, nonce = raw[len(_MAGIC) :][:_SALT], raw[len(_MAGIC) + _SALT :][:_NONCE]
    try:
        packed = AESGCM(_derived(key, salt)).decrypt(nonce, raw[len(_MAGIC) + _SALT + _NONCE :], _MAGIC)
    except InvalidTag:
        raise TroubleError(
            "恢复密钥不对，或密钥文件已损坏。请用 --key-file 指定做该备份时的恢复密钥。",
            "The recovery key is not the one of this backup, or the file is damaged. Name the right one with"
            " --key-file.",
        ) from None
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r") as tar:
        return {item.name: file.read() for item in tar if (file := tar.extractfile(item)) is not None}


def unseal(source: Path, key: str, layout: Layout) -> int:
    """Put the secrets back where they belong, for their owner alone; the recovery key too. Returns how many."""
    found = opened(source, key)
    found[f"secrets/{KEY_NAME}"] = key.encode() + b"\n"
    for name, content in found.items():
        path = layout.data / name
        if not path.resolve().is_relative_to(layout.data.resolve()):
            raise TroubleError(
                f"密钥文件含有不允许的路径 {name}。", f"The sealed secrets name a forbidden path {name}."
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    return len(found)


def _derived(key: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - only here

    return Scrypt(salt=salt, length=32, n=_WORK, r=_BLOCK, p=_LANES).derive(key.encode())
