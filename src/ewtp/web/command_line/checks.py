"""Checks of how an installation is operated: who works in the database, what is late, clocks, files and settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from ewtp.apps.jobs.reading.backlog import find_unhandled_topics, next_due, outbox_backlog
from ewtp.apps.log.reading.log_bundle import read_log_report
from ewtp.apps.log.reading.log_keys import key_signs_since
from ewtp.apps.log.reading.log_state import log_state
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.roles import APPLICATION_ROLE, role_faults
from ewtp.gateways.database.write_probe import takes_changes
from ewtp.web.gate.file_limit import files_wanted, within_file_limit
from ewtp.web.gate.gate_limits import GateLimits
from ewtp.web.job_handlers import HANDLERS, LONG_HANDLERS

if TYPE_CHECKING:
    from ewtp.gateways.configuration import Configuration

# Workers look every second; what waits for longer than this waits for a worker that does not run, or for too few.
LATEST = timedelta(minutes=10)
# For how long a key signs the log, as the policy for keys in docs/operate/backup.md has it.
KEY_USED_FOR = timedelta(days=730)
# Several computers share timers and the log, and a difference of clocks delays them by as much.
_MOST_APART = timedelta(seconds=2)
# What one client may hold, twice: with fewer, two clients would close each other's connections.
_LEAST_CONNECTIONS = 2 * GateLimits().connections_of_client
# How many of the newest entries of the log are read.
_READ_ENTRIES = 1_000
_START_WORKER = "start `ewtp serve` or `ewtp worker`, or run `ewtp worker --once`"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check: its name, whether it passed, and a sentence.

    A check that passed ``warns`` where somebody may miss something, though the installation works.
    """

    name: str
    sound: bool
    message: str
    warns: bool = False


def check_files() -> Check:
    """Whether the system has files enough for connections, which are files."""
    wanted = GateLimits().connections
    allowed = within_file_limit(GateLimits()).connections
    message = (
        f"enough for {wanted} connections" if allowed >= wanted else f"enough for {allowed} of {wanted} connections"
    )
    if allowed < _LEAST_CONNECTIONS:
        message += f"; raise `LimitNOFILE` of systemd, or `ulimit -Hn`, to {files_wanted(GateLimits())}"
    return Check("files", allowed >= _LEAST_CONNECTIONS, message)


def check_settings() -> Check:
    """Whether two settings contradict each other, which each alone does not show."""
    contradictions = settings_contradictions(load_configuration())
    return Check("settings", not contradictions, "; ".join(contradictions) or "no two contradict each other")


def settings_contradictions(given: Configuration) -> tuple[str, ...]:
    """A sentence for every pair of settings that cannot both be meant."""
    plain, secure = (
        [each for each in given.origins if each.startswith(f"{scheme}://")] for scheme in ("http", "https")
    )
    found = (
        (
            given.https and not given.hosts,
            "EWTP_HTTPS is on and EWTP_HOSTS is empty, so no name of the proxy is served: name the hosts",
        ),
        (
            given.https and plain,
            f"EWTP_HTTPS is on and EWTP_ORIGINS names {', '.join(plain)}: write https://",
        ),
        (
            secure and not given.https,
            f"EWTP_ORIGINS names {', '.join(secure)} and EWTP_HTTPS is off, so cookies travel openly: switch it on",
        ),
        (
            given.debug and given.hosts,
            "EWTP_DEBUG shows traces to whoever reaches EWTP_HOSTS: unset one of them",
        ),
        (
            _number(given.kept_mb_of_client) > _number(given.kept_mb),
            "EWTP_KEPT_MB_OF_CLIENT is more than EWTP_KEPT_MB, so one client may fill all: lower it",
        ),
        (
            given.smtp and "@localhost" in given.mail_from,
            "EWTP_SMTP sends mail whose sender EWTP_MAIL_FROM is at localhost, which receivers refuse: give an address",
        ),
    )
    return tuple(sentence for holds, sentence in found if holds)


def _number(text: str) -> int:
    """A number that was checked where the settings were read."""
    return int(text) if text.isdigit() else 0


def check_roles() -> Check:
    """Row-level security holds for a role that neither owns the tables nor is above their policies."""
    faults = role_faults(connection)
    message = f"{APPLICATION_ROLE} owns no table and is bound by every policy"
    if faults:
        message = f"{'; '.join(faults)}: policies of rows do not hold until that is taken back"
    return Check("roles", not faults, message)


def check_writing() -> Check:
    """Whether the database takes a change."""
    taken = takes_changes(connection)
    message = "the database takes changes"
    if not taken:
        message = "the database takes no changes; it is a copy that only reads, or its disk is full"
    return Check("writing", taken, message)


def check_clock() -> Check:
    """Whether this computer and that of the database agree on the time."""
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        told = cursor.fetchone()[0]
        after = timezone.now()
    apart = max(before - told, told - after, timedelta(0))
    message = f"the database's clock is {apart.total_seconds():.1f} s from this computer's"
    if apart > _MOST_APART:
        message += "; have both set by the same time server (NTP)"
    return Check("clock", apart <= _MOST_APART, message)


def check_outbox() -> Check:
    """Messages that were given up need somebody to look at them, and a topic that nobody knows another program."""
    backlog, unknown = outbox_backlog(), find_unhandled_topics({**HANDLERS, **LONG_HANDLERS})
    late = lateness(backlog.oldest_due)
    if backlog.dead:
        message = f"{backlog.dead} messages were given up; `ewtp outbox list` has the reasons"
    elif unknown:
        message = f"messages of {', '.join(unknown)} wait for a program that knows them; update this one"
    elif late:
        message = f"the oldest of {backlog.waiting} messages has been due for {late}; {_START_WORKER}"
    else:
        message = f"{backlog.waiting} messages wait, and none was given up"
    return Check("outbox", sound=not backlog.dead and not unknown and not late, message=message)


def check_timers() -> Check:
    """A timer that did not fire is a term that nobody kept."""
    late = lateness(next_due())
    message = f"the next timer has been due for {late}; {_START_WORKER}" if late else "none is late"
    return Check("timers", not late, message)


def check_log() -> Check:
    """Whether the entries are those that were signed, and whether new ones are numbered and signed.

    The content of the newest entries alone is read, so that the check takes a moment however long the log is. Events
    that wait for a moment are not a fault: they do so between commands.
    """
    state = log_state()
    late = lateness(state.oldest_waiting)
    since = max(0, state.size - _READ_ENTRIES)
    report = read_log_report(since=since) if state.signed and state.size else None
    faults = report.faults if isinstance(report, BundleReport) else ()
    if isinstance(report, Refusal) or faults:
        told = report.message if isinstance(report, Refusal) else faults[0].message
        return Check("log", sound=False, message=f"{told} `ewtp log check stored` says more")
    message = f"{state.size} entries, {state.waiting} events wait for their numbers"
    if isinstance(report, BundleReport):
        message += f"; {report.entries} of the newest {state.size - since} were read, `ewtp log check stored` reads all"
    if late:
        message += f", the oldest for {late}: nothing later is signed; {_START_WORKER}"
    if not state.signed:
        message = f"the {state.size} entries are not those that were signed; `ewtp log check stored` says more"
    return Check("log", sound=state.signed and not late, message=message)


def check_key_age() -> Check:
    """How long the log's key has signed; it warns after the time for which one is used (docs/operate/backup.md)."""
    since = key_signs_since()
    if since is None:
        return Check("key age", sound=True, message="the log's key has signed nothing yet")
    age = timezone.now() - since
    message = f"the log's key has signed since {since:%Y-%m-%d}, for {age.days} days"
    old = age > KEY_USED_FOR
    if old:
        message += f", and is used for {KEY_USED_FOR.days}; replace it with `ewtp log key rotate`"
    return Check("key age", sound=True, message=message, warns=old)


def lateness(due: datetime | None) -> str:
    """For how long something has been due, in words; empty where it is not late."""
    late = timedelta(0) if due is None else timezone.now() - due
    if late <= LATEST:
        return ""
    minutes = late // timedelta(minutes=1)
    return f"{minutes} minutes" if minutes < 2 * 60 else f"{minutes // 60} hours"
