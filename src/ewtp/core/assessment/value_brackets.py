"""Value brackets: lines for goods "valued over $2.50/pair", which the price and the quantity of a question decide.

A bracket stands in the text of a line or of a heading above it, so it is known where an official schedule with its
texts was imported. Only a text whose last words are a bracket is read; any other leaves its line among the candidates,
and so does a bracket of a part ("with movement valued over $15 each") or one with a further condition after it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.line_texts import levels_of
from ewtp.core.values.immutable import immutable
from ewtp.core.values.unit import UNITS, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.rulebook.territory import TariffLine

_UNITS = {
    "each": "C62",
    "piece": "C62",
    "pair": "NPR",
    "kg": "KGM",
    "liter": "LTR",
    "litre": "LTR",
    "proof liter": "PFL",
    "dozen": "DZN",
    "dozen pieces": "DZN",
    "dozen pieces or parts": "DZN",
    "gross": "GRO",
    "meter": "MTR",
    "m2": "MTK",
    "square meter": "MTK",
}
_PRICE = r"(?:\$\s?[\d,]+(?:\.\d+)?|[\d.]+\s?(?:¢|cents))"
_UNIT = "each|(?:/|per )(?:" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + ")"
_BETWEEN = (
    rf"(?:over (?P<over>{_PRICE}) but not (?:over|more than) (?P<to>{_PRICE})"
    rf"|(?P<from>{_PRICE}) or (?:over|more) but (?:under|less than) (?P<under>{_PRICE})"
    rf"|(?P<from_more>{_PRICE}) or (?:over|more) but not (?:over|more than) (?P<to_more>{_PRICE})"
    rf"|not less than (?P<floor>{_PRICE})"
    rf"|(?:not over|not more than) (?P<most>{_PRICE})"
    rf"|(?:under|less than) (?P<below>{_PRICE})"
    rf"|(?:over|more than) (?P<above>{_PRICE})"
    rf"|(?P<least>{_PRICE}) or (?:over|more))"
)
# "Valued over $25 each", alone or after a comma, or "Each valued $25 or over".
_VALUED = re.compile(rf"(?:\A|, )(?:valued(?: at)? {_BETWEEN} ?(?P<unit>{_UNIT}))\Z", re.IGNORECASE)
_EACH_VALUED = re.compile(rf"(?:\A|, )each valued(?: at)? {_BETWEEN}\Z", re.IGNORECASE)
_HUNDRED = Decimal(100)


@immutable
class ValueBracket:
    """Limits of the value of one ``unit`` of the goods, in the currency of the schedule; None where there is no limit.

    ``above`` and ``below`` are outside the bracket, ``least`` and ``most`` inside it.
    """

    unit: Unit
    above: Decimal | None = None
    least: Decimal | None = None
    below: Decimal | None = None
    most: Decimal | None = None

    def holds(self, value: Decimal, quantity: Decimal) -> bool:
        """Whether goods of this value and quantity, counted in the bracket's unit, are within it."""
        return (
            (self.above is None or value > self.above * quantity)
            and (self.least is None or value >= self.least * quantity)
            and (self.below is None or value < self.below * quantity)
            and (self.most is None or value <= self.most * quantity)
        )


def read_bracket(text: str) -> ValueBracket | None:
    """The bracket at the end of one heading's text; None where there is none that can be read whole."""
    found = _VALUED.search(text) or _EACH_VALUED.search(text)
    if found is None:
        return None
    limits = {name: _price(price) for name, price in found.groupdict().items() if price and name != "unit"}
    unit = found.groupdict().get("unit") or "each"
    key = _UNITS[unit.lower().removeprefix("per ").removeprefix("/")]

    def first(*names: str) -> Decimal | None:
        return next((limits[name] for name in names if name in limits), None)

    return ValueBracket(
        UNITS[key],
        above=first("over", "above"),
        least=first("from", "from_more", "least", "floor"),
        below=first("under", "below"),
        most=first("to", "to_more", "most"),
    )


def _price(text: str) -> Decimal:
    digits = Decimal("".join(character for character in text if character.isdigit() or character == "."))
    return digits if "$" in text else digits / _HUNDRED


@immutable
class BracketDecision:
    """What the value and the quantities decide: lines that are left and ruled out, by which unit, and what is missing.

    ``asked`` are the units whose quantity would decide further.
    """

    left: tuple[TariffLine, ...]
    ruled_out: tuple[TariffLine, ...]
    by: tuple[Unit, ...]
    asked: tuple[Unit, ...]

    @property
    def count(self) -> int:
        """How many lines there were."""
        return len(self.left) + len(self.ruled_out)


def decide_by_value(lines: Sequence[TariffLine], value: Decimal, quantities: Mapping[str, Decimal]) -> BracketDecision:
    """Rule out the lines whose brackets the goods are not within; ``value`` is in the currency of the schedule.

    Where every line would be ruled out, none is: the texts then say something else than was read.
    """
    left, out = [], []
    by: dict[str, Unit] = {}
    asked: dict[str, Unit] = {}
    brackets = {line.code: _brackets(levels_of(line.description)) for line in lines}
    # What every line is under does not distinguish them.
    shared = [bracket for bracket in brackets[lines[0].code] if all(bracket in each for each in brackets.values())]
    for line in lines:
        verdicts = [
            (bracket, _is_within(bracket, value, quantities))
            for bracket in brackets[line.code]
            if bracket not in shared
        ]
        failed = next((bracket for bracket, within in verdicts if within is False), None)
        if failed is None:
            left.append(line)
            asked.update({bracket.unit.key: bracket.unit for bracket, within in verdicts if within is None})
        else:
            out.append(line)
            by[failed.unit.key] = failed.unit
    if not left:
        return BracketDecision(tuple(lines), (), (), ())
    return BracketDecision(tuple(left), tuple(out), tuple(by.values()), tuple(asked.values()))


def _brackets(levels: Iterable[str]) -> list[ValueBracket]:
    return [bracket for bracket in map(read_bracket, levels) if bracket is not None]


def _is_within(bracket: ValueBracket, value: Decimal, quantities: Mapping[str, Decimal]) -> bool | None:
    """Whether the goods are within; None where no quantity of that dimension is given."""
    for key, amount in quantities.items():
        unit = UNITS.get(key)
        if unit is not None and unit.dimension == bracket.unit.dimension and amount > 0:
            return bracket.holds(value, amount * unit.factor / bracket.unit.factor)
    return None
