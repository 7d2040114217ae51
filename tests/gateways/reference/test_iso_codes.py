"""Which economies can be asked for: codes of ISO 3166-1 and those reserved for customs, and what others write."""

from __future__ import annotations

import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import check_economy, economy_names, vocabulary
from ewtp.gateways.reference.locale_formats import economies_sorted
from ewtp.gateways.seed.reader import read_yaml
from ewtp.gateways.seed.root import seed_root

IN_TWO_TARIFFS = "Goods of or for XI bear the duties of GB, or those of EU where they are at risk of moving there"


@pytest.mark.parametrize("code", ["RE", "ax", "EA", "IC", "EU", "XK", "UM"])
def test_a_part_of_a_customs_territory_can_be_asked_for(code):
    assert check_economy(code) == code.upper()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("UK", "UK is not an ISO 3166-1 economy; write GB."),
        ("XI", f"{IN_TWO_TARIFFS}: ask with GB, and with EU for those duties."),
        ("EL", "EL is not an ISO 3166-1 economy; write GR."),
        ("XC", "XC is not an ISO 3166-1 economy; write EA."),
        ("ZZ", "ZZ is not an ISO 3166-1 economy; give its two letters, such as KE."),
    ],
)
def test_a_refusal_fits_the_code_that_was_typed(code, says):
    refused = check_economy(code)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.message) == ("economy_unknown", says)


def test_a_place_between_two_tariffs_is_a_part_of_the_first_by_its_own_territory():
    territories = {each["code"]: each for each in read_yaml(seed_root() / "territories.yaml")["territories"]}
    assert vocabulary().between_tariffs.keys() == {"XI"}
    own, other = vocabulary().between_tariffs["XI"]
    (customs,) = [p for p in territories["Northern-Ireland"]["practices"] if p["name"] == "customs_territory"]
    assert customs["value"] == own
    assert other in customs["reference"]
    assert {own, other} <= vocabulary().economies


def test_what_is_written_instead_leads_to_an_economy():
    other_codes = vocabulary().other_codes
    assert set(other_codes).isdisjoint(vocabulary().economies)
    assert set(other_codes.values()) <= vocabulary().economies


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar", "zh-hans", "sw"])
def test_every_economy_has_a_name_in_every_language(language):
    named = dict(economies_sorted(language))
    assert {"EA", "IC", "RE", "JE", "PR"} <= named.keys()
    assert [code for code, name in economy_names(language).items() if name == code] == []


def test_every_part_of_the_seed_says_who_answers_name_it_with():
    territories = read_yaml(seed_root() / "territories.yaml")["territories"]
    parts = [each for each in territories if "members" not in each]
    assert len(parts) > 20
    unnamed = [part["code"] for part in parts if "named_with" not in {p["name"] for p in part["practices"]}]
    assert unnamed == []
