"""Fields and tables of pages are components, so that labels, problems and headings are tied to them everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from ewtp.apps.rulebook.reading.market_notices import MarketNotice

TEMPLATES = Path(__file__).parents[2] / "src/ewtp/web/templates"
# Where components are written, and those of the package that signs people in.
WRITTEN_IN = ("components/", "allauth/")
# By template and name, a control that is right as it is.
BY_HAND = {
    (
        "parts/ask_form.html",
        "product",
    ): "a combobox: a list of suggestions belongs to it, which a script fetches and opens",
    (
        "parts/invoice_form.html",
        "fix",
    ): "a cell of a table: its row and column name it, where a field would show a label",
    ("parts/market_row.html", "compare"): "a cell of a table, which belongs to the form below the table",
}
_CONTROL = re.compile(r"<(select|textarea|table|datalist|input)\b([^>]*)")


def controls_by_hand(text: str) -> set[str]:
    """The names of controls that a template writes itself, and ``table`` for a table; hidden ones have no label."""
    found = set()
    for tag, attributes in _CONTROL.findall(text):
        if 'type="hidden"' in attributes:
            continue
        name = re.search(r'\bname="([^"]*)"', attributes)
        found.add(name[1] if name else tag)
    return found


def test_pages_are_made_of_components():
    found = {
        (name, control)
        for path in TEMPLATES.rglob("*.html")
        if not (name := path.relative_to(TEMPLATES).as_posix()).startswith(WRITTEN_IN)
        for control in controls_by_hand(path.read_text(encoding="utf-8"))
    }
    assert found - BY_HAND.keys() == set(), "use `field`, `choice_group`, `ranked_table` or another of web/components"
    assert BY_HAND.keys() - found == set(), "these are components now: take their lines away"


def test_a_control_by_hand_is_noticed():
    text = '<input type="hidden" name="a"><input\n name="b"><select name="c"><table class="d"><textarea>'
    assert controls_by_hand(text) == {"b", "c", "table", "textarea"}


def test_a_member_of_an_enumeration_is_shown_by_its_name_alone():
    shown = {"kind": MarketNotice.CHANGES}
    for text in ("<b>{{ kind }}</b>", "{% blocktranslate with what=kind %}About {{ what }}{% endblocktranslate %}"):
        with pytest.raises(AssertionError, match="translated name"):
            Template(text).render(Context(shown))
    # What a form sends is read by the program.
    assert 'value="changes"' in render_to_string("components/choice_group.html", {"pairs": [(shown["kind"], "Rules")]})
