"""Appendix IV of the AfCFTA: classes out of printed rules, the narrowest code, and the whole table read another way."""

from __future__ import annotations

import csv
import gzip
import random
import re
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.origin_class import RuleReading, find_reading, is_origin_class
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.africa.afcfta_origin_rules import classify_printed, read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "hs_code_as_printed,ex,asterisk_55pct,description,rule,row_is_part_of_previous_code"


def rules_of(path: Path) -> list[OriginRule]:
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    found = list(importing.records)
    assert [each for each in found if isinstance(each, RowRefused)] == []
    return [each for each in found if isinstance(each, OriginRule)]


def classes_at(rules: list[OriginRule], code: str) -> str:
    [rule] = [rule for rule in rules if rule.first <= code.ljust(10, "0") <= rule.last]
    return " ".join(rule.classes)


@pytest.mark.parametrize(
    ("rule", "classes"),
    [
        ("Manufacture from Materials of any Heading other that of the Product.", "CTH"),
        ("Materials of this Heading used must be wholly obtained", "WO:4404"),
        ("Manufacture in which all Materials of Chapters 7, 8 and 10 used must be wholly obtained", "WO:07+08+10"),
        (
            (
                "Manufacture from Materials of any heading, except that of the Product or Manufacture in which the "
                "value of the Materials used does not exceed 60% of the ex-works price of the Product"
            ),
            "CTH OR MaxNOM:60%",
        ),
        (
            (
                "Manufacture in which the value of all the non-originating materials used does not exceed 60% of the "
                "ex-works price of the product for 5 years, after which manufacture in which materials of headings "
                "04.01 and 04.02 used are wholly obtained"
            ),
            "MaxNOM:60% YEARS:5 WO:0401+0402",
        ),
        ("Manufacture from yarn, subject to a review after 5 years", "YARN"),
        ("Yet to be agreed Yet to be agreed", "OPEN"),
        ("Manufacture from unwrought zinc of a kind that nobody has heard of", "MATX"),
        ("Whatever the parties will think of", "MORE"),
    ],
)
def test_a_printed_rule_becomes_classes(rule: str, classes: str) -> None:
    assert " ".join(classify_printed(rule, "440420")) == classes


def test_the_narrowest_code_prevails_and_a_part_stands_beside_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    rows = [
        "Ex-Chapter 84,1,0,Machines,Manufacture from Materials of any Heading other that of the Product,0",
        "84.15*,0,1,Coolers,The value of the Materials used does not exceed 60% of the ex-work price of the Product,0",
        "Ex-84.19,1,0,Plant,Manufacture from yarn,0",
        "[84.50],0,0,Washers,Yet to be agreed,0",
        "84.62,0,0,Presses: - Bending,Manufacture from yarn,0",
        "8462.21 8462.31,0,0,- Shearing,Manufacture from yarn,0",
    ]
    path.write_text("\n".join([HEADER, *rows]))
    rules = rules_of(path)
    assert [(rule.first, rule.last) for rule in rules][:2] == [
        ("8400000000", "8414999999"),
        ("8415000000", "8415999999"),
    ]
    assert classes_at(rules, "841510") == "MaxNOM:60% UNTIL:2025-12-31 MaxNOM:55%"
    assert classes_at(rules, "841931") == "YARN ELSE CTH"
    assert classes_at(rules, "845011") == "OPEN"
    # The heading of presses leads to two subheadings and has no rule of its own.
    assert [classes_at(rules, code) for code in ("846210", "846221", "846231")] == ["CTH", "YARN", "YARN"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "{}"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text)
    refusal = read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_afcfta_origin_rules"


@pytest.fixture(scope="module")
def table() -> tuple[list[dict[str, str]], list[OriginRule]]:
    path = reference("afcfta/afcfta_appendix_iv_psr_2023-12.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream)), rules_of(path)


@pytest.mark.whole_file
def test_nearly_every_row_of_the_whole_table_is_read(table: tuple[list[dict[str, str]], list[OriginRule]]) -> None:
    rows, rules = table
    assert all(is_origin_class(each) for rule in rules for each in rule.classes)
    read_whole = [row for row in rows if find_reading(classify_printed(row["rule"], "010121")) is RuleReading.WHOLE]
    assert len(read_whole) * 100 >= 97 * len(rows)


@pytest.mark.whole_file
def test_two_hundred_rules_say_what_the_words_of_their_row_say(
    table: tuple[list[dict[str, str]], list[OriginRule]],
) -> None:
    """The words are searched without the importer: figures, and whether they speak of a change or of obtaining."""
    rows, rules = table
    # Rows that print one code alone, for the whole of it, and that no other row divides.
    digits = [re.sub(r"[^0-9]", "", part) for row in rows for part in row["hs_code_as_printed"].split()]
    simple = re.compile(r"(?:Chapter |\[)?\d\d?(?:\.?\d\d)?(?:\.\d\d)?[*\]]?")
    plain = [row for row in rows if simple.fullmatch(row["hs_code_as_printed"])]
    codes = [re.sub(r"[^0-9]", "", row["hs_code_as_printed"]) for row in plain]
    codes = [code.zfill(len(code) + len(code) % 2) for code in codes]
    alone = [
        (row, code)
        for row, code in zip(plain, codes, strict=True)
        if digits.count(code) == 1 and not any(other != code and other.startswith(code) for other in digits)
    ]
    for row, code in random.Random(7).sample(alone, 200):
        classes, words = classes_at(rules, code), " ".join(row["rule"].lower().split())
        figures = set(re.findall(r"(\d+) ?%", words)) | ({"55"} if row["asterisk_55pct"] == "1" else set())
        assert set(re.findall(r"(\d+)%", classes)) == figures, (code, classes)
        assert ("OPEN" in classes) == ("yet to be agreed" in words), (code, classes)
        if "MORE" in classes:
            # What is not read promises nothing.
            continue
        assert ("WO" in classes) == ("wholly obtained" in words), (code, classes)
        changes = re.search(r"any (other )?heading|a heading other|any sub-?heading", words) is not None
        assert any(each in ("CTH", "CTSH", "AH") for each in classes.split()) == changes, (code, classes)
        assert len(re.findall(r"\bor manufacture", words)) <= classes.split().count("OR"), (code, classes)
