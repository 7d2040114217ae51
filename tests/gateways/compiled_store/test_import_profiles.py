"""A saved import profile is the one that was built, and one that was damaged on the disk is never read."""

from __future__ import annotations

import logging
import shutil
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.synthetic.import_profile import ImportProfile, ProductSchedule
from ewtp.gateways.compiled_store.import_profiles import profile_folder, read_profile, write_profile
from tests.core.synthetic.synthetic_book import SUBHEADINGS, made_up_profile

if TYPE_CHECKING:
    from pathlib import Path

GIVEN: dict[str, Any] = {"digest": "d1", "label": "2026-01-01.1", "year": 2026, "subheadings": SUBHEADINGS}


def plain(value: Any) -> Any:
    """A profile as tuples with the types of their members, so that two can be compared."""
    if isinstance(value, ImportProfile | ProductSchedule):
        return type(value), tuple(plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, np.ndarray):
        return value.dtype, value.tolist()
    return tuple(map(plain, value)) if isinstance(value, tuple) else (type(value), value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = profile_folder(tmp_path, **GIVEN)
    write_profile(made_up_profile(), folder)
    return folder


def test_what_is_read_is_what_was_written(folder: Path):
    read = read_profile(folder)
    assert read is not None
    assert plain(read) == plain(made_up_profile())
    drawn, again = (list(synthetic_lines(profile, 1_000, 7)) for profile in (made_up_profile(), read))
    assert drawn == again


@pytest.mark.parametrize("name", ["profile.json", "claims-0.npy", "digests.json"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_what_was_damaged_is_reported_removed_and_written_again(
    folder: Path, caplog: pytest.LogCaptureFixture, name: str, damage: str
):
    path = folder / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        half = len(content) // 2
        path.write_bytes(content[:half] if damage == "cut" else content[:half] + b"~" + content[half + 1 :])
    with caplog.at_level(logging.WARNING):
        assert read_profile(folder) is None
    assert "is damaged" in caplog.text
    assert list(folder.parent.iterdir()) == []
    write_profile(made_up_profile(), folder)
    assert read_profile(folder) is not None


def test_nothing_is_read_where_nothing_was_written(tmp_path: Path):
    assert read_profile(profile_folder(tmp_path, **GIVEN)) is None


def test_a_disk_that_takes_nothing_leaves_the_profile_to_its_next_reader(tmp_path: Path):
    (tmp_path / "compiled").write_text("a file in the place of the folder")
    folder = profile_folder(tmp_path, **GIVEN)
    write_profile(made_up_profile(), folder)
    assert read_profile(folder) is None


def test_everything_that_decides_a_profile_is_in_the_name(tmp_path: Path):
    changes: list[dict[str, Any]] = [
        {},
        {"digest": "d2"},
        {"label": "2026-01-01.2"},
        {"year": 2027},
        {"subheadings": SUBHEADINGS[1:]},
    ]
    assert len({profile_folder(tmp_path, **{**GIVEN, **change}) for change in changes}) == len(changes)
    assert profile_folder(tmp_path, **{**GIVEN, "subheadings": SUBHEADINGS[::-1]}) == profile_folder(tmp_path, **GIVEN)


def test_a_reader_of_half_a_folder_has_none(folder: Path, tmp_path: Path):
    half = shutil.copytree(folder, tmp_path / "half")
    (half / "digests.json").unlink()
    assert read_profile(half) is None
