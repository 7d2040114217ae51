"""The seed's lists are those of the legal texts: nothing that a text lists is missing, and nothing else is charged."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.enumeration import Enumeration, compare_enumeration
from ewtp.core.rulebook.file_share import FileReading
from ewtp.gateways.seed.enumerations import read_enumerations
from ewtp.gateways.seed.file_readings import read_file_readings, write_file_readings
from ewtp.gateways.seed.root import seed_root
from tests.seed_book import read_seed

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure

ENUMERATIONS = read_enumerations(seed_root())


@pytest.fixture(scope="module")
def citing() -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = defaultdict(list)
    for measure in read_seed().measures:
        if measure.territory == "US":
            found[measure.reference].append(measure)
    return found


@pytest.mark.seed
@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=[each.provision for each in ENUMERATIONS])
def test_the_rules_reach_what_the_text_lists_and_no_other(
    enumeration: Enumeration, citing: dict[str, list[Measure]]
) -> None:
    rules = [m.product for m in citing[enumeration.reference] if m.in_force(enumeration.day)]
    found = compare_enumeration(enumeration, rules)
    assert (found.missing, found.unlisted) == ((), ())


def test_the_lists_are_as_long_as_the_texts_have_them() -> None:
    counts = {each.provision: len(each.codes) for each in ENUMERATIONS}
    assert counts["note 33(g)"] == 130
    assert counts["note 38(i)"] == 182
    assert counts["note 2(aa)(ii)"] == 1098
    assert counts["note 2(aa)(iii)"] == 11
    assert sum(counts[name] for name in counts if name.startswith("note 16(c)")) == 714


def test_readings_of_files_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    given = (
        FileReading("a", "a.csv", "lines", 1000, (("rate_unreadable", 30), ("no_unit", 1))),
        FileReading("", "b", "x", 0),
    )
    assert read_file_readings(tmp_path) == ()
    write_file_readings(tmp_path, given)
    assert read_file_readings(tmp_path) == given
    assert [each.read_percent for each in given] == ["96.9", "100.0"]


def test_all_but_two_files_of_the_seed_are_read_to_97_percent() -> None:
    readings = read_file_readings(seed_root())
    assert len(readings) > 25
    low = {f"{each.file} {each.unit}" for each in readings if each.unread * 100 > each.total * 3}
    assert low == {
        "canada_2026/canada_tariff_T2026_rated_lines.csv.gz lines",
        "vietnam/vietnam_tariff_2023-01.csv.gz lines",
    }
