"""Patched lists are those of a full compilation, in the same order, whichever way is taken for the sake of speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ewtp.core.compiled.compile import rule_lists
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch import list_patcher
from ewtp.core.compiled.patch.affected_rules import AffectedRules
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from tests.core.assessment.small_book import VOCABULARY
from tests.core.compiled.changing_law import SUBHEADINGS, drawn_chain, law
from tests.core.compiled.decoded_lists import decode_lists

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from ewtp.core.compiled.compile.entry_law import EntryLaw
    from ewtp.core.compiled.format.facets import Facet
    from ewtp.core.compiled.format.tables import CompiledBook

CHAINS = 12


@pytest.mark.parametrize("alike", [False, True])
def test_patched_lists_have_the_rules_of_compiled_ones(
    seeded: random.Random, monkeypatch: pytest.MonkeyPatch, *, alike: bool
):
    computed = AffectedRules.is_of_one_territory

    def of_one_territory(affected: AffectedRules, laws: Sequence[EntryLaw], facet: Facet) -> bool:
        # Answering no where the answer is yes only makes the patch read more of the law.
        return seeded.random() < 0.5 and computed(affected, laws, facet)

    for _ in range(CHAINS):
        monkeypatch.setattr(list_patcher, "_FEW_GROUPS", seeded.choice((0, 0, 3, 200)))
        monkeypatch.setattr(rule_lists, "_FEW_ORIGINS", seeded.choice((0, 1, 16)))
        monkeypatch.setattr(AffectedRules, "is_of_one_territory", seeded.choice((computed, of_one_territory)))
        chain = drawn_chain(seeded, 120, 4) if alike else drawn_chain(seeded, 40, 0)
        before = law(chain[0])
        compiled: CompiledBook | None = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
        for number, measures in enumerate(chain[1:], 2):
            after = law(measures, f"v{number}")
            assert compiled is not None
            compiled = patch_book(compiled, after, find_changed_measures(before, after, {*before.rules, *after.rules}))
            assert compiled is not None
            found = decode_lists(compiled)
            wanted = decode_lists(compile_book(after, VOCABULARY.economies, SUBHEADINGS))
            # The patched book keeps entries of former law, whose lists are those of the entry above.
            assert {place: found.get(place) for place in wanted} == wanted
            codes = {(economy, code) for economy, code, _, _ in wanted}
            assert {place for place in found if place[:2] in codes} == set(wanted)
            before = after
