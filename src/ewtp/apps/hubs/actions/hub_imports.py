"""A bundle of another hub, taken in under that hub's name: checked against what it showed before, and kept apart."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from django.db import transaction

from ewtp.apps.decisions.actions.row_locks import RowLocks
from ewtp.apps.hubs.reading.sentences import (
    HUB_BUNDLE_GAP,
    HUB_BUNDLE_WRONG,
    HUB_IS_OWN,
    HUB_KEY_DIFFERS,
    HUB_KEY_NEEDED,
    HUB_NAME_UNUSABLE,
)
from ewtp.apps.hubs.store.entry_name import LONGEST_NAMED, REPLAYED, find_name, read_entry_name, without_nul
from ewtp.apps.hubs.store.models import (
    LONGEST_KEY,
    LONGEST_KIND,
    LONGEST_NAME,
    FollowedHub,
    HubEntry,
    HubFork,
    HubReport,
)
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import BODY_START, hash_bytes, read_entry, read_header, read_line
from ewtp.core.log.checkpoint import Checkpoint, read_checkpoint
from ewtp.core.log.event import EventKind, EventPayload, event_leaf
from ewtp.core.log.fork import find_fork
from ewtp.core.log.hash_tree import HASH_BYTES, LEAF
from ewtp.core.log.key_history import list_trusted_periods
from ewtp.core.log.note import is_key_name, read_key
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.replay.recomputation import digest_result
from ewtp.core.replay.report_sum import adds_up
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ewtp.core.log.bundle_format import BundleHeader
    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.log.fork import LogFork
    from ewtp.core.log.note import NoteKey
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.sentence import Statement

_FOLLOWED = "hubs_followedhub"
# A hub that contradicts itself more often is told by the first of them; ``ewtp log verify`` has all.
_MOST_FAULTS = 100
# The beginnings of the lines that prove a fork: what was signed, and the leaves under it.
_PROVING = (b'{"bundle"', b'{"leaves"', b'{"checkpoint"')


class HubEvent(EventKind):
    """What is noted of other hubs."""

    SEEN = "hubs:checkpoint:seen"
    FORKED = "hubs:fork:found"
    TRUSTED = "hubs:key:trusted"


@immutable
class CheckpointSeen(EventPayload):
    """Another hub showed this checkpoint, the subject's; whoever is shown another history can tell."""

    kind: ClassVar = HubEvent.SEEN
    public: ClassVar = True
    origin: str
    size: int
    root: str


@immutable
class ForkFound(EventPayload):
    """Another hub signed two histories: for ``size`` entries, the roots in hexadecimal digits."""

    kind: ClassVar = HubEvent.FORKED
    public: ClassVar = True
    origin: str
    size: int
    kept_root: str
    shown_root: str


@dataclass(frozen=True, slots=True)
class HubImport:
    """What came of a bundle: how many ``entries`` and ``reports`` are new, and what ``faults`` the entries have.

    With a ``fork`` nothing was taken in.
    """

    origin: str
    size: int
    entries: int = 0
    reports: int = 0
    faults: tuple[Statement, ...] = ()
    fork: LogFork | None = None

    def as_json(self) -> dict[str, Any]:
        """What came of it as JSON."""
        fork = self.fork
        return {
            "origin": self.origin,
            "size": self.size,
            "entries": self.entries,
            "reports": self.reports,
            "faults": [each.as_json() for each in self.faults],
            "fork": fork and {"size": fork.size, "kept_root": fork.kept.hex(), "shown_root": fork.shown.hex()},
        }


@dataclass(slots=True)
class _BundleContent:
    """What a bundle that was checked holds, by index and digest; ``next`` is the next entry.

    Of an entry what has the hash of its leaf is taken, as the check does: whoever hands a bundle on can add lines that
    nobody signed. Reports are such lines.
    """

    next: int
    leaves: dict[int, bytes] = field(default_factory=dict)
    entries: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    note: str = ""

    def take(self, line: bytes) -> None:
        """Take in a line."""
        entry = read_entry(line, self.next)
        if entry is not None and self._take_entry(self.next, entry[len(LEAF) : BODY_START], entry[BODY_START:]):
            return
        match read_line(line):
            case {"index": int(index), "event": dict(event), "salt": str(salt)}:
                body = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
                self._take_entry(index, hash_bytes(salt) or b"", body)
            case {"index": int(index), "erased": dict()} | {"index": int(index), "withheld": True}:
                self.next = index + 1
            case {"leaves": str(text), "start": int(start)}:
                hashes = hash_bytes(text) or b""
                for place in range(0, len(hashes), HASH_BYTES):
                    self.leaves[start + place // HASH_BYTES] = hashes[place : place + HASH_BYTES]
            case {"checkpoint": str(note)}:
                self.note = note
            case {"replay": str(digest), "report": dict(report)}:
                self.reports[digest] = report

    def _take_entry(self, index: int, salt: bytes, body: bytes) -> bool:
        is_logged = self.leaves.get(index) == event_leaf(salt, body)
        if is_logged:
            self.entries[index] = (salt, body)
            self.next = index + 1
        return is_logged


def hub_import(*, lines: Sequence[bytes], key: str, actor: Actor, now: datetime) -> HubImport | Refusal:
    """Take in a bundle of another hub, as the operator; ``key`` is its public key, empty once it is followed.

    What contradicts a checkpoint that the hub showed before is kept as a proof, and nothing of it is taken in. Refuses
    with ``operator_needed``, ``hub_is_own``, ``hub_key_needed``, ``hub_key_differs``, ``hub_name_unusable``,
    ``hub_bundle_gap``, ``hub_bundle_wrong``, ``key_unreadable``, or as ``check_bundle`` does.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    header = read_header(lines[0] if lines else b"")
    if isinstance(header, Refusal):
        return header
    if not is_key_name(header.origin) or len(header.origin) > LONGEST_NAME or len(key) > LONGEST_KEY:
        return Refusal(HUB_NAME_UNUSABLE, {"most": LONGEST_NAME})
    while True:
        # Checking a large bundle takes minutes, in which nobody may have to wait for the row of the hub.
        known = FollowedHub.objects.filter(origin=header.origin).first()
        checked = _check_bundle(lines, header, known, key)
        if isinstance(checked, Refusal):
            return checked
        with transaction.atomic():
            locks = RowLocks()
            locks.lock_key(_FOLLOWED, header.origin)
            locked = locks.lock_rows(FollowedHub.objects.filter(origin=header.origin))
            # What another import took in meanwhile has to be held against this bundle as well, and so has another key.
            if [(each.note, each.keys) for each in locked] == ([] if known is None else [(known.note, known.keys)]):
                return _take_in(lines, checked, locked[0] if locked else None, actor, now)


def _take_in(
    lines: Sequence[bytes], checked: _CheckedBundle, known: FollowedHub | None, actor: Actor, now: datetime
) -> HubImport:
    """Keep what is new of a bundle that was checked, or the proof that the hub showed another history."""
    report, header = checked.report, checked.report.header
    content = _BundleContent(header.since)
    for line in lines:
        content.take(line)
    fork = None if known is None else _fork(known, report)
    if known is not None and fork is not None:
        if _is_new_fork(known, fork, _proof(lines), content.note, now):
            found = ForkFound(known.origin, fork.size, fork.kept.hex(), fork.shown.hex())
            event_append(subject=known.origin, actor=actor, payload=found, now=now)
        return HubImport(header.origin, known.size, fork=fork)
    if known is None:
        known = FollowedHub(origin=header.origin, key=checked.key.text, size=0)
    entries = 0
    if header.size > known.size or known.id is None:
        entries = _grow(known, checked, content, now)
        seen = CheckpointSeen(header.origin, header.size, report.root.hex())
        event_append(subject=header.origin, actor=actor, payload=seen, now=now)
    return HubImport(header.origin, known.size, entries, _store_reports(known, content.reports), checked.faults)


@dataclass(frozen=True, slots=True)
class _CheckedBundle:
    """A bundle that holds: the key that it was held to, and what its entries contradict."""

    key: NoteKey
    report: BundleReport
    faults: tuple[Statement, ...]


def _check_bundle(
    lines: Sequence[bytes], header: BundleHeader, known: FollowedHub | None, key: str
) -> _CheckedBundle | Refusal:
    """What is true of a bundle; a refusal where anything does not hold."""
    trusted, reader = _find_trusted_key(header, known, key), LogRecount()
    if isinstance(trusted, Refusal):
        return trusted
    if known is not None:
        _tell_earlier(known, header.since, reader)
    report = check_bundle(lines, key=trusted, reader=reader)
    if isinstance(report, Refusal):
        return report
    if report.faults:
        return Refusal(HUB_BUNDLE_WRONG, {"fault": report.faults[0]})
    return _CheckedBundle(trusted, report, reader.report(report).faults)


def _tell_earlier(known: FollowedHub, size: int, reader: LogRecount) -> None:
    """Tell the reader what was taken in before: an adoption follows from entries that a later bundle has not."""
    rows = HubEntry.objects.filter(hub=known, index__lt=size, body__isnull=False).order_by("index")
    for index, body in rows.values_list("index", "body").iterator():
        reader.take_entry(index, orjson.loads(bytes(body or b"")))


def _grow(known: FollowedHub, checked: _CheckedBundle, content: _BundleContent, now: datetime) -> int:
    """Keep the entries that are new and the checkpoint over them; returns how many there are."""
    held = known.size
    known.size, known.note, known.at = checked.report.header.size, content.note, now
    known.fault_count = len(checked.faults)
    known.faults = [without_nul(each.as_json()) for each in checked.faults[:_MOST_FAULTS]]
    known.keys = _list_keys(known, checked)
    known.save()
    fresh = [_row(known, index, content) for index in range(held, known.size)]
    HubEntry.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


def _list_keys(known: FollowedHub, checked: _CheckedBundle) -> list[tuple[str, int]]:
    """The keys of the hub after a bundle that holds: those up to the one it was held to, and its successors."""
    earlier = known.list_keys()
    at = [text for text, _ in earlier].index(checked.key.text)
    handed_on = list_trusted_periods(checked.report.header.keys, checked.key)[1:]
    return [*earlier[: at + 1], *((each.key.text, each.first) for each in handed_on)]


def _find_trusted_key(header: BundleHeader, known: FollowedHub | None, key: str) -> NoteKey | Refusal:
    """The key that the bundle is held to; refusals where it is not one of a hub that is followed, or skips entries."""
    head = log_head()
    own = read_checkpoint(head.note) if head is not None else None
    if own is not None and not isinstance(own, Refusal) and own[0].origin == header.origin:
        return Refusal(HUB_IS_OWN)
    size = 0 if known is None else known.size
    if header.since > size:
        return Refusal(HUB_BUNDLE_GAP, {"since": header.since, "size": size})
    given = read_key(key) if key else None
    if isinstance(given, Refusal):
        return given.under("key")
    if known is None:
        return given if given is not None else Refusal(HUB_KEY_NEEDED, {"origin": header.origin}, where="key")
    keys = known.list_keys()
    if given is not None and given.text not in dict(keys):
        return Refusal(HUB_KEY_DIFFERS, {"origin": header.origin, "key": keys[-1][0]}, where="key")
    # A key that was replaced may sign an older state, which shows a fork, and nothing after its handover.
    expected = next(text for text, first in reversed(keys) if first < header.size or first == 0)
    # One that is trusted in place of a lost key signs older states too: a log that was begun anew with it is a fork.
    stated = {each.key.text for each in header.keys if each.covers(header.size)}
    trusted = [text for text in known.list_trusted_keys() if text in stated and expected not in stated]
    return read_key(trusted[-1] if trusted else expected)


def _fork(known: FollowedHub, report: BundleReport) -> LogFork | None:
    """Where the bundle contradicts what the hub showed before."""
    kept = _checkpoint(known.note)
    older = report.header.size if report.header.size < kept.size else 0
    leaves = HubEntry.objects.filter(hub=known, index__lt=older).order_by("index").values_list("leaf", flat=True)
    return find_fork(kept, map(bytes, leaves), report)


def _is_new_fork(known: FollowedHub, fork: LogFork, proof: bytes, note: str, now: datetime) -> bool:
    """Keep the proof, once."""
    named = {"size": fork.size, "kept_root": fork.kept.hex(), "shown_root": fork.shown.hex()}
    told = {"kept_note": known.note, "shown_note": note, "leaves": proof, "at": now}
    _, is_new = HubFork.objects.get_or_create(hub=known, **named, defaults=told)
    return is_new


def _proof(lines: Sequence[bytes]) -> bytes:
    """What was signed and the leaves under it, without the entries."""
    return zlib.compress(b"".join(line for line in lines if line.startswith(_PROVING)))


def _row(hub: FollowedHub, index: int, content: _BundleContent) -> HubEntry:
    salt, body = content.entries.get(index, (None, None))
    event = orjson.loads(body) if body is not None else {}
    kind, subject = event.get("kind"), event.get("subject")
    named = {
        "kind": find_name(kind, LONGEST_KIND),
        "subject": find_name(subject, LONGEST_NAME),
        "named": find_name(read_entry_name(kind, event.get("payload")), LONGEST_NAMED),
    }
    return HubEntry(hub=hub, index=index, leaf=content.leaves[index], salt=salt, body=body, **named)


def _store_reports(hub: FollowedHub, reports: Mapping[str, dict[str, Any]]) -> int:
    """Keep the reports of which the hub's log has the digest; returns how many are new."""
    held = set(HubReport.objects.filter(hub=hub, digest__in=reports).values_list("digest", flat=True))
    replays = HubEntry.objects.filter(hub=hub, kind=REPLAYED, named__in=reports.keys() - held)
    logged = set(replays.values_list("named", flat=True))
    fresh = [
        HubReport(hub=hub, digest=digest, report=report)
        for digest, report in reports.items()
        if digest in logged and adds_up(report) and _has_digest(report, digest)
    ]
    HubReport.objects.bulk_create(fresh)
    return len(fresh)


def _has_digest(report: Mapping[str, Any], digest: str) -> bool:
    """Whether a report has this digest, and holds nothing that the database cannot."""
    try:
        return digest_result(report) == digest and without_nul(report) == report
    except (AttributeError, RecursionError, TypeError, ValueError):
        return False


def _checkpoint(note: str) -> Checkpoint:
    """The checkpoint of a note that was checked when it was stored; ValueError where it was changed by hand."""
    read = read_checkpoint(note)
    if isinstance(read, Refusal):
        raise ValueError(read.message)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
    return read[0]
