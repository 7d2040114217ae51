"""Where a PostgreSQL server is and how to enter it, read from a URL as libpq reads one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.sentences import DATABASE_URL_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMES = ("postgresql://", "postgres://")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")
_PARAMETER = re.compile(r"[?&]([a-z_]+)=")
_HIGHEST_PORT = 65_535
_DEFAULT_NAME = "ewtp"
# What is given in seconds or in numbers; libpq takes some nonsense there for its default.
_WHOLE_NUMBERS = frozenset(
    {
        "connect_timeout",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "tcp_user_timeout",
    }
)
_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "gssencmode": ("disable", "prefer", "require"),
    "channel_binding": ("disable", "prefer", "require"),
    "load_balance_hosts": ("disable", "random"),
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    # The program reads and writes text in no other encoding, and speaks no other protocol.
    "client_encoding": ("UTF8", "utf8", "UTF-8", "utf-8"),
    "replication": ("false", "off", "no", "0"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Parameters of a connection by libpq's names, in order of name; hosts and ports may be lists with commas."""

    parameters: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, **parameters: str) -> Address:
        """The address with these parameters; one that is empty is not given."""
        return cls(tuple(sorted((name, text) for name, text in parameters.items() if text)))

    def get(self, name: str) -> str:
        """A parameter; empty where it is not given."""
        return dict(self.parameters).get(name, "")

    @property
    def name(self) -> str:
        """The name of the database; empty where a service file names it."""
        return self.get("dbname")

    @property
    def host(self) -> str:
        """Where the server is, a directory for a Unix socket; empty for libpq's default."""
        return self.get("host")

    def url(self) -> str:
        """The address as a libpq URL, with everything but the name of the database in its query."""
        query = [pair for pair in self.parameters if pair[0] != "dbname"]
        return f"postgresql:///{quote(self.name, safe='')}?{urlencode(query, quote_via=quote, safe='')}"

    def conninfo(self, **defaults: str) -> str:
        """The address as libpq's connection string; ``defaults`` count where the address says nothing."""
        return make_conninfo(**{**defaults, **dict(self.parameters)})

    def as_django(self, defaults: Mapping[str, Any]) -> dict[str, Any]:
        """The address as Django's settings of a database; ``defaults`` count where the address says nothing."""
        apart = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        options = {name: text for name, text in self.parameters if name not in apart.values()}
        return {setting: self.get(name) for setting, name in apart.items()} | {"OPTIONS": {**defaults, **options}}


def read_address(url: str) -> Address | Refusal:
    """The address that a ``postgresql://`` URL gives, every parameter of it; or ``database_url_unreadable``.

    libpq's own reader decides what a URL means, so that nothing is read otherwise than it will be used. A reason never
    quotes the URL, which holds a password.
    """
    reason = _fault(url)
    if reason is None:
        try:
            given = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        except psycopg.ProgrammingError as error:
            reason = _libpq_fault(str(error))
        else:
            reason = _value_fault(given)
            if reason is None:
                if "service" not in given:
                    given.setdefault("dbname", _DEFAULT_NAME)
                return Address.of(**given)
    return Refusal(DATABASE_URL_UNREADABLE, {"reason": reason})


def _fault(url: str) -> str | None:
    """What is wrong with the writing of a URL, before it is taken apart."""
    if not url.startswith(_SCHEMES):
        return "it does not begin with postgresql://"
    if _STRAY_PERCENT.search(url):
        return "a % is not followed by two hexadecimal digits; write %25 for the sign itself"
    if any(character.isspace() or not character.isprintable() for character in url):
        return "it has a space or a control character; write %20 for a space"
    names = Counter(_PARAMETER.findall(url))
    twice = next((name for name, times in names.items() if times > 1), None)
    return f"{twice[:40]} is given twice" if twice else None


def _libpq_fault(message: str) -> str:
    unknown = re.search(r'invalid URI query parameter: "([a-z_]{1,40})"', message)
    return f"PostgreSQL has no parameter {unknown[1]}" if unknown else "its parts cannot be told from one another"


def _value_fault(given: Mapping[str, str]) -> str | None:
    """What is wrong with a value that libpq would only find when it connects, or take for its default."""
    for port in given.get("port", "").split(","):
        if port and not (_is_short_number(port) and 0 < int(port) <= _HIGHEST_PORT):
            return f"the port is not a number from 1 to {_HIGHEST_PORT}"
    hosts, ports = (given.get(name, "").split(",") for name in ("host", "port"))
    if len(ports) not in {1, len(hosts)}:
        return "there is not one port for each host"
    for name, choices in _CHOICES.items():
        if name in given and given[name] not in choices:
            return f"{name} is one of {', '.join(choices)}"
    for name in sorted(_WHOLE_NUMBERS & given.keys()):
        if not _is_short_number(given[name]):
            return f"{name} is a whole number"
    return None


def _is_short_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(_HIGHEST_PORT)) + 1
