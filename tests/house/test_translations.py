"""Texts are found in templates and programs without a gettext program, and every one of them is translated."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext

from ewtp.core.values.sentence import Parameter, parameters
from ewtp.gateways.reference.sentence_table import all_sentences
from ewtp.web.template_texts import extract as template_extract
from tools.dependency_texts import dependency_texts

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

TEMPLATE = """{% load i18n %}<p title="it's {% translate 'Value' %}">{% translate "To" context "place" %}</p>
    {% field form _("From") %}
  {% field form _("Made in") _("Choose") %}
{% blocktranslate count n=lines|length %}One line{% plural %}{{ n }} lines{% endblocktranslate %} {{ _("Ask") }}
"""


@pytest.fixture
def found():
    keywords = {**DEFAULT_KEYWORDS, "pgettext": ((1, "c"), 2)}
    return [message[1] for message in extract(template_extract, io.BytesIO(TEMPLATE.encode()), keywords)]


@pytest.mark.parametrize("text", ["Value", "To", "Ask", "From", "Choose", ("One line", "%(n)s lines")])
def test_every_kind_of_text_is_found(found, text):
    assert text in found


# Catalogues

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "src/ewtp/web/locale").glob("*/LC_MESSAGES/django.po"))
# What Django and django-allauth leave in English.
DEPENDENCY_CATALOGUES = sorted((ROOT / "src/ewtp/web/dependency_locale").glob("*/LC_MESSAGES/django.po"))
# Texts of those packages that some language writes as English does, each with the reason.
ALIKE = {
    "IPv4": "a protocol's name",
    "IPv6": "a protocol's name",
    ":": "a sign",
    ", ": "a sign",
    "%(num)d minute": "French has the same word",
    "Code": "French has the same word",
    "Sessions": "French has the same word",
}
# `%(name)s` is filled in by name, and `%%` is a per cent sign.
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def texts(message: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A text as a tuple of its forms; one that does not count has a single form."""
    return (message,) if isinstance(message, str) else tuple(message or ("",))


def sentence_parameters(text: str) -> set[Parameter]:
    """The parameters of a sentence's template; none where a text with braces is not a template."""
    try:
        return set(parameters(text)) if "{" in text else set()
    except ValueError:
        return set()


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """Every text of the source, gathered as `make messages` gathers it."""
    template = tmp_path_factory.mktemp("messages") / "django.pot"
    words = re.findall(r"-k \S+", (ROOT / "Makefile").read_text())
    keywords = [part for word in words for part in word.split()]
    arguments = ["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg"), *keywords, "-o", str(template)]
    CommandLineInterface().run([*arguments, str(ROOT / "src/ewtp")])
    return catalogue(template)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_is_translated(path, gathered):
    held = catalogue(path)
    keys = {(message.context, texts(message.id)[0]) for message in gathered if message.id}
    assert keys - {(message.context, texts(message.id)[0]) for message in held} == set(), "run `make messages`"
    untranslated = [message.id for message in held if message.id and not all(texts(message.string))]
    assert untranslated == []
    assert [message.id for message in held if message.id and message.fuzzy] == []


def every_form(context: str | None, forms: tuple[str, ...]) -> list[str]:
    """A text of a package in the language that is active, for one and for several where it counts."""
    one, *several = forms
    if not several:
        return [pgettext(context, one) if context else gettext(one)]
    many = several[0]
    return [npgettext(context, one, many, n) if context else ngettext(one, many, n) for n in (1, 7)]


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_no_text_of_a_package_stays_english(language):
    with override(language):
        english = [
            forms
            for (context, first), forms in dependency_texts().items()
            if first not in ALIKE and set(every_form(context, forms)) & set(forms)
        ]
    assert english == [], f"translate them in dependency_locale/{language}, then `make setup`"


def test_the_texts_of_packages_are_found_in_programs_templates_and_mails():
    found = {first for _, first in dependency_texts()}
    assert {
        "Sign In",
        "Forgot your password?",
        "Too many failed login attempts. Try again later.",
        "Enter a valid domain name.",
        "Email Changed",
        "Recovery Codes",
        "%(delta)s ago",
    } <= found


@pytest.mark.parametrize("path", DEPENDENCY_CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translated_text_of_a_package_is_one_that_a_reader_can_meet(path):
    used = set(dependency_texts())
    texts_held = [message for message in catalogue(path) if message.id]
    assert [message.id for message in texts_held if (message.context, texts(message.id)[0]) not in used] == []
    assert [message.id for message in texts_held if message.fuzzy or not all(texts(message.string))] == []


@pytest.mark.parametrize(
    "path", [*CATALOGUES, *DEPENDENCY_CATALOGUES], ids=lambda path: f"{path.parts[-4]}/{path.parts[-3]}"
)
def test_translations_fill_in_the_same_values(path):
    wrong = []
    for message in catalogue(path):
        names = {name for text in texts(message.id) for name in _PLACEHOLDER.findall(text)}
        # A form for one or two may spell the number out; no form may ask for a value that is not given.
        used = [set(_PLACEHOLDER.findall(text)) for text in texts(message.string)]
        if any(found - names for found in used) or (len(used) == 1 and used[0] != names):
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_of_sentences_take_the_same_parameters(path):
    wrong = [
        message.id
        for message in catalogue(path)
        if isinstance(message.id, str) and sentence_parameters(message.id) != sentence_parameters(str(message.string))
    ]
    assert wrong == []


def test_every_sentence_is_gathered(gathered):
    held = {message.id for message in gathered}
    assert [sentence.template for sentence in all_sentences() if sentence.template not in held] == []
