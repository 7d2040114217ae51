"""Appeals held to what the log has before them: in time, and decided by those who were drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.recount import sentences
from ewtp.core.recount.draw_recount import root_statements
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.appeal import Appeal, draw_appeal_body, evolve_appeal, find_agreed_verdict
from ewtp.core.votes.appeal_events import (
    AppealBodyDrawn,
    AppealDecided,
    AppealEventKind,
    AppealLodged,
    AppealMatter,
    AppealOpinionStated,
    AppealVerdict,
)
from ewtp.core.votes.procedure import procedure_from_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.recount.vote_entries import LoggedVote
    from ewtp.core.votes.appeal_events import AppealEvent
    from ewtp.core.votes.roll import VoteRoll

APPEAL_KINDS = frozenset(map(str, AppealEventKind))
_RESULTS = ("passed", "failed")


@dataclass(slots=True)
class AppealRecount:
    """The appeals in one vote, entry by entry; ``upheld`` are the numbers of the entries by which some were upheld."""

    vote: LoggedVote
    appeals: dict[str, tuple[int, Appeal]] = field(default_factory=dict)
    draws: list[tuple[int, int, AppealBodyDrawn]] = field(default_factory=list)
    spoken: list[tuple[int, str, str]] = field(default_factory=list)
    upheld: list[int] = field(default_factory=list)
    faults: list[Statement] = field(default_factory=list)

    def take(self, index: int, kind: str, event: Mapping[str, Any]) -> None:
        """Take in an entry about an appeal; KeyError, TypeError or ValueError where it cannot be read."""
        happened = _read_event(kind, event["payload"])
        at = datetime.fromisoformat(event["at"])
        if isinstance(happened, AppealLodged):
            self._lodge(index, happened, event, at)
            return
        held = self.appeals.get(happened.appeal)
        if held is None:
            self._fault(index, happened.appeal)
            return
        lodged, appeal = held
        after = evolve_appeal(appeal, happened)
        if isinstance(happened, AppealBodyDrawn):
            self.draws.append((index, lodged, happened))
            founded = appeal.body is None
        elif isinstance(happened, AppealOpinionStated):
            self.spoken.append((index, happened.member, happened.group))
            spoken_for = event.get("on_behalf_of") == happened.member
            founded = spoken_for and happened.group in (appeal.body or ()) and appeal.verdict is None
        else:
            founded = appeal.verdict is None and find_agreed_verdict(appeal) is happened.verdict
            if founded and at < appeal.until and happened.verdict is AppealVerdict.UPHELD:
                self.upheld.append(index)
        if not founded or at >= appeal.until:
            self._fault(index, happened.appeal)
        self.appeals[happened.appeal] = (lodged, after)

    def _lodge(self, index: int, happened: AppealLodged, event: Mapping[str, Any], at: datetime) -> None:
        procedure = procedure_from_texts(self.vote.started.procedure)
        results = [moment for _, moment, outcome in self.vote.outcomes if outcome in _RESULTS]
        in_time = (
            not isinstance(procedure, Refusal)
            and bool(results)
            and at < results[-1] + procedure.clock_appeal
            and happened.until == at + procedure.clock_alarm
        )
        if not in_time or event.get("on_behalf_of") != happened.by or happened.appeal in self.appeals:
            self._fault(index, happened.appeal)
        self.appeals[happened.appeal] = (index, evolve_appeal(None, happened))

    def compare(self, roll: VoteRoll, bundle: BundleReport) -> Iterator[Statement]:
        """What is wrong with who was drawn and who spoke, and what cannot be shown of it."""
        for index, lodged, drawn in self.draws:
            earlier = any(lodged < size < drawn.size for size in bundle.checkpoints)
            after = drawn.size if earlier else lodged
            yield from root_statements(bundle, index, drawn.size, drawn.root, after=after)
            group = self.appeals[drawn.appeal][1].group
            groups = draw_appeal_body(self.vote.id, drawn.appeal, group, roll, bytes.fromhex(drawn.root))
            if drawn.groups != groups:
                yield self._statement(index, drawn.appeal)
        for index, member, group in self.spoken:
            if member not in roll.by_member or roll.by_member[member].group != group:
                yield self._statement(index, member)

    def _fault(self, index: int, appeal: str) -> None:
        self.faults.append(self._statement(index, appeal))

    def _statement(self, index: int, appeal: str) -> Statement:
        return Statement(sentences.APPEAL_UNFOUNDED, {"index": index, "appeal": appeal, "vote": self.vote.id})


def _read_event(kind: str, body: Mapping[str, Any]) -> AppealEvent:
    appeal = body["appeal"]
    if kind == AppealEventKind.LODGED:
        until, at = datetime.fromisoformat(body["until"]), datetime.fromisoformat(body["at"])
        matter = AppealMatter(body["matter"])
        return AppealLodged(appeal, matter, body["about"], body["by"], body["group"], body["reason"], until, at)
    if kind == AppealEventKind.DRAWN:
        return AppealBodyDrawn(appeal, body["size"], body["root"], tuple(body["groups"]))
    verdict = AppealVerdict(body["verdict"])
    if kind == AppealEventKind.OPINED:
        return AppealOpinionStated(appeal, body["member"], body["group"], verdict, body["reason"])
    return AppealDecided(appeal, verdict, body["reason"], datetime.fromisoformat(body["at"]))
