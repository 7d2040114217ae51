"""How many files this process may have open; every connection is one."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.web.gate.gate_limits import GateLimits

_LOG = logging.getLogger("ewtp.web")
# For everything but connections: the database, the compiled rulebook, PDFs being set, the log.
_OTHER_FILES = 256


def files_wanted(limits: GateLimits) -> int:
    """How many files a process needs to have open for all connections of the limits.

    The bound on connections is kept once a second, so it needs files for twice as many.
    """
    return 2 * limits.connections + _OTHER_FILES


def within_file_limit(limits: GateLimits) -> GateLimits:
    """The limits with as many connections as the system has files for, after it was asked for enough."""
    wanted = files_wanted(limits)
    allowed = _allow_files(wanted)
    if allowed >= wanted:
        return limits
    connections = max(1, (allowed - _OTHER_FILES) // 2)
    _LOG.warning("the system allows %s open files, so that %s connections are kept at most", allowed, connections)
    return replace(limits, connections=connections)


def _allow_files(wanted: int) -> int:
    """Raise the soft limit as far as the hard one allows; returns how many files may be open."""
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - only where there is such a limit

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):
        return soft
    return most
