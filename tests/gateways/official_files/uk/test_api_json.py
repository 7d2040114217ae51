"""Duty components of the UK Trade Tariff API in words, and what decides whether a charge is due."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk.api_json import write_expression
from tests.gateways.official_files.uk.test_trade_tariff_api import answer, component, measure, measures, read


@pytest.mark.parametrize(
    ("components", "text"),
    [
        ([component(13.8), component(13, "15", "GBP", "DTN")], "13.80% MIN 13.00 GBP / 100 kg"),
        (
            [component(10.2), component(93.1, "04", "EUR", "DTN"), component(15, "17", "EUR", "DTN")],
            "10.20% + 93.10 EUR / 100 kg MAX 15.00 EUR / 100 kg",
        ),
        ([component(26, "01", "GBP", "HLT")], "26.00 GBP / hl"),
        ([component(1.5, "01", "GBP", "ASV", "X")], "1.50 GBP / % vol / hl"),
        ([component(Decimal("0.125"))], "0.125%"),
        ([component(9), component(None, "12")], "9.00% + EA"),
        ([component(144.1, "01", "GBP", "TNE", "I")], "144.10 GBP / 1000 kg / biodiesel"),
        (
            [component(16.5, "01", None, "RET"), component(315.9, "04", "GBP", "MIL")],
            "16.50% of the retail price + 315.90 GBP / 1000 items",
        ),
        (
            [component(24.77, "01", "GBP", "ASV", "X"), component(1, "02", "GBP", "SPQ", "LTR")],
            "24.77 GBP / % vol / hl - 1.00 GBP / litre of pure alcohol / SPR discount",
        ),
        (
            [component(10), component(20, "17"), component(7, "02", "GBP", "DTN")],
            "10.00% MAX 20.00% - 7.00 GBP / 100 kg",
        ),
    ],
)
def test_components_in_words_that_the_grammar_reads(components, text):
    assert write_expression(components) == text
    assert not isinstance(parse(text, currency="GBP"), Refusal)


def test_a_safeguard_is_not_due_where_the_quota_of_the_goods_is_claimed(tmp_path):
    quota = measure("1", "122", amount=0.0, order_number={"id": "o", "number": "058002"})
    guarded = measure("2", "696", series="J", amount=25.0, area="CN")
    other = measure("3", "695", series="J", amount=25.0, area="US")
    found = {m.id.rsplit("-", 1)[1]: m for m in measures(read(tmp_path / "a.json", answer(quota, guarded, other)))}
    assert [(c.kind, c.claim) for c in found["2"].conditions] == [("unless_claim", "quota:058002")]
    assert found["3"].conditions == ()
