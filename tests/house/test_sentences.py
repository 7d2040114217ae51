"""Sentences are data: every one in a table, every table known, and no message written where it is found."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from ewtp.core.assessment.border_sentences import EMBARGO_NOT_LOOKED_AT
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Sentence
from ewtp.gateways.reference.sentence_table import read_known_sentences
from tests.house.source_trees import tree_of
from tools.refusals_page import PAGE, with_wordings

SOURCE = Path(__file__).parents[2] / "src/ewtp"
TABLES = sorted(path for path in SOURCE.rglob("*sentences.py") if "components" not in path.parts)
_STATEMENTS = {"Refusal", "Unknown", "Statement", "RowRefused"}


def test_every_sentence_stands_where_the_table_finds_it():
    """One that is made in another module is in no table, and pages would say it in English to every reader."""
    makers = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence"
    }
    tables = {path.relative_to(SOURCE).as_posix() for path in TABLES}
    assert makers - tables == {"core/values/sentence.py"}
    assert tables <= makers


def test_every_sentence_that_an_assessment_can_open_is_in_the_table():
    known = read_known_sentences()
    opened = {
        value
        for path in (SOURCE / "core/assessment").glob("*.py")
        for value in vars(import_module(f"ewtp.core.assessment.{path.stem}")).values()
        if isinstance(value, Sentence)
    }
    assert EMBARGO_NOT_LOOKED_AT in opened
    assert [each for each in opened if known.get((each.code, each.form)) != each] == []


def test_no_message_is_written_where_it_is_found():
    """A statement takes a sentence; a text in its place could not be translated."""
    literal = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _STATEMENTS:
                literal += [f"{path}:{node.lineno}" for given in node.args[:2] if isinstance(given, ast.JoinedStr)]
                if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                    literal.append(f"{path}:{node.lineno}")
    # A row that is refused names its place in the file first, which is a text.
    assert [place for place in literal if "official_files" not in place] == []


def test_a_parameter_too_few_or_too_many_is_a_bug():
    sentence = Sentence("code_too_short", "{code:code} is short.")
    assert Refusal(sentence, {"code": "6109"}).message == "6109 is short."
    for params in ({}, {"code": "6109", "more": 1}):
        with pytest.raises(ValueError, match="code_too_short takes"):
            Refusal(sentence, params)


def test_the_page_of_refusals_has_the_wordings_of_the_table():
    page = PAGE.read_text(encoding="utf-8")
    assert with_wordings(page) == page, "run `make refusals`"
    assert with_wordings(page.replace("is not a known unit", "is not known")) == page
