"""A compiled book that was damaged on the disk is noticed when it is opened, and never answers."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.gateways.compiled_store.books import is_compiled, read_compiled, write_compiled
from ewtp.gateways.compiled_store.folder_digests import find_damaged_files, is_sound
from ewtp.gateways.compiled_store.market_texts import read_market_texts
from tests.core.assessment.small_book import VOCABULARY
from tests.core.replay.invented_law import LAW, book_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ewtp.core.compiled.format.tables import CompiledBook

BOOK = book_of(LAW)


@cache
def compiled() -> CompiledBook:
    return compile_book(BOOK, VOCABULARY.economies, ("010121", "020110", "020120", "030111"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compiled") / "written"
    write_compiled(compiled(), build_market_texts(BOOK), folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return shutil.copytree(written, tmp_path / "book")


def rewrite(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def swap_halves(content: bytes) -> bytes:
    half = len(content) // 2
    return content[half:] + content[:half]


def flip(content: bytes, at: int, mask: int = 1) -> bytes:
    changed = bytearray(content)
    changed[at] ^= mask
    return bytes(changed)


def swap_files(path: Path) -> None:
    other = next(each for each in sorted(path.parent.iterdir()) if each.read_bytes() != path.read_bytes())
    content = path.read_bytes()
    path.write_bytes(other.read_bytes())
    other.write_bytes(content)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


INJURIES: dict[str, Callable[[Path], Any]] = {
    "emptied": rewrite(lambda _: b""),
    "truncated by a byte": rewrite(lambda content: content[:-1]),
    "truncated to its head": rewrite(lambda content: content[:16]),
    "longer by a byte": rewrite(lambda content: content + b"\0"),
    "a bit of its first byte": rewrite(lambda content: flip(content, 0)),
    "a bit in the middle": rewrite(lambda content: flip(content, len(content) // 2)),
    "a bit of its last byte": rewrite(lambda content: flip(content, -1)),
    "the sign of its last number": rewrite(lambda content: flip(content, -1, 0x80)),
    "zeroed": rewrite(lambda content: bytes(len(content))),
    "its second half zeroed": rewrite(lambda content: content[: len(content) // 2].ljust(len(content), b"\0")),
    "halves exchanged": rewrite(swap_halves),
    "the content of another file": swap_files,
    "missing": lambda path: path.unlink(),
    "renamed": lambda path: path.rename(path.with_suffix(".bak")),
    "a folder in its place": replace_by_folder,
    "a link to nowhere": replace_by_link,
}
FILES = (
    "names.json",
    "digests.json",
    "market_texts.json",
    "instruction_figure.npy",
    "list_rules.npy",
)


@pytest.mark.parametrize("injury", INJURIES)
@pytest.mark.parametrize("file", FILES)
def test_no_injury_goes_unnoticed(folder: Path, file: str, injury: str, caplog: pytest.LogCaptureFixture):
    assert is_sound(folder)
    INJURIES[injury](folder / file)
    assert find_damaged_files(folder)
    with caplog.at_level(logging.WARNING):
        assert read_compiled(folder) is None
    (said,) = caplog.messages
    assert "is damaged" in said
    assert not is_compiled(folder)
    assert read_market_texts(folder) is None


def test_a_book_that_is_compiled_again_has_the_place_to_itself(folder: Path):
    (folder / "names.json").unlink()
    assert read_compiled(folder) is None
    write_compiled(compiled(), build_market_texts(BOOK), folder)
    assert read_compiled(folder) is not None
    assert [path.name for path in folder.parent.iterdir()] == ["book"]


def test_every_file_has_a_digest(written: Path):
    for path in sorted(written.iterdir()):
        content = path.read_bytes()
        path.write_bytes(flip(content, len(content) // 2))
        assert find_damaged_files(written) == (path.name,)
        path.write_bytes(content)
    assert find_damaged_files(written) == ()


def test_a_sound_book_is_what_was_written(written: Path):
    read, texts = read_compiled(written), read_market_texts(written)
    assert read is not None
    assert read.names == compiled().names
    for name, array in compiled().tables._asdict().items():
        np.testing.assert_array_equal(getattr(read.tables, name), array)
        assert getattr(read.tables, name).dtype == array.dtype
    assert texts is not None
    assert texts.texts == build_market_texts(BOOK).texts


def test_texts_alone_are_not_read_from_a_damaged_folder(folder: Path):
    (folder / "market_texts.json").write_bytes(b"{")
    assert read_market_texts(folder) is None


def test_damage_of_a_file_that_two_books_share_is_noticed_in_both(folder: Path, tmp_path: Path):
    stored = read_compiled(folder)
    assert stored is not None
    tables = stored.tables._replace(limit_minor=np.array([1, 2, 3], np.int64))
    (folder / "due_fields.npy").write_bytes(b"damaged after it was read")
    write_compiled(replace(stored, tables=tables), build_market_texts(BOOK), tmp_path / "patched", (stored, folder))
    assert (tmp_path / "patched/due_fields.npy").stat().st_ino == (folder / "due_fields.npy").stat().st_ino
    assert find_damaged_files(tmp_path / "patched") == ("due_fields.npy",)
    assert find_damaged_files(folder) == ("due_fields.npy",)


def test_a_folder_that_did_not_change_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    assert is_sound(folder)
    monkeypatch.setattr("ewtp.gateways.compiled_store.folder_digests.find_damaged_files", lambda _: ("called",))
    assert is_sound(folder)
    content = (folder / "names.json").read_bytes()
    (folder / "names.json").write_bytes(content)
    assert not is_sound(folder)
