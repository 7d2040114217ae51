"""Who was drawn by lot, drawn again: the root that decided is the log's own, and could not be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.recount import sentences
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.answering_body import draw_body
from ewtp.core.votes.vote_events import AlarmRaised, BodyDrawn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.recount.vote_entries import LoggedVote
    from ewtp.core.votes.roll import VoteRoll


def body_statements(vote: LoggedVote, roll: VoteRoll, bundle: BundleReport) -> Iterator[Statement]:
    """What is wrong with the bodies that were drawn in a vote, and what cannot be shown of them.

    A body is drawn by the first checkpoint over its alarm. That there was none before the one stated shows where the
    bundle has one.
    """
    for one in vote.entries:
        event = one.event
        if not isinstance(event, BodyDrawn):
            continue
        alarms = [
            (each.index, each.event)
            for each in vote.entries
            if isinstance(each.event, AlarmRaised) and each.event.alarm is event.alarm and each.index < one.index
        ]
        first = alarms[0][0] if alarms else one.index
        earlier = any(first < size < event.size for size in bundle.checkpoints)
        yield from root_statements(bundle, one.index, event.size, event.root, after=event.size if earlier else first)
        drawn = draw_body(vote.id, [each for _, each in alarms], roll, bytes.fromhex(event.root)) if alarms else ()
        if event.groups != drawn:
            told = {"index": one.index, "alarm": str(event.alarm), "vote": vote.id}
            yield Statement(sentences.DRAW_GROUPS, told)


def root_statements(bundle: BundleReport, index: int, size: int, root: str, *, after: int = -1) -> Iterator[Statement]:
    """What is wrong with the root that entry ``index`` draws by: it is that of a log with ``after`` among its entries.

    Nothing where it is right; that it cannot be shown where the bundle begins later.
    """
    held = bundle.history.root_at(size)
    told = {"index": index, "size": size}
    if held is None and after < size <= bundle.header.since:
        yield Statement(sentences.LEFT_DRAW, told)
    elif held is None or held.hex() != root or not after < size <= index:
        yield Statement(sentences.DRAW_ROOT, told)
