"""The lines of a bundle, written and read."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from ewtp.core.log.event import SALT_BYTES
from ewtp.core.log.hash_tree import HASH_BYTES, LEAF
from ewtp.core.log.key_history import read_period
from ewtp.core.log.sentences import BUNDLE_UNREADABLE
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ewtp.core.log.key_history import KeyPeriod

# The first edition states keys without the sizes that they sign; the second has neither rolls, nor entries that are
# withheld, nor a verifier; the third has no archives of secret ballots.
FORMAT, EDITION = "ewtp-log", 4
# No line holds more than an entry, whose event has less than 64 kB, or the hashes of a tile.
MOST_LINE_BYTES = 500_000
_PART_BYTES = 300_000
# How the line of an entry is written around its index and the 44 digits of its salt, which the reader of a million of
# them relies on; the places are written as numbers there, since finding them by their names takes longer.
_EVENT, _END = b'{"event":{', b'="}\n'
BODY_START = len(LEAF) + SALT_BYTES
# What the last digit of 32 bytes in base64 can be: two of its bits belong to no byte.
_LAST_DIGITS = frozenset(b"AEIMQUYcgkosw048")
# What a line is known by.
_LINE_KINDS = frozenset(
    ("archive", "bundle", "checkpoint", "erased", "event", "leaves", "replay", "roll", "verifier", "withheld")
)


class BundleReader(Protocol):
    """Somebody who is told what a bundle holds, to check what it says besides its hashes."""

    def take_entries(self, first: int, events: Sequence[dict[str, Any]]) -> None:
        """The entries from ``first`` on, which are those that were logged."""

    def take_roll(self, vote: str, entries: list[Any]) -> None:
        """Some of the roll of a vote, which nothing has checked yet."""

    def take_archive(self, vote: str, part: bytes) -> None:
        """The next part of the archive of a secret ballot, which nothing has checked yet."""


@immutable
class BundleHeader:
    """The first line: which log, how many entries it has, and the state of its tree before the bundle's entries."""

    origin: str
    size: int
    since: int
    subtrees: tuple[bytes, ...]
    keys: tuple[KeyPeriod, ...]

    @property
    def line(self) -> bytes:
        """The header as the line of a bundle."""
        return _line(
            bundle=FORMAT,
            edition=EDITION,
            keys=[each.as_json() for each in self.keys],
            origin=self.origin,
            since=self.since,
            size=self.size,
            subtrees=[hash_text(each) for each in self.subtrees],
        )


def leaves_line(start: int, hashes: Sequence[bytes]) -> bytes:
    """The hashes of the leaves from ``start`` on."""
    return _line(leaves=hash_text(b"".join(hashes)), start=start)


def entry_line(index: int, salt: bytes, body: bytes) -> bytes:
    """An entry with its salt and its event."""
    return b'{"event":%b,"index":%d,"salt":"%b"}\n' % (body, index, base64.b64encode(salt))


def write_erased_line(index: int, at: str, reason: str) -> bytes:
    """An entry whose content was erased."""
    return _line(erased={"at": at, "reason": reason}, index=index)


def withheld_line(index: int) -> bytes:
    """An entry whose content whoever wrote the bundle keeps to itself."""
    return _line(index=index, withheld=True)


def roll_line(vote: str, entries: Sequence[dict[str, Any]]) -> bytes:
    """Some entries of the roll of a vote; a bundle has as many lines of them as it takes."""
    return _line(entries=list(entries), roll=vote)


def archive_lines(vote: str, content: bytes) -> Iterator[bytes]:
    """The archive of the secret ballot in a vote, as Belenios has it, in as many lines as it takes."""
    for start in range(0, len(content), _PART_BYTES):
        yield _line(archive=vote, part=hash_text(content[start : start + _PART_BYTES]))


def report_line(digest: str, report: Mapping[str, Any]) -> bytes:
    """The published report of a replay, under the digest that the log has of it."""
    return _line(replay=digest, report=dict(report))


def verifier_line(source: str) -> bytes:
    """The program that checks a bundle with nothing but Python's standard library."""
    return _line(verifier=source)


def checkpoint_line(note: str) -> bytes:
    """The signed checkpoint of the log with the entries so far."""
    return _line(checkpoint=note)


def begins_entry(line: bytes) -> bool:
    """Whether a line begins as that of an entry does."""
    return line.startswith(_EVENT)


def read_entry(line: bytes, index: int) -> bytes | None:
    """What the leaf of the entry ``index`` is hashed over, from its line; None for any other line.

    Lines that say the same in another way are read by ``read_line``. The body begins at ``BODY_START``.
    """
    place = b'},"index":%d,"salt":"' % index
    end = -47 - len(place)
    if line[end:-47] != place or line[:10] != _EVENT or line[-4:] != _END or line[-5] not in _LAST_DIGITS:
        return None
    try:
        salt = binascii.a2b_base64(line[-47:-3], strict_mode=True)
    except binascii.Error:
        return None
    return LEAF + salt + line[9 : end + 1]


def read_line(line: bytes) -> dict[str, Any] | None:
    """A line as JSON has it; None where it is too long, no object, of two kinds, or holds an event too deep to write.

    Readers look for one kind after another: of a line of two, each might take another one.
    """
    try:
        read = orjson.loads(line) if len(line) <= MOST_LINE_BYTES else None
        if not isinstance(read, dict) or len(_LINE_KINDS & read.keys()) > 1:
            return None
        if "event" in read:
            orjson.dumps(read["event"])
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return read


def read_header(line: bytes) -> BundleHeader | Refusal:
    """The first line of a bundle; refuses with ``bundle_unreadable``."""
    match read_line(line):
        case {
            "bundle": "ewtp-log",
            "edition": 1 | 2 | 3 | 4,
            "keys": list(keys),
            "origin": str(origin),
            "since": int(since),
            "size": int(size),
            "subtrees": list(subtrees),
        } if 0 <= since <= size:
            read = [hash_bytes(each) for each in subtrees if isinstance(each, str)]
            hashes = tuple(each for each in read if each is not None and len(each) == HASH_BYTES)
            known = tuple(each for each in map(read_period, keys) if each is not None)
            if len(hashes) == since.bit_count() == len(subtrees) and len(known) == len(keys):
                return BundleHeader(origin, size, since, hashes, known)
    return Refusal(BUNDLE_UNREADABLE)


def _line(**fields: Any) -> bytes:
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def hash_text(hashed: bytes) -> str:
    """A hash in base64."""
    return base64.b64encode(hashed).decode()


def hash_bytes(text: str) -> bytes | None:
    """The bytes of a text in base64; None where it is not the one way to write them."""
    try:
        found = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    # The last digit may hold bits that no byte has; they must be zero, or the same bytes had several texts.
    last = len(found) % 3 or 3
    return found if text[-4:] == hash_text(found[-last:]) else None
