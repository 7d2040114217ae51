"""A book that is patched where groups come, go or get other members answers as one that is compiled in full."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch.group_reach import find_regrouped_measures, names_group
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.territory import ALL_TIME, Group, Membership
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import RATES, SINCE, SOURCE, VOCABULARY, Texts
from tests.core.compiled.changing_law import SUBHEADINGS, answers, drawn_chain, law, same, small_lines
from tests.core.compiled.decoded_lists import decode_lists

if TYPE_CHECKING:
    import random

    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.book import Book

CHAINS = 8
THERE = {"AA-BB": 0.8, "GSP": 0.7, "special": 0.3}
PERIODS = (SINCE, Period(date(2026, 6, 1)), Period(date(2026, 1, 1), date(2026, 5, 31)), Period(date(2026, 3, 1)))
pytestmark = pytest.mark.kernel


def drawn_groups(chance: random.Random) -> list[Group]:
    """The two groups of the made-up law, with any members, for all days or some, and one of the name of a claim.

    Each may not be there at all.
    """
    return [
        Group(
            name,
            name,
            tuple(
                Membership(economy, chance.choice(PERIODS))
                for economy in ("AA", "BB", "DD", "EE", "FF")
                if chance.random() < 0.5
            ),
            SOURCE,
            validity=chance.choice((ALL_TIME, *PERIODS[1:])),
        )
        for name in ("AA-BB", "GSP", "special")
        if chance.random() < THERE[name]
    ]


def patched(compiled: CompiledBook, before: Book, after: Book) -> CompiledBook:
    """The patch for a change of measures, and of the members of every group."""
    changed = find_changed_measures(before, after, {*before.rules, *after.rules})
    own = {rule.measure for rules in after.rules.values() for rule in rules} - set(changed)
    names = after.groups.keys() | before.groups.keys()
    moved = frozenset(name for name in names if after.groups.get(name) != before.groups.get(name))
    pairs = find_regrouped_measures(sorted(own, key=lambda measure: measure.id), moved)
    found = patch_book(compiled, after, [*changed, *pairs], regrouped=True)
    assert found is not None
    return found


@pytest.mark.parametrize("wide", [False, True])
def test_made_up_law_whose_groups_change_again_and_again(seeded: random.Random, *, wide: bool):
    differing = 0
    for _ in range(CHAINS):
        chain = drawn_chain(seeded, 120, 4) if wide else drawn_chain(seeded, 30, 0)
        before = law(chain[0], groups=drawn_groups(seeded))
        compiled = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
        for number, following in enumerate(chain[1:], 2):
            # Measures stay as they are, or change as well.
            measures = chain[0] if number == 2 else following
            after = law(measures, f"v{number}", drawn_groups(seeded))
            scalar = Scalar(WholeBook(after), RATES, Texts(), VOCABULARY)
            lines = small_lines(seeded, 150)
            former = answers(compiled, scalar, lines)
            compiled = patched(compiled, before, after)
            whole = compile_book(after, VOCABULARY.economies, SUBHEADINGS)
            found, wanted = answers(compiled, scalar, lines), answers(whole, scalar, lines)
            same(found, wanted)
            lists = decode_lists(whole)
            held = decode_lists(compiled)
            assert {place: held.get(place) for place in lists} == lists
            differing += sum(
                one["total"] != other["total"] for one, other in zip(former, found, strict=True) if not other["scalar"]
            )
            before = after
    # The groups decide something: the book before would have answered many lines otherwise.
    assert differing > 0


def test_a_rule_that_names_no_such_group_is_left_alone(seeded: random.Random):
    measures = drawn_chain(seeded, 40, 0)[0]
    book = law(measures)
    found = find_regrouped_measures(measures, frozenset({"GSP"}))
    assert found[1::2] == [each for each in measures if each in found]
    assert all(names_group(each, frozenset({"GSP"})) for each in found)
    assert find_regrouped_measures(measures, frozenset({"nobody"})) == []
    compiled = compile_book(book, VOCABULARY.economies, SUBHEADINGS)
    after = patch_book(compiled, law(measures, "v2"), [], regrouped=True)
    assert after is not None
    assert decode_lists(after) == decode_lists(compiled)
