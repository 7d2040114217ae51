"""Lists, decision tables and outcomes appended to those of a compiled book, which keep their numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.compile.arrays import build_measure_arrays, build_outcome_arrays, build_pattern_arrays
from ewtp.core.compiled.compile.decision_tables import DecisionTables, find_no_prior
from ewtp.core.compiled.compile.intern_pools import InternPools
from ewtp.core.compiled.compile.origin_classes import OriginClasses
from ewtp.core.compiled.compile.rule_lists import RuleTable
from ewtp.core.compiled.compile.rule_shapes import RuleShapes
from ewtp.core.compiled.format import due_field, outcome_field, pattern_field
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.tables import column, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.decision_tables import PriorTableFinder
    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.compiled.compile.rule_shapes import RuleShape
    from ewtp.core.compiled.format.tables import CompiledBook, Tables
    from ewtp.core.compiled.patch.affected_rules import ListKind
    from ewtp.core.rulebook.book import Book

# Arrays of offsets into another array.
_STARTS = ("list_rules_start", "list_sets", "pattern_sets", "set_places_start", "directory_start", "measure_start")


class AppendedArrays:
    """Interns lists that a compiled book lacks; the numbers of lists, directories and rules are those in the new book.

    ``rules`` numbers rules that were read; only those that occur in appended lists have a number in the new book, which
    ``rule_number`` gives. ``pools`` continue the names of the compiled book.
    """

    def __init__(self, compiled: CompiledBook, book: Book) -> None:
        names, tables = compiled.names, compiled.tables
        economies = len(names.economies)
        self._tables = tables
        self.pools = InternPools(
            Pool(*names.quantities), Pool(*names.currencies), Pool(*names.claims), Pool(*names.refusals)
        )
        rows = Pool(*map(tuple, tables.origin_class.reshape(-1, economies).tolist()))
        self._rows_before = len(rows.listed)
        self._origins = OriginClasses(book.groups, names.economies, rows)
        self.rules = RuleTable(RuleShapes(book))
        self._patterns = DecisionTables(book, self._origins, self.rules.shapes, self.pools)
        self._listed: Pool[int] = Pool()
        self._lists: dict[tuple[int, bytes], int] = {}
        self._directories: dict[bytes, int] = {}

    def rule_number(self, own: int) -> int:
        """The number in the new book of a rule of ``rules``."""
        return self._listed.place(own) + len(self._tables.measure_start) - 1

    def pattern(self, kind: ListKind, listed: RuleList, find_prior: PriorTableFinder = find_no_prior) -> int:
        """The number, among the appended ones, of the pattern of a list of ``rules``.

        ``find_prior`` returns a table that the pattern's may be derived from.
        """
        shape = self.rules.shape
        return self._patterns.number(kind.facet, tuple([shape[n] for n in listed]), kind.claim, find_prior)

    def shape(self, number: int) -> RuleShape:
        """The shape of a rule of ``rules``."""
        return self.rules.shapes[self.rules.shape[number]]

    def number_lists(self, pattern: int, rules: NDArray[np.int32]) -> NDArray[np.int32]:
        """The numbers [list] int32 of lists of a pattern; ``rules`` [list, index] are numbers in the new book."""
        width = rules.shape[1] * rules.itemsize
        joined = rules.tobytes()
        known = self._lists
        first = len(self._tables.list_pattern)
        found = [
            known.setdefault((pattern, joined[at : at + width]), len(known)) for at in range(0, len(joined), width)
        ]
        return np.array(found, np.int32) + np.int32(first)

    def number_directories(
        self, before: NDArray[np.int32], claims: Sequence[str], lists: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """The numbers [directory] int32 of directories like those of ``before``, with other lists for ``claims``.

        ``lists`` [directory, claim] has the lists; a negative number leaves the claim out.
        """
        tables = self._tables
        numbers = np.array([self.pools.claims.place(claim) for claim in claims], np.int32)
        first = tables.directory_start[before].astype(np.int64)
        lengths = tables.directory_start[before + 1] - first
        owner = np.repeat(np.arange(len(before)), lengths)
        at = np.arange(len(owner)) + (first - (np.cumsum(lengths) - lengths))[owner]
        is_changing = np.zeros(len(self.pools.claims.listed), np.bool_)
        is_changing[numbers] = True
        at, owner = (each[~is_changing[tables.directory_claim[at]]] for each in (at, owner))
        row, column_of = np.nonzero(lists >= 0)
        owner = np.concatenate([owner, row])
        order = np.argsort(owner, kind="stable")
        entries = np.empty((len(owner), 2), np.int32)
        entries[:, 0] = np.concatenate([tables.directory_claim[at], numbers[column_of]])[order]
        entries[:, 1] = np.concatenate([tables.directory_list[at], lists[row, column_of]])[order]
        joined, width = entries.tobytes(), entries.itemsize * 2
        ends = (np.cumsum(np.bincount(owner, minlength=len(before))) * width).tolist()
        # Directory 0 is the empty one.
        offset, known = len(tables.directory_start) - 1, self._directories
        found = [
            offset + known.setdefault(joined[start:end], len(known)) if end > start else 0
            for start, end in pairwise([0, *ends])
        ]
        return np.array(found, np.int32)

    def build_arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of the new book that are longer than those of the compiled one."""
        tables = self._tables
        appended = {
            **self._build_directory_arrays(),
            **self._build_list_arrays(),
            **build_pattern_arrays(self._patterns),
            **build_outcome_arrays(self._patterns, self.pools),
            **build_measure_arrays([self.rules.rules[n] for n in self._listed.listed]),
        }
        _shift_references(appended, tables)
        found = {
            name: np.concatenate([getattr(tables, name), rows]).astype(getattr(tables, name).dtype, copy=False)
            for name, rows in appended.items()
            if name not in _STARTS and len(rows)
        }
        for name in _STARTS:
            old: NDArray[Any] = getattr(tables, name)
            if len(appended[name]) > 1:
                # The first appended offset is the last one of the compiled book.
                found[name] = np.concatenate([old, appended[name][1:] + old[-1]]).astype(old.dtype, copy=False)
        rows = self._origins.rows.listed[self._rows_before :]
        if rows:
            found["origin_class"] = np.concatenate([tables.origin_class, column(rows, np.int16).reshape(-1)])
        return found

    def _build_directory_arrays(self) -> dict[str, NDArray[Any]]:
        entries = np.frombuffer(b"".join(self._directories), np.int32).reshape(-1, 2)
        return {
            "directory_start": starts(len(own) // (2 * entries.itemsize) for own in self._directories),
            "directory_claim": entries[:, 0],
            "directory_list": entries[:, 1],
        }

    def _build_list_arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of lists; a list has a number for each non-empty set of its pattern."""
        lengths = np.array([len(own) - 1 for own in self._patterns.sets], np.int64)
        chosen = np.array([pattern for pattern, _ in self._lists], np.int64)
        return {
            "list_pattern": chosen,
            "list_sets": starts(lengths[chosen]),
            "list_rules_start": starts(len(own) // np.dtype(np.int32).itemsize for _, own in self._lists),
            "list_rules": np.frombuffer(b"".join(own for _, own in self._lists), np.int32),
        }


def _shift_references(appended: dict[str, NDArray[Any]], tables: Tables) -> None:
    """Change references between appended rows from their own numbers to those in the new book."""
    appended["list_pattern"] += len(tables.pattern_fields)
    appended["span_cases"] += len(tables.case_outcome)
    # Numbers below zero are outcomes of a prior table, which keep their numbers.
    outcomes = appended["case_outcome"]
    appended["case_outcome"] = np.where(outcomes < 0, -1 - outcomes, outcomes + len(tables.outcome_fields))
    for name, columns, other in (
        ("pattern_fields", (pattern_field.SPANS, pattern_field.SPANS_END), tables.span_day),
        ("pattern_fields", (pattern_field.LIMITS, pattern_field.LIMITS_END), tables.limit_minor),
        ("pattern_fields", (pattern_field.CLAIMS, pattern_field.CLAIMS_END), tables.pattern_claim),
        ("outcome_fields", (outcome_field.DUES, outcome_field.DUES_END), tables.due_fields),
        ("outcome_fields", (outcome_field.OFFERS, outcome_field.OFFERS_END), tables.offer_claim),
        ("due_fields", (due_field.PROGRAM, due_field.PROGRAM_END), tables.instruction_figure),
    ):
        appended[name][:, list(columns)] += len(other)
