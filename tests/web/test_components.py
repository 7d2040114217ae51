"""Components written by a template: what is shown, for whom, and that no text becomes markup."""

from __future__ import annotations

import csv
import io

import pytest
from django.template import engines

from ewtp.apps.http.surface.form import Form
from ewtp.core.values.codes import parse_commodity_code
from ewtp.core.values.refusal import Refusal
from tests.page_text import page_text

MARKUP = "<b>x</b>"


def written(template, **context):
    return engines["django"].from_string(template).render(context)


def test_a_field_ties_label_control_hint_and_problem_together():
    form = Form({"value": MARKUP})
    form.note("value", MARKUP)
    text = written('{% field form "value" "Price" "amount" hint="In digits" required=True %}', form=form)
    assert '<label for="value">Price</label>' in text
    assert 'aria-describedby="value-problem value-hint"' in text
    assert 'aria-invalid="true"' in text
    assert 'inputmode="decimal"' in text
    assert " required" in text
    assert '<p class="hint" id="value-hint">In digits</p>' in text
    assert text.count("&lt;b&gt;x&lt;/b&gt;") == 2
    assert MARKUP not in text


def test_a_field_without_a_problem_or_a_hint_refers_to_nothing():
    text = written('{% field form "value" "Price" %}', form=Form())
    assert "aria-" not in text
    assert "wrong" not in text


def test_a_field_shows_every_problem_a_refusal_among_them():
    refused = parse_commodity_code("x")
    assert isinstance(refused, Refusal)
    form = Form()
    form.note("hs", "Say what it is.")
    form.note("hs", refused)
    text = written('{% field form "hs" "Product" %}', form=form)
    assert text.count('<p class="sentence">') == 2
    assert "A tariff code has 6 to 14 digits" in text


def test_a_text_area_is_tied_to_its_problem_and_holds_what_was_typed():
    form = Form({"text": f"\n{MARKUP}"})
    form.note("text", "Shorter.")
    text = page_text(written('{% field form "text" "Why" "prose" rows=3 longest=9 %}', form=form))
    assert '<textarea id="text" name="text" rows="3" dir="auto" maxlength="9"' in text
    assert 'aria-invalid="true" aria-describedby="text-problem"' in text
    # A browser takes away the first line break after the tag, so that of what was typed is the second.
    assert ">\n\n&lt;b&gt;x&lt;/b&gt;</textarea>" in text


def test_a_list_of_pairs_and_a_file_are_fields_too():
    pairs = [("a", MARKUP), ("b", "B")]
    text = page_text(written('{% field form "kind" "Kind" pairs=pairs %}', form=Form({"kind": "b"}), pairs=pairs))
    assert '<option value="a">&lt;b&gt;x&lt;/b&gt;</option><option value="b" selected>B</option></select>' in text
    file = written('{% field form "file" "File" "file" %}', form=Form({"file": "kept"}))
    assert 'type="file"' in file
    assert "value=" not in file


def test_a_list_has_its_choice_of_nothing_first_and_one_chosen():
    text = written('{% field form "from" "From" choices="economy" empty="Choose" %}', form=Form({"from": "KE"}))
    assert '<select id="from" name="from"><option value="">Choose</option>' in page_text(text)
    assert text.count(" selected") == 1
    assert '<option value="KE" selected>Kenya</option>' in text
    assert " selected" not in written('{% field form "from" "From" choices="economy" %}', form=Form({"from": MARKUP}))


def test_a_unit_that_is_not_common_is_added_to_the_list():
    text = written('{% field form "unit" "Unit" choices="unit" %}', form=Form({"unit": "GRO"}))
    assert '<option value="GRO" selected>' in text


def test_fields_that_share_a_name_have_ids_of_their_own():
    template = '{% field form "amount" "Quantity" control="amount-2" number=2 typed="7" problem="Too fine." %}'
    form = Form({"amount": "5"})
    form.note("amount", "Another's problem.")
    text = written(template, form=form)
    assert '<label for="amount-2">Quantity 2</label>' in text
    assert 'id="amount-2" name="amount" value="7"' in text
    assert "Too fine." in text
    assert "Another's problem." not in text


@pytest.mark.parametrize(("kind", "role"), [("good", ' role="status"'), ("warn", ""), ("alarm", ' role="alert"')])
def test_a_notice_is_read_out_as_loudly_as_it_is(kind, role):
    text = written("{% notice kind strong %}{{ text }}{% endnotice %}", kind=kind, strong=MARKUP, text=MARKUP)
    assert text == f'<div class="notice {kind}"{role}><strong>&lt;b&gt;x&lt;/b&gt;</strong> &lt;b&gt;x&lt;/b&gt;</div>'


def test_steps_say_where_the_reader_is():
    text = written('{% stepper "Progress" "One" "Two" "Three" current=2 %}')
    assert text.count('aria-current="step"') == 1
    assert text.index("done") < text.index('aria-current="step"') < text.index("Three")


def test_tabs_are_links_and_one_is_current():
    text = written(
        '{% tabs "Which" %}{% tab "/a" "A" current=True %}{% tab "/b" name current=False %}{% endtabs %}', name=MARKUP
    )
    assert text.startswith('<nav class="tabs" aria-label="Which">')
    assert '<li><a href="/a" aria-current="page">A</a></li><li><a href="/b">&lt;b&gt;x&lt;/b&gt;</a></li>' in text


@pytest.mark.parametrize(("standing", "name"), [("law", "law"), ("proposed", "proposal, not in force")])
def test_a_status_is_a_word_and_not_only_a_colour(standing, name):
    assert written("{% status standing %}", standing=standing) == f'<span class="tag stamp-{standing}">{name}</span>'


def test_a_timeline_ends_now_where_nothing_ended_it():
    text = written('{% timeline %}{% moment "2026-01-01" %}{{ text }}{% endmoment %}{% endtimeline %}', text=MARKUP)
    assert "1 January 2026" in text
    assert "\u2013 now" in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_every_component_is_on_the_page_and_labelled_as_a_sample(client):
    text = client.get("/components").content.decode()
    assert "Everything on this page is made up" in text
    for part in ("tabs", "stepper", "notice good", "notice warn", "notice alarm", "none", "field wrong", "hint",
                 "pair money-fields", "tag stamp-adopted", "citation", "timeline", "ranked", "pages"):  # fmt: skip
        assert f'class="{part}"' in text, part
    assert 'name="robots" content="noindex"' in text


def test_the_sample_table_is_a_file(client):
    response = client.get("/components.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="sample.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 18
    assert rows[0]["economy"] == "BR"


def test_a_table_whose_rows_a_template_writes_has_its_headings():
    row = '<tr role="row"><td role="cell">1</td></tr>'
    text = written(f'{{% ranked_table "What" "A" name %}}{row}{{% endranked_table %}}', name=MARKUP)
    assert '<caption class="unseen">What</caption>' in text
    headings = ("A", "&lt;b&gt;x&lt;/b&gt;")
    assert "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in headings) in text
    assert f'<tbody role="rowgroup">{row}</tbody></table>' in text


def test_the_tiles_of_a_map_are_links_where_they_have_an_address():
    tile = {"economy": "GB", "x": 40, "y": 80, "class": "tile-1", "label": "+9%", "address": '?a=1&b="2'}
    text = written("{% tiles shown %}", shown=[tile, {**tile, "economy": "<b>", "label": "", "address": ""}])
    linked, plain = text.splitlines()
    assert linked.startswith(
        '<a href="?a=1&amp;b=&quot;2" tabindex="-1" aria-label="United Kingdom +9%"><g class="tile-1">'
    )
    assert '<text class="tile-figure" x="59" y="111">+9%</text>' in linked
    assert plain.startswith('<g class="tile-1"><title>&lt;b&gt; </title><rect x="40" y="80"')
    assert "tile-figure" not in plain


def test_a_sentence_is_written_for_each_language_and_its_parameters():
    from django.utils import translation  # noqa: PLC0415 - the one test that changes it

    refusals = [parse_commodity_code(text) for text in ("12", "123")]
    texts = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            texts.append([written("{{ refusal|sentence }}", refusal=refusal) for refusal in refusals])
    assert texts[0] == texts[2]
    assert len({text for each in texts for text in each}) == 4


def test_links_of_economies_have_the_ids_of_rows_and_no_markup():
    text = written("{% economy_links places side %}", places=[("GB", '/?a=1&b="2'), ("<b>", "/")], side="to")
    assert text.startswith('<li id="to-GB"><a href="/?a=1&amp;b=&quot;2">United Kingdom</a></li>')
    assert "<b>" not in text


def test_a_short_field_is_inside_its_label():
    text = page_text(written('{% short_field "buyer" label choices="buyer" empty="" required=True %}', label=MARKUP))
    assert text.startswith('<label><span>&lt;b&gt;x&lt;/b&gt;</span><select name="buyer" required>')
    assert '<option value="">' in text
    reason = page_text(written('{% short_field "reason" "Reason" "prose" longest=200 unseen=True %}'))
    assert '<span class="unseen">Reason</span><input name="reason" dir="auto" maxlength="200">' in reason


def test_a_group_of_choices_is_named_and_shows_its_problem():
    form = Form()
    form.note("choice", "Choose one.")
    text = page_text(
        written(
            '{% choice_group form "choice" "Ballot" pairs chosen="b" %}', form=form, pairs=[("a", MARKUP), ("b", "B")]
        )
    )
    assert 'aria-describedby="choice-problem"' in text
    assert "<legend>Ballot</legend>" in text
    assert '<input type="radio" name="choice" value="a"> &lt;b&gt;x&lt;/b&gt;</label>' in text
    assert '<input type="radio" name="choice" value="b" checked> B</label>' in text


def test_an_option_may_be_in_another_language():
    text = written('{% field form "hs" "Code" pairs=pairs %}', form=Form({"hs": "1"}), pairs=[("1", MARKUP, "en")])
    assert '<option value="1" selected lang="en">&lt;b&gt;x&lt;/b&gt;</option>' in text


def test_a_matrix_has_headings_on_both_sides_and_a_group_that_scrolls():
    text = written(
        '{% matrix name codes|short_economies kind="heat" %}<tr></tr>{% endmatrix %}', name=MARKUP, codes=["GB"]
    )
    assert (
        '<div class="scroll" role="group" aria-label="&lt;b&gt;x&lt;/b&gt;" tabindex="0"><table class="heat">' in text
    )
    assert '<td></td><th scope="col"><abbr title="United Kingdom">GB</abbr></th>' in text


def test_an_empty_column_is_left_out_of_a_table():
    text = written(
        '{% ranked_table "Houses" "House" absent "For" kind="wide" shows_caption=True %}{% endranked_table %}'
    )
    assert '<table class="ranked wide" role="table"><caption>Houses</caption>' in text
    assert text.count("<th ") == 2
