"""The public data of an election: an archive of JSON files, whose events are chained by their hashes (4.4).

A file is named by the SHA-256 of its content. Events name their parent and their payload; the first one sets up the
election, and nothing follows the result.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios import sentences
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATA, _EVENT = ".data.json", ".event.json"
_MOST_BYTES = 2**31
# Which events may follow each.
_NEXT = {
    None: ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


@immutable
class BoardEvent:
    """An event with the content of its payload, as bytes; empty where it has none."""

    kind: str
    payload: bytes


class PublicBoard:
    """The events of an election in order, and every file by its hash."""

    def __init__(self, events: Iterable[BoardEvent], files: dict[str, bytes]) -> None:
        self.events = tuple(events)
        self._files = files

    def file(self, digest: Any) -> bytes:
        """The content with this hash; KeyError where there is none."""
        return self._files[digest]

    def payloads(self, kind: str) -> list[bytes]:
        """The payloads of the events of a kind, in order."""
        return [event.payload for event in self.events if event.kind == kind]


def read_board(content: bytes) -> PublicBoard | Refusal:
    """The board of an archive; a refusal where it is none, or where a file or an event is not the one that is named."""
    try:
        names = _files(content)
        header = json.loads(names[0][1])
        if names[0][0] != "BELENIOS" or header["version"] != 1:
            return Refusal(sentences.BELENIOS_ARCHIVE_UNREADABLE)
        return _chain_events(names[1:])
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Refusal(sentences.BELENIOS_ARCHIVE_UNREADABLE)


def write_board(events: Iterable[tuple[str, tuple[bytes, ...]]], timestamp: int) -> bytes:
    """An archive; each event is its kind and its files, of which the last is the payload.

    ``timestamp`` is in seconds since 1970.
    """
    header = {"version": 1, "timestamp": str(timestamp)}
    archive = [_member("BELENIOS", compact(header), timestamp)]
    parent, written = "", set()
    for height, (kind, files) in enumerate(events):
        for content in files:
            if content not in written:
                archive.append(_member(hashlib.sha256(content).hexdigest() + _DATA, content, timestamp))
            written.add(content)
        body: dict[str, Any] = {"parent": parent} if parent else {}
        body |= {"height": height, "type": kind}
        if files:
            body["payload"] = hashlib.sha256(files[-1]).hexdigest()
        event = compact(body)
        parent = hashlib.sha256(event).hexdigest()
        archive.append(_member(parent + _EVENT, event, timestamp))
    # Nothing marks the end: an archive of Belenios only grows.
    return b"".join(archive)


def compact(value: Any) -> bytes:
    """JSON without spaces and with fields in the order given, as Belenios hashes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _files(content: bytes) -> list[tuple[str, bytes]]:
    if len(content) % tarfile.BLOCKSIZE:
        raise ValueError(len(content))
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        found = []
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None or member.size > _MOST_BYTES:
                raise ValueError(member.name)
            found.append((member.name, stream.read()))
    return found


def _chain_events(names: list[tuple[str, bytes]]) -> PublicBoard | Refusal:
    files: dict[str, bytes] = {}
    events: list[BoardEvent] = []
    parent = None
    for name, content in names:
        digest = hashlib.sha256(content).hexdigest()
        if name not in (digest + _DATA, digest + _EVENT):
            return Refusal(sentences.BELENIOS_FILE_CHANGED, {"name": name[:80]})
        if name.endswith(_DATA):
            files[digest] = content
            continue
        body = json.loads(content)
        last = events[-1].kind if events else None
        linked = body.get("parent") == parent and body["height"] == len(events) and body["type"] in _NEXT[last]
        if not linked or ("payload" in body and body["payload"] not in files):
            return Refusal(sentences.BELENIOS_CHAIN_BROKEN, {"height": len(events)})
        events.append(BoardEvent(body["type"], files[body["payload"]] if "payload" in body else b""))
        parent = digest
    return PublicBoard(events, files)


def _member(name: str, content: bytes, timestamp: int) -> bytes:
    """A file of the archive: a header of the oldest kind of tar, and the content in whole blocks.

    Belenios rebuilds an archive to check it, so every byte counts.
    """
    fields = (name.encode().ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0")
    sizes = (f"{len(content):011o}\0".encode(), f"{timestamp:011o}\0".encode())
    before, after = b"".join((*fields, *sizes)), b"0".ljust(tarfile.BLOCKSIZE - 156, b"\0")
    # The checksum is taken with spaces in its own place.
    checksum = sum(before) + sum(after) + 8 * ord(" ")
    return before + f"{checksum:06o}\0 ".encode() + after + content + bytes(-len(content) % tarfile.BLOCKSIZE)
