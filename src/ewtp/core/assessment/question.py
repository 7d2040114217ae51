"""A question: these goods, from here to there, on that day."""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.sentences import (
    AMOUNT_TOO_FINE,
    BUYER_UNKNOWN,
    CLAIMS_UNREADABLE,
    DATE_ABSURD,
    FIELD_UNKNOWN,
    KEEP_UNREADABLE,
    KNOWN_AT_UNREADABLE,
    LINE_UNREADABLE,
    LINES_MISSING,
    LINES_TOO_MANY,
    MONEY_UNREADABLE,
    PARTS_TOO_LONG,
    PARTS_UNREADABLE,
    QUANTITIES_UNREADABLE,
    QUESTION_UNREADABLE,
    SAME_ECONOMY,
    TRANSPORT_UNKNOWN,
    VALUE_ZERO,
)
from ewtp.core.rulebook.measure import BUYERS, LONGEST_CLAIM, TRANSPORTS
from ewtp.core.values.codes import parse_commodity_code, parse_currency, parse_economy
from ewtp.core.values.immutable import immutable
from ewtp.core.values.moment import parse_moment
from ewtp.core.values.money import Money, decimal_text, parse_decimal
from ewtp.core.values.quantity import read_quantities
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import (
    CURRENCY_NOT_ISO,
    DATE_UNREADABLE,
    ECONOMY_BETWEEN_TARIFFS,
    ECONOMY_NOT_ISO,
    ECONOMY_OTHER_CODE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from ewtp.core.values.sentence import Sentence

MOST_LINES = 1000
# The longest name of a part in any schedule has a third of this.
MOST_PARTS, LONGEST_PART_NAME = 20, 60
# No schedule reaches further.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
# A body of nonsense must not be answered by one many times its size.
MOST_REFUSALS = 5_000
_QUESTION_FIELDS = frozenset(
    {"from", "to", "date", "known_at", "buyer", "transport", "lines", "freight", "insurance", "keep"}
)
_LINE_FIELDS = frozenset({"hs", "origin", "value", "quantities", "parts", "claims"})


@immutable
class Vocabulary:
    """Which economies (ISO 3166-1 and ``"EU"``) and currencies (ISO 4217) exist.

    ``other_codes`` has the codes that are written for some of the economies elsewhere, ``between_tariffs`` those of
    places whose goods bear the duties of the first economy, or of the second one where they may move on there.
    """

    economies: frozenset[str]
    currencies: frozenset[str]
    other_codes: Mapping[str, str] = field(default_factory=dict)
    between_tariffs: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def refuse_economy(self, code: str) -> Refusal:
        """The refusal ``economy_unknown`` of two letters that are not an economy's."""
        if code in self.between_tariffs:
            own, other = self.between_tariffs[code]
            return Refusal(ECONOMY_BETWEEN_TARIFFS, {"economy": code, "own": own, "other": other})
        likely = self.other_codes.get(code)
        if likely is None:
            return Refusal(ECONOMY_NOT_ISO, {"economy": code})
        return Refusal(ECONOMY_OTHER_CODE, {"economy": code, "likely": likely})


@immutable
class QuestionLine:
    """One consignment line: tariff code, origin, value, quantities by unit key, values of named parts, claims."""

    hs: str
    origin: str
    value: Money
    quantities: Mapping[str, Decimal]
    parts: Mapping[str, Money]
    claims: tuple[str, ...]


@immutable
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
    # Whether the answer is to be kept is a wish of who asks, and no part of what is asked.
    keep: bool = False

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
        return Refusal(QUESTION_UNREADABLE)
    return _QuestionReader(body, today, vocabulary).question()


class _QuestionReader:
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
            "buyer": self.take(self.choice("buyer", BUYERS, BUYER_UNKNOWN)),
            "transport": self.take(self.choice("transport", TRANSPORTS, TRANSPORT_UNKNOWN)),
            "freight": self.optional_money("freight"),
            "insurance": self.optional_money("insurance"),
            "lines": self.lines(origin),
        }
        keep = body.get("keep")
        if not isinstance(keep, bool | None):
            self.take(Refusal(KEEP_UNREADABLE, where="keep"))
        if origin is not None and origin == destination:
            self.take(Refusal(SAME_ECONOMY, where="to"))
        if self.refusals:
            return Refusal.join(self.refusals)
        return Question(origin=origin, destination=destination, keep=keep is True, **read)

    def stray_fields(self, given: Mapping[str, Any], known: frozenset[str], where: str = "") -> None:
        """A field nobody knows is a slip that would silently change the answer, so it is refused."""
        for name in given:
            if name not in known:
                self.take(Refusal(FIELD_UNKNOWN, {"field": str(name)[:40], "known": sorted(known)}), where)

    def lines(self, origin: str | None) -> tuple[QuestionLine, ...]:
        """Every line that can be read, in order."""
        given = self.body.get("lines")
        if not isinstance(given, list) or not given:
            self.take(Refusal(LINES_MISSING, where="lines"))
            return ()
        if len(given) > MOST_LINES:
            self.take(Refusal(LINES_TOO_MANY, {"most": MOST_LINES}, where="lines"))
            return ()
        lines = (self.line(entry, origin, f"lines[{number}]") for number, entry in enumerate(given))
        return tuple(line for line in lines if line is not None)

    def line(self, entry: object, default_origin: str | None, where: str) -> QuestionLine | None:
        """One line; None once anything was refused, for then no question is built."""
        if not isinstance(entry, dict):
            self.take(Refusal(LINE_UNREADABLE), where)
            return None
        self.stray_fields(entry, _LINE_FIELDS, where)
        code = self.take(parse_commodity_code(entry.get("hs")), f"{where}.hs")
        given = entry.get("origin")
        origin = default_origin if given is None else self.take(self.economy(given, "origin"), where)
        value = self.take(self.money(entry.get("value"), "value"), where)
        if value is not None and value.amount == 0:
            self.take(Refusal(VALUE_ZERO), f"{where}.value")
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
            or not all(isinstance(c, str) and 0 < len(c) <= LONGEST_CLAIM for c in given)
        ):
            return Refusal(CLAIMS_UNREADABLE)
        return tuple(sorted(set(given)))

    def quantities(self, given: object) -> dict[str, Decimal] | Refusal:
        """Quantities keyed by canonical unit; one that is measured twice is refused, in whatever units."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            return Refusal(QUANTITIES_UNREADABLE)
        return read_quantities((str(name), amount) for name, amount in given.items())

    def parts(self, given: object, where: str) -> dict[str, Money]:
        """Values of named parts of an article, such as the case of a watch."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            self.take(Refusal(PARTS_UNREADABLE), f"{where}.parts")
            return {}
        # Names are kept in the answer, so that a question must not be able to bring texts of any length.
        if len(given) > MOST_PARTS or any(len(str(name)) > LONGEST_PART_NAME for name in given):
            limits = {"most": MOST_PARTS, "longest": LONGEST_PART_NAME}
            self.take(Refusal(PARTS_TOO_LONG, limits), f"{where}.parts")
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
            return self.vocabulary.refuse_economy(code).under(where)
        return code

    def day(self, given: object) -> date | Refusal:
        """A day; today when none is given."""
        if given is None:
            return self.today
        try:
            day = date.fromisoformat(str(given))
        except ValueError:
            return Refusal(DATE_UNREADABLE, where="date")
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return Refusal(DATE_ABSURD, where="date")
        return day

    def moment(self, given: object) -> datetime | Refusal | None:
        """A moment with its time zone, or None."""
        if given is None:
            return None
        moment = parse_moment(str(given))
        if moment is None or moment.tzinfo is None:
            return Refusal(KNOWN_AT_UNREADABLE, where="known_at")
        return moment

    def choice(self, name: str, choices: tuple[str, ...], otherwise: Sentence) -> str | Refusal | None:
        """One of a few words, or None."""
        given = self.body.get(name)
        if given is None or given in choices:
            return given
        return Refusal(otherwise, {"choices": choices}, where=name)

    def optional_money(self, name: str) -> Money | None:
        """Money, or None where it was not given."""
        given = self.body.get(name)
        return None if given is None else self.take(self.money(given, name))

    def money(self, given: object, where: str) -> Money | Refusal:
        """An amount of a currency that exists, with no more decimals than the currency has."""
        if not isinstance(given, dict) or set(given) != {"amount", "currency"}:
            return Refusal(MONEY_UNREADABLE, {"field": where}, where=where)
        currency = parse_currency(given["currency"])
        if not isinstance(currency, Refusal) and currency not in self.vocabulary.currencies:
            currency = Refusal(CURRENCY_NOT_ISO, {"currency": currency})
        amount = parse_decimal(given["amount"], where)
        if isinstance(currency, Refusal) or isinstance(amount, Refusal):
            wrong = [each.under(where) for each in (currency, amount) if isinstance(each, Refusal)]
            return Refusal.join(wrong)
        money = Money(amount, currency)
        rounded = money.round_to_minor()
        if rounded.amount != amount:
            return Refusal(AMOUNT_TOO_FINE, {"currency": currency, "field": where}, where=where)
        return rounded
