"""A question: these goods, from here to there, on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.values.codes import parse_commodity_code, parse_currency, parse_economy
from ewtp.core.values.moment import parse_moment
from ewtp.core.values.money import Money, decimal_text, parse_decimal
from ewtp.core.values.quantity import read_quantities
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

MOST_LINES = 1000
_BUYERS = ("consumer", "business")
_TRANSPORTS = ("sea", "air", "road", "rail", "post")
_QUESTION_FIELDS = frozenset({"from", "to", "date", "known_at", "buyer", "transport", "lines", "freight", "insurance"})
_LINE_FIELDS = frozenset({"hs", "origin", "value", "quantities", "parts", "claims"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which economies (ISO 3166-1 and ``EU``) and currencies (ISO 4217) exist."""

    economies: frozenset[str]
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One consignment line: tariff code, origin, value, quantities by unit key, values of named parts, claims."""

    hs: str
    origin: str
    value: Money
    quantities: Mapping[str, Decimal]
    parts: Mapping[str, Money]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A consignment from one economy to another on a day, as known at a moment (None: now)."""

    origin: str
    destination: str
    day: date
    known_at: datetime | None
    buyer: str | None
    transport: str | None
    lines: tuple[QuestionLine, ...]
    freight: Money | None
    insurance: Money | None

    def as_json(self) -> dict[str, Any]:
        """The normalised request of an answer: every default filled in."""
        return {
            "from": self.origin,
            "to": self.destination,
            "date": self.day.isoformat(),
            "known_at": moment_text(self.known_at),
            "buyer": self.buyer,
            "transport": self.transport,
            "lines": [
                {
                    "hs": line.hs,
                    "origin": line.origin,
                    "value": line.value.as_json(),
                    "quantities": {unit: decimal_text(n) for unit, n in line.quantities.items()},
                    "parts": {name: value.as_json() for name, value in line.parts.items()},
                    "claims": list(line.claims),
                }
                for line in self.lines
            ],
            "freight": self.freight.as_json() if self.freight else None,
            "insurance": self.insurance.as_json() if self.insurance else None,
        }


def moment_text(moment: datetime | None) -> str | None:
    """A moment in UTC, as ISO 8601 with a Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_question(body: object, *, today: date, vocabulary: Vocabulary) -> Question | Refusal:
    """Read a request object as ``CONTRACT`` fixes it; refuses the first thing that is wrong, saying where."""
    if not isinstance(body, dict):
        return Refusal("question_unreadable", "Send one JSON object with from, to and lines.")
    stray = _stray(body, _QUESTION_FIELDS)
    if stray is not None:
        return stray
    return _Reader(body, today, vocabulary).question()


def _stray(body: Mapping[str, Any], known: frozenset[str]) -> Refusal | None:
    """A field nobody knows is a slip that would silently change the answer, so it is refused."""
    for name in body:
        if name not in known:
            shown = str(name)[:40]
            return Refusal("field_unknown", f"There is no field {shown!r}; the fields are {', '.join(sorted(known))}.")
    return None


class _Reader:
    """Reads one request; each step returns a value or the refusal that ends the reading."""

    def __init__(self, body: Mapping[str, Any], today: date, vocabulary: Vocabulary) -> None:
        self.body = body
        self.today = today
        self.vocabulary = vocabulary

    def question(self) -> Question | Refusal:
        """The whole question."""
        steps: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("origin", lambda: self.economy(self.body.get("from"), "from")),
            ("destination", lambda: self.economy(self.body.get("to"), "to")),
            ("day", lambda: self.day(self.body.get("date"))),
            ("known_at", lambda: self.moment(self.body.get("known_at"))),
            ("buyer", lambda: self.choice("buyer", _BUYERS)),
            ("transport", lambda: self.choice("transport", _TRANSPORTS)),
            ("freight", lambda: self.optional_money("freight")),
            ("insurance", lambda: self.optional_money("insurance")),
        )
        read: dict[str, Any] = {}
        for name, step in steps:
            value = step()
            if isinstance(value, Refusal):
                return value
            read[name] = value
        lines = self.lines(read["origin"])
        if isinstance(lines, Refusal):
            return lines
        if read["origin"] == read["destination"]:
            return Refusal("same_economy", "The goods do not cross a border: give two different economies.", where="to")
        return Question(lines=lines, **read)

    def lines(self, origin: str) -> tuple[QuestionLine, ...] | Refusal:
        """Every line, in order."""
        given = self.body.get("lines")
        if not isinstance(given, list) or not given:
            return Refusal("lines_missing", "Give at least one line with hs and value.", where="lines")
        if len(given) > MOST_LINES:
            return Refusal("lines_too_many", f"One question has at most {MOST_LINES} lines; split it.", where="lines")
        lines = []
        for number, entry in enumerate(given):
            line = self.line(entry, origin)
            if isinstance(line, Refusal):
                return line.under(f"lines[{number}]")
            lines.append(line)
        return tuple(lines)

    def line(self, entry: object, default_origin: str) -> QuestionLine | Refusal:
        """One line."""
        if not isinstance(entry, dict):
            return Refusal("question_unreadable", "A line is an object with hs and value.")
        stray = _stray(entry, _LINE_FIELDS)
        if stray is not None:
            return stray
        code = parse_commodity_code(entry.get("hs"))
        if isinstance(code, Refusal):
            return code.under("hs")
        given = entry.get("origin")
        origin = default_origin if given is None else self.economy(given, "origin")
        if isinstance(origin, Refusal):
            return origin
        value = self.money(entry.get("value"), "value")
        if isinstance(value, Refusal):
            return value
        if value.amount == 0:
            return Refusal("value_zero", "Give the price of the goods; zero is not a customs value.", where="value")
        quantities = self.quantities(entry.get("quantities"))
        if isinstance(quantities, Refusal):
            return quantities
        parts = self.parts(entry.get("parts"))
        if isinstance(parts, Refusal):
            return parts
        claims = [] if entry.get("claims") is None else entry["claims"]
        if (
            not isinstance(claims, list)
            or len(claims) > 20  # noqa: PLR2004 - no line claims more programmes than exist
            or not all(isinstance(c, str) and 0 < len(c) <= 60 for c in claims)  # noqa: PLR2004 - longest id
        ):
            return Refusal("claims_unreadable", "Give claims as a list of option ids.", where="claims")
        return QuestionLine(code, origin, value, quantities, parts, tuple(sorted(set(claims))))

    def quantities(self, given: object) -> dict[str, Decimal] | Refusal:
        """Quantities keyed by canonical unit; one that is measured twice is refused, in whatever units."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            return Refusal("quantities_unreadable", 'Give quantities as {"kg": "120"}.', where="quantities")
        read = read_quantities((str(name), amount) for name, amount in given.items())
        return read.under("quantities") if isinstance(read, Refusal) else read

    def parts(self, given: object) -> dict[str, Money] | Refusal:
        """Values of named parts of an article, such as the case of a watch."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            return Refusal("parts_unreadable", 'Give parts as {"case": {"amount": …, "currency": …}}.', where="parts")
        read: dict[str, Money] = {}
        for name, value in given.items():
            money = self.money(value, f"parts.{str(name)[:40]}")
            if isinstance(money, Refusal):
                return money
            read[str(name)] = money
        return dict(sorted(read.items()))

    def economy(self, given: object, where: str) -> str | Refusal:
        """An economy that exists."""
        code = parse_economy(given)
        if isinstance(code, Refusal):
            return code.under(where)
        if code not in self.vocabulary.economies:
            return Refusal(
                "economy_unknown",
                f"{code} is not an ISO 3166-1 economy; write GB for the United Kingdom.",
                where=where,
            )
        return code

    def day(self, given: object) -> date | Refusal:
        """A day; today when none is given."""
        if given is None:
            return self.today
        try:
            day = date.fromisoformat(str(given))
        except ValueError:
            return Refusal("date_unreadable", "Give the date as YYYY-MM-DD, such as 2026-06-30.", where="date")
        if not 1990 <= day.year <= 2100:  # noqa: PLR2004 - no schedule reaches further
            return Refusal("date_absurd", "Give a date between 1990 and 2100.", where="date")
        return day

    def moment(self, given: object) -> datetime | Refusal | None:
        """A moment with its time zone, or None."""
        if given is None:
            return None
        moment = parse_moment(str(given))
        if moment is None or moment.tzinfo is None:
            return Refusal(
                "known_at_unreadable",
                "Give known_at as a moment with its time zone, such as 2026-06-30T12:00:00Z.",
                where="known_at",
            )
        return moment

    def choice(self, name: str, choices: tuple[str, ...]) -> str | Refusal | None:
        """One of a few words, or None."""
        given = self.body.get(name)
        if given is None or given in choices:
            return given
        return Refusal(f"{name}_unknown", f"{name} is one of {', '.join(choices)}.", where=name)

    def optional_money(self, name: str) -> Money | Refusal | None:
        """Money, or None where it was not given."""
        given = self.body.get(name)
        return None if given is None else self.money(given, name)

    def money(self, given: object, where: str) -> Money | Refusal:
        """An amount of a currency that exists, with no more decimals than the currency has."""
        if not isinstance(given, dict) or set(given) != {"amount", "currency"}:
            return Refusal(
                "money_unreadable",
                f'Give {where} as {{"amount": "1000.00", "currency": "USD"}}.',
                where=where,
            )
        currency = parse_currency(given["currency"])
        if not isinstance(currency, Refusal) and currency not in self.vocabulary.currencies:
            currency = Refusal("currency_unknown", f"{currency} is not an ISO 4217 currency; USD is one.")
        if isinstance(currency, Refusal):
            return currency.under(where)
        amount = parse_decimal(given["amount"], where)
        if isinstance(amount, Refusal):
            return amount.under(where)
        money = Money(amount, currency)
        rounded = money.rounded()
        if rounded.amount != amount:
            return Refusal(
                "amount_too_fine",
                f"An amount in {currency} has no fractions below its smallest coin; round {where}.",
                where=where,
            )
        return rounded
