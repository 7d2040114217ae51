"""Acts compiled on a small law: the records that they end and bring, and what is left of rules written more widely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.acts.act import Acts, Article
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, TariffLine
from ewtp.core.values.period import Period
from tests.core.acts.invented_acts import acts_of, proposals
from tests.core.assessment.small_book import SINCE, SOURCE, VOCABULARY, rule, territory
from tests.core.rulebook.changeset.small_law import UNHURRIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.acts.compilation import Compilation

NEXT = date(2027, 1, 1)
PAPER = rule(Kind.REQUIREMENT, "01", "", agency="Vets", document="Certificate", mast_chapter="A")
DATA = rule(Kind.REQUIREMENT, "0201", "", agency="Vets", document="Data: may apply")
DUTY = rule(Kind.DUTY, "01", "5%")
LATER = rule(Kind.DUTY, "0201", "7%", validity=Period(date(2027, 6, 1)))
LIMIT = rule(Kind.RELIEF, "", "", programme="relief:duty", conditions=(Condition("maximum_value", "100.00 USD"),))
NAMED = rule(Kind.PREFERENCE, "0201", "1%", include=("AA-BB", "BB", "CC"))
LINES = tuple(TariffLine("AA", code, SINCE) for code in ("01012100", "01012900", "01051100", "02011000"))
AGREEMENT = Group("AA-BB", "Agreement with BB", (), SOURCE, "treaty")
MEASURES = (PAPER, DATA, DUTY, LATER, LIMIT, NAMED)


def law_of(measures: Sequence[Measure] = MEASURES) -> HeldLaw:
    book = build_book(
        "v1",
        territories=[territory(), replace(territory(), code="DD", members=("DD",))],
        groups=[AGREEMENT],
        measures=measures,
        lines=LINES,
    )
    return HeldLaw(book, "b45e", VOCABULARY.economies, VOCABULARY.currencies, ("010121", "090111"))


LAW = law_of()


def compiled(text: str, law: HeldLaw = LAW) -> Compilation:
    return compile_acts(acts_of(text), law)


def held_after(text: str, law: HeldLaw = LAW) -> list[Measure]:
    """The measures after the change of the acts, in order; the change is sound."""
    changes = compiled(text, law).changeset
    assert check(changes, law) == ()
    assert changes.base == law.digest
    after = apply(changes.measures, [each.measure for rules in law.book.rules.values() for each in rules])
    assert isinstance(after, tuple), after
    return list(after)


def stated(measures: Sequence[Measure], kind: Kind, prefix: str) -> list[tuple[Any, ...]]:
    """Code, exclusions, days and rate of the measures of a kind below a prefix, in order of code and day."""
    found = [m for m in measures if m.kind is kind and m.product.prefix.startswith(prefix)]
    rows = [(m.product.prefix, m.product.exclusions, m.validity.start, m.validity.end, m.expression) for m in found]
    return sorted(rows)


JANUARY, LAST = date(2026, 1, 1), date(2026, 12, 31)


def test_a_rule_ends_from_the_first_day_on():
    after = held_after("end requirement of AA by Vets on 01 from 2027-01-01")
    assert stated(after, Kind.REQUIREMENT, "01") == [("01", (), JANUARY, LAST, "")]
    assert stated(after, Kind.REQUIREMENT, "02") == [("0201", (), JANUARY, None, "")]


def test_a_rule_that_starts_later_is_withdrawn():
    after = held_after("end duty of AA on 02 from 2027-01-01")
    assert stated(after, Kind.DUTY, "02") == []


def test_after_the_sunset_the_law_holds_again_under_its_own_name():
    changes = compiled("end duty of AA on 01 from 2027-01-01 until 2027-12-31").changeset
    (again,) = changes.added
    assert isinstance(again, Measure)
    assert (again.id, again.validity, again.expression) == (DUTY.id, Period(date(2028, 1, 1)), "5%")


def test_the_part_of_a_wider_rule_is_taken_out():
    after = held_after("end duty of AA on 0105 from 2027-01-01")
    assert stated(after, Kind.DUTY, "01") == [("01", (), JANUARY, LAST, "5%"), ("01", ("0105",), NEXT, None, "5%")]
    after = held_after('replace expression "5%" with "3%" in duty of AA on 0101 except 010121 from 2027-01-01')
    assert stated(after, Kind.DUTY, "01") == [
        ("01", (), JANUARY, LAST, "5%"),
        ("01", ("0101",), NEXT, None, "5%"),
        ("0101", ("010121",), NEXT, None, "3%"),
        ("010121", (), NEXT, None, "5%"),
    ]
    assert len({m.id for m in after}) == len(after)


def test_what_is_left_without_any_line_is_no_rule():
    after = held_after("end duty of AA on 0101, 0105 from 2027-01-01")
    assert stated(after, Kind.DUTY, "01") == [("01", (), JANUARY, LAST, "5%")]


def test_papers_are_selected_by_how_their_names_begin():
    assert compiled('end requirement of AA paper "Data*" from 2027-01-01').changeset.counts["ended"] == 1
    assert compiled('end requirement of AA paper "Data" from 2027-01-01').changeset.counts["ended"] == 0


@pytest.mark.parametrize(
    ("text", "include", "exclude"),
    [
        ("exempt BB from requirement of AA on 01", ("*",), ("BB",)),
        ("exempt BB, AA-BB from requirement of AA on 01", ("*",), ("AA-BB", "BB")),
        ("exempt CC from preference of AA", ("AA-BB", "BB"), ()),
    ],
)
def test_goods_of_an_origin_are_exempt(text: str, include: tuple[str, ...], exclude: tuple[str, ...]):
    (brought,) = compiled(f"{text} from 2027-01-01").changeset.added
    assert isinstance(brought, Measure)
    assert (brought.origins.include, brought.origins.exclude) == (include, exclude)


def test_a_rule_about_nobody_any_more_ends():
    changes = compiled("exempt AA-BB, BB, CC from preference of AA from 2027-01-01").changeset
    assert changes.counts == {"added": 0, "ended": 1, "amended": 0}


def test_fields_limits_and_the_form_of_papers_are_amended():
    (change,) = compiled('raise threshold to "150.00 USD" in relief of AA from 2027-01-01').changeset.amended
    assert isinstance(change.after, Measure)
    assert change.after == replace(
        LIMIT,
        id=change.after.id,
        status=change.after.status,
        validity=Period(NEXT),
        conditions=(Condition("maximum_value", "150.00 USD"),),
    )
    (change,) = compiled("accept electronic requirement of AA on 01 as ePhyto from 2027-01-01").changeset.amended
    assert isinstance(change.after, Measure)
    assert change.after.conditions == (Condition("electronic", "ePhyto"),)
    text = 'amend requirement of AA on 01 with stage release with title "Paper" from 2027-01-01'
    (change,) = compiled(text).changeset.amended
    assert change.changed == ("title", "status", "stage")


def test_rules_are_added_for_each_code():
    changes = compiled(
        'add preference of AA on 0101, 0201 origin CC programme aa-cc with expression "Free" with title "For CC" '
        "condition claim aa-cc from 2027-01-01 until 2029-12-31"
    ).changeset
    assert check(changes, LAW) == ()
    one, other = changes.added
    assert isinstance(one, Measure)
    assert isinstance(other, Measure)
    assert one.id != other.id
    assert (one.product.prefix, other.product.prefix) == ("0101", "0201")
    assert (one.expression, one.programme, one.currency, one.origins.include) == ("Free", "aa-cc", "USD", ("CC",))
    assert (one.conditions, one.validity) == ((Condition("claim", "aa-cc"),), Period(NEXT, date(2029, 12, 31)))


def test_a_paper_is_recognised():
    text = (
        'recognise "Health certificate" of "Vets of CC" for requirement of AA by Vets on 01 origin CC from 2027-01-01'
    )
    changes = compiled(text).changeset
    assert check(changes, LAW) == ()
    (relief,) = changes.added
    assert isinstance(relief, Measure)
    claim, document, authority = relief.conditions
    assert claim.value.startswith("AA-recognition-vets-vets-of-cc-")
    assert (document.value, authority.value) == ("Health certificate", "Vets of CC")
    assert (relief.programme, relief.agency, relief.origins.include) == ("recognition", "Vets", ("CC",))


def test_promises_memberships_and_procedure_take_the_place_of_what_was_stated():
    held = Service("AA", "Vets", "", 9, SINCE, SOURCE, "charter")
    law = HeldLaw(LAW.book, "b45e", VOCABULARY.economies, VOCABULARY.currencies, (), (held,))
    text = (
        "answer within 5 days of AA by Vets from 2027-01-01 until 2027-12-31\n"
        "join AA-BB economy CC, DD from 2027-01-01\nset procedure clock.vote to 14d from 2027-01-01"
    )
    changes = compiled(text.replace(" 14d", ' "14d"'), law).changeset
    assert check(changes, law) == ()
    after = apply(changes, [held])
    assert isinstance(after, tuple)
    assert [(s.days, s.validity.start, s.validity.end) for s in after if isinstance(s, Service)] == [
        (9, JANUARY, LAST),
        (5, NEXT, date(2027, 12, 31)),
        (9, date(2028, 1, 1), None),
    ]
    assert [(m.group, m.economy) for m in after if isinstance(m, GroupMember)] == [("AA-BB", "CC"), ("AA-BB", "DD")]
    assert [(p.territory, p.name, p.value) for p in after if isinstance(p, Procedure)] == [
        ("EWTP", "clock.vote", "14d")
    ]


ARTICLES = """
article one
  end duty of AA on 0105 from 2027-01-01
article two requires one
  replace expression with "3%" in duty of AA on 0101 from 2027-01-01
article three
  end requirement of AA on 0201 from 2027-01-01
"""


def test_articles_are_compiled_with_those_that_they_require():
    acts = acts_of(ARTICLES)
    both = compile_acts(acts, LAW, frozenset({"two"}))
    assert [each.article.name for each in both.articles] == ["one", "two"]
    assert [(each.codes, each.lines) for each in both.articles] == [(1, 1), (1, 2)]
    whole = compile_acts(acts, LAW)
    assert changeset_digest(whole.changeset) != changeset_digest(both.changeset)
    assert [each.as_json()["rules"] for each in whole.articles] == [1, 1, 1]


@given(proposals(), st.randoms(use_true_random=False))
@UNHURRIED
def test_any_acts_are_compiled_to_one_change_however_the_law_is_ordered(acts: Acts, random: Any):
    here = Acts(tuple(_about(article, random) for article in acts.articles))
    shuffled = list(MEASURES)
    random.shuffle(shuffled)
    one, other = compile_acts(here, LAW).changeset, compile_acts(here, law_of(shuffled)).changeset
    assert one == other


def _about(article: Article, random: Any) -> Article:
    """The article about the small law, as far as its acts have a selector."""
    acts = []
    for act in article.acts:
        chosen = getattr(act, "selector", None)
        if chosen is None:
            acts.append(act)
            continue
        kind = random.choice(["", chosen.kind]) if type(act).__name__ != "AddRule" else chosen.kind
        plain = replace(chosen, territory="AA", agency="", document="", programme="", mast_chapter="", kind=kind)
        if type(act).__name__ == "AnswerWithin":
            plain = replace(plain, agency="Vets")
        acts.append(replace(act, selector=replace(plain, origins=(), groups=())))
    return replace(article, acts=tuple(acts))
