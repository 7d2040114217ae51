"""Addresses of tiles are those of C2SP's tlog-tiles, each tile with one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.tile import Tile, read_tile_path


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "0/x001/x234/067"),
        (Tile(0, 0), "0/000"),
        (Tile(3, 999, 7), "3/999.p/7"),
        (Tile(1, 1000, 255), "1/x001/000.p/255"),
    ],
)
def test_tiles_have_the_address_of_the_format(tile, path):
    assert tile.path == path
    assert read_tile_path(path) == tile


@given(st.integers(0, 7), st.integers(0, 10**15), st.integers(1, 256))
def test_every_tile_comes_back_from_its_address(level, number, width):
    assert read_tile_path(Tile(level, number, width).path) == Tile(level, number, width)


@pytest.mark.parametrize(
    "path", ["", "0", "0/0", "0/x000/001", "0/000.p/0", "0/000.p/256", "0/000.p/257", "8/000", "0/1000", "-1/000"]
)
def test_another_way_to_write_an_address_is_none(path):
    assert read_tile_path(path) is None


@given(st.text(alphabet="0123456789x/.p", max_size=20))
def test_an_address_is_read_in_one_way(path):
    tile = read_tile_path(path)
    assert tile is None or tile.path == path


def test_a_tile_is_in_a_tree_that_has_all_its_nodes():
    assert Tile(0, 0, 3).is_in(3)
    assert not Tile(0, 0, 4).is_in(3)
    assert Tile(1, 0, 1).is_in(256)
    assert not Tile(1, 0, 1).is_in(255)
    assert Tile(0, 1, 1).is_in(257)
