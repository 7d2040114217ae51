"""Parses rows of the seed's CSV files into records; an error names the file and the row."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Origins, Product, Status
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from enum import StrEnum
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source

# A dated step of an expression starts so: ``2026-01-01:4.5%``.
_STEP = re.compile(r"(\d{4}-\d\d-\d\d):")
STEP_SEPARATOR = " | "
# The number of origins that an id names, and its length limit in characters.
_ORIGINS_SHOWN = 2
_LONGEST_STEM = 100
_CODE = re.compile(r"[0-9]{0,14}\Z")
# Columns whose name is not that of a field of a measure.
_SPECIAL = ("code", "nomenclature", "exclusions", "origins", "excluded_origins", "valid_from", "valid_to", "source")
# A seed states law; how an adopted measure got its force is in the exchange format alone.
_NOT_IN_SEED = ("id", "product", "validity", "adoption", "known_from", "known_to")
MEASURE_COLUMNS = (*_SPECIAL, *(f.name for f in fields(Measure) if f.name not in {*_SPECIAL, *_NOT_IN_SEED}))


class RowError(Exception):
    """A cell or row that breaks the seed format; the reader of packs turns it into a refusal."""


def parse_day(text: str) -> date:
    """A day as the seed writes it (ISO 8601)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{text[:20]!r} is not a date such as 2026-01-31"
        raise RowError(msg) from None


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """``kind=value`` joined by ``;``; a text for people may follow the value after a ``|``."""
    found = []
    for part in text.split(";"):
        kind, equals, rest = part.strip().partition("=")
        value, _, words = rest.partition("|")
        if not equals or not kind:
            msg = f"the condition {part[:40]!r} is not written as kind=value"
            raise RowError(msg)
        found.append(Condition(kind, value, words))
    return tuple(found)


def _member(kind: type[StrEnum], name: str) -> Callable[[str], StrEnum]:
    """Reads a value of an enumeration, called ``name`` to people."""

    def parse(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError:
            msg = f"{text[:30]!r} is not a {name}"
            raise RowError(msg) from None

    return parse


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PARSERS: dict[str, Callable[[str], Any]] = {
    "kind": _member(Kind, "kind of measure"),
    "status": _member(Status, "status"),
    "direction": _member(Direction, "direction"),
    "conditions": parse_conditions,
    "yields_to": _words,
}


@dataclass(slots=True)
class ValuePool:
    """Values shared by rows, each made once, so that a large seed needs little memory."""

    sources: Mapping[str, Source]
    products: dict[tuple[str, str, str], Product] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origins] = field(default_factory=dict)
    periods: dict[tuple[str, str], Period] = field(default_factory=dict)
    cells: dict[tuple[str, str], Any] = field(default_factory=dict)
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def period(self, start: str, end: str) -> Period:
        """The period of two ISO days; an empty end is open."""
        found = self.periods.get((start, end))
        if found is None:
            first, last = parse_day(start), parse_day(end) if end else None
            if last is not None and last < first:
                msg = f"the period ends {end}, before it starts {start}"
                raise RowError(msg)
            found = self.periods[(start, end)] = Period(first, last)
        return found

    def product(self, nomenclature: str, code: str, exclusions: str) -> Product:
        """The product scope of a row."""
        found = self.products.get((nomenclature, code, exclusions))
        if found is None:
            if not nomenclature:
                msg = "no nomenclature is given"
                raise RowError(msg)
            if not all(_CODE.match(digits) for digits in (code, *exclusions.split())):
                msg = f"the code {code[:20]!r} or an exclusion is not made of digits"
                raise RowError(msg)
            found = Product(nomenclature, code, tuple(exclusions.split()))
            self.products[(nomenclature, code, exclusions)] = found
        return found

    def origin_scope(self, include: str, exclude: str) -> Origins:
        """The origin scope of a row; an empty cell is every origin."""
        found = self.origins.get((include, exclude))
        if found is None:
            found = Origins(_words(include) or ("*",), _words(exclude))
            self.origins[(include, exclude)] = found
        return found

    def cell(self, column: str, text: str) -> Any:
        """The value of a cell in an ordinary column."""
        found = self.cells.get((column, text))
        if found is None:
            parse = _PARSERS.get(column)
            found = self.cells[(column, text)] = parse(text) if parse else text
        return found

    def source(self, source_id: str) -> Source:
        """The source of that id."""
        found = self.sources.get(source_id)
        if found is None:
            msg = f"the source {source_id[:60]!r} is not in source.yaml"
            raise RowError(msg)
        return found


def split_steps(expression: str, valid_from: str, valid_to: str) -> list[tuple[str, str, str]]:
    """``(expression, from, to)`` of each dated step, each valid until the day before the next."""
    if not _STEP.match(expression):
        return [(expression, valid_from, valid_to)]
    steps = []
    for part in expression.split(STEP_SEPARATOR):
        mark = _STEP.match(part)
        if not mark or not part[mark.end() :]:
            msg = f"the step {part[:40]!r} is not written as date:expression"
            raise RowError(msg)
        steps.append((mark[1], part[mark.end() :]))
    starts = [start for start, _ in steps]
    if starts != sorted(set(starts)):
        msg = "the steps of the expression are not in order of date"
        raise RowError(msg)
    ends = [(parse_day(start) - timedelta(days=1)).isoformat() for start in starts[1:]]
    return [(text, start, end) for (start, text), end in zip(steps, [*ends, valid_to], strict=True)]


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The header (row 1) and the rows of a CSV file, numbered as an editor numbers lines."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        header = next(rows, None)
        if not header:
            msg = "the file has no header"
            raise RowError(msg)
        yield 1, header
        for row in rows:
            if len(row) != len(header):
                msg = f"row {rows.line_num}: {len(row)} cells where the header has {len(header)}"
                raise RowError(msg)
            yield rows.line_num, row


def read_measures(path: Path, defaults: Mapping[str, str], main: str, shared: ValuePool) -> Iterator[Measure]:
    """The measures of a pack's ``measures.csv``; ``main`` is the id of the pack's own source."""
    rows = read_rows(path)
    _, header = next(rows)
    unknown = [column for column in (*header, *defaults) if column not in MEASURE_COLUMNS]
    if unknown:
        msg = f"row 1: the column or default {unknown[0]!r} is not a field of a measure"
        raise RowError(msg)
    blank = dict.fromkeys(_SPECIAL, "") | {"source": main}
    base = blank | {name: str(value) for name, value in defaults.items()}
    for number, row in rows:
        cells = base | {column: text for column, text in zip(header, row, strict=True) if text}
        try:
            yield from _measures_of(cells, shared)
        except (RowError, ValueError, TypeError) as error:
            msg = f"row {number}: {error}"
            raise RowError(msg) from None


def _measures_of(cells: dict[str, str], shared: ValuePool) -> Iterator[Measure]:
    product = shared.product(cells["nomenclature"], cells["code"], cells["exclusions"])
    origins = shared.origin_scope(cells["origins"], cells["excluded_origins"])
    source = shared.source(cells["source"])
    values = {
        name: shared.cell(name, text) for name, text in cells.items() if name not in _SPECIAL and name != "expression"
    }
    if "kind" not in values or "territory" not in values:
        msg = "a measure needs a kind and a territory"
        raise RowError(msg)
    # A pack that cites every rule by its code writes the reference once: "HTS {code}".
    values["reference"] = values.get("reference", "").replace("{code}", cells["code"])
    stem = _id_stem(cells)
    for expression, start, end in split_steps(cells.get("expression", ""), cells["valid_from"], cells["valid_to"]):
        yield Measure(
            id=_unique_id(f"{stem}-{start}", cells, expression, shared.ids),
            product=product,
            validity=shared.period(start, end),
            source=source,
            origins=origins,
            expression=expression,
            **values,
        )


def _id_stem(cells: dict[str, str]) -> str:
    include = cells["origins"].split()
    who = (
        "+".join(include)
        if len(include) <= _ORIGINS_SHOWN
        else f"{include[0]}+{len(include) - 1}-{_digest(cells['origins'])}"
    )
    details = [
        cells[name]
        for name in ("programme", "agency", "document", "additional_code", "order_number")
        if cells.get(name)
    ]
    parts = [
        cells["territory"],
        cells["kind"],
        cells["code"] or "all",
        *([who] if include and who != "*" else []),
        *details,
    ]
    stem = "-".join(part.replace(" ", "_") for part in parts)
    return stem if len(stem) <= _LONGEST_STEM else f"{stem[: _LONGEST_STEM - 10]}-{_digest(stem)}"


def _unique_id(candidate: str, cells: dict[str, str], expression: str, taken: dict[str, tuple[str, ...]]) -> str:
    """The derived id; a second measure of the same name is distinguished by a digest of its cells, not by its place."""
    says = (*cells.values(), expression)
    if candidate in taken:
        if taken[candidate] == says:
            msg = f"the measure {candidate} is written twice"
            raise RowError(msg)
        candidate = f"{candidate}-{_digest(chr(10).join(says))}"
        if candidate in taken:
            msg = f"the measure {candidate} is written twice"
            raise RowError(msg)
    taken[candidate] = says
    return candidate


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
