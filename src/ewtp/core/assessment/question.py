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
    from collections.abc import Mapping
    from decimal import Decimal

MOST_LINES = 1000
# A body of nonsense must not be answered by one many times its size.
MOST_REFUSALS = 5_000
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
    """Read a question's JSON object; ``today`` is the day of import where none is given.

    Refuses everything that is wrong at once: the refusal is the first of them, and its ``others`` are the rest, in the
    order of the fields, each with the path of its field in ``where``.
    """
    if not isinstance(body, dict):
        return Refusal("question_unreadable", "Send one JSON object with from, to and lines.")
    return _Reader(body, today, vocabulary).question()


class _Reader:
    """Reads one request; a field that cannot be read is noted in ``refusals``, and the reading continues."""

    def __init__(self, body: Mapping[str, Any], today: date, vocabulary: Vocabulary) -> None:
        self.body = body
        self.today = today
        self.vocabulary = vocabulary
        self.refusals: list[Refusal] = []

    def take(self, read: Any, where: str = "") -> Any:
        """What was read; a refusal is noted below ``where`` instead, and gives None."""
        if not isinstance(read, Refusal):
            return read
        if len(self.refusals) < MOST_REFUSALS:
            self.refusals += [each.under(where) if where else each for each in read.every]
        return None

    def question(self) -> Question | Refusal:
        """The whole question."""
        body = self.body
        self.stray_fields(body, _QUESTION_FIELDS)
        origin = self.take(self.economy(body.get("from"), "from"))
        destination = self.take(self.economy(body.get("to"), "to"))
        read = {
            "day": self.take(self.day(body.get("date"))),
            "known_at": self.take(self.moment(body.get("known_at"))),
            "buyer": self.take(self.choice("buyer", _BUYERS)),
            "transport": self.take(self.choice("transport", _TRANSPORTS)),
            "freight": self.optional_money("freight"),
            "insurance": self.optional_money("insurance"),
            "lines": self.lines(origin),
        }
        if origin is not None and origin == destination:
            message = "The goods do not cross a border: give two different economies."
            self.take(Refusal("same_economy", message, where="to"))
        if self.refusals:
            return Refusal.joined(self.refusals)
        return Question(origin=origin, destination=destination, **read)

    def stray_fields(self, given: Mapping[str, Any], known: frozenset[str], where: str = "") -> None:
        """A field nobody knows is a slip that would silently change the answer, so it is refused."""
        for name in given:
            if name not in known:
                message = f"There is no field {str(name)[:40]!r}; the fields are {', '.join(sorted(known))}."
                self.take(Refusal("field_unknown", message), where)

    def lines(self, origin: str | None) -> tuple[QuestionLine, ...]:
        """Every line that can be read, in order."""
        given = self.body.get("lines")
        if not isinstance(given, list) or not given:
            self.take(Refusal("lines_missing", "Give at least one line with hs and value.", where="lines"))
            return ()
        if len(given) > MOST_LINES:
            message = f"One question has at most {MOST_LINES} lines; split it."
            self.take(Refusal("lines_too_many", message, where="lines"))
            return ()
        lines = (self.line(entry, origin, f"lines[{number}]") for number, entry in enumerate(given))
        return tuple(line for line in lines if line is not None)

    def line(self, entry: object, default_origin: str | None, where: str) -> QuestionLine | None:
        """One line; None once anything was refused, for then there will be no question."""
        if not isinstance(entry, dict):
            self.take(Refusal("question_unreadable", "A line is an object with hs and value."), where)
            return None
        self.stray_fields(entry, _LINE_FIELDS, where)
        code = self.take(parse_commodity_code(entry.get("hs")), f"{where}.hs")
        given = entry.get("origin")
        origin = default_origin if given is None else self.take(self.economy(given, "origin"), where)
        value = self.take(self.money(entry.get("value"), "value"), where)
        if value is not None and value.amount == 0:
            message = "Give the price of the goods; zero is not a customs value."
            self.take(Refusal("value_zero", message), f"{where}.value")
        quantities = self.take(self.quantities(entry.get("quantities")), f"{where}.quantities")
        parts = self.parts(entry.get("parts"), where)
        claims = self.take(self.claims(entry.get("claims")), f"{where}.claims")
        if self.refusals or origin is None:
            return None
        return QuestionLine(code, origin, value, quantities, parts, claims)

    def claims(self, given: object) -> tuple[str, ...] | Refusal:
        """Ids of options, each once."""
        if given is None:
            return ()
        if (
            not isinstance(given, list)
            or len(given) > 20  # noqa: PLR2004 - no line claims more programmes than exist
            or not all(isinstance(c, str) and 0 < len(c) <= 60 for c in given)  # noqa: PLR2004 - longest id
        ):
            return Refusal("claims_unreadable", "Give claims as a list of option ids.")
        return tuple(sorted(set(given)))

    def quantities(self, given: object) -> dict[str, Decimal] | Refusal:
        """Quantities keyed by canonical unit; one that is measured twice is refused, in whatever units."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            return Refusal("quantities_unreadable", 'Give quantities as {"kg": "120"}.')
        return read_quantities((str(name), amount) for name, amount in given.items())

    def parts(self, given: object, where: str) -> dict[str, Money]:
        """Values of named parts of an article, such as the case of a watch."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            message = 'Give parts as {"case": {"amount": …, "currency": …}}.'
            self.take(Refusal("parts_unreadable", message), f"{where}.parts")
            return {}
        read = {
            str(name): self.take(self.money(value, f"parts.{str(name)[:40]}"), where) for name, value in given.items()
        }
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

    def optional_money(self, name: str) -> Money | None:
        """Money, or None where it was not given."""
        given = self.body.get(name)
        return None if given is None else self.take(self.money(given, name))

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
