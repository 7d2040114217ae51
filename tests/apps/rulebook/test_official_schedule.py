"""A whole official schedule through the whole door; skipped where the reference data is absent."""

from __future__ import annotations

import gzip
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.reference_data import reference

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.rulebook.actions.import_report import ImportReport

    from .conftest import Desk


def bring(desk: Desk, path: Path, effective: date) -> ImportReport | Refusal:
    return rulebook_import(format="usitc-hts", path=path, effective=effective, actor=OPERATOR, now=desk.moment)


@pytest.mark.whole_file
def test_two_revisions_and_a_torn_one(desk: Desk, tmp_path: Path) -> None:
    first = bring(desk, reference("us/hts_2026_basic.json.gz"), date(2026, 1, 1))
    assert not isinstance(first, Refusal)
    assert first.counts["measures"]["new"] == first.counts["measures"]["read"] > 30_000
    assert first.counts["lines"]["read"] > 19_000
    second = bring(desk, reference("us/hts_2026_rev_10.json.gz"), date(2026, 6, 8))
    assert not isinstance(second, Refusal)
    counts = second.counts["measures"]
    assert counts["unchanged"] > 0.99 * counts["read"]
    assert 0 < counts["superseded"] + counts["new"] + counts["ended"] < 200
    made = rulebook_difference("1", "2")
    assert isinstance(made, Changeset)
    assert len(made.added) + len(made.amended) + len(made.ended) < 200
    again = bring(desk, reference("us/hts_2026_rev_10.json.gz"), date(2026, 6, 8))
    assert not isinstance(again, Refusal)
    assert again.version is None
    whole = gzip.decompress(reference("us/hts_2026_rev_10.json.gz").read_bytes())
    torn = tmp_path / "hts_2026_rev_10.json"
    torn.write_bytes(whole[: len(whole) // 2])
    refused = bring(desk, torn, date(2026, 7, 1))
    assert isinstance(refused, Refusal)
    assert refused.code == "file_broken"
    latest = latest_version()
    assert latest is not None
    assert latest.number == 2
