"""A change of other records than measures makes of a book the one that the changed records would build."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import Group, GroupMember, Practice, TariffLine, TerritoryPractice, members_of_group
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import DAY, SINCE, SOURCE, answered, ask, book, rule
from tests.core.rulebook.changeset.small_law import JULY, NAMES, ONE_DAY, UNHURRIED, change_between, laws
from tests.core.rulebook.changeset.test_check import AGREEMENT, held_law

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord

Law = tuple["LawRecord", ...]


def content(made: Book) -> object:
    return (
        {name: (replace(group, members=()), set(members_of_group(group))) for name, group in made.groups.items()},
        {code: set(territory.practices) for code, territory in made.territories.items()},
        made.lines,
        {scheme: set(rules) for scheme, rules in made.origin_rules_by_scheme.items()},
        dict(made.rules),
    )


@UNHURRIED
@given(laws(), laws())
def test_an_overlay_is_the_book_of_the_changed_records(before: Law, after: Law):
    one, other = (
        (*before, replace(AGREEMENT, reference="accession")),
        (*after, replace(AGREEMENT, reference="accession")),
    )
    made = overlaid(held_law(one).book, change_between(one, other))
    assert content(made) == content(held_law(other).book)


def test_joining_an_agreement_changes_the_next_answer_from_its_day():
    law = book([rule(Kind.DUTY, "0101", "10%"), rule(Kind.PREFERENCE, "0101", "Free", include=("AA-DD",))])
    assert claims(law) == []
    group = Group("AA-DD", "New", (), SOURCE, "treaty", "Proof")
    for first, offered in ((DAY, ["AA-DD"]), (JULY, [])):
        member = GroupMember("AA-DD", "DD", Period(first), SOURCE, "treaty")
        joining: Changeset[LawRecord] = Changeset(*NAMES, added=(group, member))
        assert claims(overlaid(law, joining)) == offered


def test_an_agreement_that_is_restated_and_ends_is_so_on_its_days():
    law = book([rule(Kind.DUTY, "0101", "10%"), rule(Kind.PREFERENCE, "0101", "Free", include=("AA-BB",))])
    (agreement,) = law.groups["AA-BB"].stated
    restated = replace(agreement, proof="Declaration", validity=Period(DAY))
    reform: Changeset[LawRecord] = Changeset(*NAMES, amended=(Amended(agreement, restated),))
    after = overlaid(law, reform)
    ended = overlaid(after, Changeset(*NAMES, ended=(Ended(restated, JULY),)))
    days = (DAY - ONE_DAY, DAY, JULY, JULY + ONE_DAY)
    for found, proofs in (
        (after, [agreement.proof, *["Declaration"] * 3]),
        (ended, [agreement.proof, *["Declaration"] * 2]),
    ):
        stated = [found.group_on("AA-BB", day) for day in days]
        assert [each.proof for each in stated if each] == proofs
        assert [("AA-BB" in found.groups_of("BB", day)) for day in days] == [each is not None for each in stated]
    assert ended.groups["AA-BB"].members == law.groups["AA-BB"].members


def claims(law: Book) -> list[str]:
    """What goods of DD may claim in AA."""
    (line,) = answered(ask(law, **{"from": "DD"})).as_json()["lines"]
    return [option["claim"] for option in line["options"]]


def test_a_practice_and_a_line_change_the_next_answer():
    law = book([rule(Kind.DUTY, "0101", "10%")])
    fob = TerritoryPractice("AA", Practice("valuation", "FOB", SINCE, SOURCE, "act, s. 1"))
    cif = replace(fob, practice=replace(fob.practice, value="CIF"))
    valued: Changeset[LawRecord] = Changeset(*NAMES, amended=(Amended(fob, cif),))
    after = overlaid(law, valued)
    territory = after.territories["AA"]
    practice = territory.practice("valuation", DAY)
    assert practice is not None
    assert practice.value == "CIF"
    line = TariffLine("AA", "01012100", SINCE)
    ended: Changeset[LawRecord] = Changeset(*NAMES, ended=(Ended(line, None),))
    assert [one.code for one in overlaid(law, ended).lines["AA"]] == ["02011000", "02012000"]
