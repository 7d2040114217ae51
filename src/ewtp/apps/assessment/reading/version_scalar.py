"""The scalar path on a version of the rulebook, for the rows that the compiled path leaves to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.assessment.reading.queries import hs_texts
from ewtp.core.compiled.table.scalar_fallback import Scalar
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.compiled.table.scalar_fallback import BookReader


def version_scalar(reader: BookReader, rates: RateTable) -> Scalar:
    """The scalar path that answers from a reader's books, by a version's exchange rates."""
    return Scalar(reader, rates, hs_texts(), vocabulary())
