"""Tables of lines answered from one version of the rulebook, whatever is published meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.gateways.compiled_store.books import find_compiled_folder, read_compiled
from ewtp.gateways.installation.home import home_path

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef


def version_assessor(version: VersionRef) -> TableAssessor:
    """An assessor of tables for a version that was compiled before; any thread may use it."""
    book = read_compiled(find_compiled_folder(home_path(), version.digest))
    if book is None:
        msg = f"version {version.label} is not compiled in {home_path()}"
        raise LookupError(msg)
    reader = RulebookReader(version)
    return TableAssessor(book, version_scalar(reader, reader.rates.latest))


def version_is_compiled(version: VersionRef) -> bool:
    """Whether the compiled form of a version is at hand."""
    return read_compiled(find_compiled_folder(home_path(), version.digest)) is not None
