"""Lists, patterns and outcomes put behind those that a compiled book has, whose numbers stay as they are."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.compile.arrays import measure_arrays, outcome_arrays, pattern_arrays
from ewtp.core.compiled.compile.decision_tables import Patterns, no_earlier
from ewtp.core.compiled.compile.origin_classes import Origins
from ewtp.core.compiled.compile.outcomes import Vocabulary
from ewtp.core.compiled.compile.rule_lists import RuleTable
from ewtp.core.compiled.compile.rule_shapes import Shapes
from ewtp.core.compiled.format import due_field, outcome_field, pattern_field
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.tables import column, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.decision_tables import EarlierOf
    from ewtp.core.compiled.compile.rule_lists import RuleList
    from ewtp.core.compiled.compile.rule_shapes import Shape
    from ewtp.core.compiled.format.tables import CompiledBook, Tables
    from ewtp.core.compiled.patch.affected_rules import Subject
    from ewtp.core.rulebook.book import Book

# Arrays that say where each of several runs begins in another one.
_STARTS = ("list_rules_start", "list_sets", "pattern_sets", "set_places_start", "directory_start", "measure_start")


class Addition:
    """Lists that a compiled book does not have yet; numbers given out are those that they have in the whole."""

    def __init__(self, compiled: CompiledBook, book: Book) -> None:
        names, tables = compiled.names, compiled.tables
        economies = len(names.economies)
        self._tables = tables
        self.words = Vocabulary(
            Pool(*names.quantities), Pool(*names.currencies), Pool(*names.claims), Pool(*names.refusals)
        )
        rows = Pool(*map(tuple, tables.origin_class.reshape(-1, economies).tolist()))
        self._rows_before = len(rows.listed)
        self._origins = Origins(book.groups, names.economies, rows)
        # Rules that are only looked at have numbers here, too; those that come into lists get another one.
        self.rules = RuleTable(Shapes())
        self._patterns = Patterns(book, self._origins, self.rules.shapes, self.words)
        self._listed = Pool()
        self._lists: dict[tuple[int, bytes], int] = {}
        self._directories: dict[bytes, int] = {}

    def rule_number(self, own: int) -> int:
        """The number in lists of a rule of ``rules``."""
        return self._listed.place(own) + len(self._tables.measure_start) - 1

    def pattern(self, subject: Subject, listed: RuleList, earlier: EarlierOf = no_earlier) -> int:
        """The number of the pattern of a list of numbers of ``rules``, counted from the first new one.

        ``earlier`` gives one that the pattern may be made from.
        """
        shape = self.rules.shape
        return self._patterns.number(subject.facet, tuple([shape[n] for n in listed]), subject.claim, earlier)

    def shape(self, number: int) -> Shape:
        """The shape of one of ``rules``."""
        return self.rules.shapes[self.rules.shape[number]]

    def list_numbers(self, pattern: int, rules: NDArray[np.int32]) -> NDArray[np.int32]:
        """The numbers of lists of a pattern; each row of ``rules`` has those of one."""
        width = rules.shape[1] * rules.itemsize
        joined = rules.tobytes()
        known = self._lists
        first = len(self._tables.list_pattern)
        found = [
            known.setdefault((pattern, joined[at : at + width]), len(known)) for at in range(0, len(joined), width)
        ]
        return np.array(found, np.int32) + np.int32(first)

    def directory_numbers(
        self, before: NDArray[np.int32], claims: Sequence[str], lists: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """The numbers of directories like those ``before``, but with these lists of the claims.

        ``lists`` has a row for each directory and a column for each claim; negative numbers are no list.
        """
        tables = self._tables
        places = np.array([self.words.claims.place(claim) for claim in claims], np.int32)
        first = tables.directory_start[before].astype(np.int64)
        lengths = tables.directory_start[before + 1] - first
        owner = np.repeat(np.arange(len(before)), lengths)
        at = np.arange(len(owner)) + (first - (np.cumsum(lengths) - lengths))[owner]
        changing = np.zeros(len(self.words.claims.listed), np.bool_)
        changing[places] = True
        at, owner = (each[~changing[tables.directory_claim[at]]] for each in (at, owner))
        row, column_of = np.nonzero(lists >= 0)
        owner = np.concatenate([owner, row])
        order = np.argsort(owner, kind="stable")
        entries = np.empty((len(owner), 2), np.int32)
        entries[:, 0] = np.concatenate([tables.directory_claim[at], places[column_of]])[order]
        entries[:, 1] = np.concatenate([tables.directory_list[at], lists[row, column_of]])[order]
        joined, width = entries.tobytes(), entries.itemsize * 2
        ends = (np.cumsum(np.bincount(owner, minlength=len(before))) * width).tolist()
        # The empty directory is there already.
        offset, known = len(tables.directory_start) - 1, self._directories
        found = [
            offset + known.setdefault(joined[start:end], len(known)) if end > start else 0
            for start, end in pairwise([0, *ends])
        ]
        return np.array(found, np.int32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of the whole that are longer than the compiled book's own."""
        tables = self._tables
        fresh = {
            **self._directory_arrays(),
            **self._list_arrays(),
            **pattern_arrays(self._patterns),
            **outcome_arrays(self._patterns, self.words),
            **measure_arrays([self.rules.rules[n] for n in self._listed.listed]),
        }
        _shift(fresh, tables)
        found = {
            name: np.concatenate([getattr(tables, name), rows]).astype(getattr(tables, name).dtype, copy=False)
            for name, rows in fresh.items()
            if name not in _STARTS and len(rows)
        }
        for name in _STARTS:
            old: NDArray[Any] = getattr(tables, name)
            if len(fresh[name]) > 1:
                # The first start is where the old ones end.
                found[name] = np.concatenate([old, fresh[name][1:] + old[-1]]).astype(old.dtype, copy=False)
        rows = self._origins.rows.listed[self._rows_before :]
        if rows:
            found["origin_class"] = np.concatenate([tables.origin_class, column(rows, np.int16).reshape(-1)])
        return found

    def _directory_arrays(self) -> dict[str, NDArray[Any]]:
        entries = np.frombuffer(b"".join(self._directories), np.int32).reshape(-1, 2)
        return {
            "directory_start": starts(len(own) // (2 * entries.itemsize) for own in self._directories),
            "directory_claim": entries[:, 0],
            "directory_list": entries[:, 1],
        }

    def _list_arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays of lists; each list has as many numbers for sets as its pattern knows non-empty ones."""
        lengths = np.array([len(own) - 1 for own in self._patterns.sets], np.int64)
        chosen = np.array([pattern for pattern, _ in self._lists], np.int64)
        return {
            "list_pattern": chosen,
            "list_sets": starts(lengths[chosen]),
            "list_rules_start": starts(len(own) // np.dtype(np.int32).itemsize for _, own in self._lists),
            "list_rules": np.frombuffer(b"".join(own for _, own in self._lists), np.int32),
        }


def _shift(fresh: dict[str, NDArray[Any]], tables: Tables) -> None:
    """Have the new rows speak of one another by the numbers that they get."""
    fresh["list_pattern"] += len(tables.pattern_fields)
    fresh["span_cases"] += len(tables.case_outcome)
    # Outcomes that stay what they were stand below zero.
    outcomes = fresh["case_outcome"]
    fresh["case_outcome"] = np.where(outcomes < 0, -1 - outcomes, outcomes + len(tables.outcome_fields))
    for name, columns, other in (
        ("pattern_fields", (pattern_field.SPANS, pattern_field.SPANS_END), tables.span_day),
        ("pattern_fields", (pattern_field.LIMITS, pattern_field.LIMITS_END), tables.limit_minor),
        ("pattern_fields", (pattern_field.CLAIMS, pattern_field.CLAIMS_END), tables.pattern_claim),
        ("outcome_fields", (outcome_field.DUES, outcome_field.DUES_END), tables.due_fields),
        ("outcome_fields", (outcome_field.OFFERS, outcome_field.OFFERS_END), tables.offer_claim),
        ("due_fields", (due_field.PROGRAM, due_field.PROGRAM_END), tables.instruction_figure),
    ):
        fresh[name][:, list(columns)] += len(other)
