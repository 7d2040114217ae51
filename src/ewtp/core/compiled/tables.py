"""The columnar form of a rulebook: arrays that may be memory-mapped, and the names that their numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# Part of the saved form: a change to what the arrays mean makes saved ones be compiled anew.
EDITION = 1
BUYERS = (None, "consumer", "business")
TRANSPORTS = (None, "sea", "air", "road", "rail", "post")


class Tables(NamedTuple):
    """Arrays of integers; ``X_start`` arrays are one longer than what they delimit.

    Destinations, economies: by place in ``Names.economies``. An *entry* is a code of a schedule (its lines, every
    prefix that a rule has, every subheading); a *list* is the rules of one facet that reach an entry; a list has
    *spans* of days, a span has classes of origins, and each class an outcome.
    """

    # By schedule and subheading (a million each): the longest entry that the subheading starts with.
    subheading_entry: NDArray[np.int32]
    entry_digits: NDArray[np.int8]
    # The digits of an entry after the sixth, as a number, and how many entries lie below it.
    entry_tail: NDArray[np.int64]
    entry_below: NDArray[np.int32]
    # By entry: its run of days, each with a status and the entry that rules are matched on.
    entry_run: NDArray[np.int32]
    run_start: NDArray[np.int32]
    run_day: NDArray[np.int32]
    run_status: NDArray[np.int8]
    run_entry: NDArray[np.int32]
    subheading_exists: NDArray[np.bool_]
    # By destination: its schedule, where its row of lists starts, the schedule's first entry, first day, and flags.
    destination_schedule: NDArray[np.int32]
    destination_lists: NDArray[np.int64]
    schedule_entry: NDArray[np.int32]
    schedule_day: NDArray[np.int32]
    destination_unknowns: NDArray[np.int64]
    destination_no_tax: NDArray[np.int64]
    destination_flags: NDArray[np.int8]
    inside_union: NDArray[np.bool_]
    exports_rules: NDArray[np.bool_]
    origin_is_union: NDArray[np.bool_]
    # By facet and entry of a destination: the list.
    entry_list: NDArray[np.int32]
    list_spans: NDArray[np.int32]
    list_modes: NDArray[np.int32]
    list_buyer: NDArray[np.bool_]
    list_transport: NDArray[np.bool_]
    list_currency: NDArray[np.int32]
    list_limits: NDArray[np.int32]
    limit_minor: NDArray[np.int64]
    span_day: NDArray[np.int32]
    span_classes: NDArray[np.int32]
    span_outcome: NDArray[np.int32]
    origin_class: NDArray[np.int16]
    case_outcome: NDArray[np.int32]
    outcome_dues: NDArray[np.int32]
    outcome_unknowns: NDArray[np.int64]
    outcome_tax_unknowns: NDArray[np.int64]
    outcome_flags: NDArray[np.int8]
    outcome_sets: NDArray[np.int32]
    due_fields: NDArray[np.int32]
    due_bounds: NDArray[np.int64]
    program_start: NDArray[np.int32]
    instruction_fields: NDArray[np.int32]
    instruction_figure: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in ``Tables`` stand for; ``sets`` are the measures' ids joined by spaces."""

    version: str
    economies: tuple[str, ...]
    currencies: tuple[str, ...]
    quantities: tuple[str, ...]
    sets: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The names as plain lists."""
        return {
            "edition": EDITION,
            "version": self.version,
            "economies": list(self.economies),
            "currencies": list(self.currencies),
            "quantities": list(self.quantities),
            "sets": list(self.sets),
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
        *(tuple(body[field]) for field in ("economies", "currencies", "quantities", "sets")),
    )


def column(values: Any, kind: type[np.generic]) -> NDArray[Any]:
    """The values as an array that a kernel takes."""
    return np.ascontiguousarray(np.array(values, dtype=kind))
