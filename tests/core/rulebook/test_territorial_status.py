"""Where economies stand among customs territories, and what a practice about it has to say."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territorial_status import CustomsRelation, is_tax_law, parts_of, territories_named_with
from ewtp.core.rulebook.territory import Practice, Territory
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import DAY, SINCE, SOURCE, rule

TERRITORY, UNION, BORDER = CustomsRelation.TERRITORY, CustomsRelation.UNION, CustomsRelation.BORDER


def practice(name: str, value: str, start: date = SINCE.start) -> Practice:
    return Practice(name, value, Period(start), SOURCE, "act, s. 9")


def small_world() -> Book:
    territories = [
        Territory("XX", "Union", ("AA", "BB"), "EUR"),
        Territory("AA", "Aland", ("AA",), "EUR"),
        Territory(
            "CC", "Cland", (), "EUR", practices=(practice("customs_territory", "XX"), practice("named_with", "AA"))
        ),
        Territory("DD", "Dland", (), "EUR", practices=(practice("customs_union", "XX", date(2026, 7, 1)),)),
        Territory(
            "EE", "Eland", (), "EUR", practices=(practice("customs_territory", "EE"), practice("named_with", "AA"))
        ),
    ]
    return build_book("v1", territories=territories, groups=[], measures=[])


@pytest.mark.parametrize(
    ("one", "other", "day", "between"),
    [
        ("AA", "BB", DAY, TERRITORY),
        ("AA", "XX", DAY, TERRITORY),
        ("CC", "AA", DAY, TERRITORY),
        ("CC", "XX", DAY, TERRITORY),
        ("CC", "AA", date(2025, 12, 31), BORDER),
        ("DD", "AA", DAY, BORDER),
        ("DD", "AA", date(2026, 7, 1), UNION),
        ("DD", "CC", date(2026, 7, 1), UNION),
        ("EE", "AA", DAY, BORDER),
        ("FF", "AA", DAY, BORDER),
    ],
)
def test_what_lies_between_two_economies(one, other, day, between):
    assert small_world().find_customs_relation(one, other, day) is between
    assert small_world().find_customs_relation(other, one, day) is between


def test_a_part_applies_the_law_of_its_customs_territory_on_the_days_stated():
    world = small_world()
    assert [t.code for t in world.territories_of("CC", DAY)] == ["CC", "XX"]
    assert [t.code for t in world.territories_of("CC", date(2025, 12, 31))] == ["CC"]
    assert [t.code for t in world.territories_of("CC")] == ["CC", "XX"]
    assert world.lent_by("CC", DAY) == {"XX"}
    assert world.lent_by("AA", DAY) == world.lent_by("EE", DAY) == frozenset()
    assert parts_of(world.territories, "XX") == ("CC",)


def test_a_part_has_the_taxes_of_its_customs_territory_where_it_is_under_them():
    world = small_world()
    assert world.find_untaxed("CC", DAY) == {"XX"}
    under = Territory(
        "GG", "Gland", (), "EUR", practices=(practice("customs_territory", "XX"), practice("tax_territory", "XX"))
    )
    inside = build_book("v1", territories=[*world.territories.values(), under], groups=[], measures=[])
    assert inside.lent_by("GG", DAY) == {"XX"}
    assert inside.find_untaxed("GG", DAY) == frozenset()


def test_answers_to_an_economy_name_what_its_name_seems_to_cover():
    named = territories_named_with(small_world().territories, "AA", DAY)
    assert [(territory.code, found.value) for territory, found in named] == [("CC", "XX"), ("EE", "EE")]
    assert territories_named_with(small_world().territories, "AA", date(2025, 12, 31)) == ()


@pytest.mark.parametrize(
    ("kind", "fields", "about_taxes"),
    [
        (Kind.TAX, {}, True),
        (Kind.EXCISE, {}, True),
        (Kind.DUTY, {}, False),
        (Kind.FEE, {}, False),
        (Kind.RELIEF, {"programme": "relief:tax"}, True),
        (Kind.RELIEF, {"programme": "relief:duty"}, False),
    ],
)
def test_a_customs_territory_keeps_its_taxes_to_itself(kind, fields, about_taxes):
    assert is_tax_law(rule(kind, "0101", "5%", **fields)) is about_taxes


@pytest.mark.parametrize(
    ("name", "value", "readable"),
    [
        ("customs_territory", "EU", True),
        ("customs_territory", "EU GB", False),
        ("customs_territory", "", False),
        ("tax_territory", "FR", True),
        ("customs_union", "EU GB", True),
        ("named_with", " ", False),
        ("valuation", "unknown", True),
        ("tax_base", "unknown", True),
        ("rounding_duty", "unknown", False),
        ("customs_territory", "unknown", False),
    ],
)
def test_a_practice_about_standing_is_in_its_form(name, value, readable):
    assert practice(name, value).readable is readable
