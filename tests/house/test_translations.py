"""Texts are found in templates and programs without a gettext program."""

from __future__ import annotations

import io

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract

from ewtp.web.template_texts import extract as template_extract

TEMPLATE = """{% load i18n %}<p title="it's {% translate 'Value' %}">{% translate "To" context "place" %}</p>
{% blocktranslate count n=lines|length %}One line{% plural %}{{ n }} lines{% endblocktranslate %} {{ _("Ask") }}
"""


@pytest.fixture
def found():
    keywords = {**DEFAULT_KEYWORDS, "pgettext": ((1, "c"), 2)}
    return [message[1] for message in extract(template_extract, io.BytesIO(TEMPLATE.encode()), keywords)]


@pytest.mark.parametrize("text", ["Value", "To", "Ask", ("One line", "%(n)s lines")])
def test_every_kind_of_text_is_found(found, text):
    assert text in found
