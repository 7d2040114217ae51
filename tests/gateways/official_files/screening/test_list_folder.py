"""Denied-party lists from files: the UN's XML, OFAC's three tables, and files that are none or not safe."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from ewtp.core.screening.listed_party import BirthDate, ListedName, NameKind, PartyKind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.screening.list_folder import ListFolder, read_list_folder, store_list_files
from tests.reference_data import reference

if TYPE_CHECKING:
    from pathlib import Path

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" dateGenerated="2026-06-01T10:00:00.000Z">
<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ANTON</FIRST_NAME><SECOND_NAME>KARVELINO</SECOND_NAME>
<UN_LIST_TYPE>TEST</UN_LIST_TYPE><REFERENCE_NUMBER>TSi.001</REFERENCE_NUMBER><LISTED_ON>2020-01-31</LISTED_ON>
<NAME_ORIGINAL_SCRIPT>Антон Карвелино</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Nowhere</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Anton Carvelino</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Baker</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1961-05-02</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1963</TO_YEAR>
</INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>ZARVONIA SHIPPING</FIRST_NAME><UN_LIST_TYPE>TEST</UN_LIST_TYPE>
<REFERENCE_NUMBER>TSe.001</REFERENCE_NUMBER>
<ENTITY_ADDRESS><CITY>Port</CITY><COUNTRY>Nowhere</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""
SDN = (
    '36,"AEROZARVA",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'
    '7,"KARVELINO, Anton","individual","TEST] [OTHER","Baker",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    "\"DOB 02 May 1961; alt. DOB 1960 to 1963; a.k.a. 'BAKER'; nationality Nowhere.\"\n"
    '9,"ZARVA STAR","vessel","TEST",-0- ,"HP1",-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\x1a\n'
)
ALT = '7,101,"aka","CARVELINO, Anton",-0- \n'
ADD = '7,201,"Street 1","Port","Nowhere",-0- \n'


def held(folder: Path) -> ListFolder:
    found = read_list_folder(folder)
    assert isinstance(found, ListFolder), found
    return found


def refused(folder: Path) -> str:
    found = read_list_folder(folder)
    assert isinstance(found, Refusal)
    return found.code


def test_the_list_of_the_united_nations_is_read_with_names_births_and_its_day(tmp_path: Path):
    (tmp_path / "anything.xml").write_text(UN)
    (un,) = held(tmp_path).lists
    assert (un.id, un.published) == ("un-consolidated", date(2026, 6, 1))
    somebody, body = un.parties
    assert (somebody.entry, somebody.kind, somebody.listed_on) == ("TSi.001", PartyKind.PERSON, date(2020, 1, 31))
    assert somebody.names == (
        ListedName("ANTON KARVELINO"),
        ListedName("Антон Карвелино"),
        ListedName("Anton Carvelino", NameKind.ALIAS),
        ListedName("The Baker", NameKind.WEAK_ALIAS),
    )
    assert somebody.births == (BirthDate(1961, 1961, date(1961, 5, 2)), BirthDate(1960, 1963))
    assert (body.entry, body.kind, body.economies, body.programmes) == (
        "TSe.001",
        PartyKind.BODY,
        ("Nowhere",),
        ("TEST",),
    )


def test_the_three_tables_of_ofac_are_one_list(tmp_path: Path):
    for name, text in (("sdn.csv", SDN), ("alt.csv", ALT), ("add.csv", ADD)):
        (tmp_path / name).write_text(text)
    (sdn,) = held(tmp_path).lists
    assert (sdn.id, sdn.published, [party.entry for party in sdn.parties]) == ("us-ofac-sdn", None, ["36", "7", "9"])
    somebody = sdn.parties[1]
    assert somebody.names == (
        ListedName("KARVELINO, Anton"),
        ListedName("CARVELINO, Anton", NameKind.ALIAS),
        ListedName("BAKER", NameKind.WEAK_ALIAS),
    )
    assert somebody.births == (BirthDate(1961, 1961, date(1961, 5, 2)), BirthDate(1960, 1963))
    assert (somebody.economies, somebody.programmes) == (("Nowhere",), ("TEST", "OTHER"))
    assert sdn.parties[2].kind is PartyKind.VESSEL


def test_files_that_are_no_list_are_named_and_names_without_entries_too(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "alt.csv").write_text(ALT)
    found = held(tmp_path)
    assert (found.lists, found.others) == ((), ("notes.txt", "alt.csv"))


def test_a_folder_that_is_missing_holds_no_list(tmp_path: Path):
    assert held(tmp_path / "nowhere") == ListFolder((), ())


BOMB = UN.replace(
    "<CONSOLIDATED_LIST", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n<CONSOLIDATED_LIST'
).replace("ANTON", "&b;")


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        UN[: len(UN) // 2],
        UN.replace("<CITY>Port</CITY>", "<A>" * 40 + "</A>" * 40),
        UN.replace("<CITY>Port</CITY>", "<CITY>" + "x" * 1_100_000 + "</CITY>"),
    ],
    ids=["entities", "cut", "deep", "long"],
)
def test_a_list_that_is_broken_or_not_safe_is_refused_whole(tmp_path: Path, text: str):
    (tmp_path / "un.xml").write_text(text)
    assert refused(tmp_path) == "list_unreadable"


def test_a_table_with_a_row_of_another_width_is_refused(tmp_path: Path):
    (tmp_path / "sdn.csv").write_text(SDN + "8,only two\n")
    assert refused(tmp_path) == "list_unreadable"


def test_two_files_of_one_list_are_refused(tmp_path: Path):
    for name in ("old.xml", "new.xml"):
        (tmp_path / name).write_text(UN)
    assert refused(tmp_path) == "list_twice"


def test_a_small_file_that_unpacks_to_much_is_no_list(tmp_path: Path):
    with gzip.open(tmp_path / "un.xml.gz", "wb") as packed:
        packed.write(UN.encode()[:-30] + b" " * 70_000_000)
    assert refused(tmp_path) == "list_unreadable"


def test_loading_replaces_the_earlier_list_and_keeps_the_day_that_was_given(tmp_path: Path):
    folder, now = tmp_path / "loaded", datetime(2026, 6, 2, tzinfo=UTC)
    source = tmp_path / "SDN.CSV"
    source.write_text(SDN)
    assert store_list_files([source], folder, published=date(2026, 5, 30), loaded=now) is None
    assert [(each.published, len(each.parties)) for each in held(folder).lists] == [(date(2026, 5, 30), 3)]
    source.write_text(SDN.splitlines(keepends=True)[0])
    assert store_list_files([source], folder, published=None, loaded=now) is None
    assert [(each.published, len(each.parties)) for each in held(folder).lists] == [(None, 1)]


@pytest.mark.parametrize(("text", "code"), [("hello", "list_not_known"), (BOMB, "list_unreadable")])
def test_what_cannot_be_read_replaces_nothing(tmp_path: Path, text: str, code: str):
    folder, now = tmp_path / "loaded", datetime(2026, 6, 2, tzinfo=UTC)
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(UN)
    bad.write_text(text)
    store_list_files([good], folder, published=None, loaded=now)
    refusal = store_list_files([bad], folder, published=None, loaded=now)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert len(held(folder).lists[0].parties) == 2


@pytest.mark.whole_file
def test_the_whole_lists_are_read(tmp_path: Path):
    for name in ("un_consolidated_2025-06.xml.gz", "ofac_sdn_2023-11.csv.gz"):
        (tmp_path / name).symlink_to(reference(f"screening/{name}"))
    found = held(tmp_path)
    assert [(each.id, len(each.parties), each.published) for each in found.lists] == [
        ("un-consolidated", 877, date(2025, 4, 19)),
        ("us-ofac-sdn", 11443, None),
    ]
