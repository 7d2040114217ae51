"""The best option of a market row has the title, the proof and the note that the scalar path gives it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.question import Question, read_question
from ewtp.core.assessment.sentences import ORIGIN_RULE_NOT_AGREED
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Condition, ConditionKind, Kind
from ewtp.core.rulebook.origin_class import OPEN
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import DAY, SINCE, SOURCE, Texts, rule, territory
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.test_market_table import Finder, differences, made_up
from tests.core.markets.test_markets import HORSE, asked
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import random

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule

OTHER = "010129"
DRAWN = 100

pytestmark = [pytest.mark.kernel]


def programme(*classes: tuple[str, ...], proofs: tuple[str, ...] = ()) -> Finder:
    """Both paths on a book where AA prefers horses of BB, with an origin rule for each of these lists of classes.

    What AA leaves open of all goods has been learnt already.
    """
    group = Group("AA-BB", "Agreement", (Membership("BB", SINCE),), SOURCE, proof="Declaration", origin_scheme="aa")
    conditions = tuple(Condition(ConditionKind.PROOF, proof) for proof in proofs)
    book = build_book(
        "v1",
        territories=[territory()],
        groups=[group],
        measures=[
            *(rule(Kind.DUTY, code, "10%") for code in (HORSE, OTHER)),
            rule(Kind.PREFERENCE, HORSE, "Free", include=("AA-BB",), conditions=conditions),
            # The proof of a rule on a shorter code is not asked for.
            rule(Kind.PREFERENCE, HORSE[:4], "5%", include=("AA-BB",), conditions=(Condition("proof", "Old form"),)),
        ],
        lines=[TariffLine("AA", f"{code}00", SINCE) for code in (HORSE, OTHER)],
        origin_rules=[OriginRule("aa", "0101000000", "0101999999", each, "text", SOURCE) for each in classes],
    )
    finder = made_up(book, Texts())
    finder.rows(asked(OTHER), ["BB"])
    finder.asked_for.clear()
    return finder


@pytest.mark.parametrize(
    ("classes", "is_open"), [((), False), (((OPEN,),), True), ((("CC",),), False), (((OPEN,), ("CC",)), False)]
)
def test_an_option_says_where_no_rule_of_origin_was_agreed(classes: tuple[tuple[str, ...], ...], *, is_open: bool):
    finder = programme(*classes)
    rows, wanted = finder.both(asked(), ["BB"])
    assert differences(rows, wanted) == []
    note = rows[0].best.note
    assert (note is not None and note.sentence is ORIGIN_RULE_NOT_AGREED) is is_open
    assert finder.asked_for == []


def test_an_option_names_the_proofs_of_the_rule_on_the_longest_code():
    finder = programme(proofs=("N 990", "N 991"))
    rows, wanted = finder.both(asked(), ["BB"])
    assert differences(rows, wanted) == []
    assert rows[0].best.proof == "Declaration; N 990; N 991"
    assert finder.asked_for == []


@pytest.fixture(scope="module")
def real() -> Finder:
    return Finder(Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary()), compiled_seed())


def draw_questions(book: Book, chance: random.Random) -> list[tuple[str, str, str]]:
    """Origin, destination and code of goods that some preference or quota is for.

    A third each is of those that ask for a proof of their own, those on codes without an agreed rule of origin, and
    others.
    """
    lower = [each for own in book.rules.values() for each in own if each.measure.kind in LOWER_DUTIES]
    asking = [each for each in lower if any(c.kind is ConditionKind.PROOF for c in each.measure.conditions)]
    left = {each.first[:4] for own in book.origin_rules_by_scheme.values() for each in own if OPEN in each.classes}
    opened = [each for each in lower if each.measure.product.prefix[:4] in left]
    chosen = [each for rules in (asking, opened, lower) for each in chance.choices(rules, k=DRAWN)]
    return [question for each in chosen if (question := _draw_question(each, book, chance)) is not None]


def _draw_question(found: Rule, book: Book, chance: random.Random) -> tuple[str, str, str] | None:
    """Origin, destination and code of goods that a rule is for; None where it is for nobody's."""
    measure = found.measure
    members = {m.economy for name in measure.origins.include if name in book.groups for m in book.groups[name].members}
    destination = chance.choice(book.territories[measure.territory].members)
    origins = sorted((members | set(measure.origins.include)) & vocabulary().economies - {destination})
    if not origins:
        return None
    codes = [line.code for line in book.lines_below(measure.territory, measure.product.prefix, DAY)]
    code = chance.choice(codes) if codes else measure.product.prefix.ljust(6, "0")
    return chance.choice(origins), destination, code[:6]


def ask(origin: str, destination: str, code: str) -> Question:
    body: dict[str, Any] = {
        "from": origin,
        "to": destination,
        "date": DAY.isoformat(),
        "lines": [
            {
                "hs": code,
                "value": {"amount": "1000.00", "currency": "USD"},
                "quantities": {"kg": "120", "number": "500", "litre": "90"},
            },
        ],
    }
    question = read_question(body, today=DAY, vocabulary=vocabulary())
    assert isinstance(question, Question), question
    return question


@pytest.mark.seed
def test_drawn_preferences_are_told_alike_both_ways(real: Finder, seeded: random.Random):
    drawn = [("KE", "CI", "580610"), *draw_questions(real.scalar.reader.frame, seeded)]
    wrong: list[str] = []
    notes, proofs, left = 0, 0, 0
    for ends in drawn:
        rows, wanted = real.both(ask(*ends), [ends[0]])
        wrong += [f"EWTP_TEST_SEED={os.environ['EWTP_TEST_SEED']}, {ends}: {d}" for d in differences(rows, wanted)]
        if isinstance(rows, Refusal):
            continue
        best = rows[0].best
        left += real.found.left
        if best is not None and not real.found.left:
            notes += best.note is not None and best.note.sentence is ORIGIN_RULE_NOT_AGREED
            proofs += best.proof is not None
    assert wrong == []
    # The comparison means something only where the kernel answered.
    assert notes > DRAWN // 10
    assert proofs > DRAWN // 4, (proofs, left)
