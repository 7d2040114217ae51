"""A sentence is written in the reader's language, with figures, dates and names as its readers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from ewtp.core.assessment.sentences import AMOUNT_TOO_FINE, FIELD_UNKNOWN, LINES_TOO_MANY
from ewtp.core.values.money import Money
from ewtp.core.values.sentence import Sentence, Statement
from ewtp.core.values.sentences import QUANTITY_TWICE
from ewtp.core.values.unit import UNITS
from ewtp.gateways.reference.sentence_texts import ENGLISH, FIGURE, WORDS, sentence_fragments, sentence_text


def written(language: str, template: str, **params: object) -> str:
    with translation.override(language):
        return sentence_text(Statement(Sentence("any_code", template), params))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234.50\N{NO-BREAK SPACE}USD"),
        ("fr", "1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}USD"),
        ("es", "1.234,50\N{NO-BREAK SPACE}USD"),
        ("sw", "1,234.50\N{NO-BREAK SPACE}USD"),
    ],
)
def test_money_is_grouped_as_readers_group(language, shown):
    assert written(language, "{it:money}", it=Money(Decimal("1234.5"), "USD")) == shown


def test_decimals_that_go_on_are_marked():
    assert written("fr", "{it:amount}", it=Decimal(1) / 3) == "0,333333333333…"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr", "30 juin 2026"), ("zh-hans", "2026年6月30日"), ("en", "30 June 2026")],
)
def test_dates_are_in_words(language, shown):
    assert written(language, "{it:date}", it="2026-06-30") == shown


def test_economies_have_their_names_and_unions_that_of_the_rulebook():
    assert written("es", "{it:economy}", it="ZA") == "Sudáfrica"
    assert written("es", "{it:territory}", it={"code": "GB", "name": "United Kingdom"}) == "Reino Unido"
    assert written("es", "{it:territory}", it={"code": "SACU", "name": "Union"}) == "Unión Aduanera del África Austral"
    assert written("es", "{it:territory}", it={"code": "NEW", "name": "New Union"}) == "New Union"


def test_words_of_a_closed_list_are_translated():
    assert written("fr", "{them:list term}", them=["quota", "sea", "not yet known"]) == (
        "contingents tarifaires, mer, not yet known"
    )


def test_seasons_are_days_of_the_year():
    season = {"from": "01-01", "to": "05-14"}
    assert written("en", "{it:season}", it=season) == "1 January \N{EN DASH} 14 May"
    assert written("fr", "{it:season}", it=season) == "1 janvier \N{EN DASH} 14 mai"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "a, b and c"), ("fr", "a, b et c"), ("ar", "a وb وc"), ("zh-hans", "a、b和c"), ("sw", "a, b na c")],
)
def test_lists_are_joined_as_the_language_joins(language, shown):
    assert written(language, "{them:and text}", them=["a", "b", "c"]) == shown


def test_a_sentence_is_translated_and_filled():
    with translation.override("fr"):
        assert sentence_text(Statement(QUANTITY_TWICE, {"unit": UNITS["KGM"]})) == (
            "La quantité en kilogrammes (kg) est donnée deux fois ; donnez-la une seule fois."
        )
        assert sentence_text(Statement(LINES_TOO_MANY, {"most": 1000})).startswith("Une question a au plus 1")
        assert "le prix des marchandises" in sentence_text(
            Statement(AMOUNT_TOO_FINE, {"currency": "JPY", "field": "value"})
        )


def test_parts_of_a_sentence_are_told_what_they_are():
    with translation.override("ar"):
        kinds = [part.kind for part in sentence_fragments(Statement(FIELD_UNKNOWN, {"field": "x", "known": ["y"]}))]
        untranslated = sentence_fragments(Statement(Sentence("any_code", "Not in a catalogue."), {}))
    assert kinds == [WORDS, FIGURE, WORDS, FIGURE, WORDS]
    assert [part.kind for part in untranslated] == [ENGLISH]
