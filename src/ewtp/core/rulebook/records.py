"""The records that importers yield: one set for every official format.

An importer is a pure generator over the bytes of one official file. It yields records and row-level
refusals; nothing is stored until the whole file has been read, so a broken file changes nothing.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.rulebook.citation import Source


@immutable
class RowRefused(Statement):
    """Why a row was not taken; ``row`` is its number in the file (from 1, 0 where it has none), ``text`` its start."""

    row: int = 0
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """The refusal in an import report; ``row`` is null where it is about a record rather than a row."""
        return {"row": self.row or None, **Statement.as_json(self), "text": self.text}


@immutable
class CodeReplaced:
    """One line of a correlation table: a code of an edition and the code that replaced it."""

    old_edition: str
    old_code: str
    new_edition: str
    new_code: str


@immutable
class ExchangeRate:
    """``units_per_base`` units of ``currency`` for one unit of ``base``, for a period, by a source (as text: exact)."""

    source: str
    base: str
    currency: str
    units_per_base: str
    valid_from: str
    valid_to: str


Record = Measure | TariffLine | Group | OriginRule | CodeReplaced | ExchangeRate


@immutable
class Importing:
    """The outcome of opening an official file: its source, and the stream of what is in it."""

    source: Source
    records: Iterator[Record | RowRefused]
    notes: tuple[str, ...] = field(default=())
