"""A small law of coffee in Zambia, acts that change it, and what is answered about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.records_by_key import records_held
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset
from ewtp.core.rulebook.measure import Condition, Kind, Origins, Status
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    Membership,
    OriginRule,
    Practice,
    TariffLine,
    TerritoryPractice,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.apps.rulebook.conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
BEFORE, AFTER = date(2026, 2, 28), MARCH
COFFEE = "09011100"
GROUP = Group("ZM-FTA", "Free trade", (Membership("MW", Period(JANUARY)),), a_source(), origin_scheme="fta")
DUTY = a_duty("0901", "10%", JANUARY)
LINE = TariffLine("ZM", COFFEE, Period(JANUARY), ("kg",))
LICENCE = a_duty("0901", "", JANUARY, kind=Kind.REQUIREMENT, agency="Coffee Board", document="Licence", id="licence")
LAW = [
    DUTY,
    a_duty("0901", "Free", JANUARY, kind=Kind.PREFERENCE, origins=Origins(("ZM-FTA",)), id="fta"),
    LICENCE,
    LINE,
    GROUP,
    OriginRule("fta", "0901000000", "0901999999", ("CTH",), "wholly obtained", a_source()),
]
SEED = {
    "yy/source.yaml": "source: {id: yy, title: Y, publisher: Y, published: 2026-01-01, retrieved: 2026-01-01}\n",
    "territories.yaml": "territories:\n- {code: ZM, name: Zambia, members: 'ZM', currency: USD, practices: [{name:"
    " valuation, value: FOB, from: 2026-01-01, source: yy, reference: s}]}\n"
    "- {code: MW, name: Malawi, members: 'MW', currency: USD}\n",
}


def version_now() -> VersionRef:
    found = latest_version()
    assert found is not None
    return found.ref


def answer(day: date, **fields: Any) -> dict[str, Any]:
    """The first line of the answer about coffee from Kenya, with 100 USD of freight, on a day."""
    first: dict[str, Any] = question_about(day, **fields)["lines"][0]
    return first


def question_about(day: date, **fields: Any) -> dict[str, Any]:
    """The answer about coffee from Kenya, with 100 USD of freight, on a day."""
    read_cached_book().forget()
    line = {"hs": COFFEE, "value": {"amount": "1000", "currency": "USD"}, **fields}
    freight = {"freight": {"amount": "100", "currency": "USD"}}
    found = question_answer({"from": "KE", "to": "ZM", "date": day.isoformat(), "lines": [line], **freight})
    assert not isinstance(found, Refusal), found
    return found.as_json()


def duty(day: date, **fields: Any) -> int:
    """The duty on coffee from Kenya, which the answer must have."""
    (amount,) = (Decimal(c["amount"]["amount"]) for c in answer(day, **fields)["charges"] if c["kind"] == "duty")
    assert amount == int(amount)
    return int(amount)


def change(*added: Any, ended: Any = (), amended: Any = ()) -> Changeset[Any]:
    return Changeset("law", "reform", added, tuple(ended), tuple(amended))


JOINS = GroupMember("ZM-FTA", "KE", Period(MARCH), a_source("protocol"), "article 1")
RELIEF = a_duty(
    "",
    "",
    MARCH,
    kind=Kind.RELIEF,
    programme="relief:duty",
    conditions=(Condition("maximum_value", "2000.00 USD"),),
    id="relief",
    status=Status.PROPOSED,
)

PAPER = a_duty(
    "0901",
    "",
    MARCH,
    kind=Kind.RELIEF,
    programme="recognition",
    agency="Coffee Board",
    document="Licence",
    origins=Origins(("KE",)),
    conditions=(
        Condition("claim", "recognition:KE"),
        Condition("document", "Coffee certificate"),
        Condition("authority", "Coffee Directorate"),
    ),
    id="paper",
    status=Status.PROPOSED,
)


def by_cif(law: Desk) -> Changeset[Any]:
    """Goods are valued with freight from March on."""
    practice = Practice("valuation", "CIF", Period(MARCH), a_source("protocol"), "article 3")
    (held,) = (
        record
        for record in records_held(change(TerritoryPractice("ZM", practice)), version_now().published_at)
        if isinstance(record, TerritoryPractice)
    )
    assert law.files
    return change(amended=[Amended(held, TerritoryPractice("ZM", practice))])


def again(desk: Desk) -> None:
    """Import the same law again, then a later edition that is another in something else."""
    desk.bring(*LAW)
    assert desk.bring(*LAW, a_duty("0902", "7%", JANUARY)).version is not None


def held_group() -> Group:
    """What is stated of the agreement from March on."""
    changed = change(replace(GROUP, members=()))
    found = [
        r for r in records_held(changed, version_now().published_at) if isinstance(r, Group) and AFTER in r.validity
    ]
    (group,) = found
    return group


def origin_rule(day: date) -> str | None:
    """The rule of origin of the preference that goods of Malawi are offered."""
    read_cached_book().forget()
    line = {"hs": COFFEE, "value": {"amount": "1000", "currency": "USD"}}
    found = question_answer({"from": "MW", "to": "ZM", "date": day.isoformat(), "lines": [line]})
    assert not isinstance(found, Refusal), found
    (option,) = found.as_json()["lines"][0]["options"]
    text: str | None = option["origin_rule"]
    return text
