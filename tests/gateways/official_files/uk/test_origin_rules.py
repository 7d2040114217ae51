"""UK rules of origin: classes out of official sentences, schemes into groups, and the whole official files."""

from __future__ import annotations

import io
import json
import tarfile
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.origin_class import describe_classes
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import Group, OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.origin.rule_classes import classify_rule, join_classes
from ewtp.gateways.official_files.uk import origin_rules
from tests.reference_data import RETRIEVED, reference
from tools.seed.origin_summary import summarise

if TYPE_CHECKING:
    from pathlib import Path


def rule_set(
    heading: str,
    first: str,
    last: str,
    *rules: tuple[str, str | None],
    subdivision: str = "",
) -> dict[str, Any]:
    return {
        "heading": heading,
        "min": first,
        "max": last,
        "subdivision": subdivision,
        "rules": [{"rule": text, "operator": operator} for text, operator in rules],
    }


def read(path: Path) -> list[object]:
    importing = origin_rules.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


@pytest.mark.parametrize(
    ("sentence", "classes"),
    [
        ("Manufacture from materials of any heading, except that of the product.", ("CTH",)),
        (
            (
                "Manufacture in which the value of all the materials used does not exceed **40%** "
                "of the ex-works price of the product."
            ),
            ("MaxNOM:40%",),
        ),
        (
            (
                "Manufacture:\n\n- from materials of any heading, except that of the product, *and*\n\n"
                "- in which the value of all the "
                "materials used does not exceed **50%** of the ex-works price of the product."
            ),
            ("CTH", "MaxNOM:50%"),
        ),
        (
            "A maximum of **50%** of the ex-works price (EXW) is made up of non-originating parts (MAXNOM).",
            ("MaxNOM:50%",),
        ),
        (
            (
                "Manufacture from materials of any heading, except that of the product. However, materials of the same "
                "heading as the product "
                "may be used, provided that their total value does not exceed **20%** of the ex-works price "
                "of the product."
            ),
            ("CTH", "TOL:20%"),
        ),
        (
            (
                "Your goods contain a Regional Value Content (RVC) of at least **55%** "
                "of the Free on Board (FOB) cost of the goods."
            ),
            ("RVC:55%",),
        ),
        ("All the animals of [chapter&nbsp;1](/chapters/01) used must be wholly obtained.", ("WO:01",)),
        ("Manufacture from yarn.", ("YARN",)),
    ],
)
def test_a_sentence_that_is_understood_becomes_classes(sentence, classes):
    assert classify_rule(sentence) == classes


@pytest.mark.parametrize(
    ("sentence", "classes"),
    [
        ("Manufacture from materials of any heading, except that of the product and heading 2106.", "CTH EX:2106"),
        (
            "Manufacture from materials of any heading, except those of heading 4909 and heading 4911.",
            "AH EX:4909+4911",
        ),
        ("A change from any other heading, except from chapter 4.", "CTH EX:04"),
        ("Weaving accompanied by dyeing or by coating.", "PROC:weavedye"),
        ("Manufacture from unwrought precious metals.", "MAT:metal"),
        (
            (
                "The value of all the materials of chapter 17 used does not exceed 30% of the ex-works price of the "
                "product."
            ),
            "MAX:17:30%",
        ),
        ("Weaving combined with dyeing or with printing.", "PROC:weave PROC:dye+printing"),
        (
            "Making-up preceded by printing (as standalone operation).",
            "PROC:printalone THEN:makeup",
        ),
        ("Extrusion of man-made fibres accompanied by spinning or tufting of yarn.", "MORE"),
        (
            "Manufacture from materials of any heading, except those of heading 0203 or bones of heading 05.06.",
            "AH EX:0203 NOT:bone@0506",
        ),
        (
            (
                "Manufacture from uncoated fabric, provided that the value of the uncoated fabric used does not exceed "
                "40% of the ex-works price of the product."
            ),
            "MAT:uncoated MAXM:uncoated:40%",
        ),
        (
            (
                "Manufacture in which all the fruit and nuts used are wholly obtained and the weight of sugar used "
                "does not exceed 40% of the weight of the final product"
            ),
            "WON:fruit+nut MAXWM:sugar:40%",
        ),
        (
            (
                "A change from within this heading, whether or not there is also a change from any other heading, "
                "provided that the value of non-originating materials of this heading does not exceed 50% of the "
                "transaction value or ex-works price of the product."
            ),
            "WITHIN TOL:50% TV",
        ),
        ("Manufacture from single yarn. See Introductory Note 6.", "YARN1 NOTE"),
        # Of these the kind is told, and the name or the footnote is not.
        ("Manufacture from yarn7 9", "YARN FOOT"),
        ("Manufacture from whatever it may be.", "MATX"),
        ("Splitting of hairs.", "PROCX"),
        (
            "Manufacture from materials of any heading, except that of the product. However, airships may not be used.",
            "CTH BAR",
        ),
    ],
)
def test_codes_terms_and_kinds_are_told(sentence, classes):
    assert " ".join(classify_rule(sentence)) == classes


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "Manufacture in which the value of all the materials used, except fossil amber, does not exceed **50%** "
            "of the ex-works price of the product."
        ),
        "A change from within this heading or any heading outside that group.",
        "A change from any other heading, provided that the goods are green.",
        "The soles of footwear of heading 6406 used are originating.",
    ],
)
def test_what_is_not_understood_is_never_left_out(sentence):
    classes = classify_rule(sentence)
    assert classes[-1] == "MORE"
    assert "see the official rule" in describe_classes(classes)


def test_alternatives_are_said_as_such_and_unsettled_ones_point_to_the_rule():
    assert describe_classes(join_classes([("CTH",), ("MaxNOM:40%",)])) == (
        "change of heading; or non-originating materials at most 40% of the ex-works price"
    )
    assert join_classes([("RVC:40%",), ("RVC:45%",)], settled=False)[-1] == "MORE"


@pytest.mark.parametrize(
    ("rules", "classes"),
    [
        # Whole rules without a word between them are alternatives, a sentence that goes on is one with the first.
        (("Manufacture from yarn.", "Printing (as standalone operation)."), "YARN OR PROC:printalone"),
        (("Manufacture from yarn.", "However, olives may be used."), "YARN USE:olive"),
        (("Manufacture from yarn.", "Where olives are used, they are green."), "YARN MORE OR MORE"),
        (("Manufacture from materials of any heading.", "Except that of the product."), "AH MORE OR MORE"),
        (
            (
                (
                    "No change in tariff classification required for a good of heading 8212, provided there is a "
                    "regional value content of not less than: - a) 30% under the build-up method."
                ),
                "- b) 40% under the build-down method.",
                (
                    "- c) 50% under the focused value method taking into account only the non-originating materials of "
                    "heading 8212."
                ),
            ),
            "NOC RVCU:30% OR NOC RVCD:40% OR NOC RVCFC:8212:50%",
        ),
        # A share of either price is one of two alternatives.
        (
            (
                (
                    "Weaving, provided that the value of non-originating materials used does not exceed 50% of the "
                    "ex-works price (EXW) or 45% of the Free on Board (FOB) cost of the product."
                ),
            ),
            "PROC:weave MaxNOM:50% OR PROC:weave MaxNOM:45% FOB",
        ),
    ],
)
def test_the_rules_of_a_set_are_joined(tmp_path, rules, classes):
    path = tmp_path / "cptpp.json"
    sets = [rule_set("8212", "8212000000", "8212999999", *((text, None) for text in rules))]
    path.write_text(json.dumps({"rule_sets": sets}))
    (rule,) = read(path)
    assert isinstance(rule, OriginRule)
    assert " ".join(rule.classes) == classes


def test_a_rule_set_keeps_the_official_text_and_its_range(tmp_path):
    path = tmp_path / "sacum.json"
    path.write_text(
        json.dumps(
            {
                "rule_sets": [
                    rule_set(
                        "Chapter 61",
                        "6100000000",
                        "6199999999",
                        ("Manufacture from yarn.", None),
                        ("Manufacture from fabric.", "or"),
                        subdivision="Other",
                    ),
                    rule_set("62", "62", "6299999999", ("x", None)),
                    rule_set("63", "6300000000", "6399999999"),
                ],
            },
        ),
    )
    found = read(path)
    (rule,) = (r for r in found if isinstance(r, OriginRule))
    assert (rule.scheme, rule.first, rule.last, rule.reference) == (
        "GB-sacum",
        "6100000000",
        "6199999999",
        "Chapter 61",
    )
    assert rule.text == "Chapter 61 - Other: Manufacture from yarn.; or Manufacture from fabric."
    assert rule.classes == ("YARN", "OR", "FAB")
    assert [(r.row, r.code) for r in found if isinstance(r, RowRefused)] == [
        (2, "rule_range_unreadable"),
        (3, "rule_empty"),
    ]


def test_a_scheme_becomes_a_group_and_one_without_rates_names_itself(tmp_path):
    path = tmp_path / "schemes.json"
    path.write_text(
        json.dumps(
            {
                "schemes": [
                    {
                        "scheme_code": "serbia",
                        "countries": ["XS"],
                        "validity_start_date": "2021-01-01",
                        "proofs": [{"summary": "EUR.1"}],
                    },
                    {
                        "scheme_code": "gsp",
                        "countries": ["BD", "andean"],
                        "validity_start_date": "2021-01-01",
                        "validity_end_date": "2023-06-18",
                    },
                    {"scheme_code": "undated", "countries": ["BD"]},
                ],
            },
        ),
    )
    found = read(path)
    serbia, gsp = (r for r in found if isinstance(r, Group))
    assert [m.economy for m in serbia.members] == ["RS"]
    assert (serbia.id, serbia.proof, serbia.origin_scheme) == ("GB-serbia", "EUR.1", "GB-serbia")
    assert [m.economy for m in gsp.members] == ["BD"]
    assert gsp.holds("BD", date(2023, 6, 18))
    assert not gsp.holds("BD", date(2023, 6, 19))
    (unheld,) = (r for r in found if isinstance(r, Measure))
    assert unheld.origins.include == ("GB-gsp",)
    assert unheld.product.prefix == ""
    assert [r.code for r in found if isinstance(r, RowRefused)] == ["scheme_undated"]


def test_other_files_are_refused_and_a_broken_archive_says_so(tmp_path):
    (tmp_path / "x.json").write_text("[1, 2]")
    (tmp_path / "y.json").write_text("{")
    (tmp_path / "z.tar.gz").write_bytes(b"no archive")
    for name in ("x.json", "y.json", "z.tar.gz", "absent.json"):
        refusal = origin_rules.read(tmp_path / name, retrieved=RETRIEVED)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "file_not_uk_origin_rules"
    body = json.dumps(
        {"rule_sets": [rule_set(f"{n}", f"{n:04d}000000", f"{n:04d}999999", ("CTH", None)) for n in range(101, 900)]},
    )
    path = tmp_path / "rules.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("a.json", "b.json"):
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body.encode()))
    whole = read(path)
    assert len(whole) == 2 * 799
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    importing = origin_rules.read(path, retrieved=RETRIEVED)
    last = [importing] if isinstance(importing, Refusal) else list(importing.records)[-1:]
    assert isinstance(last[0], Refusal | RowRefused)
    assert last[0].code in {"file_broken", "file_not_uk_origin_rules"}


def test_the_seed_says_each_range_once_in_words_of_our_own(tmp_path):
    path = tmp_path / "sacum.json"
    cth = ("Manufacture from materials of any heading, except that of the product.", None)
    path.write_text(
        json.dumps(
            {
                "rule_sets": [
                    rule_set("3901", "3901000000", "3901999999", cth),
                    rule_set("3902", "3902000000", "3902999999", cth),
                    rule_set("ex 3903", "3903000000", "3903999999", cth),
                    rule_set(
                        "Chapter 61",
                        "6100000000",
                        "6199999999",
                        ("Manufacture from yarn.", None),
                        subdivision="A",
                    ),
                    rule_set(
                        "Chapter 61",
                        "6100000000",
                        "6199999999",
                        ("Manufacture from fabric.", None),
                        subdivision="B",
                    ),
                ],
            },
        ),
    )
    rules = list(summarise(r for r in read(path) if isinstance(r, OriginRule)))
    assert [(r.first, r.last, r.text) for r in rules] == [
        ("3901000000", "3902999999", "3901 to 3902: change of heading"),
        ("3903000000", "3903999999", "ex 3903: change of heading"),
        ("6100000000", "6199999999", "Chapter 61: depending on the product: made from yarn / made from fabric"),
    ]


@pytest.mark.whole_file
def test_the_whole_official_files():
    schemes = read(reference("origin_rules/roo_schemes_uk.json"))
    groups = [r for r in schemes if isinstance(r, Group)]
    assert len(groups) == 44
    rules = read(reference("origin_rules/rule_sets.tar.gz"))
    assert Counter(type(r).__name__ for r in rules) == {"OriginRule": 28535}
    kept = [r for r in rules if isinstance(r, OriginRule)]
    named = {g.origin_scheme for g in groups}
    assert {r.scheme for r in kept} <= named
    assert len({r.scheme for r in kept}) == 43
    understood = sum("MORE" not in r.classes for r in kept) / len(kept)
    assert understood > 0.95
