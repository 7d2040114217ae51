"""What the commands of the log share: the installation, where a command needs it, and files that are read."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ewtp.core.log.cosignature import read_witness_key
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse
from ewtp.web.command_line.sentences import LOG_FILE_UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from ewtp.core.log.cosignature import WitnessKey


def import_installed(module: str) -> ModuleType:
    """A module that needs the installation, which proofs, bundles and requests are checked without."""
    return importlib.import_module(module)


def prepare_log(*, as_json: bool) -> None:
    """Prepare the installation, which the commands that check a file do not need."""
    unusable = import_installed("ewtp.web.django_setup").set_up_django(with_pages=False)
    if unusable is not None:
        refuse(unusable, as_json=as_json)
    import_installed("ewtp.web.command_line.installation_ready").prepare(as_json=as_json)


def sequence_log(*, as_json: bool) -> None:
    """Prepare the installation, and number the events that wait."""
    prepare_log(as_json=as_json)
    number_events(as_json=as_json)


def number_events(*, as_json: bool) -> None:
    """Number the events that wait, in an installation that is prepared."""
    now = import_installed("django.utils.timezone").now()
    try:
        numbered = import_installed("ewtp.apps.log.actions.sequencer").sequence_events(now=now)
    except import_installed("ewtp.apps.log.reading.damage").LogDamagedError:
        refuse(Refusal(import_installed("ewtp.apps.log.reading.sentences").LOG_DAMAGED), as_json=as_json)
    if isinstance(numbered, Refusal):
        refuse(numbered, as_json=as_json)


def read_witness(text: str, *, as_json: bool) -> WitnessKey:
    """The key of a witness from what was typed; the command ends where it is none."""
    key = read_witness_key(text)
    if isinstance(key, Refusal):
        refuse(key, as_json=as_json)
    return key


def file_unreadable(path: Path, error: Exception) -> Refusal:
    """The refusal of a file that cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Refusal(LOG_FILE_UNREADABLE, {"path": path, "reason": reason})
