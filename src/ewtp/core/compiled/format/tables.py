"""The columnar form of a rulebook: arrays that may be memory-mapped, and the names that their numbers stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

import numpy as np

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_Element = TypeVar("_Element", bound=np.generic)
# Part of the saved form: a change to the meaning of an array causes saved books to be recompiled.
EDITION = 18
BUYERS = (None, "consumer", "business")
TRANSPORTS = (None, "sea", "air", "road", "rail", "post")
# The empty list of duties means that there is no duty; the other empty lists have no effect.
EMPTY_LIST, EMPTY_DUTIES = 0, 1
# The outcome of an empty list.
NO_OUTCOME = 0
NO_TERRITORY, NO_TARIFF, HAS_TARIFF = range(3)


class Tables(NamedTuple):
    """Arrays of integers; an ``X_start`` array has one more element than there are runs to delimit.

    Destinations and economies are indices of ``Names.economies``. An *entry* is a code of a schedule; a *list* is
    the rules of one facet that reach an entry; lists of similar rules share a *pattern*; a pattern has *spans* of days,
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
    # By economy of dispatch and destination, bits of ``entry_exemption``.
    not_owed: NDArray[np.int8]
    # Whether they are in one customs union on some day and not on the last, or the reverse.
    moved_together: NDArray[np.bool_]
    # Whether they are in one on the last day, and a customs border lay between them before the last status day of the
    # economy of dispatch.
    apart_before: NDArray[np.bool_]
    exports_rules: NDArray[np.bool_]
    origin_is_union: NDArray[np.bool_]
    # By economy, as bits: the sanctions programmes of its territories, and those that name it on some day.
    programmes: NDArray[np.int32]
    programmes_named: NDArray[np.int32]
    # By economy, the first day from which all of these programmes name it for good.
    programme_day: NDArray[np.int32]
    # By economy, the first day on which it is part of the customs territories and unions that the book has.
    status_day: NDArray[np.int32]
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
    # Where the cases of a span begin; spans with equal ones share them.
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


@immutable
class Names:
    """The names that the numbers in ``Tables`` stand for."""

    version: str
    economies: tuple[str, ...]
    currencies: tuple[str, ...]
    quantities: tuple[str, ...]
    claims: tuple[str, ...]
    # By schedule, the code of its tariff territory; empty for no schedule.
    schedules: tuple[str, ...]
    # The refusals for facts that traders left out, as code and message; number 0 is none.
    refusals: tuple[tuple[str, str], ...]

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
            "refusals": [list(refusal) for refusal in self.refusals],
        }


@immutable
class CompiledBook:
    """A rulebook compiled for tables of lines."""

    names: Names
    tables: Tables


def names_from_json(body: Mapping[str, Any]) -> Names | None:
    """The names that ``as_json`` wrote, or None where another edition of this form did."""
    if body.get("edition") != EDITION:
        return None
    lists: list[tuple[Any, ...]] = [
        tuple(body[field]) for field in ("economies", "currencies", "quantities", "claims", "schedules")
    ]
    lists.append(tuple((code, message) for code, message in body["refusals"]))
    return Names(body["version"], *lists)


def column(values: Sequence[int] | Sequence[Sequence[int]], kind: type[_Element]) -> NDArray[_Element]:
    """The values as an array for the kernel."""
    return np.ascontiguousarray(np.array(values, dtype=kind))


@overload
def starts(lengths: Iterable[int]) -> NDArray[np.int32]: ...


@overload
def starts(lengths: Iterable[int], kind: type[_Element]) -> NDArray[_Element]: ...


def starts(lengths: Iterable[int], kind: type[np.generic] = np.int32) -> NDArray[Any]:
    """The start of each of several runs, and the end of the last one."""
    counted = np.fromiter(lengths, np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counted)]).astype(kind)
