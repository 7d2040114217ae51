"""The seed's lists are those of the legal texts: nothing that a text lists is missing, and nothing else is charged."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.enumeration import Enumeration, compare_enumeration
from ewtp.gateways.seed.enumerations import read_enumerations
from ewtp.gateways.seed.root import seed_root
from tests.seed_book import read_seed

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure

ENUMERATIONS = read_enumerations(seed_root())


@pytest.fixture(scope="module")
def citing() -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = defaultdict(list)
    for measure in read_seed().measures:
        if measure.territory == "US":
            found[measure.reference].append(measure)
    return found


@pytest.mark.seed
@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=[each.provision for each in ENUMERATIONS])
def test_the_rules_reach_what_the_text_lists_and_no_other(
    enumeration: Enumeration, citing: dict[str, list[Measure]]
) -> None:
    rules = [m.product for m in citing[enumeration.reference] if m.in_force(enumeration.day)]
    found = compare_enumeration(enumeration, rules)
    assert (found.missing, found.unlisted) == ((), ())


def test_the_lists_are_as_long_as_the_texts_have_them() -> None:
    counts = {each.provision: len(each.codes) for each in ENUMERATIONS}
    assert counts["note 33(g)"] == 130
    assert counts["note 38(i)"] == 182
    assert counts["note 2(aa)(ii)"] == 1098
    assert counts["note 2(aa)(iii)"] == 11
    assert sum(counts[name] for name in counts if name.startswith("note 16(c)")) == 714
