"""The market finder's page: mistakes at their fields, the asker's own words, and rows that a phone can hold."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ewtp.core.markets.market_row import MarketOutcome, MarketRow
from ewtp.core.markets.rank_basis import RankBasis
from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal

pytestmark = pytest.mark.usefixtures("rulebook")

ASKED = {"from": "ZA", "hs": "6109.10", "value": "1000", "currency": "GBP", "date": "2026-06-30"}


def text_of(response):
    return response.content.decode()


def test_everything_that_is_wrong_is_shown_at_once(client):
    wrong = {"from": "", "hs": "99", "value": "1,250", "currency": "", "date": "yesterday", "only": ""}
    response = client.get("/markets", wrong)
    assert response.status_code == 422
    text = text_of(response)
    for field in ("from", "hs", "value", "currency", "date"):
        assert text.count(f'id="{field}-problem"') == 1, field
    assert 'value="1,250"' in text


def test_words_and_mistakes_give_codes_and_sentences_together(client):
    response = client.get("/markets", {**ASKED, "hs": "cotton t-shirt", "value": ""})
    assert response.status_code == 422
    text = text_of(response)
    assert "hs=610910" in text
    assert 'id="value-problem"' in text
    assert "hs-problem" not in text


def test_the_askers_own_words_stay_with_the_code_they_led_to(client):
    choice = text_of(client.get("/markets", {**ASKED, "hs": "cotton t-shirt"}))
    found = re.search(r'href="\?([^"]*hs=610910[^"]*)"', choice)
    assert found is not None
    page = text_of(client.get("/markets?" + found[1].replace("&amp;", "&")))
    assert '<q class="words">cotton t-shirt</q>' in page
    assert "product=cotton+t-shirt&amp;code=610910&amp;code_for=cotton+t-shirt" in page
    other = {**ASKED, "hs": "0901.11", "product": "cotton t-shirt", "product_for": "610910", "quantity": "kg:2"}
    assert "cotton t-shirt</q>" not in text_of(client.get("/markets", other))


def test_origins_that_are_refused_alike_share_a_row():
    from ewtp.apps.markets.reading.compiled_finder import MarketTableState  # noqa: PLC0415 - likewise
    from ewtp.apps.markets.reading.finder import Markets, read_markets_question  # noqa: PLC0415 - after Django
    from ewtp.apps.markets.surface.presentation import origin_groups  # noqa: PLC0415 - likewise

    question = read_markets_question({"to": "GB", "hs": "610910", "value": "1000", "currency": "GBP"})
    assert not isinstance(question, Refusal)
    refusal = parse_commodity_code("12")
    assert isinstance(refusal, Refusal)
    # Facts for programs may be lists, which are not to be hashed.
    refused = replace(refusal, details=(("lines", ["6109100010"]),))
    rows = tuple(MarketRow(code, MarketOutcome.REFUSED, "610910", refusal=refused) for code in ("KE", "ZA"))
    groups = origin_groups(Markets("1", MarketTableState.READY, question, "610910", "from", rows, (), RankBasis(), {}))
    assert [[code for code, _ in group["economies"]] for group in groups] == [["KE", "ZA"]]
