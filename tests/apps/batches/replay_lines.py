"""A small rulebook with a file of lines, and replays of changes on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.core.rulebook.changeset.changeset import Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territory import Group, GroupMember
from ewtp.core.values.period import Period
from ewtp.web.command_line.batch import batch
from tests.apps.batches.conftest import DEARER
from tests.apps.conftest import SINCE, SOURCE, a_measure

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure

CHEAPER = "10%"
PERMIT = a_measure(Kind.REQUIREMENT, "610910", "", agency="Ministry made up", document="Permit")
# Changes of groups and of who belongs to them, as acts make them.
JULY, JUNE = Period(date(2026, 7, 1)), date(2026, 6, 30)
GROUP_REFORMS: dict[str, Changeset[Any]] = {
    "joins": Changeset("now", "more", added=(GroupMember("GB-TEST", "CN", JULY, SOURCE, "accession"),)),
    "leaves": Changeset("now", "fewer", ended=(Ended(GroupMember("GB-TEST", "ZA", SINCE, SOURCE, ""), JUNE),)),
    "new agreement": Changeset(
        "now",
        "agreement",
        added=(
            Group("GB-NEW", "Agreement with China made up", (), SOURCE, "treaty", proof="Declaration"),
            GroupMember("GB-NEW", "CN", JULY, SOURCE, "treaty"),
            a_measure(Kind.PREFERENCE, "610910", "1%", ("GB-NEW",), status=Status.PROPOSED),
        ),
    ),
    "ended agreement": Changeset(
        "now", "none", ended=(Ended(Group("GB-TEST", "Test agreement", (), SOURCE, proof="Declaration"), JUNE),)
    ),
}


def change(home: Path, changeset: Changeset[Any]) -> Path:
    path = home / "change.json"
    path.write_bytes(orjson.dumps(changeset_as_json(changeset)))
    return path


def run(home: Path, *words: str | Path, name: str = "out.parquet", status: int = 0) -> dict[str, Any]:
    words = (home / "in.parquet", home / name, "--json", "--lines-at-once", "45", *words)
    result = CliRunner().invoke(batch, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    found: dict[str, Any] = orjson.loads(result.output)
    return found


def shown(home: Path, *words: str | Path) -> str:
    words = (home / "in.parquet", home / "shown.parquet", "--overwrite", *words)
    result = CliRunner().invoke(batch, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def rows(path: Path) -> dict[int, dict[str, Any]]:
    return {row["line"]: row for row in parquet.read_table(path).to_pylist()}


def held() -> Changeset[Measure]:
    """A changeset that withdraws every measure of T-shirts' duty as the rulebook holds it."""
    return Changeset("now", "without", ended=(Ended(a_measure(Kind.DUTY, "610910", DEARER), None),))
