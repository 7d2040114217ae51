"""Lines drawn from a book with a seed: ordinary trade, and the corners where a columnar path would first go wrong."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.core.compiled.format import amount_kind
from ewtp.core.compiled.format.kernel_arrays import DECIMALS
from ewtp.core.compiled.table.answers_to_arrow import COLUMNS_OF_SETS
from ewtp.core.compiled.table.scalar_fallback import AnswerRow, bodies, rows_of
from ewtp.core.rulebook.expressions.duty_needs import list_required_facts
from ewtp.core.rulebook.expressions.tree import DayRange, Seasonal, walk
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    import random

    from ewtp.core.compiled.table.scalar_fallback import Scalar
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.expressions.tree import Expression
    from ewtp.core.rulebook.rule import Rule

MONEY, COUNT = pa.decimal128(18, 3), pa.decimal128(18, 6)
SCHEMA = pa.schema(
    [
        ("from", pa.string()),
        ("to", pa.string()),
        ("origin", pa.string()),
        ("date", pa.date32()),
        ("hs", pa.string()),
        ("value", MONEY),
        ("currency", pa.string()),
        ("freight", MONEY),
        ("insurance", MONEY),
        ("buyer", pa.string()),
        ("transport", pa.string()),
        ("claims", pa.string()),
        ("quantity_kg", COUNT),
        ("quantity_number", COUNT),
        ("quantity_litre", COUNT),
        ("quantity_hl", COUNT),
        ("quantity_m2", COUNT),
        ("quantity_pair", COUNT),
        ("supplementary_unit", pa.string()),
        ("supplementary_quantity", COUNT),
    ],
)
_UNITS = [name for name in SCHEMA.names if name.startswith("quantity_")]
# Facts that most rules do without: what asks for one of them is drawn more often than it is met.
_SELDOM = frozenset({"part", "date", "inherited", "fact", "rule"})
_LIMITS = ("135.00", "135.01", "150.00", "150.01", "149.99", "2500.00", "9693.00", "188077.00")


class Drawer:
    """Draws lines about one book."""

    def __init__(self, book: Book, scalar: Scalar, chance: random.Random) -> None:
        self.chance = chance
        self.economies = sorted(scalar.vocabulary.economies)
        self.tariffs = sorted(book.lines)
        self.codes = {code: sorted({line.code for line in lines}) for code, lines in book.lines.items()}
        self.members = {
            code: sorted({*book.territories[code].members, code} & set(self.economies)) for code in self.tariffs
        }
        turns: set[date] = set()
        for rules in book.rules.values():
            turns.update(rule.first_day for rule in rules)
            turns.update(rule.last_day for rule in rules if rule.last_day.year < 2100)
        for group in book.groups.values():
            turns.update(day for m in group.members for day in (m.validity.start, m.validity.end) if day)
        for lines in book.lines.values():
            turns.update(day for line in lines for day in (line.validity.start, line.validity.end) if day)
        self.turns = sorted(day for day in turns if 2015 <= day.year <= 2100)
        self.claims = sorted(
            {name for rules in book.rules.values() for rule in rules for name in rule.named}
            | {c.value for rules in book.rules.values() for rule in rules for c in rule.measure.conditions}
        )
        self.groups = book.groups
        self.asking = asking_rules(book)
        self.lower: dict[tuple[str, str], list[Any]] = {
            place: [rule for rule in rules if rule.measure.kind in (Kind.PREFERENCE, Kind.QUOTA)]
            for place, rules in book.rules.items()
        }
        self.named = sorted({name for group in book.groups.values() for m in group.members for name in [m.economy]})
        self.currencies = ("USD", "EUR", "GBP", "ZAR", "CAD", "XOF", "JPY", "KES", "CNY")

    def line(self) -> dict[str, Any]:
        """One line; about half are ordinary, the rest have one or two corners."""
        chance = self.chance
        tariff = chance.choice(self.tariffs)
        to = chance.choice(self.members[tariff] or self.economies)
        line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
        line |= {
            "from": chance.choice(self.named),
            "to": to,
            "date": date(2026, 1, 1) + timedelta(days=chance.randrange(365)),
            "hs": chance.choice(self.codes[tariff]),
            "value": Decimal(chance.randrange(100, 10**9)).scaleb(-2),
            "currency": {"GB": "GBP", "US": "USD", "CA": "CAD", "SACU": "ZAR", "EU": "EUR"}.get(tariff, "XOF"),
        }
        if chance.random() < 0.8:
            line |= {unit: Decimal(chance.randrange(1, 10**7)).scaleb(-chance.choice((0, 1, 4))) for unit in _UNITS}
        if chance.random() < 0.9:
            line["quantity_hl"] = None
        given = [unit for unit in _UNITS if line[unit] is not None]
        if given and chance.random() < 0.5:
            unit = chance.choice(given)
            line["supplementary_unit"] = unit.removeprefix("quantity_")
            line["supplementary_quantity"], line[unit] = line[unit], None
        if chance.random() < 1 / 6:
            self._ask(line)
        if line["currency"] == "XOF":
            line["value"] = line["value"].to_integral_value() + 1
        if chance.random() < 0.6:
            line["freight"] = line["value"] // 10
        if chance.random() < 0.3:
            self._claim(line, tariff)
        for corner in chance.sample(range(17), chance.choice((0, 0, 1, 2))):
            self._corner(line, corner)
        return line

    def _ask(self, line: dict[str, Any]) -> None:
        """Goods whose rules ask for more than their value, with the quantity that they count, at a turn of seasons."""
        chance = self.chance
        rules, units = chance.choice(self.asking)
        rule = chance.choice(rules)
        tariff, prefix = rule.measure.territory, rule.measure.product.prefix
        codes = [code for code in self.codes.get(tariff, ()) if code.startswith(prefix)]
        if codes:
            line["hs"], line["to"] = chance.choice(codes), chance.choice(self.members[tariff] or self.economies)
        if units and chance.random() < 0.8:
            unit = chance.choice(units)
            most = 10**6 if unit in ("ASV", "degree", "sucrose") else 10**9
            line["supplementary_unit"] = unit
            line["supplementary_quantity"] = Decimal(chance.randrange(1, most)).scaleb(-4)
            # The same must not be measured twice, but a plain weight may stand beside one that is said to be net.
            line |= {name: line[name] if name == "quantity_kg" and "." in unit else None for name in _UNITS}
        if isinstance(rule.expression, Refusal | None):
            return
        turns = turns_of_year(rule.expression)
        if turns and chance.random() < 0.8:
            month, day = chance.choice(turns)
            line["date"] = date(2026, month, day) + timedelta(days=chance.choice((-1, 0, 1)))

    def _claim(self, line: dict[str, Any], tariff: str) -> None:
        """Claim a preference or a quota that the code has, mostly for goods that may have it."""
        chance, code = self.chance, line["hs"]
        rules = [rule for end in range(len(code) + 1) for rule in self.lower.get((tariff, code[:end]), ())]
        if not rules:
            return
        measure = chance.choice(rules).measure
        name = chance.choice(measure.origins.include)
        line["claims"] = f"quota:{measure.order_number}" if measure.kind is Kind.QUOTA else name
        group = self.groups.get(name)
        if group is not None and group.members and chance.random() < 0.8:
            line["from"] = chance.choice(group.members).economy
        if chance.random() < 0.1:
            line["origin"], line["claims"] = line["from"], None
            line["from"] = chance.choice(self.named)

    def _corner(self, line: dict[str, Any], corner: int) -> None:  # noqa: C901 - one case for each corner
        chance, code = self.chance, line["hs"] or ""
        if corner < 3:
            line["date"] = chance.choice(self.turns) + timedelta(days=chance.choice((-1, 0, 1)))
        elif corner == 3:
            line["hs"] = code[:6]
        elif corner == 4:
            line["hs"] = code + chance.choice(("0", "00", "10", "9999"))
        elif corner == 5:
            line["hs"] = chance.choice(
                (code[:7], code[1:], f"{code}.0", "999999", "12", "0101.21.00", "85 17 12", "", "abc123", None)
            )
        elif corner == 6:
            line |= dict.fromkeys(chance.sample(_UNITS, 3))
        elif corner == 7:
            line["value"] = Decimal(chance.choice((*_LIMITS, "0", "0.01", "-5", "0.001", "999999999999.99")))
        elif corner == 8:
            line["currency"] = chance.choice((*self.currencies, "usd", "XXX", None))
        elif corner == 9:
            line["origin"] = chance.choice((*self.economies, "ZZ", "cn"))
        elif corner == 10:
            line["to"] = chance.choice((*self.economies, line["from"]))
        elif corner == 11:
            line["buyer"] = chance.choice(("consumer", "business", "nobody"))
            line["value"] = Decimal(chance.choice(_LIMITS))
        elif corner == 12:
            line["transport"] = chance.choice(("sea", "air", "road", "rail", "post", "mule"))
        elif corner == 13:
            line["insurance"] = Decimal(chance.randrange(0, 10**6)).scaleb(-2)
        elif corner == 14:
            # The same measured twice, a unit alone, an amount alone, and units that are odd or unknown.
            line["supplementary_unit"] = chance.choice((None, "kg", "tonne", "hl", "KGM.net", "stone", ""))
            line["supplementary_quantity"] = Decimal(chance.choice((-1, 0, 5))) if chance.random() < 0.8 else None
        elif corner == 15:
            line["claims"] = chance.choice(("", "no-such-claim", "US-AU GB-2020", *chance.sample(self.claims, 3)))
        else:
            line |= {
                "from": chance.choice(self.economies),
                "date": chance.choice((None, date(1980, 1, 1), date(2019, 5, 5))),
            }


def asking_rules(book: Book) -> list[tuple[list[Rule], list[str]]]:
    """Rules that ask for more than the value of goods, by what they ask for, with the units that they count."""
    found: dict[tuple[Any, ...], list[Rule]] = {}
    for rules in book.rules.values():
        for rule in rules:
            expression = rule.expression
            if rule.measure.direction is not Direction.IMPORT or isinstance(expression, Refusal | None):
                continue
            asked = list_required_facts(expression)
            units = tuple(sorted({need.key for need in asked if need.kind == "quantity"}))
            seldom = {need.kind for need in asked} & _SELDOM
            if seldom or any("." in unit for unit in units) or len(units) > 1:
                found.setdefault((rule.measure.kind, *sorted(seldom), units), []).append(rule)
    return [(rules, list(key[-1])) for key, rules in sorted(found.items(), key=repr)]


def turns_of_year(expression: Expression) -> list[tuple[int, int]]:
    """The months and days on which seasons begin and end."""
    found: list[tuple[int, int]] = []
    for node in walk(expression):
        ranges = [days for season in node.seasons for days in season.ranges] if isinstance(node, Seasonal) else []
        for days in ranges:
            assert isinstance(days, DayRange)
            found += [(days.from_month, min(days.from_day, 28)), (days.to_month, min(days.to_day, 28))]
    return found


def table_of(lines: list[dict[str, Any]]) -> pa.Table:
    """The lines as a table."""
    return pa.Table.from_pylist(lines, schema=SCHEMA)


def expected(table: pa.Table, scalar: Scalar) -> list[AnswerRow | Refusal]:
    """What the scalar path says to each line."""
    return rows_of(bodies(table), scalar)


def differences(answers: pa.Table, rows: list[AnswerRow | Refusal]) -> list[str]:
    """Every field in which a table of answers differs from the scalar path's rows."""
    found = []
    for number, (given, row) in enumerate(zip(answers.to_pylist(), rows, strict=True)):
        if isinstance(row, Refusal):
            if (given["refusal"], given["refusal_message"], given["total"]) != (row.code, row.message, None):
                found.append(f"{number}: {given} instead of {row}")
            continue
        wanted: dict[str, Any] = {"currency": row.currency, "complete": row.complete, "unknowns": row.unknowns}
        wanted |= {
            name: Decimal(amount).scaleb(-DECIMALS) for name, amount in zip(amount_kind.NAMES, row.amounts, strict=True)
        }
        wanted["total_at_most"] = None if row.at_most < 0 else Decimal(row.at_most).scaleb(-DECIMALS)
        wanted |= {name: row.sets[slot] for name, slot in COLUMNS_OF_SETS.items()}
        found += [
            f"{number} {name}: {given[name]!r} instead of {value!r} (scalar: {given['scalar']})"
            for name, value in wanted.items()
            if _said(name, given[name]) != _said(name, value)
        ]
        if given["refusal"] is not None:
            found.append(f"{number}: refused {given['refusal']}")
    return found


def _said(name: str, value: Any) -> Any:
    """Additional duties have no order among one another."""
    return sorted(value.split()) if name == "additional_measures" and value is not None else value
