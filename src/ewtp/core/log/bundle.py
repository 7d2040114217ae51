"""Bundles: a log, or what was added to it, as lines of JSON that anybody can check without the installation.

The first line is the header: the name of the log, its size, its keys, and the size ``since`` which entries follow, with
the hashes of the complete subtrees that the tree had then. Then, in order, lines of three kinds: the hashes of a few
leaves, each entry of them, and checkpoints. The hashes are given apart from the entries, so that an entry which was
changed, moved or removed is named and not only noticed. After the last checkpoint come the rolls of votes, which the
log has by their roots alone, and the program that checks all this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.bundle_format import BODY_START, begins_entry, hash_bytes, read_entry, read_header, read_line
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.entry_run import read_entry_run
from ewtp.core.log.erasures import ERASED, ErasuresSoFar
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import HASH_BYTES, GrowingTree, TreeHistory, split_leaves
from ewtp.core.log.key_history import check_handovers, is_signed_in, list_trusted_periods
from ewtp.core.log.sentences import (
    BUNDLE_BEGINS_LATER,
    BUNDLE_CHECKPOINT_MISSING,
    BUNDLE_ENTRY_CHANGED,
    BUNDLE_ENTRY_MISSING,
    BUNDLE_ENTRY_MOVED,
    BUNDLE_ERASURE_UNNOTED,
    BUNDLE_GROWTH_BROKEN,
    BUNDLE_HANDOVER_BROKEN,
    BUNDLE_KEY_HIDDEN,
    BUNDLE_KEY_RETIRED,
    BUNDLE_LEAVES_MISSING,
    BUNDLE_LINE_UNREADABLE,
    BUNDLE_LONGER,
    BUNDLE_OLDER,
    BUNDLE_OTHER_LOG,
    BUNDLE_ROOT_DIFFERS,
    BUNDLE_UNSIGNED,
    BUNDLE_UNWITNESSED,
)
from ewtp.core.log.tile import TILE_WIDTH
from ewtp.core.log.withheld_entries import NOTHING_WITHHELD, WithheldSoFar
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ewtp.core.log.bundle_format import BundleHeader, BundleReader
    from ewtp.core.log.checkpoint import Checkpoint
    from ewtp.core.log.cosignature import WitnessKey
    from ewtp.core.log.key_history import KeyPeriod
    from ewtp.core.log.note import NoteKey, SignedNote


def check_bundle(
    lines: Iterable[bytes],
    *,
    key: NoteKey | None = None,
    kept: Checkpoint | None = None,
    witnesses: Sequence[WitnessKey] = (),
    reader: BundleReader | None = None,
) -> BundleReport | Refusal:
    """Check all that a bundle claims: signatures, every leaf, every root, and that the log grew from ``kept``.

    With a ``key`` the last checkpoint must be signed by it or by a key that it was handed on to, and without one by any
    key in the bundle, each for its sizes alone. Each of the ``witnesses`` must have cosigned one of the checkpoints. A
    ``reader`` is told every entry that is the one which was logged, and every roll. Nothing after the size that the
    header states is taken in, and that there is more is a fault.
    Refuses what cannot be read with ``bundle_unreadable``, and with ``bundle_begins_later`` what begins after ``kept``.
    """
    behind = iter(lines)
    header = read_header(next(behind, b""))
    if isinstance(header, Refusal):
        return header
    if kept is not None and kept.size < header.since:
        return Refusal(BUNDLE_BEGINS_LATER, {"since": header.since, "kept": kept.size})
    trusted = list_trusted_periods(header.keys, key)
    check = _BundleCheck(header, key, kept, GrowingTree(header.since, header.subtrees), trusted, witnesses, reader)
    unread = check.take_lines(behind)
    return check.report() if unread is None else Refusal(BUNDLE_LINE_UNREADABLE, {"line": unread + 1})


@dataclass(slots=True)
class _BundleCheck:
    """A bundle as far as it was read; ``signed`` is the size up to which the roots are those that were signed."""

    header: BundleHeader
    key: NoteKey | None
    kept: Checkpoint | None
    tree: GrowingTree
    trusted: tuple[KeyPeriod, ...]
    witnesses: Sequence[WitnessKey] = ()
    reader: BundleReader | None = None
    witnessed: dict[WitnessKey, tuple[int, int]] = field(default_factory=dict)
    faults: dict[str, Statement] = field(default_factory=dict)
    # The hashes of leaves that were given last, in one text, and the first of them.
    leaves: bytes = b""
    first: int = 0
    history: TreeHistory = field(default_factory=TreeHistory)
    checkpoints: list[int] = field(default_factory=list)
    expected: int = 0
    signed: int = 0
    entries: int = 0
    erased: int = 0
    withheld: int = 0
    hidden: WithheldSoFar = field(default_factory=lambda: WithheldSoFar(NOTHING_WITHHELD))
    signer: NoteKey | None = None
    last: int = -1
    # The keys that were handed the log, each with the checkpoint of that, whose root the tree must have had.
    handovers: tuple[tuple[NoteKey, Checkpoint], ...] = ()
    erasures: ErasuresSoFar = field(default_factory=ErasuresSoFar)

    def __post_init__(self) -> None:
        self.handovers, broken = check_handovers(self.header.keys, self.header.origin)
        unseen = (key for key, handover in self.handovers if handover.size > self.header.size)
        broken = broken or next(unseen, None)
        if broken is not None:
            self._fault(BUNDLE_HANDOVER_BROKEN, key=broken.text)
        self.expected = self.signed = self.header.since
        if self.header.since:
            kept = self.kept if self.kept is not None and self.kept.size == self.header.since else None
            self.hidden.binding = (kept.withheld or None) if kept is not None else None
        if self.kept is not None:
            if self.kept.origin != self.header.origin:
                self._fault(BUNDLE_OTHER_LOG, origin=self.header.origin, kept=self.kept.origin)
            if self.kept.size > self.header.size:
                self._fault(BUNDLE_OLDER, size=self.header.size, kept=self.kept.size)
        self._compare_roots()

    def take_lines(self, lines: Iterator[bytes]) -> int | None:
        """Check lines; returns the number of the first that is of no known kind, None where there is none."""
        taken = 0
        # After the hashes of leaves come as many entries.
        while piece := [*islice(lines, min(max(self.tree.size - self.expected, 1), TILE_WIDTH))]:
            unread = None if self._take_run(piece) else self._take_piece(piece)
            if unread is not None:
                return taken + unread
            taken += len(piece)
        return None

    def _take_piece(self, lines: Sequence[bytes]) -> int | None:
        """Check lines of which some may be of other kinds, or wrong; those are looked at one by one."""
        taken = 0
        for _, run in groupby(lines, key=begins_entry):
            piece = [*run]
            if len(piece) == len(lines) or not self._take_run(piece):
                unread = next((place for place, line in enumerate(piece, 1) if not self._take_line(line)), None)
                if unread is not None:
                    return taken + unread
            taken += len(piece)
        return None

    def _take_run(self, lines: Sequence[bytes]) -> bool:
        """Take in lines that are the next entries, each as it was logged; False, and nothing taken, otherwise."""
        index, leaves = self.expected, self._leaves_from(self.expected, len(lines))
        events = read_entry_run(lines, index, leaves) if leaves else None
        if events is not None:
            self._take_events(index, events)
        return events is not None

    def _take_events(self, index: int, events: Sequence[dict[str, Any]]) -> None:
        """Take in the next entries."""
        self.expected = index + len(events)
        self.entries += len(events)
        for place, event in enumerate(events, index):
            if event.get("kind") == ERASED:
                self.erasures.take_event(place, event)
        if self.reader is not None:
            self.reader.take_entries(index, events)

    def _take_line(self, line: bytes) -> bool:
        """Check a line; False where it is of no known kind."""
        index = self.expected
        entry = read_entry(line, index)
        if entry is not None and self._leaves_from(index, 1) == sha256(entry).digest():
            try:
                event = orjson.loads(entry[BODY_START:])
            except orjson.JSONDecodeError:
                return False
            if index < self.header.size and type(event) is dict:
                self._take_events(index, [event])
                return True
        read = read_line(line)
        return read is not None and (self._take_beside(read) or self._take_parsed(read))

    def _leaves_from(self, index: int, count: int) -> bytes:
        """The hashes of so many leaves in one text; empty where they are not those that were given last."""
        at = (index - self.first) * HASH_BYTES
        leaves = self.leaves[at : at + count * HASH_BYTES] if at >= 0 else b""
        return leaves if len(leaves) == count * HASH_BYTES else b""

    def _take_beside(self, line: dict[str, Any]) -> bool:
        """Take in what the tree does not cover; False where the line is something else."""
        match line:
            case {"roll": str(vote), "entries": list(entries)}:
                if self.reader is not None:
                    self.reader.take_roll(vote, entries)
            case {"archive": str(vote), "part": str(part)}:
                content = hash_bytes(part)
                if content is None:
                    return False
                if self.reader is not None:
                    self.reader.take_archive(vote, content)
            case {"verifier": str()} | {"replay": str(), "report": dict()}:
                pass
            case _:
                return False
        return True

    def _take_parsed(self, line: dict[str, Any]) -> bool:
        match line:
            case {"event": dict(event), "index": int(index), "salt": str(salt)}:
                self._take_entry(index, event, hash_bytes(salt))
            case {"erased": dict(told), "index": int(index)}:
                if self._take_hidden(index):
                    self.erased += 1
                    self.erasures.shown[index] = told.get("reason")
            case {"withheld": True, "index": int(index)}:
                if self._take_hidden(index):
                    self.withheld += 1
                    self.hidden.indices.append(index)
            case {"leaves": str(hashes), "start": int(start)}:
                return self._take_leaves(start, hash_bytes(hashes))
            case {"checkpoint": str(note)}:
                return self._take_checkpoint(note)
            case _:
                return False
        return True

    def report(self) -> BundleReport:
        """The report at the end of the bundle."""
        if self.expected < self.header.size:
            self._fault(BUNDLE_ENTRY_MISSING, index=self.expected)
        if self.last < self.header.size:
            self._fault(BUNDLE_CHECKPOINT_MISSING, size=self.header.size)
        elif self.signer is None and BUNDLE_KEY_RETIRED.code not in self.faults:
            wanted = self.key.text if self.key else self.header.origin
            self._fault(BUNDLE_UNSIGNED, size=self.header.size, key=wanted)
        unnoted = next(self.erasures.find_unnoted(), None)
        if unnoted is not None:
            # Under a name of its own, so that another entry which is missing or changed does not hide it.
            told = {"index": unnoted}
            self.faults.setdefault(BUNDLE_ERASURE_UNNOTED.code, Statement(BUNDLE_ERASURE_UNNOTED, told))
        absent = next((each for each in self.witnesses if each not in self.witnessed), None)
        if absent is not None:
            self._fault(BUNDLE_UNWITNESSED, witness=absent.text)
        return BundleReport(
            header=self.header,
            root=self.tree.root,
            key=self.signer,
            entries=self.entries,
            erased=self.erased,
            withheld=self.withheld,
            kept=self.kept,
            witnessed=self.witnessed,
            trusted=self.trusted,
            faults=tuple(self.faults.values()),
            history=self.history,
            checkpoints=tuple(self.checkpoints),
            erasures=self.erasures.found,
            unbound=self.hidden.unbound + len(self.hidden.indices),
        )

    def _fault(self, sentence: Any, **params: Any) -> None:
        """Note a fault; the first of its kind names the place, and others follow from it."""
        kind = "entry" if "index" in params else sentence.code
        self.faults.setdefault(kind, Statement(sentence, params))

    def _is_beyond(self, size: int) -> bool:
        """Whether a line goes beyond the stated size: what follows the last checkpoint nobody signed."""
        if size <= self.header.size:
            return False
        self._fault(BUNDLE_LONGER, size=self.header.size)
        return True

    def _take_place(self, index: int) -> bool:
        if self._is_beyond(index + 1):
            return False
        if index > self.expected:
            self._fault(BUNDLE_ENTRY_MISSING, index=self.expected)
        elif index < self.expected:
            self._fault(BUNDLE_ENTRY_MOVED, index=index)
        self.expected = max(self.expected, index + 1)
        return True

    def _take_hidden(self, index: int) -> bool:
        """Take in an entry whose content is not shown.

        Where it is one that states a key of the log, it names nobody and everybody may read it: there is no reason to
        hide it. The first key is the first entry, and one that was handed the log is the last that the old one signed.
        """
        taken = self._take_place(index)
        if taken and (index == 0 or any(each.first == index + 1 for each in self.header.keys)):
            self._fault(BUNDLE_KEY_HIDDEN, index=index)
        return taken

    def _take_entry(self, index: int, event: dict[str, Any], salt: bytes | None) -> None:
        body = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
        if salt is not None and self._leaves_from(index, 1) == event_leaf(salt, body):
            self._take_logged(index, event)
        elif self._take_place(index):
            self.entries += 1
            self._fault(BUNDLE_ENTRY_CHANGED, index=index)

    def _take_logged(self, index: int, event: dict[str, Any]) -> None:
        """Take in an entry that has the hash of its leaf."""
        is_next = index == self.expected
        if self._take_place(index):
            self.entries += 1
            if is_next and event.get("kind") == ERASED:
                self.erasures.take_event(index, event)
            if is_next and self.reader is not None:
                self.reader.take_entries(index, [event])

    def _take_leaves(self, start: int, hashes: bytes | None) -> bool:
        if hashes is None or len(hashes) % HASH_BYTES:
            return False
        if self._is_beyond(start + len(hashes) // HASH_BYTES):
            hashes = hashes[: max(0, self.header.size - start) * HASH_BYTES]
            if not hashes:
                return True
        if start != self.tree.size:
            self._fault(BUNDLE_LEAVES_MISSING, first=self.tree.size)
            return True
        # What is left over belongs to entries that are missing, which is noted where they should be.
        leaves = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
        self.leaves, self.first = hashes, start
        compared = {handover.size - start for _, handover in self.handovers}
        if self.kept is not None:
            compared.add(self.kept.size - start)
        for piece in split_leaves(leaves, compared):
            self.history.note(self.tree, piece)
            self.tree.extend(piece)
            self._compare_roots()
        return True

    def _compare_roots(self) -> None:
        """Compare the tree with the roots that it must have at its size."""
        kept, size = self.kept, self.tree.size
        if kept is not None and kept.size == size and kept.root != self.tree.root:
            self._fault(BUNDLE_GROWTH_BROKEN, size=size)
        for key, handover in self.handovers:
            if handover.size == size and handover.root != self.tree.root:
                self._fault(BUNDLE_HANDOVER_BROKEN, key=key.text)

    def _take_checkpoint(self, note: str) -> bool:
        read = read_checkpoint(note)
        if isinstance(read, Refusal):
            return False
        checkpoint, signed = read
        if self._is_beyond(checkpoint.size):
            return True
        self.last = checkpoint.size
        same = (checkpoint.origin, checkpoint.size, checkpoint.root)
        if same == (self.header.origin, self.tree.size, self.tree.root):
            self.signed = checkpoint.size
            self.checkpoints.append(checkpoint.size)
            wrong = self.hidden.compare(checkpoint.withheld)
            if wrong is not None:
                # Under a name of its own, so that another entry which is missing or changed does not hide it.
                self.faults.setdefault(wrong.code, wrong)
            for witness in self.witnesses:
                cosignature = witness.cosignature(signed)
                if cosignature is not None:
                    self.witnessed[witness] = (checkpoint.size, cosignature.time)
        else:
            # The first place is the one to look at: all that follows differs as well.
            self._fault(BUNDLE_ROOT_DIFFERS, first=self.signed, size=checkpoint.size)
        self._take_signature(checkpoint.size, signed)
        return True

    def _take_signature(self, size: int, signed: SignedNote) -> None:
        is_last = size == self.header.size
        known = (*self.header.keys, *self.trusted)
        signer = is_signed_in(signed, size, self.trusted if is_last and self.key else known)
        retired = next((each for each in known if not each.covers(size) and signed.is_signed_by(each.key)), None)
        if is_last:
            self.signer = signer
        if signer is None and retired is not None:
            self._fault(BUNDLE_KEY_RETIRED, size=size, key=retired.key.text)
        elif signer is None and not is_last:
            self._fault(BUNDLE_UNSIGNED, size=size, key=self.header.origin)
