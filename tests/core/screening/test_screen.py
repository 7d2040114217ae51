"""Names against a small list: tiers, evidence, dates of birth, order of hits."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.screening.listed_party import (
    BirthDate,
    DeniedPartyList,
    ListedName,
    ListedParty,
    NameKind,
    PartyKind,
)
from ewtp.core.screening.name_form import fold_name
from ewtp.core.screening.name_match import match_names
from ewtp.core.screening.screen import WEAK, NameIndex, Tier, screen_names


def person(entry: str, *names: str, weak: str = "", born: tuple[BirthDate, ...] = ()) -> ListedParty:
    listed = [ListedName(name, NameKind.ALIAS if at else NameKind.PRIMARY) for at, name in enumerate(names)]
    if weak:
        listed.append(ListedName(weak, NameKind.WEAK_ALIAS))
    return ListedParty(entry, PartyKind.PERSON, tuple(listed), born)


# Everybody here is invented; common names are there so that they weigh less.
PARTIES = (
    person("P1", "KARVELINO, Dmitri Antonovich", "Дмитрий Карвелино", born=(BirthDate(1961, 1961, date(1961, 5, 2)),)),
    person("P2", "Muhammad Tahirkhel Anwarzad", weak="The Baker", born=(BirthDate(1958, 1962),)),
    person("P3", "Muhammad Ali"),
    person("P4", "Muhammad Hassan"),
    person("P5", "Ali Hassan"),
    ListedParty("B1", PartyKind.BODY, (ListedName("Zarvonia Shipping Company Ltd"),), programmes=("TEST",)),
    ListedParty("B2", PartyKind.BODY, (ListedName("Peoples Trading Company of the North"),)),
)
INDEX = NameIndex([DeniedPartyList("test", "Test list", "Nobody", date(2026, 1, 1), PARTIES)])


@pytest.mark.parametrize(
    ("name", "entry", "tier"),
    [
        ("Dmitri Antonovich Karvelino", "P1", Tier.EXACT),
        ("karvelino dmitri antonovich", "P1", Tier.EXACT),
        ("Дмитрий Карвелино", "P1", Tier.EXACT),
        ("Dmitry Karvelino", "P1", Tier.STRONG),
        ("DmitriKarvelino", "P1", Tier.STRONG),
        ("Dmitri Antonovich Karvelinno", "P1", Tier.STRONG),
        ("Mohamed Taherkhel Anwarzada", "P2", Tier.STRONG),
        ("Zarvonia Shipping", "B1", Tier.STRONG),
        ("ZARVONIA SHIPPING CO., LIMITED", "B1", Tier.STRONG),
        ("Zarvonia", "B1", Tier.WEAK),
        # A name that the list itself calls weak is one tier lower.
        ("The Baker", "P2", Tier.STRONG),
    ],
)
def test_a_variant_is_found_in_its_tier(name: str, entry: str, tier: Tier):
    hits = {hit.entry: hit.tier for hit in INDEX.screen(name)}
    assert hits.get(entry) == tier


@pytest.mark.parametrize("name", ["Anna Lindqvist", "Northern Coffee Traders", "Muhammad", "Sergei Antonov"])
def test_another_name_is_no_hit(name: str):
    assert INDEX.screen(name) == ()


NAMES = [name.text for party in PARTIES for name in party.names]
ASKED = [
    *NAMES,
    "D. Karvelino",
    "Karvelina Dmitriy Antonovitch",
    "Peoples Trading",
    "North of the Peoples Company Trading",
    "Tahir khel Muhammad",
    "Mohamad Hasan",
    "M. Ali",
    "Zarvonya Ship ping Co",
    "Al Zarvonia",
]


@pytest.mark.parametrize("name", ASKED)
def test_the_index_loses_no_name_that_a_comparison_with_every_name_finds(name: str):
    asked = fold_name(name)
    wanted = {
        party.entry
        for party in PARTIES
        for listed in party.names
        if match_names(asked, fold_name(listed.text), INDEX.weigh).score >= WEAK
    }
    assert {hit.entry for hit in INDEX.screen(name)} == wanted
    assert wanted or "." in name


def test_words_of_one_sound_that_are_just_alike_enough_are_found():
    # Two letters of five, which is the least; at exactly a cutoff rapidfuzz leaves some texts out.
    index = NameIndex([DeniedPartyList("test", "Test list", "Nobody", None, (person("M1", "Zurvan Malek"),))])
    assert [hit.entry for hit in index.screen("Mleeq, Zurvan")] == ["M1"]


def test_the_evidence_shows_the_words_and_what_is_left_over():
    hit = INDEX.screen("Mohamed Tahirkhel")[0].as_json()
    assert (hit["name"], hit["list"], hit["entry"]) == ("Mohamed Tahirkhel", "test", "P2")
    evidence = hit["evidence"]
    assert [(pair["asked"], pair["listed"], pair["how"]) for pair in evidence["words"]] == [
        ("tahirkhel", "tahirkhel", "same"),
        ("mohamed", "muhammad", "sound"),
    ]
    assert (evidence["only_asked"], evidence["only_listed"]) == ([], ["anwarzad"])
    assert evidence["listed_name"] == "Muhammad Tahirkhel Anwarzad"


@pytest.mark.parametrize(
    ("born", "birth", "tier"),
    [
        (None, "not_asked", Tier.EXACT),
        (BirthDate(1961, 1961), "agrees", Tier.EXACT),
        (BirthDate(1962, 1962), "agrees", Tier.EXACT),
        (BirthDate(1963, 1963), "differs", Tier.STRONG),
    ],
)
def test_another_date_of_birth_lowers_a_hit_and_never_hides_it(born: BirthDate | None, birth: str, tier: Tier):
    hit = INDEX.screen("Dmitri Antonovich Karvelino", born)[0]
    assert (hit.evidence.birth, hit.tier) == (birth, tier)


def test_a_list_without_a_date_of_birth_says_so():
    assert INDEX.screen("Ali Hassan", BirthDate(1990, 1990))[0].evidence.birth == "not_listed"


def test_hits_come_nearest_first_and_each_entry_once():
    hits = INDEX.screen("Muhammad Ali")
    assert hits[0].entry == "P3"
    assert len({hit.entry for hit in hits}) == len(hits)
    assert [(hit.tier, -hit.score) for hit in hits] == sorted(
        ((hit.tier, -hit.score) for hit in hits), key=lambda each: (list(Tier).index(each[0]), each[1])
    )


def test_hits_of_several_names_keep_their_order():
    names = ["Zarvonia Shipping", "Anna Lindqvist", "Ali Hassan"]
    assert list(dict.fromkeys(hit.name for hit in screen_names(INDEX, names))) == ["Zarvonia Shipping", "Ali Hassan"]


def test_the_age_of_a_list_is_told_where_its_day_is_known():
    dated = DeniedPartyList("test", "Test", "Nobody", date(2026, 1, 1), ())
    assert dated.age_days(date(2026, 1, 31)) == 30
    assert DeniedPartyList("test", "Test", "Nobody", None, ()).age_days(date(2026, 1, 31)) is None
