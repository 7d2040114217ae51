"""The reforms R1 to R5 as acts on the law of the seed: one sentence each, and the change that was written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from ewtp.core.acts.acts_check import check_acts
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.measure import Measure
from tests.core.acts.invented_acts import acts_of
from tests.core.rulebook.changeset.test_seed_reforms import alignment, exemption, food, lacey, law, threshold

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.acts.compilation import Compilation
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

pytestmark = pytest.mark.seed

FROM = "from 2027-01-01 without sunset"
REFORMS = {
    "R1": f'end requirement of US by APHIS paper "AL1*" on 92, 94 {FROM}',
    "R2a": f'recognise "Certificate" of "FDA of Ghana" for requirement of US by FDA on 0901 claim gh-food {FROM}',
    "R2b": f"exempt GH from requirement of US by FDA on 0901 {FROM}",
    "R3": f'raise threshold to "800.00 GBP" in relief of GB programme "relief:duty" {FROM}',
    "R3b": f'add relief of US programme relief:duty with title "Small" condition maximum_value "800.00 USD" {FROM}',
    "R4": f'replace expression with "5.5%" in duty of ECOWAS on 1006 {FROM}',
    "R5": (
        'recognise "Phytosanitary certificate" of "Department of Agriculture of South Africa" '
        f"for requirement of US by APHIS on 06 origin ZA {FROM}"
    ),
}
BY_HAND: dict[str, Callable[[], Changeset[LawRecord]]] = {
    "R1": lacey,
    "R2b": exemption,
    "R3": threshold,
    "R4": alignment,
}


def compiled(name: str) -> Compilation:
    return compile_acts(acts_of(REFORMS[name]), law())


@pytest.mark.parametrize("name", REFORMS)
def test_a_reform_is_one_sentence_and_sound(name: str):
    made = compiled(name)
    assert made.changeset
    assert (*check_acts(made, law()), *check(made.changeset, law())) == ()
    (article,) = made.articles
    assert article.codes >= 1
    assert article.lines >= 1
    assert len(REFORMS[name]) < 200


@pytest.mark.parametrize("name", BY_HAND)
def test_a_reform_makes_the_change_that_was_written_by_hand(name: str):
    assert changeset_digest(compiled(name).changeset) == changeset_digest(BY_HAND[name]())


def test_the_first_reform_is_short():
    made = compiled("R1")
    assert len(REFORMS["R1"]) <= 139
    assert len(orjson.dumps(changeset_as_json(made.changeset))) > 50_000
    assert (made.articles[0].codes, made.changeset.counts["ended"]) == (53, 53)


def test_the_recognised_paper_lifts_what_is_asked_for():
    (relief,) = compiled("R2a").changeset.added
    assert isinstance(relief, Measure)
    assert {(m.agency, m.territory) for m in food()} == {(relief.agency, relief.territory)}
    assert relief.product.prefix == "0901"
