"""The two forms of acts say the same: what is written is read back, and what cannot be read is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given

from ewtp.core.acts.acts_json import acts_as_json, acts_digest, acts_from_json
from ewtp.core.acts.acts_text import LONGEST_ACTS, acts_text, read_acts
from ewtp.core.values.refusal import Refusal
from tests.core.acts.invented_acts import acts_of, only_act, proposals
from tests.core.rulebook.changeset.small_law import UNHURRIED

if TYPE_CHECKING:
    from ewtp.core.acts.act import Acts

LACEY = 'end requirement of US by APHIS paper "AL1*" on 92, 94 from 2027-01-01 without sunset'
TWO = """\
title "Fewer papers"
text "What the author thinks of it."

article data
  why "They are asked for twice."
  end requirement of US by APHIS paper "AL1*" on 92, 94 from 2027-01-01 without sunset

article answers requires data
  answer within 5 days of US by FDA from 2027-01-01 until 2029-12-31
"""


@given(proposals())
@UNHURRIED
def test_what_is_written_is_read_back(acts: Acts):
    assert read_acts(acts_text(acts)) == acts
    assert acts_from_json(orjson.loads(orjson.dumps(acts_as_json(acts)))) == acts


def test_the_reform_of_fifty_seven_kilobytes_is_one_short_sentence():
    assert len(LACEY.encode()) <= 139
    assert acts_text(acts_of(LACEY)) == LACEY + "\n"
    assert acts_text(acts_of(TWO)) == TWO


def test_the_order_of_clauses_and_remarks_do_not_matter():
    turned = (
        'end requirement # of any chapter\n from 2027-01-01 on 94,\n 92.0 paper "AL1*" of US by APHIS without sunset'
    )
    plain = 'end requirement of US by APHIS paper "AL1*" on 920, 94 from 2027-01-01 without sunset'
    assert acts_of(turned) == acts_of(plain)
    assert acts_digest(acts_of(turned)) == acts_digest(acts_of(plain))


def test_the_digest_is_of_what_the_articles_do():
    acts = acts_of(TWO)
    reworded = acts_of(TWO.replace("Fewer", "Less").replace("twice", "again"))
    assert acts_digest(reworded) == acts_digest(acts)
    assert acts_digest(acts_of(TWO.replace("5 days", "6 days"))) != acts_digest(acts)
    assert acts_digest(acts_of(TWO.replace(" requires data", ""))) != acts_digest(acts)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("end requirement of US oops", "acts_unreadable", "Line 1, column 23: 'oops' is not expected here; write"),
        (
            "\n  finish duty of US",
            "acts_unreadable",
            "Line 2, column 3: 'finish' is not expected here; write accept, add",
        ),
        (
            "end duty of US from 2027",
            "acts_unreadable",
            "Line 1, column 21: '2027' is not expected here; write 2027-01-01",
        ),
        ("end duty of", "acts_unreadable", 'The text ends too early, at line 1; write "…" or GH.'),
        ("", "acts_unreadable", "The text ends too early, at line 1"),
        (
            "end tariffs of US",
            "acts_unreadable",
            "Line 1, column 5: 'tariffs' is not expected here; write additional_duty, duty, excise",
        ),
        (
            "end duty of US on 01 on 02 from 2027-01-01",
            "act_clause_twice",
            "Line 1, column 22: 'on' is given twice here; join the two, or leave one out.",
        ),
        ("end duty of US", "act_field_missing", "Line 1, column 1: The act needs 'from'; add it."),
        (
            "end duty of US claim x from 2027-01-01",
            "act_field_unknown",
            "Line 1, column 16: 'claim' cannot be given here; leave it out, or use one of: by, except, export,",
        ),
        (
            "end duty of US from 2027-01-01\nadd duty of US from 2027-01-01",
            "act_field_missing",
            "Line 2, column 1: The act needs 'expression'; add it.",
        ),
        ("add duty of US with colour red from 2027-01-01", "act_value_wrong", "Line 1, column 16: 'colour' is not"),
        ("exempt GH from duty from 2027-01-01", "act_field_missing", "Line 1, column 1: The act needs 'of'; add it."),
        (
            "end duty of US from 2027-02-30",
            "act_value_wrong",
            "Line 1, column 16: '2027-02-30' is not a possible value here; give",
        ),
        ("x" * (LONGEST_ACTS + 1), "acts_unreadable", "Give acts of at most 200000 characters."),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_column(text: str, code: str, message: str):
    refused = read_acts(text)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.message.startswith(message)


def test_everything_wrong_is_told_at_once():
    refused = read_acts("end duty of US\nadd rule of US from 2027-01-01\nset procedure x to y from 2027-13-01")
    assert isinstance(refused, Refusal)
    assert [each.message.split(":")[0] for each in refused.every] == [f"Line {n}, column 1" for n in (1, 2)] + [
        "Line 3, column 22"
    ]


def test_kinds_and_numbers_are_read():
    assert only_act("end rule of US from 2027-01-01").selector.kind == ""
    assert only_act("answer within 1 day of US by FDA from 2027-01-01").answer_days == 1
    act = only_act('end requirement of US paper "from" origin "GH" group US-AU export from 2027-01-01')
    assert (act.selector.document, act.selector.origins, act.selector.groups) == ("from", ("GH",), ("US-AU",))
