"""Whether a version of the rulebook is compiled, so that market questions and files of lines are answered fast."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.gateways.compiled_store.books import find_compiled_folder, is_compiled
from ewtp.gateways.compiled_store.compile_lock import digest_compiling
from ewtp.gateways.compiled_store.folder_digests import find_damaged_files
from ewtp.gateways.compiled_store.machine_code import machine_code_is_kept
from ewtp.gateways.installation.home import home_path

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef


class CompiledState(StrEnum):
    """How far a version's compiled form is."""

    READY = "ready"
    COMPILING = "compiling"
    ABSENT = "absent"


def find_compiled_damage(version: VersionRef) -> tuple[str, ...]:
    """The files of a version's compiled form that were damaged on the disk; every file is read."""
    folder = find_compiled_folder(home_path(), version.digest)
    return find_damaged_files(folder) if is_compiled(folder) else ()


def read_compiled_state(version: VersionRef) -> CompiledState:
    """The state of a version's compiled form; it is ready when the machine code that reads it is there as well."""
    home = home_path()
    if is_compiled(find_compiled_folder(home, version.digest)) and machine_code_is_kept():
        return CompiledState.READY
    return CompiledState.COMPILING if digest_compiling(home) == version.digest else CompiledState.ABSENT
