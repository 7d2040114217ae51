"""Chapter 99 and its lists: the parsing of headings, each programme on real figures, and open questions."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import Group
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us import additional_duties
from ewtp.gateways.official_files.us.chapter_99 import Heading, find_economies
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, open_lists
from ewtp.gateways.official_files.us.section_232_annexes import METAL_PROGRAMMES, enumerate_annexes
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.period import Period

# Most of these read every list of the official folder.
pytestmark = pytest.mark.whole_file

SAME = "The duty provided in the applicable subheading"


def heading(text: str = "", general: str = "", other: str = "") -> Heading:
    """A heading with the texts that matter to a test."""
    return Heading("9903.88.03", text, general, "", other)


@pytest.mark.parametrize(
    ("general", "expression"),
    [
        (f"{SAME} + 25%", "25%"),
        (f"{SAME} plus 25%", "25%"),
        (f"{SAME} +25%", "25%"),
        (f"{SAME} + 50%.", "50%"),
        (f"{SAME} + a duty of 25%", "25%"),
        ("The duty provided in subheadings 8716.39.00, 8716.90.30 or 8716.90.50 + 100%", "100%"),
        (f"{SAME} + a duty of 50% upon the value of the steel content.", "50% upon the value of the steel content"),
        ("15%", "15% less the duty provided in the applicable subheading"),
        (SAME, None),
        ("No change", None),
        ("", None),
    ],
)
def test_what_a_heading_charges(general: str, expression: str | None) -> None:
    assert heading(general=general).expression == expression


DATED = "entries on or after January 1, 2025, and before January 1, 2026, articles"
EXCLUDED = "entries on or after June 15, 2024 and through November 9, 2026, articles"
NOTE = "Articles of India [Compiler's note: provision"


@pytest.mark.parametrize(
    ("text", "starts", "ends", "stopped"),
    [
        (DATED, date(2025, 1, 1), date(2025, 12, 31), False),
        (EXCLUDED, date(2024, 6, 15), date(2026, 11, 9), False),
        (f"{NOTE} terminated as of February 7, 2026.]", None, date(2026, 2, 6), False),
        (f"{NOTE} terminated. See 90 Fed. Reg. 44638]", None, None, True),
        (f"{NOTE} suspended.]", None, None, True),
        ("Articles the product of China", None, None, False),
    ],
)
def test_when_a_heading_applies(text: str, starts: date | None, ends: date | None, stopped: bool) -> None:  # noqa: FBT001 - a row of the table
    found = heading(text)
    assert (found.starts, found.ends, found.stopped) == (starts, ends, stopped)


PORT = "Except for goods loaded at the port of loading before April 5, 2025,"


@pytest.mark.parametrize(
    ("text", "economies"),
    [
        (f"{PORT} articles the product of C\u00f4te d\u2019Ivoire, as provided for", ("CI",)),
        (f"{PORT} articles the product of China, including Hong Kong and Macau, as provided", ("CN", "HK", "MO")),
        ("articles the product of Bosnia and Herzegovina, as provided for", ("BA",)),
        ("Wood products of South Korea as provided for in subdivisions (d) and (f)", ("KR",)),
        ("Articles the product of the Russian Federation, as provided for in U.S. note 30(a)", ("RU",)),
        ("Articles the product of any country, as provided for in subdivision (aa)", ()),
    ],
)
def test_whose_products_a_heading_names(text: str, economies: tuple[str, ...]) -> None:
    assert heading(text).economies == economies


def test_the_union_stands_for_its_members() -> None:
    named = find_economies("Japan, the United Kingdom, or a member nation of the European Union")
    assert len(named) == 29
    assert {"JP", "GB", "DE", "SI"} <= set(named)


def test_a_rate_in_place_of_column_2() -> None:
    assert heading(other="35%").replaces_column_2 == "35%"
    assert heading(general="15%", other="35%").replaces_column_2 is None


def test_a_file_or_another_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("a,b\n")
    for path in (file, tmp_path):
        refusal = additional_duties.read(path, retrieved=RETRIEVED)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "file_not_us_lists"


def folder() -> Path:
    """The folder of US reference data, or skip."""
    return reference("us/policy_params.yaml").parent


@cache
def records() -> tuple[object, ...]:
    """Everything in the folder, read once for all tests."""
    importing = additional_duties.read(folder(), retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return tuple(importing.records)


def on(day: date, code: str, origin: str, programme: str) -> set[tuple[str, str, str]]:
    """The duty of a programme on a line of an origin on a day: prefix, expression, heading."""
    groups = {g.id for g in records() if isinstance(g, Group) and g.holds(origin, day)}
    return {
        (m.product.prefix, m.expression, m.reference)
        for m in records()
        if isinstance(m, Measure)
        and m.programme == programme
        and m.in_force(day)
        and m.product.covers(code)
        and {"*", origin, *groups}.intersection(m.origins.include)
        and not {origin, *groups}.intersection(m.origins.exclude)
        and not any(c.kind == "claim" for c in m.conditions)
    }


JUNE = date(2026, 6, 30)
JANUARY = date(2026, 1, 15)


def test_a_product_on_several_lists_owes_the_highest_rate() -> None:
    # 8541.42.00 is on list 2 (25%) and on the list at 50% from 2024-09-27.
    assert on(JUNE, "8541420000", "CN", "US-s301") == {("85414200", "50%", "HTS 9903.91.02")}
    assert on(JUNE, "8413200000", "CN", "US-s301") == {("84132000", "25%", "HTS 9903.88.03")}
    assert on(JUNE, "8413200000", "VN", "US-s301") == set()


def test_a_suspended_list_charges_nothing() -> None:
    # 8471.30.01 is on list 4B alone (9903.88.16), which is suspended.
    assert on(JUNE, "8471300100", "CN", "US-s301") == set()


def test_a_heading_that_names_statistical_numbers_reaches_those_only() -> None:
    day = date(2026, 11, 10)
    assert on(day, "8716390090", "CN", "US-s301") >= {("8716390090", "100%", "HTS 9903.91.12")}
    assert on(day, "8716390010", "CN", "US-s301") == {("87163900", "25%", "HTS 9903.88.03")}
    assert on(JUNE, "8716390090", "CN", "US-s301") == {("87163900", "25%", "HTS 9903.88.03")}


def test_lines_of_which_only_some_goods_are_listed_are_open() -> None:
    found = [
        m for m in records() if isinstance(m, Measure) and m.product.prefix == "94037080" and m.programme == "US-s301"
    ]
    assert [c.kind for m in found for c in m.conditions] == ["scope"]
    # Here the footnotes of the ten-digit lines say which goods list 3 reaches.
    listed = {m.product.prefix for m in records() if isinstance(m, Measure) and m.reference == "HTS 9903.88.04"}
    assert {"2931909010", "2931909021"} <= listed
    assert "29319090" not in listed


def test_exclusions_are_claimed_and_end_with_their_heading() -> None:
    found = [
        m for m in records()
        if isinstance(m, Measure) and m.programme == "US-s301" and any(c.kind == "claim" for c in m.conditions)
    ]  # fmt: skip
    assert {(m.expression, m.validity.end) for m in found} == {("Free", date(2026, 11, 9))}
    assert {m.reference for m in found} == {"HTS 9903.88.69", "HTS 9903.88.70"}


def test_steel_by_annex_and_before() -> None:
    assert on(JUNE, "7208360030", "JP", "US-s232-steel") == {("7208", "50%", "HTS 9903.82.02")}
    assert on(JANUARY, "7208360030", "JP", "US-s232-steel") == {("7208", "50%", "HTS 9903.81.87")}
    assert on(JANUARY, "7208360030", "GB", "US-s232-steel") == {
        ("7208", "50%", "HTS 9903.81.87"),
        ("7208", "25%", "HTS 9903.81.94"),
    }
    # Pig iron is on no list.
    assert on(JUNE, "7201100000", "JP", "US-s232-steel") == set()


def test_the_rate_for_british_metal_has_to_be_claimed() -> None:
    found = [
        m for m in records()
        if isinstance(m, Measure) and m.product.prefix == "7208" and m.reference == "HTS 9903.82.04"
    ]  # fmt: skip
    assert [(m.expression, m.origins.include) for m in found] == [("25%", ("GB",))]
    assert found[0].conditions[0].kind == "claim"


def test_an_annex_that_ends_gives_way_to_the_next() -> None:
    rates = [
        (date(2026, 5, 1), "25%"),
        (JUNE, "15% less the duty provided in the applicable subheading"),
        (date(2028, 1, 1), "25%"),
    ]
    for day, rate in rates:
        expressions = {expression for _, expression, _ in on(day, "8407901010", "VN", "US-s232-steel")}
        assert expressions == {rate}, day


def test_the_same_line_never_owes_for_two_metals() -> None:
    days = (date(2026, 5, 1), JUNE, date(2028, 1, 1))
    for code in ("7308200035", "7616995160", "8302416015", "8415908010", "8412909070"):
        for day in days:
            metals = [p for p in ("steel", "aluminum", "copper") if on(day, code, "VN", f"US-s232-{p}")]
            assert len(metals) == 1, (code, day, metals)


def test_content_is_a_named_value_and_never_a_share() -> None:
    assert on(JANUARY, "8427104000", "JP", "US-s232-steel") == {
        ("84271040", "50% upon the value of the steel content", "HTS 9903.81.91"),
    }
    shares = [m for m in records() if isinstance(m, Measure) and "content" in m.expression]
    assert shares
    assert all(m.validity.end is not None or "non-U.S." in m.expression for m in shares)


def test_the_surcharge_and_what_it_exempts() -> None:
    assert ("", "10%", "HTS 9903.03.01") in on(JUNE, "6109100012", "TR", "US-s122")
    assert on(date(2026, 7, 24), "6109100012", "TR", "US-s122") == set()
    assert on(date(2026, 2, 23), "6109100012", "TR", "US-s122") == set()
    assert ("09011100", "Free", "HTS 9903.03.03") in on(JUNE, "0901110025", "BR", "US-s122")
    # Plastic tubes are exempt as articles of civil aircraft only, which is claimed.
    assert on(JUNE, "3917210000", "TR", "US-s122") == {("", "10%", "HTS 9903.03.01")}


def test_agreements_free_goods_of_the_surcharge_by_claim() -> None:
    claims = defaultdict(set)
    for m in records():
        if isinstance(m, Measure) and m.programme == "US-s122":
            for c in m.conditions:
                if c.value.startswith("US-"):
                    claims[c.value].add((m.product.prefix, m.origins.include))
    assert claims["US-S"] == {("", ("CA",)), ("", ("MX",))}
    assert {prefix for prefix, _ in claims["US-P"]} == {str(chapter) for chapter in range(50, 64)}


def test_the_reciprocal_rates_and_their_end() -> None:
    day, after = date(2026, 2, 23), date(2026, 2, 24)
    assert ("", "20%", "HTS 9903.02.69") in on(day, "6109100012", "VN", "US-ieepa-reciprocal")
    assert on(day, "6109100012", "CN", "US-ieepa-reciprocal") == {("", "10%", "HTS 9903.01.25")}
    assert on(day, "6109100012", "CA", "US-ieepa-reciprocal") == set()
    assert on(after, "6109100012", "VN", "US-ieepa-reciprocal") == set()
    assert ("09011100", "Free", "HTS 9903.01.32") in on(day, "0901110025", "VN", "US-ieepa-reciprocal")


def test_orders_on_single_economies() -> None:
    assert ("", "40%", "HTS 9903.01.77") in on(JANUARY, "6109100012", "BR", "US-ieepa-brazil")
    assert on(date(2026, 2, 6), "6109100012", "IN", "US-ieepa-india") == {("", "25%", "HTS 9903.01.84")}
    assert on(date(2026, 2, 7), "6109100012", "IN", "US-ieepa-india") == set()
    assert on(JANUARY, "6109100012", "CN", "US-ieepa-fentanyl") == {("", "10%", "HTS 9903.01.24")}
    assert on(JANUARY, "6109100012", "CA", "US-ieepa-fentanyl") == {("", "35%", "HTS 9903.01.10")}


def test_an_economy_with_a_rate_of_its_own_finds_the_exemptions_too() -> None:
    """An exemption of every origin would lose against a rate for a named one, so it names their group."""
    group = next(g for g in records() if isinstance(g, Group) and g.id == "US-RECIPROCAL-LISTED")
    named = {
        origin for m in records()
        if isinstance(m, Measure) and m.programme == "US-ieepa-reciprocal" and not m.product.prefix
        for origin in m.origins.include if origin != "*"
    }  # fmt: skip
    assert named == {member.economy for member in group.members}
    assert len(named) == 95


def test_all_is_read_and_nothing_contradicts() -> None:
    found = records()
    assert not [r for r in found if isinstance(r, RowRefused)]
    measures = [m for m in found if isinstance(m, Measure)]
    assert len({m.id for m in measures}) == len(measures)
    by_key: dict[str, list[Period]] = defaultdict(list)
    for measure in measures:
        assert not [p for p in by_key[measure.key] if p.overlaps(measure.validity)], measure.id
        by_key[measure.key].append(measure.validity)
    unread = {m.expression for m in measures if isinstance(parse(m.expression, currency="USD"), Refusal)}
    assert not unread
    counts = Counter(m.programme for m in measures)
    assert counts["US-s301"] == 10605
    assert counts["US-s122"] == 2273
    assert {"US-s232-steel", "US-s232-aluminum", "US-s232-copper", "US-s232-autos", "US-ieepa-reciprocal"} <= set(
        counts,
    )


def test_what_the_lists_leave_open_is_a_condition() -> None:
    found = {
        m.programme: m.conditions
        for m in records()
        if isinstance(m, Measure) and m.programme in ("US-s232-semiconductors", "US-s232-pharmaceuticals")
    }
    assert len(found) == 2
    assert all(c[-1].kind == "scope" for c in found.values())


def test_whether_goods_are_parts_of_vehicles_is_asked() -> None:
    headings = {f"HTS 9903.94.{number}" for number in ("05", "43", "53", "63", "67")}
    found = [m for m in records() if isinstance(m, Measure) and m.reference in headings]
    by_code = {m.product.prefix for m in found}
    assert len(by_code) == 130
    for code in by_code:
        due, asked = (
            [m for m in found if m.product.prefix == code and m.additional_code.endswith("-open") is is_open]
            for is_open in (False, True)
        )
        assert {c.claim for m in due for c in m.conditions} == {"US-S", "US-S+", "end_use:automobile-parts"}
        assert [c.kind for m in asked for c in m.conditions][-1] == "scope"


# Provisions that were charged because words of a description, or the first digits of a number, were taken for a list.
@pytest.mark.parametrize(
    "code",
    ["8471300100", "8471500150", "8430410000", "8501104020", "8481905000", "8479899596", "8543906500"],
)
def test_what_no_list_of_note_16_enumerates_owes_nothing_for_its_metal(code: str) -> None:
    day = date(2026, 4, 25)
    assert not [p for p in ("steel", "aluminum", "copper") if on(day, code, "VN", f"US-s232-{p}")]


def test_every_provision_of_note_16_owes_and_no_other() -> None:
    day = date(2026, 4, 25)
    held = {
        m.product.prefix
        for m in records()
        if isinstance(m, Measure)
        and m.programme in METAL_PROGRAMMES
        and m.reference in {"HTS 9903.82.02", "HTS 9903.82.09", "HTS 9903.82.10"}
        and m.in_force(day)
    }
    lists = open_lists(folder(), retrieved=RETRIEVED)
    assert isinstance(lists, Chapter99Lists)
    printed = {entry.prefix for entry in enumerate_annexes(lists, day)}
    # 738 are printed, of which 24 stand on two lists.
    assert len(printed) == 714
    assert {code for code in printed if not any(code.startswith(prefix) for prefix in held)} == set()
    assert held <= printed


def test_a_garbled_list_ends_the_reading(tmp_path: Path) -> None:
    copied = tmp_path / "us"
    shutil.copytree(folder(), copied, copy_function=shutil.copyfile)
    copied.chmod(0o755)
    for name in ("hts_2025_rev_32.json.gz", "hts_2026_basic.json.gz"):
        (copied / name).unlink()
    lists = copied / "s301_product_lists.csv.gz"
    lists.write_bytes(lists.read_bytes()[:5000])
    importing = additional_duties.read(copied, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    last = list(importing.records)[-1]
    assert isinstance(last, RowRefused)
    assert last.code == "file_broken"


def test_an_edition_without_a_date_is_refused(tmp_path: Path) -> None:
    for name in ("policy_params.yaml", "s232_annex_products.csv", "s301_product_lists.csv.gz"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "chapter99_notes_2026_rev_6.txt").write_text("99 - III - 1\n1. (a) words\n")
    (tmp_path / "revision_dates.csv").write_text("revision,effective_date\n2026_basic,2026-01-01\n")
    rows = [
        {
            "htsno": "9903.88.03",
            "indent": "0",
            "description": "",
            "units": [],
            "general": "",
            "special": "",
            "other": "",
        },
    ]
    with gzip.open(tmp_path / "hts_2026_rev_10.json.gz", "wt") as stream:
        json.dump(rows, stream)
    refusal = open_lists(tmp_path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert "does not date hts_2026_rev_10.json.gz" in refusal.message
