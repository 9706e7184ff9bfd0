"""Real peers on loopback: a mail server, an HTTP server that plays webhook receivers and robots."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


@dataclass
class MailServer:
    """An SMTP server. ``answers`` are given to DATA, one each, before mails are taken."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    _server: Any = None

    async def start(self, tls: ssl.SSLContext | None = None, password: str | None = None) -> MailServer:
        def authenticate(_server: Any, session: Session, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            assert isinstance(data, LoginPassword)
            good = data.password.decode() == password
            self.logins.append((data.login.decode(), session.ssl is not None))
            return AuthResult(success=good, handled=False)

        def make() -> SMTP:
            return SMTP(
                self,
                hostname="localhost",
                enable_SMTPUTF8=False,
                tls_context=tls,
                require_starttls=tls is not None,
                authenticator=authenticate if password else None,
                auth_required=password is not None,
                auth_require_tls=tls is not None,
                loop=asyncio.get_running_loop(),
            )

        self._server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        found = message_from_bytes(envelope.content, policy=default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 taken"

    async def stop(self) -> None:
        self._server.close()


@dataclass
class Taken:
    """One request that the HTTP server got."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """An HTTP server. ``answers`` are given one each, then always ``usual``."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    usual: Callable[[], web.Response] = lambda: web.json_response({"errcode": 0, "errmsg": "ok"})
    before: Callable[[], Awaitable[None]] | None = None
    _runner: web.AppRunner | None = None

    async def start(self) -> Receiver:
        app = web.Application()
        app.router.add_post("/{rest:.*}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.taken.append(Taken(request.path, dict(request.query), dict(request.headers), body))
        if self.before is not None:
            await self.before()
        return self.answers.pop(0) if self.answers else self.usual()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
