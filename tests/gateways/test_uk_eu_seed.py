"""The packs of Great Britain and the European Union: the same law in fewer rows, the same bytes from the same files."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.uk import preferences as uk_preferences
from ewtp.gateways.seed.reader import seed_root
from tests.seed_book import read_seed
from tools.seed.gathered import Gathered, gather
from tools.seed.gb_eu import collapse_duties, unite_members, write_gb_eu

SOURCE = Source("s", "S", "P", date(2021, 1, 1), date(2026, 1, 1))
OPEN = Period(date(2021, 1, 1))
PACKS = (
    "gb/global_tariff",
    "gb/preferences",
    "gb/quotas",
    "gb/origin_rules",
    "gb/relief",
    "eu/common_external_tariff",
    "eu/relief",
)


def reference() -> Path:
    """The reference data, or skip."""
    root = Path(os.environ.get("EWTP_REFERENCE_DATA") or Path(__file__).parents[3] / "shared" / "data")
    if not (root / "gb_eu").exists():
        pytest.skip("needs the reference data (gb_eu): set EWTP_REFERENCE_DATA to its folder")
    return root


def duty(code: str, rate: str) -> Measure:
    return Measure(
        f"GB-duty-{code}",
        "GB",
        Kind.DUTY,
        Product("CN2020", code),
        OPEN,
        SOURCE,
        f"UKGT {code}",
        expression=rate,
    )


def rate_of(code: str, duties: list[Measure]) -> str:
    """What the longest matching prefix says."""
    return max((m for m in duties if m.product.covers(code)), key=lambda m: len(m.product.prefix)).expression


def test_collapsing_keeps_every_lines_rate():
    table = {
        "01012100": "0%",
        "01012910": "0%",
        "01022110": "5%",
        "01022190": "0%",
        "0102219010": "5%",
        "02011000": "1%",
        "0201100010": "1%",
    }
    collapsed = list(
        collapse_duties([duty(c, r) for c, r in table.items()], [TariffLine("GB", c, OPEN) for c in table]),
    )
    assert {code: rate_of(code, collapsed) for code in table} == table
    assert len(collapsed) < len(table)
    assert {m.product.prefix for m in collapsed if m.product.prefix.startswith("02")} == {"0201"}
    assert all(m.reference == f"UKGT {m.product.prefix}" for m in collapsed)


def test_members_with_the_same_rate_are_written_once():
    both = [
        Measure(
            f"m{n}",
            "GB",
            Kind.PREFERENCE,
            Product("CN2022", "01"),
            OPEN,
            SOURCE,
            "r",
            expression="0%",
            origins=Origins(("GB-sacum",), out),
        )
        for n, out in enumerate((("LS", "ZA"), ("BW", "ZA")))
    ]
    (one,) = unite_members(both)
    assert one.origins == Origins(("GB-sacum",), ("ZA",))


@pytest.mark.whole_file
def test_the_committed_seed_is_what_the_importers_write(tmp_path):
    assert write_gb_eu(reference(), tmp_path) is None
    for pack in PACKS:
        written = sorted(p.name for p in (tmp_path / pack).iterdir())
        kept = sorted(p.name for p in (seed_root() / pack).iterdir() if p.name != "cases.yaml")
        assert written == kept, pack
        for name in written:
            assert (tmp_path / pack / name).read_bytes() == (seed_root() / pack / name).read_bytes(), f"{pack}/{name}"


@pytest.mark.seed
def test_the_seed_says_of_every_preference_what_the_official_file_says():
    official = gather(uk_preferences.read(reference() / "gb_eu" / "pref_data3.xlsx"))
    assert isinstance(official, Gathered)
    book = read_seed()
    seed = [m for m in book.measures if m.source.id == "uk-preferences"]
    members = {g.id: [m.economy for m in g.members] for g in book.groups}
    assert _told(official.measures, members) == _told(seed, members)


def _told(
    measures: list[Measure],
    members: dict[str, list[str]],
) -> dict[tuple[str, str, str], set[tuple[str, date | None]]]:
    """By claim, economy and code: each rate with its last day, and the day it starts in the key of the answer."""
    told: dict[tuple[str, str, str], set[tuple[str, date | None]]] = defaultdict(set)
    for measure in measures:
        for group in measure.origins.include:
            assert group != EVERY_ORIGIN
            for economy in members[group]:
                if economy not in measure.origins.exclude:
                    key = (group, economy, f"{measure.product.prefix} {measure.validity.start}")
                    told[key].add((measure.expression, measure.validity.end))
    return told
