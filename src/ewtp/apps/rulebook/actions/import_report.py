"""The report of an import, as a value, and the messages for records that cannot be imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading import record_sentences
from ewtp.core.rulebook.sentences import BASE_UNKNOWN
from ewtp.core.values.sentence import sentences_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.rulebook.displacement import Displacement
    from ewtp.core.rulebook.records import RowRefused

# The fault of a record, by the code that the database's checks and the decision on an edition give.
RECORD_FAULTS = {sentence.code: sentence for sentence in (*sentences_in(record_sentences), BASE_UNKNOWN)}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The report of an import. ``version`` is None where nothing changed.

    ``counts`` gives, for every kind of record, how many were ``"read"``, ``"new"``, ``"superseded"`` (they replace
    others), ``"unchanged"`` and ``"refused"``, and how many known ones ``"ended"`` because the file omits them.
    ``displaced`` are the adopted rules that the law of the file takes days from.
    """

    source: str
    version: str | None
    counts: Mapping[str, Mapping[str, int]]
    refused: tuple[RowRefused, ...] = ()
    notes: tuple[str, ...] = field(default=())
    displaced: tuple[Displacement, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "source": self.source,
            "version": self.version,
            "counts": {name: dict(counts) for name, counts in self.counts.items()},
            "refused": [refused.as_json() for refused in self.refused],
            "notes": list(self.notes),
            "displaced": [one.as_json() for one in self.displaced],
        }
