"""Lists, patterns and outcomes put behind those that a compiled book has, whose numbers stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.assembling import list_arrays, measure_arrays, outcome_arrays, pattern_arrays
from ewtp.core.compiled.compiling import ListNumbers, directory_arrays
from ewtp.core.compiled.lists import Pool, RuleTable
from ewtp.core.compiled.origins import Origins
from ewtp.core.compiled.outcomes import Vocabulary
from ewtp.core.compiled.patterns import Patterns
from ewtp.core.compiled.shapes import Shapes
from ewtp.core.compiled.tables import (
    D_PROGRAM,
    D_PROGRAM_END,
    EMPTY_DUTIES,
    O_DUES,
    O_DUES_END,
    O_OFFERS,
    O_OFFERS_END,
    P_CLAIMS,
    P_CLAIMS_END,
    P_LIMITS,
    P_LIMITS_END,
    P_SPANS,
    P_SPANS_END,
    column,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from ewtp.core.compiled.tables import CompiledBook, Tables
    from ewtp.core.rulebook.book import Book

# Arrays that say where each of several runs begins in another one.
_STARTS = ("list_rules_start", "list_sets", "pattern_sets", "set_places_start", "directory_start", "measure_start")


class Addition:
    """Lists that a compiled book does not have yet, numbered as they will be when they are put behind its own."""

    def __init__(self, compiled: CompiledBook, book: Book) -> None:
        names, tables = compiled.names, compiled.tables
        economies = len(names.economies)
        self._tables = tables
        self.words = Vocabulary(
            Pool(*names.quantities), Pool(*names.currencies), Pool(*names.claims), Pool(*names.refusals)
        )
        rows = Pool(*map(tuple, tables.origin_class.reshape(-1, economies).tolist()))
        self.origins = Origins(book.groups, names.economies, rows)
        self.rules = RuleTable(Shapes())
        self.patterns = Patterns(book, self.origins, self.rules.shapes, self.words)
        self.numbers = ListNumbers(self.rules, self.patterns)

    def list_number(self, own: int) -> int:
        """The number that a list of this addition has in the whole; the empty ones are there already."""
        return own if own <= EMPTY_DUTIES else own + len(self._tables.list_pattern)

    def kept(self, directory: int, claims: Container[str]) -> dict[str, tuple[int, int]]:
        """By claim, a directory's entries as they stand in new directories, less those of ``claims``."""
        tables = self._tables
        first, last = tables.directory_start[directory : directory + 2].tolist()
        # Entries of new directories speak of new lists, which are put behind those that there are.
        own = (tables.directory_list[first:last].astype(np.int64) - len(tables.list_pattern)).tolist()
        named = self.words.claims.listed
        entries = zip(tables.directory_claim[first:last].tolist(), own, strict=True)
        return {named[claim]: (claim, number) for claim, number in entries if named[claim] not in claims}

    def directory_number(self, own: int) -> int:
        """The number that a directory of this addition has in the whole."""
        return own and own + len(self._tables.directory_start) - 2

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of the whole that are longer than the compiled book's own."""
        tables = self._tables
        fresh = {
            **directory_arrays(self.numbers.directories),
            **list_arrays(self.numbers.lists, self.numbers.patterns, self.patterns),
            **pattern_arrays(self.patterns),
            **outcome_arrays(self.patterns, self.words),
            **measure_arrays(self.rules.rules),
        }
        # The empty directory is there already, and none may follow the last entry.
        fresh["directory_start"] = fresh["directory_start"][1:]
        _shift(fresh, tables)
        found = {
            name: np.concatenate([getattr(tables, name), rows]).astype(getattr(tables, name).dtype, copy=False)
            for name, rows in fresh.items()
            if name not in _STARTS
        }
        for name in _STARTS:
            old: NDArray[Any] = getattr(tables, name)
            # The first start is where the old ones end.
            found[name] = np.concatenate([old, fresh[name][1:] + old[-1]]).astype(old.dtype, copy=False)
        found["origin_class"] = column(self.origins.rows.listed, np.int16).reshape(-1)
        return found


def _shift(fresh: dict[str, NDArray[Any]], tables: Tables) -> None:
    """Have the new rows speak of one another by the numbers that they get."""
    fresh["directory_list"] += len(tables.list_pattern)
    fresh["list_pattern"] += len(tables.pattern_fields)
    fresh["list_rules"] += len(tables.measure_start) - 1
    fresh["span_cases"] += len(tables.case_outcome)
    fresh["case_outcome"] += len(tables.outcome_fields)
    for name, columns, other in (
        ("pattern_fields", (P_SPANS, P_SPANS_END), tables.span_day),
        ("pattern_fields", (P_LIMITS, P_LIMITS_END), tables.limit_minor),
        ("pattern_fields", (P_CLAIMS, P_CLAIMS_END), tables.pattern_claim),
        ("outcome_fields", (O_DUES, O_DUES_END), tables.due_fields),
        ("outcome_fields", (O_OFFERS, O_OFFERS_END), tables.offer_claim),
        ("due_fields", (D_PROGRAM, D_PROGRAM_END), tables.instruction_figure),
    ):
        fresh[name][:, list(columns)] += len(other)
