"""The columnar form of a rulebook: arrays that may be memory-mapped, and the names that their numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.days import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

# Part of the saved form: a change to what the arrays mean makes saved ones be compiled anew.
EDITION = 4
BUYERS = (None, "consumer", "business")
TRANSPORTS = (None, "sea", "air", "road", "rail", "post")
# The empty list of duties says that there is no duty; the other empty lists say nothing.
EMPTY_LIST, EMPTY_DUTIES = 0, 1
NO_TERRITORY, NO_TARIFF, HAS_TARIFF = range(3)
# Columns of ``pattern_fields``.
P_SPANS, P_SPANS_END, P_MODES, P_BUYER, P_TRANSPORT, P_CURRENCY, P_LIMITS, P_LIMITS_END, P_CLAIMS, P_CLAIMS_END = range(
    10
)
# Columns of ``outcome_fields``; the four sets begin at O_SETS.
O_FLAGS, O_DUES, O_DUES_END, O_SETS, O_OFFERS, O_OFFERS_END = 0, 1, 2, 3, 7, 8
# Columns of ``due_fields``; D_SHARE is the figure of a program that is a plain share of the base, else -1.
D_PROGRAM, D_PROGRAM_END, D_KIND, D_BASE, D_TRIED, D_CURRENCY, D_LEAST, D_MOST, D_SHARE = range(9)


class Tables(NamedTuple):
    """Arrays of integers; ``X_start`` arrays are one longer than what they delimit.

    Destinations and economies go by place in ``Names.economies``. An *entry* is a code of a schedule; a *list* is
    the rules of one facet that reach an entry; lists of alike rules share a *pattern*; a pattern has *spans* of days,
    a span has classes of origins, a class has modes, and each mode an outcome.
    """

    # By schedule, its first entry; by entry, its code as an ordered number, the entry above it, and its run of days.
    schedule_entry: NDArray[np.int32]
    schedule_day: NDArray[np.int32]
    entry_key: NDArray[np.int64]
    entry_parent: NDArray[np.int32]
    entry_run: NDArray[np.int32]
    run_start: NDArray[np.int32]
    run_day: NDArray[np.int32]
    run_status: NDArray[np.int8]
    run_value: NDArray[np.int32]
    # The subheadings of the Harmonized System, in order.
    subheadings: NDArray[np.int32]
    destination_schedule: NDArray[np.int32]
    destination_unknowns: NDArray[np.int64]
    destination_no_tax: NDArray[np.int64]
    destination_flags: NDArray[np.int8]
    inside_union: NDArray[np.bool_]
    exports_rules: NDArray[np.bool_]
    origin_is_union: NDArray[np.bool_]
    # By destination and facet: where the lists of the schedule's entries begin, or -1 less the one list of all entries.
    facet_lists: NDArray[np.int32]
    entry_list: NDArray[np.int32]
    directory_start: NDArray[np.int32]
    directory_claim: NDArray[np.int32]
    directory_list: NDArray[np.int32]
    list_pattern: NDArray[np.int32]
    # The number of a list's first set of rules; set 0 of every list is empty and has number 0.
    list_sets: NDArray[np.int32]
    list_rules_start: NDArray[np.int32]
    list_rules: NDArray[np.int32]
    pattern_fields: NDArray[np.int32]
    pattern_sets: NDArray[np.int32]
    set_places_start: NDArray[np.int32]
    set_places: NDArray[np.int32]
    limit_minor: NDArray[np.int64]
    pattern_claim: NDArray[np.int32]
    span_day: NDArray[np.int32]
    span_classes: NDArray[np.int32]
    span_cases: NDArray[np.int32]
    origin_class: NDArray[np.int16]
    case_outcome: NDArray[np.int32]
    outcome_fields: NDArray[np.int32]
    outcome_unknowns: NDArray[np.int64]
    offer_claim: NDArray[np.int32]
    due_fields: NDArray[np.int64]
    instruction_fields: NDArray[np.int32]
    instruction_figure: NDArray[np.int64]
    # By rule, where the id of its measure begins.
    measure_start: NDArray[np.int64]
    measure_text: NDArray[np.uint8]


class Packed(NamedTuple):
    """The arrays that the kernel reads, end to end: those of small figures and those of large ones.

    A loop hands over every array that it is given for every step of every line, so it is given few. ``at`` says
    where each column begins.
    """

    small: NDArray[np.int32]
    large: NDArray[np.int64]
    at: NDArray[np.int64]


# The columns of a packed book, in the order of their numbers, which the kernel's constants are.
SMALL = (
    "schedule_entry",
    "schedule_day",
    "entry_parent",
    "entry_run",
    "run_start",
    "run_day",
    "run_status",
    "run_value",
    "destination_schedule",
    "destination_flags",
    "inside_union",
    "exports_rules",
    "origin_is_union",
    "facet_lists",
    "entry_list",
    "directory_start",
    "directory_claim",
    "directory_list",
    "list_fields",
    "pattern_fields",
    "pattern_claim",
    "span_fields",
    "origin_class",
    "case_outcome",
    "outcome_fields",
    "offer_claim",
    "instruction_fields",
)
LARGE = (
    "entry_key",
    "destination_unknowns",
    "destination_no_tax",
    "limit_minor",
    "outcome_unknowns",
    "due_fields",
    "instruction_figure",
)


# Columns of ``list_fields``: a list's pattern and first set; a list that turns at most once and asks for nothing
# else has the day of its turn and what it comes to before and after, any other one FAR_FROM_SIMPLE as its day.
L_PATTERN, L_SETS, L_DAY, L_BEFORE, L_AFTER = range(5)
FAR_FROM_SIMPLE = -(2**31)


def packed(tables: Tables) -> Packed:
    """The columns that the kernel reads, end to end."""
    small = [_column(tables, name) for name in SMALL]
    large = [getattr(tables, name).reshape(-1).astype(np.int64) for name in LARGE]
    at = [*starts(map(len, small), np.int64)[:-1], *starts(map(len, large), np.int64)[:-1]]
    return Packed(np.concatenate(small), np.concatenate(large), np.array(at, np.int64))


def _column(tables: Tables, name: str) -> NDArray[np.int32]:
    if name == "list_fields":
        return _list_fields(tables)
    if name == "span_fields":
        return np.stack([tables.span_day, tables.span_classes, tables.span_cases], axis=1).reshape(-1)
    found: NDArray[np.int32] = getattr(tables, name).reshape(-1).astype(np.int32)
    return found


def _list_fields(tables: Tables) -> NDArray[np.int32]:
    """What one step reads of a list, side by side."""
    first, end = tables.pattern_fields[:, P_SPANS], tables.pattern_fields[:, P_SPANS_END]
    last = end - 1
    simple = (tables.pattern_fields[:, P_MODES] == 1) & (end - first <= 2)  # noqa: PLR2004 - before and after one turn
    simple &= (tables.span_classes[first] == 0) & (tables.span_classes[last] == 0)
    of_pattern = np.empty((len(first), 3), np.int32)
    of_pattern[:, 0] = np.where(simple, np.where(first == last, NEVER, tables.span_day[last]), FAR_FROM_SIMPLE)
    of_pattern[:, 1] = tables.case_outcome[tables.span_cases[first]]
    of_pattern[:, 2] = tables.case_outcome[tables.span_cases[last]]
    fields = np.empty((len(tables.list_pattern), 5), np.int32)
    fields[:, L_PATTERN], fields[:, L_SETS] = tables.list_pattern, tables.list_sets[:-1]
    fields[:, L_DAY:] = of_pattern[tables.list_pattern]
    return fields.reshape(-1)


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in ``Tables`` stand for."""

    version: str
    economies: tuple[str, ...]
    currencies: tuple[str, ...]
    quantities: tuple[str, ...]
    claims: tuple[str, ...]
    # Codes of the tariff territories whose schedules there are, by number; empty for no schedule.
    schedules: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The names as plain lists."""
        return {
            "edition": EDITION,
            "version": self.version,
            "economies": list(self.economies),
            "currencies": list(self.currencies),
            "quantities": list(self.quantities),
            "claims": list(self.claims),
            "schedules": list(self.schedules),
        }


@dataclass(frozen=True, slots=True)
class CompiledBook:
    """A rulebook made ready for tables of lines."""

    names: Names
    tables: Tables


def names_from_json(body: Mapping[str, Any]) -> Names | None:
    """The names that ``as_json`` wrote, or None where another edition of this form did."""
    if body.get("edition") != EDITION:
        return None
    return Names(
        body["version"],
        *(tuple(body[field]) for field in ("economies", "currencies", "quantities", "claims", "schedules")),
    )


def column(values: Any, kind: type[np.generic]) -> NDArray[Any]:
    """The values as an array that a kernel takes."""
    return np.ascontiguousarray(np.array(values, dtype=kind))


def starts(lengths: Iterable[int], kind: type[np.generic] = np.int32) -> NDArray[Any]:
    """Where each of several runs begins, and where the last one ends."""
    counted = np.fromiter(lengths, np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counted)]).astype(kind)
