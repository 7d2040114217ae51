"""Lists that look alike are only made after one example where the law makes the same of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.patch import list_patcher
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import VOCABULARY, rule
from tests.core.compiled.changing_law import SUBHEADINGS, law
from tests.core.compiled.decoded_lists import decode_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.compiled.format.tables import CompiledBook

FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


@pytest.fixture(autouse=True)
def _many_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    # Few kinds of entries are done as the many of large law are.
    monkeypatch.setattr(list_patcher, "_FEW_GROUPS", 0)


def paper(name: str, prefix: str, territory: str = "AA", exclusions: tuple[str, ...] = ()) -> Measure:
    """A paper that is asked for; all of them have one shape where their prefixes are of one length."""
    made = rule(Kind.REQUIREMENT, prefix, "", id=name, exclusions=exclusions, agency="Port")
    return replace(made, territory=territory)


def papers(compiled: CompiledBook) -> dict[tuple[str, str], list[str]]:
    """By destination and code, the ids of the papers in the order in which answers name them."""
    return {
        (economy, code): ids
        for (economy, code, facet, _), ids in decode_lists(compiled).items()
        if facet is Facet.PAPERS
    }


def papers_after(before: Sequence[Measure], after: Sequence[Measure]) -> dict[tuple[str, str], list[str]]:
    """The papers after a change, which are those of the law compiled in full."""
    old, new = law(tuple(before)), law(tuple(after), "v2")
    compiled = compile_book(old, VOCABULARY.economies, SUBHEADINGS)
    made = patch_book(compiled, new, find_changed_measures(old, new, {*old.rules, *new.rules}))
    assert made is not None
    found = papers(made)
    whole = papers(compile_book(new, VOCABULARY.economies, SUBHEADINGS))
    assert {place: found.get(place) for place in whole} == whole
    return found


def test_the_rule_that_goes_is_the_first_of_some_lists_and_the_second_of_others():
    first, second = paper("a", "02", exclusions=("0202",)), paper("c", "02", exclusions=("0201",))
    goes = paper("b", "02")
    found = papers_after([first, goes, second], [first, second])
    assert found["AA", "0201"] == ["a"]
    assert found["AA", "0202"] == ["c"]


@pytest.mark.parametrize("goes", ["0201", "0202"])
def test_a_rule_stays_whose_id_another_one_had_that_goes(goes: str):
    both = [paper("a", "0201"), paper("a", "0202")]
    stays = [measure for measure in both if measure.product.prefix != goes]
    found = papers_after(both, [*stays, paper("b", "02")])
    assert {code: found["AA", code] for code in ("0201", "0202")} == {
        "0201": ["b"] if goes == "0201" else ["b", "a"],
        "0202": ["b"] if goes == "0202" else ["b", "a"],
    }


def test_two_periods_of_one_id_both_stay():
    spring, later = replace(paper("a", "02"), validity=FIRST_HALF), replace(paper("a", "0201"), reference="later")
    kept = [spring, later, paper("a", "0202")]
    found = papers_after(kept, [*kept, paper("b", "")])
    assert found["AA", "0201"] == found["AA", "0202"] == ["b", "a", "a"]


@pytest.mark.parametrize("elsewhere", [(), (paper("d", "0301"),)])
def test_a_rule_of_one_territory_comes_before_or_after_those_of_its_own_and_of_another(
    elsewhere: tuple[Measure, ...],
):
    # Where the union's law changes too, a destination is met first that has no law but the union's.
    kept = [paper("a", "0201"), paper("c", "0202", "CC")]
    found = papers_after(kept, [*kept, paper("b", "02", "CC"), *elsewhere])
    assert found["CC", "0201"] == ["a", "b"]
    assert found["CC", "0202"] == ["b", "c"]
