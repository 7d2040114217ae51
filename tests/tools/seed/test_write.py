"""The tools write the committed seed from the official files, byte for byte."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.root import seed_root
from tests.reference_data import reference
from tools.seed.write import WRITERS, write_seed

if TYPE_CHECKING:
    from pathlib import Path


# Worked cases, statements of coverage, the fee on cotton, whose table is not a file of the reference data, and rules of
# origin, which have a writer of their own.
_BY_HAND = {"cases.yaml", "coverage", "cotton_fee", "origin_rules"}


@pytest.mark.whole_file
@pytest.mark.parametrize("name", WRITERS)
def test_the_tools_write_the_committed_seed(name: str, tmp_path: Path) -> None:
    files, seed = reference("."), seed_root()
    shutil.copytree(seed / "vat" / "checked", tmp_path / "vat" / "checked")
    kept_by_hand = set(tmp_path.rglob("*"))
    assert WRITERS[name](files, tmp_path) is None
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in kept_by_hand]
    assert written
    for path in written:
        committed = seed / path.relative_to(tmp_path)
        assert committed.exists(), f"{committed} is not committed"
        assert path.read_bytes() == committed.read_bytes(), f"{committed} differs from the file written"
    for folder in {path.parent for path in written}:
        committed_names = {path.name for path in (seed / folder.relative_to(tmp_path)).iterdir()} - _BY_HAND
        assert committed_names == {path.name for path in folder.iterdir()}, f"{folder} has a file that no tool writes"


def test_a_missing_reference_is_refused(tmp_path: Path) -> None:
    refusal = write_seed(tmp_path / "nowhere", tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "reference_missing"
    assert isinstance(WRITERS["sacu"](tmp_path, tmp_path), Refusal)
    assert not list(tmp_path.iterdir())
