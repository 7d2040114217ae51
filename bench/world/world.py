"""What is in a file of lines, and how each destination's law has an answer computed, as the peers' tables need it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.seed_questions import seed_rates
from bench.world.rule_figures import SLOTS
from ewtp.core.assessment.consignment import ConsignmentContext, build_context
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.values.money import Money, minor_units
from ewtp.core.values.unit import Unit, resolve_unit
from ewtp.gateways.reference import hs_texts

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.territory import Territory

EPOCH = date(1970, 1, 1)
QUANTITY, SUPPLEMENTARY_UNIT = "quantity_", "supplementary_unit"
_TEXTS = ("from", "to", "origin", "hs", "currency", "buyer", "transport", "claims", SUPPLEMENTARY_UNIT)
_TERMS = ("customs_value", "freight", "duty", "additional_duty", "excise", "fee")


@dataclass(frozen=True, slots=True)
class Asked:
    """The distinct values of a file of lines; ``codes`` are the codes asked for by destination."""

    columns: tuple[str, ...]
    first: date
    last: date
    currencies: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[str, ...]]
    # Of each destination the pairs of origin and claims that lines name.
    claims: dict[str, tuple[tuple[str, str], ...]]
    # The units of supplementary quantities.
    units: tuple[str, ...]

    @property
    def days(self) -> list[date]:
        """Every day of the file."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def read_asked(path: Path) -> Asked:
    """Gather the distinct values, one row group at a time."""
    file = pq.ParquetFile(path, read_dictionary=list(_TEXTS))
    names = file.schema_arrow.names
    found: dict[tuple[str, ...], list[pa.Table]] = {
        ("to", "hs"): [],
        ("to", "currency"): [],
        ("to", "origin", "claims"): [],
    }
    days: list[Any] = []
    units: set[str] = set()
    for group in range(file.num_row_groups):
        table = file.read_row_group(
            group, columns=[n for n in ("to", "hs", "currency", "origin", "from", "claims", "date") if n in names]
        )
        table = table.append_column("origin", table["from"]) if "origin" not in names else table
        plain = {name: table[name].cast(pa.string()) for name in ("to", "hs", "currency", "from", "origin")}
        plain["origin"] = pc.coalesce(plain["origin"], plain.pop("from"))
        empty = pa.array([""] * table.num_rows)
        plain["claims"] = pc.fill_null(table["claims"].cast(pa.string()), "") if "claims" in names else empty
        whole = pa.table(plain)
        for key, parts in found.items():
            parts.append(whole.select(list(key)).group_by(list(key)).aggregate([]))
        days += pc.min_max(table["date"]).as_py().values()
        spoken = file.read_row_group(group, columns=[SUPPLEMENTARY_UNIT])[SUPPLEMENTARY_UNIT]
        units.update(unit for unit in spoken.unique().to_pylist() if unit is not None)

    def by_destination(key: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
        rows = pa.concat_tables(found[key]).group_by(list(key)).aggregate([]).to_pydict()
        gathered: dict[str, list[Any]] = {}
        for row in zip(*(rows[name] for name in key), strict=True):
            gathered.setdefault(row[0], []).append(row[1] if len(row) == 2 else row[1:])
        return {to: tuple(sorted(values)) for to, values in sorted(gathered.items())}

    return Asked(
        tuple(names),
        min(days),
        max(days),
        by_destination(("to", "currency")),
        by_destination(("to", "hs")),
        by_destination(("to", "origin", "claims")),
        tuple(sorted(units)),
    )


class World:
    """A book, a file's distinct values, and what follows from the two for each destination."""

    def __init__(self, book: Book, asked: Asked) -> None:
        self.book = book
        self.asked = asked
        self._rates = seed_rates()
        self._rows: list[dict[str, Any]] = []

    def frame(self, to: str, currency: str, day: date) -> ConsignmentContext:
        """What the scalar path settles for a destination, a currency and a day."""
        line = QuestionLine("000000", "XX", Money(Decimal(1), currency), {}, {}, ())
        return build_context(
            Question("XX", to, day, None, None, None, (line,), None, None), self.book, self._rates, hs_texts
        )

    def tariff(self, to: str) -> Territory | None:
        """The territory whose schedule a destination uses."""
        return next((t for t in self.book.territories_of(to) if t.nomenclature), None)

    def schedule(self, to: str) -> str:
        """The name of the schedule, or of the destination where it has none."""
        tariff = self.tariff(to)
        return tariff.code if tariff else f"-{to}"

    def destinations(self) -> list[dict[str, Any]]:
        """A row for each destination: how its law has an answer computed."""
        rows = []
        for to, currencies in self.asked.currencies.items():
            frame = self.frame(to, currencies[0], self.asked.last)
            factors = dict.fromkeys(_TERMS, 0)
            for name, factor in frame.tax_base.terms:
                if name in factors:
                    factors[name] += int(factor * 100)
            union = next((t.code for t in frame.territories if len(t.members) > 1), "")
            rounding = frame.value_rounding
            rows.append(
                {
                    "to": to,
                    "schedule": self.schedule(to),
                    "tariff": frame.tariff is not None,
                    "union_of": union,
                    "cif": frame.basis == "CIF",
                    # The customs value is rounded to this many minor units, half down; 1 leaves it as it is.
                    "value_unit": 1 if rounding is None else 10 ** (minor_units(frame.currency) - rounding.places),
                    **{f"base_{name}": factor for name, factor in factors.items()},
                },
            )
        return rows

    def unions(self) -> list[dict[str, Any]]:
        """The customs union of each economy that is in one."""
        return [
            {"economy": economy, "union_of": territory.code}
            for _, territory in sorted(self.book.territories.items())
            if len(territory.members) > 1
            for economy in territory.members
        ]

    def rates(self) -> list[dict[str, Any]]:
        """For each destination, currency and day: the answer's currency, and the factor between minor units."""
        if self._rows:
            return self._rows
        rows = self._rows
        known: dict[tuple[str, str, date, tuple[str, ...]], Decimal | None] = {}
        for to, currencies in self.asked.currencies.items():
            for currency in currencies:
                for day in self.asked.days:
                    frame = self.frame(to, currency, day)
                    key = (currency, frame.currency, day, tuple(t.code for t in frame.territories if t.code == "GB"))
                    if key not in known:
                        known[key] = frame.rate(currency, frame.currency)
                    mantissa, scale = fraction(known[key], currency, frame.currency)
                    rows.append(
                        {
                            "to": to,
                            "currency": currency,
                            "day": day,
                            "answer_currency": frame.currency,
                            "places": minor_units(currency),
                            "answer_places": minor_units(frame.currency),
                            "mantissa": mantissa,
                            "scale": scale,
                        },
                    )
        return rows

    def quantity_columns(self) -> dict[int, str]:
        """The column of each slot of quantities that the file has."""
        found = {}
        for name in self.asked.columns:
            unit = resolve_unit(name.removeprefix(QUANTITY)) if name.startswith(QUANTITY) else None
            key = getattr(unit, "key", "")
            if key in SLOTS[1:]:
                found[SLOTS.index(key)] = name
        return found

    def supplementary_units(self) -> dict[int, dict[str, int]]:
        """Of each slot of quantities the units of supplementary ones that hold a whole number of its unit."""
        found: dict[int, dict[str, int]] = {}
        for slot, key in enumerate(SLOTS[1:], 1):
            base = resolve_unit(key)
            for name in self.asked.units:
                unit = resolve_unit(name)
                if isinstance(unit, Unit) and isinstance(base, Unit) and unit.dimension == base.dimension:
                    many = unit.factor / base.factor
                    if many == many.to_integral_value():
                        found.setdefault(slot, {})[name] = int(many)
        return found

    def manifest(self) -> dict[str, Any]:
        """What a peer has to know of the file: its columns, its days, and where quantities stand."""
        return {
            "columns": list(self.asked.columns),
            "first": self.asked.first.isoformat(),
            "last": self.asked.last.isoformat(),
            "quantities": {str(slot): name for slot, name in self.quantity_columns().items()},
            "supplementary": {str(slot): units for slot, units in self.supplementary_units().items()},
        }


def fraction(rate: Decimal | None, currency: str, target: str) -> tuple[int, int]:
    """A rate as a fraction between minor units: (1, 1) within one currency, (0, 1) where there is none."""
    if currency == target:
        return 1, 1
    if rate is None:
        return 0, 1
    _, digits, exponent = rate.normalize().as_tuple()
    mantissa = int("".join(map(str, digits)))
    places = int(exponent) + minor_units(target) - minor_units(currency)
    return (mantissa * 10**places, 1) if places > 0 else (mantissa, 10**-places)


def write_rows(rows: list[dict[str, Any]], path: Path) -> None:
    """Rows as a Parquet file."""
    pq.write_table(pa.Table.from_pylist(rows), path)


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """The manifest beside the tables."""
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
