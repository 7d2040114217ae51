"""Tables of lines answered from one version of the rulebook, whatever is published meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from ewtp.apps.assessment.reading.queries import today
from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.gateways.compiled_store.books import compiled_folder, read_compiled
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef

# Goods that every edition of the Harmonized System has.
_GOODS, _CURRENCY = "610910", "USD"


def version_assessor(version: VersionRef) -> TableAssessor:
    """An assessor of tables for a version that was compiled before; any thread may use it."""
    book = read_compiled(compiled_folder(home_path(), version.digest))
    if book is None:
        msg = f"version {version.label} is not compiled in {home_path()}"
        raise LookupError(msg)
    reader = RulebookReader(version)
    return TableAssessor(book, version_scalar(reader, reader.rates.latest))


def warm_up_assessor(version: VersionRef) -> None:
    """Build all machine code that tables of lines need; the version is compiled."""
    here, there, *_ = sorted(vocabulary().economies)
    line = {
        "from": [here],
        "to": [there],
        "date": pa.array([today()], pa.date32()),
        "hs": [_GOODS],
        "value": pa.array([Decimal(1000)], pa.decimal128(18, 2)),
        "currency": [_CURRENCY],
    }
    version_assessor(version).assess_table(pa.table(line))
