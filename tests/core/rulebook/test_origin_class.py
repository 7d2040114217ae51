"""The classes of rules of origin: those that importers read out of official files can all be stated."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ewtp.core.rulebook.origin_class import is_origin_class

RULEBOOK = Path(__file__).parents[3] / "rulebook"


def test_every_class_of_the_seed_can_be_stated():
    found: set[str] = set()
    for path in RULEBOOK.rglob("origin_rules.csv"):
        with path.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                found.update(row["classes"].split())
    assert len(found) > 30
    assert [each for each in found if not is_origin_class(each)] == []


@pytest.mark.parametrize("text", ["BANANA", "", "CTH:40%", "MaxNOM", "MaxNOM:40", "VA", "cth", "WO\n"])
def test_nothing_else_is_a_class(text: str):
    assert not is_origin_class(text)
