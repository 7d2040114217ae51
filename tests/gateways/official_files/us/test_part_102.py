"""19 CFR 102.20 and 102.21: alternatives as classes, and what customs held in its rulings."""

from __future__ import annotations

import io
import json
import tarfile
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.decision import GENERAL_SCHEME, decide_origin
from ewtp.core.origin.origin_question import Material, OriginQuestion
from ewtp.core.rulebook.origin_class import RuleReading, find_reading, is_origin_class
from ewtp.core.rulebook.records import Importing
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us.part_102 import read
from ewtp.gateways.official_files.us.shift_classes import classify_shift
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

ARCHIVE = "origin_rules_us/originshift_0.3.0_19cfr102_2026-08-26.tar.gz"


def source(kind: str, **given: Any) -> dict[str, Any]:
    return {"kind": kind, "level": None, "ranges": [], "outside_that_group": False, **given}


def alternative(sources: list[dict[str, Any]], *, goods: str = "", target: str = "", **limits: Any) -> dict[str, Any]:
    shift = {"sources": sources, "excluded": [], "excluded_when": [], "excluded_descriptions": [], "provisos": []}
    return {
        "shift": {**shift, **limits},
        "target": {"ranges": [target] if target else [], "description": goods, "excluding_description": None},
        "condition": None,
        "text": "",
    }


def write_archive(path: Path, rules: dict[str, list[dict[str, Any]]]) -> Path:
    rows = [{"htsus": key, "scope": [key], "alternatives": found} for key, found in rules.items()]
    content = json.dumps({"corpus": "19-CFR-102.20", "rules": rows}).encode()
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("data/corpus/102.20.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return path


def rules_of(path: Path) -> list[OriginRule]:
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return [each for each in importing.records if isinstance(each, OriginRule)]


def test_alternatives_become_classes_on_the_codes_that_they_are_for(tmp_path: Path) -> None:
    heading, other = source("any_other", level="heading"), source("same_position", level="heading", ranges=["0306"])
    group = source("any_other", level="subheading", outside_that_group=True)
    rules = rules_of(
        write_archive(
            tmp_path / "rules.tar.gz",
            {
                "0306": [
                    alternative([other, heading], goods="smoked goods of", target="0306"),
                    alternative([heading], goods="any other good of", excluded=["16"]),
                ],
                "8471.30-8471.50": [
                    alternative([group], excluded_when=[{"ranges": ["8473"], "when": "by a simple assembly"}]),
                    alternative(
                        [source("named", ranges=["8473"])], target="8471.50", provisos=["provided that it runs"]
                    ),
                ],
                # Printed the wrong way round.
                "4441-4421": [alternative([heading], target="4413-4421", provisos=["clean, except from heading 4412"])],
            },
        )
    )
    assert [(rule.first[:6], rule.last[:6], " ".join(rule.classes)) for rule in rules] == [
        ("030600", "030699", "SELF:0306 GOODS OR CTH GOODS ELSE CTH EX:16"),
        ("441300", "442199", "CTH PROV EX:4412"),
        ("847130", "847149", "CTSH EX:847130-847150 EXASM:8473"),
        ("847150", "847150", "CTSH EX:847130-847150 EXASM:8473 OR FROM:8473 PROV"),
    ]
    assert rules[0].text == (
        "19 CFR 102.20, 0306: depending on the product: made from other goods of heading 0306, with the goods being "
        "those that the official rule names; or change of heading, with the goods being those that the official rule "
        "names / change of heading, with not from materials of chapter 16"
    )


@pytest.mark.parametrize(
    ("condition", "goods", "classes"),
    [
        # 19 CFR 102.21(e)(1), headings 6101 to 6117, 5501, 5904 and 6302; the last is of no rule.
        (
            (
                "the good is not knit to shape and consists of two or more component parts, except "
                "for goods of subheading "
                "6117.10 provided for in paragraph (e)(2) of this section"
            ),
            "an assembled good of",
            "CTH FOR:assembled FOR:notshaped+parts+unlisted",
        ),
        ("of staple fibers", "those fibers of", "CTH FOR:staples"),
        ("the country of origin cannot be determined under (1)(a) above", "", "CTH FOR:undecided"),
        ("the good is green", "a hat of", "CTH GOODS COND"),
    ],
)
def test_goods_that_a_rule_on_textiles_is_for_are_named(condition: str, goods: str, classes: str) -> None:
    given = alternative([source("any_other", level="heading")], goods=goods, target="6110") | {"condition": condition}
    assert [" ".join(found) for found in classify_shift(given, ["6110"])] == [classes]


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "rules.tar.gz", {})
    assert isinstance(read(path, retrieved=RETRIEVED), Importing)
    other = tmp_path / "other.tar.gz"
    other.write_bytes(path.read_bytes()[:40])
    refusal = read(other, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_us_origin_rules"


@cache
def whole_archive() -> list[OriginRule]:
    return rules_of(reference(ARCHIVE))


@pytest.mark.whole_file
def test_the_archive_is_read_nearly_whole() -> None:
    rules = whole_archive()
    assert all(is_origin_class(each) for rule in rules for each in rule.classes)
    shares = Counter(find_reading(rule.classes) for rule in rules)
    assert (len(rules) - shares[RuleReading.PART]) / len(rules) >= 0.97


@pytest.mark.whole_file
def test_no_decision_is_against_a_ruling_of_customs() -> None:
    """Thirty rulings on 102.20 that state whether materials made the change: met and not met are never exchanged.

    Materials have half of the value, more than is disregarded; the goods are of Mexico, as in the rulings Canada or it.
    """
    found: Counter[tuple[str, str]] = Counter()
    for case in _read_cases(reference(ARCHIVE)):
        code, origins = case["good"].replace(".", ""), case.get("origins", {})
        materials = [Material(m.replace(".", ""), origins.get(m, "CN"), Decimal(50)) for m in case["materials"]]
        facts = ProcessFacts(unassembled=True if case.get("qualifiers") else None)
        low, high = code.ljust(10, "0"), code.ljust(10, "9")
        rules = [r for r in whole_archive() if r.first <= high and r.last >= low and r.scheme == GENERAL_SCHEME]
        decision = decide_origin(OriginQuestion(code, "MX", tuple(materials), facts=facts), rules)
        verdicts = {verdict.value for _, verdict in decision.verdicts}
        told = "not_met" if "not_met" in verdicts else "met" if verdicts == {"met"} else "open"
        found[(case["cbp"], told)] += 1
        if decision.origin is not None and "cbp_country" in case:
            assert decision.origin == case["cbp_country"], case["ruling"]
    # Seven are open: a rule for some goods of the code, assembly that is not stated, or a code of an older edition.
    assert found == {("not_met", "not_met"): 19, ("not_met", "open"): 6, ("met", "met"): 4, ("met", "open"): 1}


def _read_cases(path: Path) -> list[dict[str, Any]]:
    with tarfile.open(path) as archive:
        name = next(each for each in archive.getnames() if each.endswith("agreement-cases.json"))
        content = archive.extractfile(name)
        assert content is not None
        cases: list[dict[str, Any]] = json.load(content)["cases"]
    return cases
