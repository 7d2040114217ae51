"""Conditions that one agreement or a few write in their own way, each as a rule of the agreement has it."""

from __future__ import annotations

import pytest

from ewtp.core.rulebook.origin_class import RuleReading, describe_classes, find_reading
from ewtp.gateways.official_files.origin.rule_classes import classify_alternatives, classify_rule

CTH = "Manufacture from materials of any heading, except that of the product"
CTH_IN_WORDS = (
    "CTH: All non-originating materials used in the production of the good have undergone a change in tariff "
    "classification at the 4-digit level (tariff heading)"
)
NET_COST = "No change in tariff classification required, provided there is a regional value content of not less than: "


@pytest.mark.parametrize(
    ("sentence", "classes"),
    [
        # Pan-Euro-Mediterranean rules, chapter 16 and headings 7801, 8542 and 3301.
        (
            (
                "Manufacture: - from animals of chapter 1, and/or - in which all the materials of chapter 3 used are "
                "wholly obtained."
            ),
            "BEASTS",
        ),
        ("Manufacture frombullionorworklead", "MAT:bullion"),
        (
            (
                "The operation of diffusion (in which integrated circuits are formed on a semi-conductor "
                "substrate by the "
                "selective introduction of an appropriate dopant), whether or not assembled and/or tested in a country "
                "other than those specified in Articles 3 and 4"
            ),
            "PROC:diffuse",
        ),
        (
            (
                "Manufacture from materials of any heading, including materials of a different 'group' in this "
                "heading. A "
                "'group' is regarded as any part of the heading separated from the rest by a semicolon"
            ),
            "AH",
        ),
        # The Andean agreement, heading 6402, chapter 17, and headings 1102 and 1517.
        ("Manufacture in which the uppers of footwear of heading 6406 used are originating.", "ORIGM:uppers@6406"),
        ("Manufacture from materials of any other chapter, except that of the product and chapter 11", "CC EX:11"),
        (
            (
                f"{CTH}, and in which the weight of white maize of heading 1005 used does not exceed 50% of the total "
                "weight of the product"
            ),
            "CTH MAXWM:whitemaize@1005:50%",
        ),
        (
            (
                "Manufacture in which at least 40 per cent by weight of all the materials of chapter 4 used are "
                "originating"
            ),
            "ORIGW:04:40%",
        ),
        # Mexico, headings 8414 and 3003.
        (
            (
                "Manufacture in which all the materials used are classified within a heading other than that of the "
                "product, except for materials of headings 6804, 8202 and 8548"
            ),
            "CTH EX:6804+8202+8548",
        ),
        # Canada, headings 3505, 1904, 7208, 1806 and 8703.
        (
            (
                "A change from heading 1108, whether or not there is also a change from any other heading, "
                "provided that "
                "the value of non-originating materials of heading 1108 does not exceed 40% of the transaction "
                "value or "
                "ex-works price of the product."
            ),
            "CTH VIA:1108 MAXM:material@1108:40% TV",
        ),
        (
            (
                "A change from within this heading, whether or not there is also a change from any other "
                "heading, provided "
                "that the weight of the non-originating materials of this heading does not exceed 30% of either "
                "the net "
                "weight of the product or the net weight of all material used in production."
            ),
            "WITHIN TOLW:30%",
        ),
        ("A change from any heading outside this group.", "OUTSIDE"),
        (
            "A change from any other subheading, provided that the change is the result of more than packaging.",
            "CTSH UNPACKED",
        ),
        (
            (
                "Production in which the value of all non-originating materials used does not exceed 80% of the "
                "net cost "
                "of the product."
            ),
            "NETNOM:80%",
        ),
        # The Trans-Pacific Partnership, headings 0306, 3901, 6101, 8407, 8501 and 8701.
        (
            (
                "No change in tariff classification required, provided that the good is smoked from a good that "
                "is not smoked"
            ),
            "NOC PROC:smoke",
        ),
        (
            (
                "A change from any other heading, provided that not less than 50% by weight of the total "
                "polymer content "
                "is originating"
            ),
            "POLYMER:50% CTH",
        ),
        (
            (
                "A change from any other chapter, except from heading 5106, provided the good is cut or knit to "
                "shape, or "
                "both, and sewn or otherwise assembled in the territory of one or more of the Parties."
            ),
            "CC CUTSEW EX:5106",
        ),
        (f"{NET_COST}45% under the net cost method.", "NOC RVCN:45%"),
        (
            f"{NET_COST}55% under the build-down method. See also Appendix 1 (Provisions Related to Vehicles)",
            "NOC RVCD:55% ANNEX",
        ),
        ("A change from any other heading, except from stators or rotors of heading 8503.", "CTH NOT:stator@8503"),
        # India, headings 8706 and 7201.
        (
            f"{CTH_IN_WORDS} and a QVC of not less than: 50% of the ex-works price under the build-down method.",
            "CTH QVCD:50%",
        ),
        (
            (
                "a QVC of not less than: 45% of either the ex-works price or free-on-board value under the "
                "build-up method."
            ),
            "QVCU:45% EITHER",
        ),
        ("a QVC of not less than: 55% of the free on-board value under the build-down method.", "QVCD:55% FOB"),
        # Singapore, headings 4107 and 6306, and the Republic of Korea, heading 1902.
        (
            (
                f"{CTH}. However, materials of sub-headings 410441 and 410449 may be used only if a re-tanning "
                "operation of "
                "the tanned or crust hides and skins in the dry state takes place"
            ),
            "CTH RETAN:410441+410449",
        ),
        (
            (
                "Extrusion of man-made fibres or use of natural fibres, in each case accompanied by any non-woven "
                "techniques including needle punching."
            ),
            "PROC:extrudefibre+usefibre PROC:needle",
        ),
        (
            (
                "Manufacture in which all the materials of chapter 2 and chapter 3 used are wholly obtained if they "
                "represent more than 20% by weight of the product"
            ),
            "WOIF:02+03:20%",
        ),
        # Türkiye, headings 2403 and 7305.
        (
            (
                f"{CTH_IN_WORDS}, in which at least 10% by weight of all materials of heading 2401 used are wholly "
                "obtained."
            ),
            "WOW:2401:10% CTH",
        ),
        (
            (
                f"{CTH_IN_WORDS} except from non-originating materials of heading 7604 (under alternative list "
                "rules with "
                "annual quotas as specified in Annex ORIG-2A (Origin Quotas))."
            ),
            "CTH EX:7604 QUOTA",
        ),
        # Switzerland, heading 5810.
        (
            (
                "Embroidering in which the value of all the materials of any heading, except that of the "
                "product, used does "
                "not exceed 50% of the ex-works price of the product."
            ),
            "PROC:embroider MAXM:otherheading:50%",
        ),
    ],
)
def test_conditions_of_agreements_are_told(sentence: str, classes: str) -> None:
    assert " ".join(classify_rule(sentence)) == classes


@pytest.mark.parametrize(
    ("sentence", "classes"),
    [
        # The choice is numbered, and the last step holds with both (EU and Canada, heading 1806).
        (
            (
                "A change from any other heading, provided that: - a) - i) the net weight of non-originating "
                "sugar used in "
                "production does not exceed 40 per cent of the net weight of the product; or - ii) the value of "
                "non-originating sugar used in production does not exceed 30 per cent of the transaction value "
                "or ex-works "
                "price of the product, and - b) the net weight of non-originating material of chapter 4 used in "
                "production "
                "does not exceed 20 per cent of the net weight of the product."
            ),
            "CTH MAXW:04:20% MAXWM:sugar:40% OR CTH MAXM:sugar:30% MAXW:04:20% TV",
        ),
        # The choice is the end of the rule (Iceland and Norway, heading 1704).
        (
            (
                f"{CTH}, in which: - the weight of sugar used does not exceed 40% of the weight of the final "
                "product, or - "
                "the value of sugar used does not exceed 30% of the ex-works price of the product."
            ),
            "CTH MAXWM:sugar:40% OR CTH MAXM:sugar:30%",
        ),
    ],
)
def test_a_choice_of_two_limits_is_two_alternatives(sentence: str, classes: str) -> None:
    assert " ".join(classify_alternatives(sentence)) == classes


def test_a_choice_without_numbers_before_a_further_step_is_not_read() -> None:
    found = classify_alternatives(
        "A change from any other heading, provided that: - the weight of sugar used does not exceed 40% of "
        "the weight of "
        "the product, or - the value of sugar used does not exceed 30% of the ex-works price of the product, "
        "and - the "
        "weight of materials of chapter 4 used does not exceed 20% of the weight of the product."
    )
    assert find_reading(found) is RuleReading.PART


@pytest.mark.parametrize(
    "sentence",
    [
        # One word more than the clause has.
        "A change from any heading outside this group of green goods.",
        f"{NET_COST}45% under the net cost method of a third party.",
        (
            f"{CTH_IN_WORDS}, in which at least 10% by weight of all materials of heading 2401 used are wholly "
            "obtained there."
        ),
        "Non-originating materials undergo a diffusion twice.",
    ],
)
def test_a_condition_with_more_words_is_not_told_whole(sentence: str) -> None:
    assert find_reading(classify_rule(sentence)) is RuleReading.PART


def test_an_annual_quota_is_told_by_its_kind_and_a_net_cost_in_words() -> None:
    assert find_reading(("CTH", "QUOTA")) is RuleReading.KIND
    assert describe_classes(("NOC", "RVCN:45%")) == (
        "no change of classification needed, with regional value content of at least 45%, by net cost"
    )
    assert describe_classes(("CTH", "VIA:1108", "MAXM:material@1108:40%")) == (
        "change of heading, with a change from materials of heading 1108 being enough as well, with "
        "materials of heading "
        "1108 at most 40% of the ex-works price"
    )
