"""The EU's rules of origin: rules read once, ranges cut to the narrowest code, the whole archive read another way."""

from __future__ import annotations

import io
import json
import random
import re
import tarfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.origin_class import MORE, RuleReading, find_reading, is_origin_class
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eu.agreement_rules import read, read_agreements
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

ARCHIVE = "origin_rules_eu/eu_psr_42_agreements_2023-08.tar.gz"
CTH = "Manufacture from materials of any heading, except that of the product"
LIMIT = (
    "Manufacture in which the value of all the materials used does not exceed **45%** of the ex-works price of the "
    "product"
)


def rule_set(heading: str, first: str, last: str, rule: str) -> dict[str, Any]:
    return {"heading": heading, "min": first, "max": last, "subdivision": "", "rules": [{"rule": rule}]}


def rules_of(path: Path) -> list[OriginRule]:
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    found = list(importing.records)
    # A dozen sets of the archive have ranges such as 350220 to 3504.
    assert {each.code for each in found if isinstance(each, RowRefused)} <= {"rule_range_unreadable"}
    return [each for each in found if isinstance(each, OriginRule)]


def test_a_heading_prevails_over_its_chapter_and_a_part_stands_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "rules.tar.gz"
    sets = [
        rule_set("ex Chapter 87", "8700000000", "8799999999", LIMIT),
        rule_set("8710", "8710000000", "8719999999", CTH),
        rule_set("ex 8712", "8712000000", "8712999999", "Manufacture from yarn"),
    ]
    content = json.dumps({"rule_sets": sets}).encode()
    with tarfile.open(path, "w:gz") as archive:
        for name in ("vietnam", "georgia", "gsp"):
            entry = tarfile.TarInfo(f"json/{name}.json")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    # Georgia has the rules of another document, and the beneficiaries of the last scheme are not held.
    assert [(rule.scheme, rule.first, rule.last, rule.classes) for rule in rules_of(path)] == [
        ("EU-vietnam", "8700000000", "8709999999", ("MaxNOM:45%",)),
        ("EU-vietnam", "8710000000", "8710999999", ("CTH",)),
        ("EU-vietnam", "8711000000", "8711999999", ("MaxNOM:45%",)),
        ("EU-vietnam", "8712000000", "8712999999", ("YARN",)),
        ("EU-vietnam", "8712000000", "8712999999", ("MaxNOM:45%",)),
        ("EU-vietnam", "8713000000", "8799999999", ("MaxNOM:45%",)),
    ]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"rule_sets": []}')
    refusal = read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_eu_origin_rules"


@pytest.mark.whole_file
def test_two_hundred_rules_of_the_archive_say_what_their_words_say() -> None:
    """The words are searched without the importer: figures, changes of heading, and what is wholly obtained."""
    path = reference(ARCHIVE)
    rules = rules_of(path)
    assert all(is_origin_class(each) for rule in rules for each in rule.classes)
    shares = Counter(find_reading(rule.classes) for rule in rules)
    assert shares[RuleReading.WHOLE] / len(rules) > 0.95
    assert {agreement.get("rules") for agreement in read_agreements().values()} == {None, "pem"}
    told = 0
    for rule in random.Random(11).sample(rules, 400):
        words, classes = " ".join(rule.text.partition(": ")[2].lower().replace("per cent", "%").split()), rule.classes
        if MORE in classes:
            # What is not read promises nothing.
            continue
        told += 1
        # A figure of the abbreviation repeats that of the sentence; one in a description is of the goods.
        figures = {each.replace(",", ".") for each in re.findall(r"(\d+(?:[.,]\d+)?) ?%", words)}
        assert set(re.findall(r"([0-9.]+)%", " ".join(classes))) <= figures, (rule.reference, classes, words)
        assert ("CTH" in classes) <= ("heading" in words), (classes, words)
        assert any(each.startswith("WO") for each in classes) <= ("wholly obtained" in words), (classes, words)
        assert ("MaxOM" in classes) <= ("originating materials" in words), (classes, words)
        assert any(each.startswith(("YARN", "MAT:")) for each in classes) <= ("from" in words), (classes, words)
    assert told >= 200
