"""Conditions of the EU's tariff measures: papers by code and origin, and excluded origins."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.measure import ConditionKind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eu.taric_conditions import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "eu_taric/taric_measure_conditions_2025-10.csv.gz"
HEADER = "Goods code;Origin code;Meas. type code;Meas. cond;Sequence;Certificate;Cond. amount;Meas. unit"
CONDITIONS = """
0101000000;IL;142;Y;1;Y864;;
0101000000;IL;142;Y;3;;;
0101000000;IL;143;Y;1;L001;;
1704100000;2012;142;B;1;Y021;;
1704100000;IS;142;B;1;Y019;;
2204219313;TN;142;E;1;;100;LTR
2204219313;TN;142;E;2;U005;;
1006201713;XS;142;B;1;Z999;;
1006201700;XS;142;B;1;L001;;
1006201700;XS;142;Q;1;Y100;;
0101000000;1006;142;B;1;U088;;
17041;IS;142;B;1;Y019;;
"""
EXCLUSIONS = (
    "Goods code;Excluded country code;Origin code;Meas. type code;Excluded country\n1704100000;NO;2012;142;NO\n"
)
ICELAND, AREA = (
    "Y019 (proof of origin that shows Iceland)",
    "Y021 (proof of origin that shows the European Economic Area)",
)


def write_tables(folder: Path, exclusions: str = "") -> Path:
    if exclusions:
        (folder / "exclusions.csv").write_text(exclusions)
    path = folder / "conditions.csv"
    path.write_text(HEADER + CONDITIONS)
    return path


def proofs_of(path: Path) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    records = list(importing.records)
    found = {
        (each.product.prefix, each.origins.include[0]): [
            condition.value for condition in each.conditions if condition.kind is ConditionKind.PROOF
        ]
        for each in records
        if isinstance(each, Measure)
    }
    return found, [f"{each.code} {each.text}" for each in records if isinstance(each, RowRefused)]


def test_papers_are_named_by_code_and_origin(tmp_path: Path) -> None:
    found, refused = proofs_of(write_tables(tmp_path, EXCLUSIONS))
    assert found == {
        ("0101", "EU-israel"): ["Y864 (statement that the proof of origin names no place outside the agreement)"],
        # Either agreement will do for Iceland, and Norway is left out of the Area's.
        ("170410", "EU-iceland-norway"): [f"goods of IS: {ICELAND} or {AREA}"],
        ("22042193", "EU-tunisia"): [
            "no paper up to 100 LTR or U005 (certificate of designation of origin), for some goods of the code"
        ],
        ("10062017", "EU-serbia"): [
            (
                "L001 (import licence AGRIM) and Y100 (entry on the import licence AGRIM) "
                "or Z999 (a code whose name is not held)"
            )
        ],
    }
    assert refused == ["row_code_unreadable 17041"]


def test_without_exclusions_every_member_is_asked(tmp_path: Path) -> None:
    found, _ = proofs_of(write_tables(tmp_path))
    assert found["170410", "EU-iceland-norway"] == [f"goods of IS: {ICELAND} or {AREA}", f"goods of NO: {AREA}"]


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Goods code;Duty\n0101;5%\n")
    refusal = read(path, retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_eu_measure_conditions"


@pytest.mark.whole_file
def test_every_code_of_israel_has_its_statement() -> None:
    path = reference(TABLE)
    found, refused = proofs_of(path)
    assert refused == []
    with gzip.open(path, "rt", encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";") if row["Meas. type code"] == "142"]
    asked = {row["Goods code"] for row in rows if row["Certificate"] == "Y864"}
    assert len(asked) == 938
    named = {code for (code, group), papers in found.items() if group == "EU-israel" and "Y864" in papers[0]}
    assert {code for code in asked if not any(code.startswith(each) for each in named)} == set()
    assert {each for each in named if not any(code.startswith(each) for code in asked)} == set()
