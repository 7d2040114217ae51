"""A piece of lines with its answers before and after, counted into a tally; only what changed is looked at closely."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.aggregates import COUNTED, COUNTS, DIMENSIONS, OUTCOMES, PROHIBITED, ReplayTally, Sums, add_row
from ewtp.core.replay.firm_changes import FirmChanges, firms_changed, numbers_of
from ewtp.core.replay.paired_answers import AMOUNTS, shared_places, side_alone, sides_of, texts_of
from ewtp.core.replay.row_selection import rows_taken
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ewtp.core.replay.paired_answers import Side, Sides

_COLUMNS = {
    "destination": "to",
    "dispatch": "from",
    "origin": "origin",
    "subheading": "hs",
    "firm_size": "firm_size",
}
_READ = (*_COLUMNS.values(), "firm")
_HALF = 32
_LOW = (1 << _HALF) - 1
_MOST = 2**62
# Beyond this a table of all possible keys is slower than sorting.
_MOST_KEYS = 2_000_000


class Paper(NamedTuple):
    """What a requirement asks for, and who does."""

    territory: str
    agency: str
    document: str


class Papers:
    """What sets of requirements ask for; each set is looked up once."""

    def __init__(self, asked: Mapping[str, Paper]) -> None:
        self.papers = tuple(sorted(set(asked.values())))
        self.filings = tuple(sorted({paper[:2] for paper in self.papers}))
        places = {paper: place for place, paper in enumerate(self.papers)}
        filings = {filing: place for place, filing in enumerate(self.filings)}
        self._places = {name: (places[paper], filings[paper[:2]]) for name, paper in asked.items()}
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]] = {}

    def of(self, measures: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
        """The places of the papers and of the agencies filed with, for measures' ids joined by spaces.

        What is not known comes third: it counts as a paper under its own id, so that it is seen.
        """
        found = self._known.get(measures)
        if found is None:
            names = measures.split()
            places = [self._places[name] for name in names if name in self._places]
            strange = tuple(name for name in names if name not in self._places)
            papers, filings = ({place[side] for place in places} for side in (0, 1))
            found = self._known[measures] = tuple(papers), tuple(filings), strange
        return found


@dataclass(frozen=True, slots=True)
class Compared:
    """Answers to the same lines side by side; ``masks`` say of each line what became of it."""

    sides: Sides
    changed: NDArray[np.bool_]
    comparable: NDArray[np.bool_]
    both: NDArray[np.bool_]
    masks: dict[str, NDArray[np.bool_]]
    # What the landed cost changes by, in ten-thousandths; zero where it cannot be compared.
    change: NDArray[np.int64]


def compared(before: pa.Table, after: pa.Table) -> Compared:
    """Compare two tables of answers to the same lines.

    Amounts can be compared where both sides are answered, and both are complete or leave the same things open. A sum
    from which something is missing on one side only says nothing about who gains.
    """
    sides = sides_of(before, after)
    one, two = sides.before, sides.after
    both = ~one.refused & ~two.refused
    open_alike = (one.complete & two.complete) | (~one.complete & ~two.complete & (one.unknowns == two.unknowns))
    comparable = both & open_alike
    changed = (one.refused != two.refused) | (both & _differs(one, two))
    change = np.where(comparable, two.amounts["total"] - one.amounts["total"], 0)
    masks = {
        "gained": change < 0,
        "lost": change > 0,
        "same_cost": changed & comparable & (change == 0),
        "became_incomplete": both & one.complete & ~two.complete,
        "became_complete": both & ~one.complete & two.complete,
        "otherwise_incomplete": both & ~one.complete & ~two.complete & ~comparable,
        "newly_refused": ~one.refused & two.refused,
        "no_longer_refused": one.refused & ~two.refused,
        "newly_prohibited": both & (one.sets["prohibitions"] == 0) & (two.sets["prohibitions"] > 0),
        "no_longer_prohibited": both & (one.sets["prohibitions"] > 0) & (two.sets["prohibitions"] == 0),
    }
    return Compared(sides, changed, comparable, both, masks, change)


def compared_at(before: pa.Table, after: pa.Table, places: NDArray[np.int64] | None) -> Compared:
    """Compare ``after`` with the answers of ``before`` at places; None: with all of them."""
    return compared(before if places is None else rows_taken(before, places), after)


def _differs(one: Side, two: Side) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (one.complete != two.complete) | (one.unknowns != two.unknowns)
    for name, amounts in one.amounts.items():
        found |= amounts != two.amounts[name]
    for name, places in one.sets.items():
        found |= places != two.sets[name]
    return found


def tally_of(
    lines: pa.Table,
    before: pa.Table,
    after: pa.Table,
    *,
    papers: Papers,
    places: NDArray[np.int64] | None = None,
    found: Compared | None = None,
) -> ReplayTally:
    """Count a piece of lines.

    ``before`` answers every line; ``after`` those at ``places`` (ascending; None: every line), the others being
    answered as before. ``found`` is ``compared_at`` of the same, where that is known already. ``papers`` says what
    requirements ask for. Beside the columns of a
    question, lines may have ``firm_size`` and ``firm``.
    """
    found = found or compared_at(before, after, places)
    changed = np.flatnonzero(found.changed)
    kept = [name for name in _READ if name in lines.column_names]
    rows = rows_taken(lines.select(kept), changed if places is None else places[changed])
    tables: dict[str, Sums] = {"headline": {(): _headline(before, found)}}
    tables["totals"] = _totals(lines, before, places, found)
    tables |= _breakdowns(lines, rows, found, changed)
    tables |= _papers(before, found, papers)
    return ReplayTally(tables, _firms(rows, found, changed) if "firm" in lines.column_names else None)


def _headline(before: pa.Table, found: Compared) -> tuple[int, ...]:
    lines = before.num_rows
    counts = {name: int(mask.sum()) for name, mask in found.masks.items()}
    refused = lines - before["refusal"].null_count - counts["no_longer_refused"]
    answered = lines - refused - counts["newly_refused"] - counts["no_longer_refused"]
    counts |= {"lines": lines, "answered": answered, "refused": refused, "affected": int(found.changed.sum())}
    return tuple(counts[name] for name in COUNTS)


def _totals(lines: pa.Table, before: pa.Table, places: NDArray[np.int64] | None, found: Compared) -> Sums:
    """By destination and currency, all lines that can be compared: those not looked at are the same on both sides."""
    whole, currencies = side_alone(before)
    destination, held = texts_of(lines["to"])
    names = _economies(held).to_pylist()
    keys = destination.astype(np.int64) * len(currencies) + whole.currency
    used, of_line = distinct(keys, len(names) * len(currencies))
    count = len(used)
    of_asked = of_line if places is None else of_line[places]
    one, two = found.sides.before, found.sides.after
    left, kept = ~found.comparable & ~one.refused, found.comparable

    def total(name: str) -> list[list[int]]:
        base = sums_by(of_line, whole.amounts[name], count)
        out = sums_by(of_asked[left], one.amounts[name][left], count)
        change = sums_by(of_asked[kept], (two.amounts[name] - one.amounts[name])[kept], count)
        held = [b - o for b, o in zip(base, out, strict=True)]
        return [held, [h + c for h, c in zip(held, change, strict=True)]]

    def counted(mask: NDArray[np.bool_], without: NDArray[np.bool_]) -> list[int]:
        held = sums_by(of_line, mask.astype(np.int64), count)
        return [h - w for h, w in zip(held, sums_by(of_asked, without.astype(np.int64), count), strict=True)]

    sides = {name: total(name) for name in AMOUNTS}
    columns = [counted(~whole.refused, left)]
    columns.append(counted(~whole.refused & ~whole.complete, left & ~one.complete))
    columns += [sides[name][side] for side in (0, 1) for name in AMOUNTS]
    sums: Sums = {}
    for place, values in zip(used.tolist(), zip(*columns, strict=True), strict=True):
        if values[0]:
            target, currency = divmod(place, len(currencies))
            add_row(sums, (names[target], currencies[currency]), values)
    return sums


def _breakdowns(lines: pa.Table, rows: pa.Table, found: Compared, changed: NDArray[np.int64]) -> dict[str, Sums]:
    one, two = found.sides.before, found.sides.after
    currency = np.where(one.refused, two.currency, one.currency)[changed].astype(np.int64)
    kept = found.comparable[changed]
    counts = [kept | True, *(found.masks[name][changed] for name in (*OUTCOMES, *PROHIBITED))]
    change = found.change[changed]
    amounts = [np.where(kept, side.revenue[changed], 0) for side in (one, two)]
    amounts += [np.where(kept, side.amounts["total"][changed], 0) for side in (one, two)]
    amounts += [np.maximum(-change, 0), np.maximum(change, 0)]
    tables: dict[str, Sums] = {}
    for dimension in DIMENSIONS:
        found_texts = _texts_of(dimension, rows)
        if found_texts is None:
            continue
        tables[dimension] = _rows(found_texts, currency, found.sides.currencies, counts, amounts)
        if dimension in COUNTED:
            tables[f"lines_{dimension}"] = _lines(*_texts_of(dimension, lines) or found_texts)
    return tables


def _lines(places: NDArray[np.int32], values: pa.StringArray) -> Sums:
    sums: Sums = {}
    for text, count in zip(values.to_pylist(), np.bincount(places, minlength=len(values)).tolist(), strict=True):
        if count:
            add_row(sums, (text,), (count,))
    return sums


def _rows(
    texts: tuple[NDArray[np.int32], pa.StringArray],
    currency: NDArray[np.int64],
    currencies: tuple[str, ...],
    counts: list[NDArray[np.bool_]],
    amounts: list[NDArray[np.int64]],
) -> Sums:
    places, values = texts
    keys, group = distinct(places * np.int64(len(currencies)) + currency, len(values) * len(currencies))
    columns = [np.bincount(group[mask], minlength=len(keys)).tolist() for mask in counts]
    columns += [sums_by(group, column, len(keys)) for column in amounts]
    sums: Sums = {}
    for key, row in zip(keys.tolist(), zip(*columns, strict=True), strict=True):
        value, place = divmod(key, len(currencies))
        add_row(sums, (values[value].as_py(), currencies[place]), row)
    return sums


def _papers(before: pa.Table, found: Compared, papers: Papers) -> dict[str, Sums]:
    """Papers and filings of lines answered on both sides; a line files once with an agency, however many papers."""
    one, two = found.sides.before, found.sides.after
    sides = [np.zeros((2, len(names)), np.int64) for names in (papers.papers, papers.filings)]
    tables: dict[str, Sums] = {"filings": {}, "papers": {}}

    def count(places: NDArray[np.int32], names: list[str], before: int, after: int) -> None:
        many = np.bincount(places, minlength=len(names))
        # Place 0 is no requirement at all.
        used = np.flatnonzero(many[1:]) + 1
        asked = [papers.of(names[place]) for place in used.tolist()]
        for number, sums in enumerate(sides):
            each = [own[number] for own in asked]
            lines = np.repeat(many[used], [len(own) for own in each])
            flat = np.fromiter(chain.from_iterable(each), np.int64, len(lines))
            np.add.at(sums[0], flat, lines * before)
            np.add.at(sums[1], flat, lines * after)
        for own, lines in zip(asked, many[used].tolist(), strict=True):
            for name in own[2]:
                add_row(tables["papers"], ("", "", name), (lines * before, lines * after))
            if own[2]:
                add_row(tables["filings"], ("", ""), (lines * before, lines * after))

    held, texts = texts_of(before["requirements"])
    names = list(found.sides.sets["requirements"])
    count(held, texts.to_pylist(), 1, 1)
    count(one.sets["requirements"][~found.both], names, -1, 0)
    count(one.sets["requirements"], names, 0, -1)
    count(two.sets["requirements"][found.both], names, 0, 1)
    for name, keys, sums in (("papers", papers.papers, sides[0]), ("filings", papers.filings, sides[1])):
        for place in np.flatnonzero(sums.any(axis=0)).tolist():
            add_row(tables[name], tuple(keys[place]), tuple(sums[:, place].tolist()))
    return tables


def _firms(rows: pa.Table, found: Compared, changed: NDArray[np.int64]) -> FirmChanges:
    places, ids = texts_of(rows["firm"])
    change = found.change[changed]
    counted = (change != 0) & (places > 0)
    used, back = distinct(places[counted], len(ids))
    numbers = numbers_of(ids.take(pa.array(used)).to_pylist())[back]
    return firms_changed(
        numbers, found.sides.before.currency[changed][counted], found.sides.currencies, change[counted]
    )


def _texts_of(dimension: str, lines: pa.Table) -> tuple[NDArray[np.int32], pa.StringArray] | None:
    """Each line's value as a place in a list; None where the lines have no such column."""
    name = _COLUMNS[dimension]
    if dimension == "origin":
        return _origins(lines)
    if name not in lines.column_names:
        return None
    places, values = texts_of(lines[name])
    if dimension == "subheading":
        return subheadings(places, values)
    return places, values if dimension == "firm_size" else _economies(values)


def _origins(lines: pa.Table) -> tuple[NDArray[np.int32], pa.StringArray]:
    """Where goods were made: where they are sent from, unless a line says otherwise."""
    if "origin" not in lines.column_names:
        places, texts = texts_of(lines["from"])
        return places, _economies(texts)
    sent, made, values = shared_places(lines["from"], lines["origin"])
    return np.where(made == 0, sent, made), _economies(pa.array(values, pa.string()))


def _economies(texts: pa.StringArray) -> pa.StringArray:
    """Economies as answers name them, however a file writes them."""
    return pc.utf8_upper(pc.utf8_trim_whitespace(texts))


def subheadings(places: NDArray[np.int32], codes: pa.StringArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """The first six digits of codes, which may be written with dots and spaces."""
    used, back = distinct(places, len(codes))
    digits = pc.replace_substring_regex(codes.take(pa.array(used)), r"[\s.]+", "")
    found = pc.utf8_slice_codeunits(digits, 0, SUBHEADING_DIGITS).dictionary_encode()
    return np.asarray(found.indices)[back], found.dictionary


def distinct(keys: NDArray[Any], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys in order, and each key's place among them; keys are from 0 to below ``most``."""
    if most > _MOST_KEYS:
        found, back = np.unique(keys, return_inverse=True)
        return found, back
    place = np.zeros(most, np.int64)
    place[keys] = 1
    found = np.flatnonzero(place)
    place[found] = np.arange(len(found))
    return found, place[keys]


def sums_by(group: NDArray[np.int64], values: NDArray[np.int64], count: int) -> list[int]:
    """The exact sum of each group's values, also beyond 64 bits."""
    most = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    if most * max(len(values), 1) < _MOST:
        whole = np.zeros(count, np.int64)
        np.add.at(whole, group, values)
        found: list[int] = whole.tolist()
        return found
    high, low = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(high, group, values >> _HALF)
    np.add.at(low, group, values & _LOW)
    return [(upper << _HALF) + lower for upper, lower in zip(high.tolist(), low.tolist(), strict=True)]
