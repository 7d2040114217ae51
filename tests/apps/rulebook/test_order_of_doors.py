"""Imports and adoptions of disjoint places give the same rules in effect, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territory import Group, GroupMember, Membership, Territory
from ewtp.core.values.period import Period

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
A, B = a_source("a"), a_source("b")
COFFEE, TEA = a_duty("0901", "10%", JANUARY, source=A), a_duty("0902", "7%", JANUARY, source=A)
FEE = a_duty("0902", "1%", JANUARY, source=A, kind=Kind.FEE, id="fee")
GROUP = Group("ZM-FTA", "Free trade", (Membership("MW", Period(JANUARY)),), A)
LAW = (COFFEE, TEA, FEE, GROUP)
CHEAPER = replace(COFFEE, id="cheaper", expression="5%", validity=Period(MARCH), status=Status.PROPOSED)
JOINS = GroupMember("ZM-FTA", "KE", Period(MARCH), a_source("protocol"), "")
DOORS: dict[str, Callable[[Desk], Any]] = {
    "a duty is amended": lambda desk: desk.give_effect(Changeset("a", "b", amended=(Amended(COFFEE, CHEAPER),))),
    "a fee is abolished": lambda desk: desk.give_effect(Changeset("a", "b", ended=(Ended(FEE, MARCH),)), effective=MAY),
    "an economy joins": lambda desk: desk.give_effect(Changeset("a", "b", added=(JOINS,))),
    "a later edition": lambda desk: desk.bring(
        COFFEE, replace(TEA, expression="8%"), FEE, GROUP, source=A, effective=MARCH
    ),
    "another source": lambda desk: desk.bring(a_duty("0903", "3%", JANUARY, source=B), source=B),
}


def in_effect() -> tuple[Any, ...]:
    """The rules, lines and memberships that books of the latest version have."""
    version = latest_version()
    assert version is not None
    book = RulebookReader(version.ref).whole()
    rules = {
        (m.key, m.expression, m.status, m.validity, m.adoption and len(m.adoption.amends))
        for found in book.rules.values()
        for m in (rule.measure for rule in found)
    }
    members = {(g.id, m.economy, m.validity) for g in book.groups.values() for m in g.members}
    return rules, members


@pytest.fixture
def law(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    zambia = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: zambia)
    desk.bring(*LAW, source=A)
    return desk


def test_any_order_gives_the_same_rules(law: Desk, seeded: random.Random):
    orders = [tuple(DOORS), *seeded.sample(list(permutations(DOORS)), 3)]
    results = []
    for order in orders:
        with transaction.atomic():
            for name in order:
                DOORS[name](law)
            results.append(in_effect())
            transaction.set_rollback(True)
    rules, members = results[0]
    assert {(m[1], m[2]) for m in rules} == {
        ("10%", Status.LAW),
        ("5%", Status.ADOPTED),
        ("7%", Status.LAW),
        ("8%", Status.LAW),
        ("1%", Status.LAW),
        ("3%", Status.LAW),
    }
    assert members == {("ZM-FTA", "MW", Period(JANUARY)), ("ZM-FTA", "KE", Period(MARCH))}
    for order, result in zip(orders, results, strict=True):
        assert result == results[0], order
