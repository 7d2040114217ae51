"""Reforms of papers and of reliefs on a small book: what a replay and an answer say of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.replay.comparison import tally_lines
from ewtp.core.replay.paper_index import PaperIndex, RequiredPaper
from ewtp.core.replay.paper_offers import count_offered, find_offers
from ewtp.core.replay.preference_offers import find_preferences
from ewtp.core.replay.report import ReplayReport
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, find_added_records
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins
from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, SINCE, SOURCE, answered, ask, rule
from tests.core.compiled.drawn_lines import SCHEMA
from tests.core.replay.invented_law import LINES, answers, assessor, book_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from ewtp.core.assessment.answer import LineAnswer

pytestmark = pytest.mark.kernel

DUTY = rule(Kind.DUTY, "", "10%", id="duty")
TAX = rule(Kind.TAX, "", "20%", id="tax", base="duty_paid")
WOOD = rule(Kind.REQUIREMENT, "0101", "", agency="Plants", document="Origin of the wood", id="wood")
FOOD = rule(Kind.REQUIREMENT, "02", "", agency="Food", document="Notice", id="food")
RELIEF = rule(
    Kind.RELIEF, "", "", id="relief-135", programme="relief:duty", conditions=(Condition("maximum_value", "135 USD"),)
)
LAW = (DUTY, TAX, WOOD, FOOD, RELIEF)
CODES = {"horse": "01012100", "beef": "02011000", "fish": "03011100"}


def lines(*rows: tuple[str, str, int, str | None]) -> pa.Table:
    """Lines to AA on one day, each of another firm: goods, economy of dispatch, value in dollars, claim."""
    blank = dict.fromkeys(LINES.names)
    return pa.Table.from_pylist(
        [
            blank
            | {
                "from": sent,
                "to": "AA",
                "date": DAY,
                "hs": CODES[goods],
                "value": value,
                "currency": "USD",
                "claims": claim,
                "firm": f"firm-{number}",
                "firm_size": "micro",
            }
            for number, (goods, sent, value, claim) in enumerate(rows)
        ],
        schema=LINES,
    )


TRADE = lines(
    ("horse", "BB", 1000, None),
    ("horse", "FF", 500, None),
    ("beef", "BB", 1000, None),
    ("beef", "FF", 1000, None),
    ("fish", "BB", 100, None),
    ("fish", "BB", 400, None),
    ("fish", "BB", 900, None),
)


def replayed(changeset: Changeset[Any], asked: pa.Table = TRADE, law: Sequence[Measure] = LAW) -> dict[str, Any]:
    """What a replay reports, with its papers by agency."""
    book = book_of(tuple(law))
    one = answers(assessor(book), asked)
    two = answers(assessor(overlaid(book, changeset)), asked)
    papers = PaperIndex(
        {
            m.id: RequiredPaper(m.territory, m.agency, m.document)
            for m in (*law, *find_added_records(changeset.measures))
            if m.kind is Kind.REQUIREMENT
        }
    )
    report = ReplayReport(tally_lines(asked, one, two, papers=papers), "v1", {}).as_json()
    report["after"] = two.to_pylist()
    report["saved"] = {each["agency"]: -each["papers"]["change"] for each in report["agencies"]}
    return report


def offered(changeset: Changeset[Any], asked: pa.Table = TRADE, groups: Sequence[Group] = ()) -> int:
    """How many lines could claim what the change offers."""
    papers = PaperIndex(
        {m.id: RequiredPaper(m.territory, m.agency, m.document) for m in LAW if m.kind is Kind.REQUIREMENT}
    )
    offers = find_offers(find_added_records(changeset.measures), papers, {group.id: group for group in groups})
    after = assessor(overlaid(book_of(LAW), changeset))
    found: list[int] = []

    def answer(lines: pa.Table) -> pa.Table:
        found.append(lines.num_rows)
        answered_lines = after.assess_table(lines.select([n for n in SCHEMA.names if n in lines.column_names]))
        assert not isinstance(answered_lines, Refusal), answered_lines
        return answered_lines

    first = answer(asked)
    found.clear()
    count = count_offered(asked, first, offers, papers, answer)
    # Only lines that may have the origin and that have such a requirement are answered again.
    assert sum(found) <= max(count, sum(row["hs"].startswith("02") for row in asked.to_pylist()))
    return count


def counted(report: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(report["lines"][name] for name in names)


def single(changeset: Changeset[Any], *claims: str, sent: str = "BB") -> LineAnswer:
    """An answer about beef from the law with the change."""
    asked: dict[str, Any] = {"line": {"claims": list(claims)}, "from": sent}
    return answered(ask(overlaid(book_of(LAW), changeset), CODES["beef"], **asked)).lines[0]


def test_a_requirement_that_ends_relieves_firms_of_papers_though_nobody_pays_less():
    found = replayed(Changeset("law", "no wood", ended=(Ended(WOOD, None),)))
    assert counted(found, "affected", "same_cost", "gained", "cited_differently") == (2, 2, 0, 0)
    assert found["saved"] == {"Plants": 2, "Food": 0}
    assert found["firms"] == {
        "pay_more": 0,
        "pay_less": 0,
        "pay_more_and_less": 0,
        "more_papers": 0,
        "fewer_papers": 2,
    }


WAIVED = Amended(FOOD, replace(FOOD, conditions=(Condition("unless_claim", "certificate:FF"),)))


def test_a_certificate_that_is_recognised_by_a_claim_lifts_the_requirement_where_it_is_claimed():
    change = Changeset("law", "certificate", amended=(WAIVED,))
    assert counted(replayed(change), "affected", "cited_differently") == (0, 0)
    assert offered(change) == 2
    claiming = lines(("beef", "FF", 1000, "certificate:FF"), ("beef", "BB", 1000, None))
    found = replayed(change, claiming)
    assert counted(found, "affected", "no_longer_refused") == (1, 1)
    assert [row["requirements"] for row in found["after"]] == ["", "food"]
    before, after = single(change), single(change, "certificate:FF")
    assert [(o.claim, [p.measure.id for p in o.lifts]) for o in before.paper_options] == [("certificate:FF", ["food"])]
    assert [rule_.measure.id for rule_ in before.requirements] == ["food"]
    assert (after.requirements, [each.claim for each in after.lifted]) == ((), ["certificate:FF"])


def test_an_exemption_of_one_origin_affects_that_origin_alone():
    spared = replace(FOOD, id="food-but-FF", origins=Origins(("*",), ("FF",)))
    found = replayed(Changeset("law", "exempt", added=(spared,), ended=(Ended(FOOD, None),)))
    assert counted(found, "affected", "same_cost", "cited_differently") == (1, 1, 1)
    assert found["saved"] == {"Plants": 0, "Food": 1}
    assert [row["value"] for row in found["by"]["dispatch"]] == ["FF"]


def of(limit: str, programme: str) -> Measure:
    return replace(
        RELIEF,
        id=f"{programme.replace(':', '-')}-{limit}",
        programme=programme,
        conditions=(Condition("maximum_value", f"{limit} USD"),),
    )


def sums(found: dict[str, Any]) -> dict[str, Decimal]:
    (total,) = found["totals"]
    return {name: total["amounts"][name]["change"] for name in ("duty", "tax")}


def test_a_higher_limit_of_value_relieves_the_lines_between_the_two():
    found = replayed(Changeset("law", "800", amended=(Amended(RELIEF, of("800", "relief:duty")),)))
    # A horse of 500 and fish of 400 dollars; fish of 100 were relieved before, by a rule with another id.
    assert counted(found, "affected", "gained", "cited_differently") == (2, 2, 1)
    assert sums(found) == {"duty": "-90.00", "tax": "-18.00"}
    assert found["firms"]["pay_less"] == 2


def test_a_relief_of_tax_takes_the_tax_away_and_leaves_the_duty():
    found = replayed(Changeset("law", "no tax", added=(of("800", "relief:tax"),)))
    assert counted(found, "affected", "gained") == (3, 3)
    # A fifth of 500 and 400 dollars with a tenth of duty, and of 100 dollars without.
    assert sums(found) == {"duty": "0.00", "tax": "-218.00"}


def test_a_limit_of_value_where_there_was_none():
    law = [measure for measure in LAW if measure is not RELIEF]
    found = replayed(Changeset("law", "800", added=(of("800", "relief:duty"),)), law=law)
    assert counted(found, "affected", "gained", "cited_differently") == (3, 3, 0)


CLAIM = "recognition:FF"
RECOGNITION = rule(
    Kind.RELIEF,
    "02",
    "",
    id="recognition",
    title="Recognition of certificates of FF",
    programme="recognition",
    reference="article 4",
    agency="Food",
    document="Notice",
    include=("FF",),
    conditions=(
        Condition("claim", CLAIM),
        Condition("document", "Health certificate"),
        Condition("authority", "Vets of FF"),
    ),
)
RECOGNISED = Changeset("law", "recognition", added=(RECOGNITION,))


def test_a_recognised_paper_meets_the_requirement_where_it_is_claimed():
    assert counted(replayed(RECOGNISED), "affected") == (0,)
    assert offered(RECOGNISED) == 1
    claiming = lines(("beef", "FF", 1000, CLAIM), ("beef", "BB", 1000, CLAIM), ("beef", "FF", 1, None))
    found = replayed(RECOGNISED, claiming)
    # The paper of FF is recognised for goods of FF; from elsewhere the claim is refused as before.
    assert counted(found, "affected", "no_longer_refused", "refused") == (1, 1, 1)
    assert [row["requirements"] for row in found["after"]] == ["", None, "food"]
    assert [row["scalar"] for row in found["after"]] == [False, True, False]


def test_a_claim_is_offered_to_lines_that_claim_nothing_and_have_a_paper_to_show():
    assert offered(RECOGNISED, lines(("beef", "FF", 1, CLAIM), ("horse", "FF", 1, None), ("beef", "BB", 1, None))) == 0
    assert offered(RECOGNISED, TRADE.slice(0, 0)) == 0
    assert offered(RECOGNISED, TRADE.drop_columns(["claims"])) == 1
    other = replace(RECOGNITION, document="Permit")
    assert offered(replace(RECOGNISED, added=(other,))) == 0
    of_group = replace(RECOGNITION, origins=Origins(("MRA",)))
    mutual = [Group("MRA", "Mutual recognition", (Membership("FF", SINCE),), SOURCE)]
    # The small book has no groups: goods of FF are asked about, and their claim is refused.
    assert offered(replace(RECOGNISED, added=(of_group,)), groups=mutual) == 0
    assert offered(Changeset("law", "less", ended=(Ended(FOOD, None),))) == 0
    # Many rules that one claim lifts are one offer, so that lines are answered once more and not for each rule.
    waived = [replace(WAIVED.after, id=f"food-{number}") for number in range(3)]
    assert [len(offer.requirements) for offer in find_offers(waived, PaperIndex({}), {})] == [3]


def test_an_answer_offers_the_recognised_paper_and_then_cites_it():
    before, after = single(RECOGNISED, sent="FF"), single(RECOGNISED, CLAIM, sent="FF")
    (option,) = before.paper_options
    assert (option.claim, option.proof) == (CLAIM, "Health certificate (Vets of FF)")
    assert [rule_.measure.id for rule_ in before.requirements] == ["food"]
    (lifted,) = after.as_json()["lifted"]
    assert (after.requirements, lifted["document"], lifted["authority"]) == ((), "Health certificate", "Vets of FF")
    assert lifted["citation"]["reference"] == "article 4"


def test_a_programme_is_offered_to_its_members_alone_whoever_else_the_measure_is_for():
    """Else an agreement of hundreds of measures would be tried on the goods of every partner of each of them."""
    programmes = [
        Group(f"G{n}", "Programme", (Membership(name, SINCE),), SOURCE) for n, name in enumerate(("BB", "CC"))
    ]
    shared = replace(rule(Kind.PREFERENCE, "0101", "Free"), origins=Origins(("G0", "G1", "DD")))
    other = replace(rule(Kind.PREFERENCE, "02", "Free"), origins=Origins(("G0",)))
    found = find_preferences((shared, other), replace(book_of(LAW), groups={each.id: each for each in programmes}))
    assert {(offer.claim, offer.origins) for offer in found} == {
        ("G0", frozenset({"BB"})),
        ("G1", frozenset({"CC"})),
        ("DD", frozenset({"BB", "CC", "DD", "G0", "G1"})),
    }
