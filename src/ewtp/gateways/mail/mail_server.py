"""How mail leaves: through an SMTP server that the operator names, or as files below ``EWTP_HOME``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

MAIL_FOLDER = "mail"
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server: ``scheme`` is smtp, smtp+tls (STARTTLS) or smtps (TLS from the first byte)."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def read_mail_server(url: str) -> MailServer:
    """The server of ``smtp+tls://user:password@host:port``; ValueError, with the reason, for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        msg = "write it as smtp+tls://user:password@host:port, with smtp, smtp+tls or smtps"
        raise ValueError(msg)
    return MailServer(
        parts.scheme,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def mail_settings(url: str, home: Path) -> dict[str, Any]:
    """Django's settings for mail; without a ``url``, mails are written into the folder ``mail`` below ``home``."""
    if not url:
        return {
            "EMAIL_BACKEND": "ewtp.gateways.mail.mail_folder.MailFolder",
            "EMAIL_FILE_PATH": str(home / MAIL_FOLDER),
        }
    server = read_mail_server(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_TLS": server.scheme == "smtp+tls",
        "EMAIL_USE_SSL": server.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
