"""A form: what was refused is shown at the field where it can be mended."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from ewtp.apps.http.surface.form import LONGEST_TEXT, WHOLE, Form, field_of, form_texts
from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal

FIELDS = {"from": "from", "lines[0].hs": "product", "lines[0].quantities": "quantities"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("from", "from"),
        ("lines[0].hs", "product"),
        ("lines[0].quantities.kg", "quantities"),
        ("lines[0].quantities.1.5[", "quantities"),
        ("lines[0].claims", WHOLE),
        ("lines[1].hs", WHOLE),
        ("[].[", WHOLE),
        ("", WHOLE),
    ],
)
def test_a_path_means_the_nearest_field_above_it(path, field):
    assert field_of(path, FIELDS) == field


def refusal(text, where):
    refused = parse_commodity_code(text)
    assert isinstance(refused, Refusal)
    return refused.under(where)


def test_everything_that_was_refused_is_shown_at_its_field():
    form = Form()
    unreadable, short, other = refusal("x", "lines[0].hs"), refusal("61", "lines[0].hs"), refusal("x", "elsewhere")
    form.note_refusal(Refusal.join([unreadable, short, other]), FIELDS)
    assert form.problems == {"product": [unreadable, short], WHOLE: [other]}
    assert not form.is_clean


def test_a_field_that_has_a_sentence_of_the_page_gets_no_second_one():
    form = Form({"from": "ZA"})
    form.note_missing({"from": "Choose.", "product": "Say what it is."})
    form.note("product", "Say what it is.")
    form.note_refusal(refusal("", "lines[0].hs"), FIELDS)
    assert form.problems == {"product": ["Say what it is."]}


def test_what_was_typed_is_cleaned_and_cut():
    query = QueryDict(mutable=True)
    query.update({"a": " x\x00\ud800y ", "b": "", "c": "z" * 1_000, "d": "not asked for"})
    assert form_texts(query, ("a", "b", "c")) == {"a": "xy", "c": "z" * LONGEST_TEXT}
