"""Acts in words, from the acts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from ewtp.core.acts.acts_words import word_acts
from tests.core.acts.invented_acts import acts_of, proposals
from tests.core.rulebook.changeset.small_law import UNHURRIED

if TYPE_CHECKING:
    from ewtp.core.acts.act import Acts

FROM = "from 2027-01-01"
CASES = {
    f'end requirement of US by APHIS paper "AL1*" on 92, 94 {FROM}': (
        "US ends the requirement of APHIS (papers named AL1…) on 92, 94, from 2027-01-01."
    ),
    f"end rule of US programme x mast A on 92 except 9201 export {FROM} until 2028-12-31": (
        "US ends every rule under x of MAST chapter A on 92, without 9201 on exports, from 2027-01-01 to 2028-12-31."
    ),
    f'amend fee of US with maximum "5 USD" with minimum "5 USD" {FROM}': (
        "US changes the fee (maximum: 5 USD, minimum: 5 USD), from 2027-01-01."
    ),
    f"add prohibition of US on 92 origin GH group US-AU {FROM}": (
        "US adds the prohibition on 92 for goods of GH for the group US-AU, from 2027-01-01."
    ),
    f'add duty of US on 92 with expression "5%" condition claim "x" {FROM}': (
        "US adds the ordinary duty on 92 (expression: 5%, claim: x), from 2027-01-01."
    ),
    f'replace expression with "5%" in duty of US on 92 {FROM}': (
        "US sets the ordinary duty on 92 to 5%, from 2027-01-01."
    ),
    f'replace expression "7%" with "5%" in duty of US {FROM}': (
        "US changes the ordinary duty from 7% to 5%, from 2027-01-01."
    ),
    f'exempt GH, KE from requirement of US paper "Data" {FROM}': (
        "US exempts goods of GH and KE from the requirement (Data), from 2027-01-01."
    ),
    f"recognise Paper of Vets for requirement of US by FDA {FROM}": (
        "US accepts Paper of Vets in place of the requirement of FDA, from 2027-01-01."
    ),
    f"recognise Paper of Vets for requirement of US origin GH reciprocal {FROM}": (
        "US accepts Paper of Vets in place of the requirement for goods of GH, from 2027-01-01, for each of these "
        "economies once it does the same in return."
    ),
    f'raise threshold to "9 USD" in relief of US {FROM}': (
        "US raises the limit of value of the relief to 9 USD, from 2027-01-01."
    ),
    f"accept electronic requirement of US {FROM}": "US accepts in electronic form the requirement, from 2027-01-01.",
    f"accept electronic requirement of US as ePhyto {FROM}": (
        "US accepts in electronic form (ePhyto) the requirement, from 2027-01-01."
    ),
    f"answer within 5 days of US by FDA {FROM}": "US: FDA answers within 5 days on every paper, from 2027-01-01.",
    f'answer within 5 days of US by FDA paper "Data" {FROM}': "US: FDA answers within 5 days on Data, from 2027-01-01.",
    f"join US-AU economy KE, GH {FROM}": "GH and KE join the group US-AU, from 2027-01-01.",
    f'set procedure clock.vote to "14d" {FROM}': "The rule of procedure clock.vote becomes 14d, from 2027-01-01.",
}


@pytest.mark.parametrize(("text", "said"), CASES.items())
def test_an_act_is_one_sentence(text: str, said: str):
    assert [one.message for one in word_acts(acts_of(text))] == [said]


@given(proposals())
@UNHURRIED
def test_every_act_can_be_said(acts: Acts):
    said = word_acts(acts)
    assert len(said) == sum(len(article.acts) for article in acts.articles)
    assert all(one.message.endswith(".") for one in said)
