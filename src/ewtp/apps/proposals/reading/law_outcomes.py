"""What the law itself asks of a line: papers and cost by trade and day, computed as any answer is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.measure_list import codes_below
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.effects.effect_plan import EVERY
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.effects.effect_plan import TradePair
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.territory import Territory

# Where a plan is about all origins the law is asked about these two: one that few preferences name, and one that many
# do (limit of ours).
_ORIGINS = ("CN", "KE")
# This many lines stand for a group of products.
MOST_CODES = 6
# This many of each unit, and this amount in the destination's currency.
_VALUE, _UNITS = Decimal(1000), ("kg", "number", "litre", "m2", "pair")
_PARTS = Decimal("0.000001")


@immutable
class LawFigure:
    """What the law asks of a line on a day: ``papers``, and charges in per cent of the value; over ``lines``."""

    papers: Decimal
    cost: Decimal | None
    lines: int

    def of(self, outcome: str) -> Decimal | None:
        """The figure of an outcome; None where the law does not tell it."""
        return {"papers": self.papers, "cost": self.cost}.get(outcome)


def schedules_now(day: date) -> tuple[str, ...]:
    """The economies whose schedule is held, one for each tariff: members of a union share their law."""
    frame, economies = _frame(), vocabulary().economies
    found: dict[str, str] = {}
    for code in sorted(frame.territories.keys() & economies) if frame else ():
        tariff = _tariff(code, day)
        if tariff is not None:
            found[tariff.code] = tariff.code if tariff.code in economies else found.get(tariff.code, code)
    return tuple(sorted(set(found.values())))


def law_codes(pair: TradePair, day: date, preferred: Iterable[str] = ()) -> tuple[str, ...]:
    """The codes that stand for a pair: lines spread over its products, or over those that ``preferred`` names."""
    version, tariff = latest_version(), _tariff(pair.destination, day)
    if version is None or tariff is None:
        return ()
    prefix = "" if pair.products == EVERY else pair.products
    named = sorted({code for code in preferred if code.startswith(prefix)})[:MOST_CODES] or [prefix]
    most = max(1, MOST_CODES // len(named))
    below = (codes_below(tariff.code, each, day, version.published_at, most) for each in named)
    return tuple(dict.fromkeys(code for codes in below for code in codes))


def law_figure(
    pair: TradePair, codes: Iterable[str], day: date, change: Changeset[LawRecord] | None = None
) -> LawFigure | None:
    """The figure of a pair on a day, the mean of the lines that can be answered; None where none can.

    With a ``change`` it is that of the law with it, as in a replay.
    """
    frame = _frame()
    if frame is None or pair.destination not in frame.territories:
        return None
    currency = frame.territories[pair.destination].currency
    papers: list[int] = []
    costs: list[Decimal] = []
    for code in codes:
        for origin in _ORIGINS if pair.origins == EVERY else (pair.origins,):
            answer = question_answer(_question(pair.destination, origin, code, currency, day), change)
            if isinstance(answer, Refusal):
                continue
            papers.append(len(answer.lines[0].requirements))
            costs += _cost(answer)
    if not papers:
        return None
    return LawFigure(
        _mean(Decimal(sum(papers)), len(papers)),
        _mean(sum(costs, Decimal(0)), len(costs)) if costs else None,
        len(papers),
    )


def month_day(month: date) -> date:
    """The day on which the law is asked for a month: its middle."""
    return month.replace(day=15)


def _question(destination: str, origin: str, code: str, currency: str, day: date) -> dict[str, Any]:
    return {
        "from": origin,
        "to": destination,
        "date": day.isoformat(),
        "lines": [
            {
                "hs": code,
                "value": {"amount": str(_VALUE), "currency": currency},
                "quantities": dict.fromkeys(_UNITS, "100"),
            }
        ],
    }


def _cost(answer: Answer) -> list[Decimal]:
    """Charges in per cent of the value, where they are known exactly."""
    owed = answer.lines[0].owed
    return [owed.at_least.amount * 100 / _VALUE] if owed.settled else []


def _mean(total: Decimal, count: int) -> Decimal:
    return (total / count).quantize(_PARTS, ROUND_HALF_UP)


def _frame() -> Book | None:
    """What all questions of the latest version share; None while nothing is loaded."""
    version = latest_version()
    return None if version is None else read_cached_book().reader(version.ref).frame


def _tariff(destination: str, day: date) -> Territory | None:
    """The territory whose schedule applies on entry."""
    frame = _frame()
    around = () if frame is None else frame.territories_of(destination, day)
    return next((each for each in around if each.nomenclature), None)
