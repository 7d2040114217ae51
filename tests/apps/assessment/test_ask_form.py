"""The form of the question: everything that is wrong at its field at once, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import literal_sentence
from tests.apps.assessment.test_pages import ASKED, ask, text_of

pytestmark = pytest.mark.usefixtures("rulebook")


def test_words_lead_to_codes_to_choose_from_and_a_choice_to_the_answer(client):
    sent = ask(client, product="cotton t-shirt")
    assert sent.status_code == 303
    # A reload asks for the same list again and sends nothing.
    choice = client.get(sent.headers["Location"])
    assert choice.status_code == 200
    assert 'name="hs" value="610910"' in text_of(choice)
    assert 'value="1000"' in text_of(choice)
    assert '<option value="GBP" selected>' in text_of(choice)
    # The button's value travels with the words, which are not a code.
    assert ask(client, product="cotton t-shirt", hs="610910").status_code == 303


def test_the_askers_own_words_stay_with_the_answer(client):
    answer = ask(client, product="cotton t-shirt", hs="610910")
    address, query = answer.headers["Location"].split("?")
    assert query == "product=cotton+t-shirt"
    assert address == ask(client).headers["Location"]
    page = text_of(client.get(answer.headers["Location"]))
    assert '<q class="words">cotton t-shirt</q>' in page
    assert f"{address}/change?product=cotton+t-shirt" in page
    assert "Goods, in my own words: cotton t-shirt\n" in text_of(client.get(f"{address}/ruling.txt?{query}"))
    change = text_of(client.get(f"{address}/change?{query}"))
    assert 'name="product" value="cotton t-shirt"' in change
    assert 'name="code" value="610910"' in change
    claimed = client.post(f"{address}/again?{query}", {"line": "0", "claim": "GB-TEST"})
    assert claimed.headers["Location"].endswith("?product=cotton+t-shirt")


def test_a_code_counts_for_the_words_that_it_was_chosen_for_and_no_others(client):
    chosen = {"product": "cotton t-shirt", "code": "610910", "code_for": "cotton t-shirt"}
    assert ask(client, **chosen).headers["Location"].startswith("/answers/")
    assert "choose=1" in ask(client, **{**chosen, "product": "green tea"}).headers["Location"]
    assert "choose=1" in ask(client, **chosen, choose="1").headers["Location"]
    assert 'name="hs" value="610910"' in text_of(ask(client, **chosen, choose="1", to=""))


def test_words_are_kept_where_the_chosen_code_needs_a_quantity(client):
    page = text_of(ask(client, product="green coffee", hs="09011100"))
    assert 'name="product" value="green coffee"' in page
    assert 'name="code" value="09011100"' in page
    assert 'id="asked-1"' in page


def test_everything_that_is_wrong_is_shown_at_once(client):
    wrong = {"product": "", "from": "QQ", "value": "1,250", "currency": "", "freight": "lots", "date": "yesterday",
             "transport": "camel", "quantity_unit": "cubits", "quantity_amount": "4"}  # fmt: skip
    text = text_of(ask(client, **wrong))
    for field in ("product", "from", "value", "currency", "freight", "date", "transport", "quantities"):
        assert text.count(f'id="{field}-problem"') == 1, field
        assert f'aria-describedby="{field}-' in text, field
    assert "to-problem" not in text


def test_words_and_mistakes_give_codes_and_sentences_together(client):
    response = ask(client, product="cotton t-shirt", value="", date="yesterday")
    assert response.status_code == 422
    text = text_of(response)
    assert 'name="hs" value="610910"' in text
    assert 'id="value-problem"' in text
    assert 'id="date-problem"' in text


def test_enter_in_a_field_never_picks_the_first_candidate(client):
    form = text_of(client.post("/", {**ASKED, "product": "cotton t-shirt"}, follow=True))
    first_button = re.search(r"<button[^>]*>", form[form.index('<form class="sheet"') :])
    assert first_button is not None
    assert "name=" not in first_button.group()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": ""}, "product"),
        ({"from": ""}, "from"),
        ({"to": ""}, "to"),
        ({"value": ""}, "value"),
        ({"value": "1,250"}, "value"),
        ({"value": "-5"}, "value"),
        ({"value": "ten"}, "value"),
        ({"currency": ""}, "currency"),
        ({"product": "999999"}, "product"),
        ({"product": "qqqqxxxx zzzz"}, "product"),
        ({"to": "ZA"}, "to"),
        ({"to": "QQ"}, "to"),
        ({"date": "yesterday"}, "date"),
        ({"transport": "camel"}, "transport"),
        ({"freight": "lots"}, "freight"),
        ({"quantity_unit": "cubits", "quantity_amount": "4"}, "quantities"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(client, changes, field):
    response = ask(client, **changes)
    assert response.status_code == 422
    text = text_of(response)
    assert f'id="{field}-problem"' in text
    for name in ("product", "value"):
        typed = {**ASKED, **changes}[name]
        assert f'value="{typed.replace(".", "")}"' in text or f'value="{typed}"' in text


def test_a_missing_quantity_becomes_a_field_and_the_answer_follows(client):
    first = ask(client, product="0901.11.00")
    assert first.status_code == 422
    text = text_of(first)
    assert 'name="quantity_unit" value="KGM"' in text or 'name="quantity_unit" value="DTN"' in text
    unit = re.search(r'type="hidden" name="quantity_unit" value="(\w+)"', text)
    assert unit is not None
    assert "--quantity" not in text
    second = ask(client, product="0901.11.00", quantity_unit=unit.group(1), quantity_amount="250")
    assert second.status_code == 303


@pytest.mark.parametrize("detail", ["lines", "replaced_by"])
def test_codes_that_a_refusal_names_can_be_asked_with_at_once(client, monkeypatch, detail):
    refusal = Refusal(
        literal_sentence("code_unknown", "Not a code; others are."),
        where="lines[0].hs",
        details=((detail, ["61091000"]),),
    )
    with monkeypatch.context() as patched:
        patched.setattr("ewtp.apps.assessment.surface.pages.assessment_create", lambda **_arguments: refusal)
        text = text_of(ask(client, product="6109.10.99"))
    assert "Not a code; others are." in text
    assert 'name="hs" value="61091000"' in text
    # The button that was pressed counts for more than the code that still stands in the field.
    assert ask(client, product="6109.10.99", hs="61091000").status_code == 303


@pytest.mark.usefixtures("rulebook")
def test_a_code_that_is_no_line_leads_to_all_lines_of_its_subheading(client):
    asked = {
        "product": "6109.10.99",
        "from": "ZA",
        "to": "GB",
        "value": "1000",
        "currency": "GBP",
        "date": "2026-06-30",
    }
    page = client.post("/", asked).content.decode()
    assert 'name="hs" value="610910"' in page
    assert "all of them, with what each would cost" in page
