"""Entries read together: the same is true of every bundle as where its lines are read one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import begins_entry, entry_line, read_entry
from ewtp.core.log.entry_run import read_entry_run
from ewtp.core.log.event import event_leaf
from ewtp.core.values.refusal import Refusal
from tests.core.log.test_bundle import SIZE, body, bundle, leaf, salt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = [entry_line(index, salt(index), body(index)) for index in range(10, 20)]
LEAVES = b"".join(map(leaf, range(10, 20)))


class Told:
    """What a reader of a bundle was told of its entries."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, dict[str, Any]]] = []

    def take_entries(self, first: int, events: Sequence[dict[str, Any]]) -> None:
        self.entries += enumerate(events, first)

    def take_roll(self, vote: str, entries: list[Any]) -> None:
        pass

    def take_archive(self, vote: str, part: bytes) -> None:
        pass


def findings(lines: list[bytes]) -> tuple[object, list[tuple[int, dict[str, Any]]]]:
    told = Told()
    found = check_bundle(lines, reader=told)
    return (found if isinstance(found, Refusal) else found.as_json()), told.entries


def tampered(draw: Callable[[st.SearchStrategy[Any]], Any], lines: list[bytes]) -> list[bytes]:
    """The lines with one changed, dropped, doubled, moved, cut, or said in another way."""
    at = draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    place, byte = draw(st.integers(0, len(line))), draw(st.sampled_from(b'09AZ=+/"{}, \n\\\x00\xff'))
    ways = {
        "byte": [line[:place] + bytes([byte]) + line[place + 1 :]],
        "inserted": [line[:place] + bytes([byte]) + line[place:]],
        "cut": [line[:place]],
        "dropped": [],
        "doubled": [line, line],
        "spaced": [line.replace(b",", b", ")],
        "ending": [line.rstrip(b"\n")],
        "last digit of the salt": [line.replace(b'="}', b'+="}')] if place % 2 else [line[:-5] + b"B" + line[-4:]],
        "joined": [line.rstrip(b"\n") + b"".join(lines[at + 1 : at + 2])],
    }
    way = draw(st.sampled_from([*ways, "moved", "none"]))
    if way == "moved":
        rest = lines[:at] + lines[at + 1 :]
        return [*rest[:place], line, *rest[place:]]
    return lines if way == "none" else [*lines[:at], *ways[way], *lines[at + 1 :]]


@given(st.data())
def test_entries_read_together_say_the_same_as_lines_read_one_by_one(data):
    lines = bundle(erased=data.draw(st.sampled_from([(), (3,), (3, 20), (10, 11)])))
    for _ in range(data.draw(st.integers(0, 2))):
        lines = tampered(data.draw, lines)
    together = findings(lines)
    with patch("ewtp.core.log.bundle.read_entry_run", lambda *_: None):
        assert findings(lines) == together


def test_a_bundle_that_was_not_touched_is_read_together():
    with patch("ewtp.core.log.bundle.read_entry", wraps=read_entry) as one_by_one:
        _, told = findings(bundle())
    asked = [call.args for call in one_by_one.call_args_list]
    # Between 9 and 10 the number of digits changes, and so the entries from 8 to 11 are read one by one.
    assert [index for line, index in asked if begins_entry(line)] == [*range(8, 12)]
    assert [index for index, _ in told] == [*range(SIZE)]


def test_a_run_gives_its_events():
    assert read_entry_run(LINES, 10, LEAVES) == [orjson.loads(body(index)) for index in range(10, 20)]


@pytest.mark.parametrize(
    ("line", "leaves"),
    [
        (entry_line(11, salt(10), body(10)), LEAVES),
        (entry_line(10, salt(11), body(10)), LEAVES),
        (LINES[0][:-5] + b'p="}\n', LEAVES),
        (LINES[0].replace(b"thing", b"thinG"), LEAVES),
        (LINES[0].replace(b'"salt"', b'"Salt"'), LEAVES),
        (entry_line(10, salt(10), b"[1]"), event_leaf(salt(10), b"[1]") + LEAVES[32:]),
        (entry_line(10, salt(10), b"{no}"), event_leaf(salt(10), b"{no}") + LEAVES[32:]),
        (b"\n", LEAVES),
        (LINES[0], LEAVES[:32] + LEAVES),
    ],
)
def test_a_run_with_one_line_that_is_not_the_entry_gives_nothing(line, leaves):
    assert read_entry_run([line, *LINES[1:]], 10, leaves) is None
