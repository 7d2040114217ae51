"""The codes of a schedule as entries: prefixes resolved once, and on which days a code is a declarable line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.outcomes import FACET_OF, FACETS_OF_RULES
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book, Rule
    from ewtp.core.rulebook.territory import TariffLine, Territory

SUBHEADING_DIGITS = 6
UNSETTLED, COVERED, ONE_BELOW, NO_SCHEDULE = range(4)
FIRST_DAY = -(2**31)
_EPOCH = date(1970, 1, 1)

# Of one facet at one entry: the rules, in the order in which the scalar path meets them.
RuleList = tuple[int, ...]
# For an entry: the first day, the status, and the code that rules are matched on.
Run = tuple[tuple[int, int, str], ...]


def day_number(day: date) -> int:
    """Days since 1970-01-01, as Arrow counts them."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day of a number; a run's first day stands for the day before anything starts."""
    return date.min + timedelta(days=1) if number == FIRST_DAY else _EPOCH + timedelta(days=number)


@dataclass(slots=True)
class Schedule:
    """The entries of one schedule, sorted; ``tariff`` is None for those economies whose tariff is not known."""

    tariff: Territory | None
    territories: tuple[str, ...]
    codes: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)

    def fill(self, rules: Iterable[tuple[str, Rule]], lines: Sequence[TariffLine]) -> None:
        """Gather every prefix that a rule or a line has, and the subheadings above the longer ones."""
        wanted = {""}
        for prefix, rule in rules:
            wanted.add(prefix)
            wanted.update(rule.measure.product.exclusions)
        wanted.update(line.code for line in lines)
        wanted |= {code[:SUBHEADING_DIGITS] for code in wanted if len(code) > SUBHEADING_DIGITS}
        self.codes = sorted(wanted)
        above: list[int] = []
        for place, code in enumerate(self.codes):
            while above and not code.startswith(self.codes[above[-1]]):
                above.pop()
            self.parents.append(above[-1] if above else -1)
            above.append(place)


def rules_by_entry(
    schedule: Schedule,
    rules: dict[str, list[Rule]],
    numbers: dict[int, int],
) -> list[tuple[RuleList, ...]]:
    """For every entry the rules of one territory that cover it, by facet, as numbers of rules."""
    found: list[tuple[RuleList, ...]] = []
    excluding = {numbers[id(rule)]: rule for own in rules.values() for rule in own if rule.measure.product.exclusions}
    nothing: tuple[RuleList, ...] = tuple(() for _ in FACETS_OF_RULES)
    for place, code in enumerate(schedule.codes):
        parent = schedule.parents[place]
        here = found[parent] if parent >= 0 else nothing
        if excluding and any(n in excluding for listed in here for n in listed):
            here = tuple(
                tuple(n for n in listed if n not in excluding or excluding[n].measure.product.covers(code))
                for listed in here
            )
        own = rules.get(code)
        if own:
            facets = [list(listed) for listed in here]
            for rule in own:
                if rule.measure.product.covers(code):
                    facets[FACET_OF[rule.measure.kind]].append(numbers[id(rule)])
            here = tuple(tuple(listed) for listed in facets)
        found.append(here)
    return found


def rules_by_territory(book: Book) -> dict[str, dict[str, list[Rule]]]:
    """The import rules of each territory by prefix, without preferences and quotas, which only a claim brings in."""
    found: dict[str, dict[str, list[Rule]]] = {}
    for (territory, prefix), rules in book.rules.items():
        own = [r for r in rules if r.measure.kind in FACET_OF and r.measure.direction is Direction.IMPORT]
        if own:
            found.setdefault(territory, {})[prefix] = own
    return found


def runs_of(schedule: Schedule, book: Book) -> list[Run]:
    """For every entry, from which day on it is a line, leads to one, or neither."""
    if schedule.tariff is None:
        return [((FIRST_DAY, NO_SCHEDULE, code),) for code in schedule.codes]
    tariff = schedule.tariff.code
    lines = book.lines.get(tariff, ())
    line_codes = [line.code for line in lines]
    start = book.schedule_starts.get(tariff)
    own: list[set[date]] = []
    runs: list[Run] = []
    for place, code in enumerate(schedule.codes):
        low, high = bisect_left(line_codes, code), bisect_right(line_codes, code)
        turns = {turn for line in lines[low:high] for turn in _turns(line)}
        parent = schedule.parents[place]
        # Days on which a line above begins or ends matter to what lies below it.
        turns |= own[parent] if parent >= 0 else set()
        own.append(turns)
        below = bisect_left(line_codes, code + ":")
        days = turns | {turn for line in lines[high:below] for turn in _turns(line)} if len(code) >= 4 else set(turns)  # noqa: PLR2004 - no line is shorter
        if start is not None:
            days.add(start)
        run: list[tuple[int, int, str]] = []
        for number in [FIRST_DAY, *sorted(day_number(day) for day in days)]:
            status, target = _status(book, tariff, code, day_of(number))
            if not run or run[-1][1:] != (status, target):
                run.append((number, status, target))
        runs.append(tuple(run))
    return runs


def _turns(line: TariffLine) -> Iterable[date]:
    yield line.validity.start
    if line.validity.end is not None:
        yield line.validity.end + timedelta(days=1)


def _status(book: Book, tariff: str, code: str, day: date) -> tuple[int, str]:
    if book.line_covering(tariff, code, day) is not None:
        return COVERED, code
    if not book.has_lines_on(tariff, day):
        return NO_SCHEDULE, code
    if len(code) >= SUBHEADING_DIGITS:
        below = book.lines_below(tariff, code, day)
        if len(below) == 1:
            return ONE_BELOW, below[0].code
    return UNSETTLED, code


# The list of every entry and facet as a number, and per facet the lists by number.
Covering = tuple["NDArray[np.int64]", list[list[RuleList]]]
# A component of additional duties that names more origins than this is kept from the others.
_FEW_ORIGINS = 16


def numbered(found: list[tuple[RuleList, ...]]) -> Covering:
    """Each list once, and for every entry which one it has."""
    places: list[dict[RuleList, int]] = [{} for _ in FACETS_OF_RULES]
    rows = [[own.setdefault(listed, len(own)) for own, listed in zip(places, entry, strict=True)] for entry in found]
    return np.array(rows, np.int64), [list(own) for own in places]


def joined_lists(
    each: Sequence[tuple[NDArray[np.int64], list[RuleList]]],
    count: int,
) -> Iterator[tuple[RuleList, NDArray[np.int64]]]:
    """The lists of several territories joined entry by entry: each joined list with the entries that have it."""
    keys = np.zeros(count, np.int64)
    for numbers, lists in each:
        keys = keys * len(lists) + numbers
    distinct, first, back = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(back, kind="stable")
    ends = np.searchsorted(back[order], np.arange(len(distinct) + 1))
    for place, example in enumerate(first):
        joined = tuple(n for numbers, lists in each for n in lists[numbers[example]])
        yield joined, order[ends[place] : ends[place + 1]]


def split_by_origin(listed: RuleList, rules: Sequence[Rule]) -> tuple[RuleList, RuleList]:
    """Additional duties in two lists that do not touch one another; the first tells many origins apart.

    Rules touch when they share a programme or one yields to the other's.
    """
    component: dict[str, str] = {}

    def root(name: str) -> str:
        while component.setdefault(name, name) != name:
            name = component[name]
        return name

    names = {n: rules[n].measure.programme or f"rule {n}" for n in listed}
    programmes = set(names.values())
    for n, name in names.items():
        for other in rules[n].measure.yields_to:
            if other in programmes:
                component[root(name)] = root(other)
    origins: dict[str, set[str]] = {}
    for n, name in names.items():
        origins.setdefault(root(name), set()).update(rules[n].named, rules[n].measure.origins.exclude)
    wide = {name for name, named in origins.items() if len(named) > _FEW_ORIGINS}
    first = tuple(n for n in listed if root(names[n]) in wide)
    return first, tuple(n for n in listed if root(names[n]) not in wide)
