"""The committed seed is what the importers write from the official files, byte for byte, and it hangs together."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ewtp.core.values.refusal import Refusal
from tests.seed_book import read_seed
from tools.seed.write import WRITERS, write_seed

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook

REFERENCE = Path(os.environ.get("EWTP_REFERENCE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
SEED = Path(__file__).resolve().parents[2] / "rulebook"


@pytest.mark.whole_file
@pytest.mark.parametrize("name", ["sacu", "afcfta", "ca", "vat", "hs", "exchange_rates"])
def test_the_seed_is_what_the_importers_write(name: str, tmp_path: Path) -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the reference data is not here; set EWTP_REFERENCE_DATA to its folder")
    shutil.copytree(SEED / "vat" / "checked", tmp_path / "vat" / "checked")
    kept_by_hand = set(tmp_path.rglob("*"))
    assert WRITERS[name](REFERENCE, tmp_path) is None
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in kept_by_hand]
    assert written
    for path in written:
        committed = SEED / path.relative_to(tmp_path)
        assert committed.exists(), f"{committed} is not committed"
        assert path.read_bytes() == committed.read_bytes(), f"{committed} is not what the importer writes"


def test_a_missing_reference_is_refused(tmp_path: Path) -> None:
    refusal = write_seed(tmp_path / "nowhere", tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "reference_missing"
    assert isinstance(WRITERS["sacu"](tmp_path, tmp_path), Refusal)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def book() -> SeedBook:
    return read_seed()


@pytest.mark.seed
def test_every_rule_belongs_to_a_territory_and_names_groups_that_exist(book: SeedBook) -> None:
    territories = {t.code for t in book.territories}
    groups = {g.id for g in book.groups}
    assert {m.territory for m in book.measures} <= territories
    ours = {"SACU", "ECOWAS", "CEMAC", "CA", "ZA"}
    named = {
        o for m in book.measures if m.territory in ours for o in (*m.origins.include, *m.origins.exclude) if len(o) > 2
    }
    assert named <= groups, sorted(named - groups)
    schemes = {r.scheme for r in book.origin_rules}
    assert {g.origin_scheme for g in book.groups if g.id.endswith("-AFCFTA") and g.origin_scheme} <= schemes


@pytest.mark.seed
def test_lines_and_rules_use_the_nomenclature_of_their_territory(book: SeedBook) -> None:
    schedules = {t.code: t for t in book.territories if t.schedule}
    assert {"SACU", "ECOWAS", "CEMAC", "CA"} <= set(schedules)
    # The preferences and quotas of Great Britain were notified on a later edition than its schedule is in.
    later = {"uk-preferences", "uk-tariff-quotas"}
    for measure in book.measures:
        if measure.territory in schedules and len(measure.product.prefix) > 6 and measure.source.id not in later:
            assert measure.product.nomenclature == schedules[measure.territory].nomenclature, measure.id


@pytest.mark.seed
def test_every_practice_has_a_source_and_a_place_in_it(book: SeedBook) -> None:
    practices = [(t.code, p) for t in book.territories for p in t.practices]
    assert len(practices) >= 12
    for code, practice in practices:
        assert practice.reference, f"{code} {practice.name}"
    assert {"EU": 27, "SACU": 5, "ECOWAS": 15, "CEMAC": 6}.items() <= {
        t.code: len(t.members) for t in book.territories
    }.items()
