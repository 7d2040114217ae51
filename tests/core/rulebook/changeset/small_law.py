"""A small invented body of law for changes: its records, and strategies that draw more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ewtp.core.rulebook.changeset.diff import difference
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Status
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, OriginRule, Practice, TariffLine, TerritoryPractice
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import SINCE, SOURCE, rule

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

JANUARY, MARCH, JULY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 7, 1)
ONE_DAY = timedelta(days=1)
NAMES = ("law", "reform")
# Laws are drawn in milliseconds, and in much longer ones where the computer has other work to do.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# One record of each kind but measures.
OTHERS: tuple[LawRecord, ...] = (
    TariffLine("AA", "01012100", SINCE, ("NMB",), "Horses", 1),
    Group("AA-CC", "Agreement with CC", (), SOURCE, "treaty", "Proof", "cc"),
    GroupMember("AA-BB", "CC", SINCE, SOURCE, "accession"),
    TerritoryPractice("AA", Practice("valuation", "CIF", SINCE, SOURCE, "act, s. 1")),
    Group("AA-DD", "Agreement with DD", (), SOURCE, "treaty", validity=Period(MARCH, JULY)),
    OriginRule("bb", "0101000000", "0106999999", ("WO",), "Wholly obtained", SOURCE, "annex"),
    OriginRule("bb", "0201000000", "0206999999", ("CC",), "From another chapter", SOURCE, "annex", Period(MARCH)),
    Service("AA", "Vets", "Certificate", 5, SINCE, SOURCE, "charter"),
    Procedure("EWTP", "clock.vote", "14d", SINCE, SOURCE, "statute"),
)


def proposed(measure: Measure, **fields: Any) -> Measure:
    """The measure as a proposal states it."""
    return replace(measure, status=Status.PROPOSED, **fields)


def renamed(record: LawRecord, number: int) -> LawRecord:
    """The same law, filed under another name, learnt at another moment, from another edition, its lists turned."""
    source = record.practice.source if isinstance(record, TerritoryPractice) else getattr(record, "source", SOURCE)
    edition = replace(source, title=f"Edition {number}", retrieved=date(2026, 5, 1 + number))
    match record:
        case Measure():
            return replace(
                record,
                id=f"m{number}",
                known_from=datetime(2026, 1, 1 + number, tzinfo=UTC),
                source=edition,
                conditions=record.conditions[::-1],
                yields_to=record.yields_to[::-1],
                origins=replace(record.origins, include=record.origins.include[::-1]),
            )
        case TariffLine():
            return record
        case TerritoryPractice():
            return replace(record, practice=replace(record.practice, source=edition))
        case _:
            return replace(record, source=edition)


def _rate(code: str, rate: str, kind: Kind, first: int, last: int) -> Measure:
    period = Period(JANUARY + timedelta(days=first), JANUARY + timedelta(days=last))
    fields: dict[str, Any] = {"agency": "Vets", "document": rate} if kind is Kind.REQUIREMENT else {}
    text = "" if kind is Kind.REQUIREMENT else rate
    conditions = (Condition("document", "N853"), Condition("note", "fresh"))
    return rule(kind, code, text, validity=period, yields_to=("a", "b"), conditions=conditions, **fields)


def _timeline(days: dict[tuple[str, int], str]) -> list[LawRecord]:
    made: list[LawRecord] = []
    last: tuple[str, str, int] | None = None
    for (code, day), rate in sorted(days.items()):
        if last == (code, rate, day - 1):
            measure = made[-1]
            assert isinstance(measure, Measure)
            made[-1] = replace(measure, validity=Period(measure.validity.start, JANUARY + timedelta(days=day)))
        else:
            made.append(_rate(code, rate, Kind.DUTY, day, day))
        last = (code, rate, day)
    return made


@st.composite
def laws(draw: st.DrawFn) -> tuple[LawRecord, ...]:
    """Measures of two codes day by day, and some records of the other kinds."""
    days = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["01", "0101"]), st.integers(0, 5)), st.sampled_from(["1%", "2%"]), max_size=12
        )
    )
    others = draw(st.lists(st.sampled_from(OTHERS), unique=True, max_size=4))
    return (*_timeline(days), *others)


def change_between(before: tuple[LawRecord, ...], after: tuple[LawRecord, ...]) -> Changeset[LawRecord]:
    """The change from one law to another."""
    return difference(before, after, names=NAMES)
