"""Compiling the rulebook for markets and batches: the latest version now, or each version as it is published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from django.db import DatabaseError, connection
from django.utils import timezone

from ewtp.apps.assessment.reading.compiled_state import CompiledState, find_compiled_damage, read_compiled_state
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.web.command_line.output import say

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef

_COMMAND = [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()", "rulebook", "compile"]
_LOOK_SECONDS = 2.0
_CHECK_SECONDS = 0.2
# Whoever asks a question meanwhile goes first.
_NICENESS = 10


def compile_latest(version: VersionRef) -> None:
    """Compile a version and the machine code that reads it; reports the beginning and the end."""
    # It loads a compiler, which no other command of the group needs.
    from ewtp.apps.assessment.actions.compilation import version_compile  # noqa: PLC0415 - see above

    if read_compiled_state(version) is CompiledState.READY and not find_compiled_damage(version):
        say(f"Rulebook {version.label} is compiled.", error=True)
        return
    say(f"Compiling rulebook {version.label}; market questions and batches are fast once that is done …", error=True)
    start = time.monotonic()
    version_compile(version=version, now=timezone.now(), machine_code=True)
    say(f"Rulebook {version.label} is compiled ({time.monotonic() - start:.0f} s).", error=True)


def follow_versions(parent: int) -> NoReturn:
    """Compile each version once it is the latest, in a process of its own; ends with the process of id ``parent``."""
    os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    tried = ""
    while os.getppid() == parent:
        version = _latest()
        if version is not None:
            if read_compiled_state(version) is CompiledState.READY:
                # A form that is removed because it was damaged is compiled again.
                tried = ""
            elif version.digest != tried:
                tried = version.digest
                _compile_apart(version, parent)
        time.sleep(_LOOK_SECONDS)
    sys.exit(0)


def _latest() -> VersionRef | None:
    """The latest version; None also while the database is away."""
    try:
        found = latest_version()
    except DatabaseError:
        connection.close()
        return None
    return found.ref if found else None


def _compile_apart(version: VersionRef, parent: int) -> None:
    """Compile in a process that gives its memory back at the end, and ends with this one."""
    process = subprocess.Popen(_COMMAND, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while process.poll() is None and os.getppid() == parent:
            time.sleep(_CHECK_SECONDS)
        if process.returncode:
            say(
                f"Rulebook {version.label} could not be compiled (status {process.returncode});"
                " market questions are answered without that, more slowly.",
                error=True,
            )
    finally:
        process.kill()
        process.wait()
