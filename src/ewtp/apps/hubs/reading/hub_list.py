"""The hubs that are followed, and what their logs say of proposals and adoptions: their own word, never law here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.apps.hubs.reading.hub_events import DECIDED, DRAFTED, REVISED, read_stated_entry
from ewtp.apps.hubs.store.entry_name import ADOPTED, DECLINED, ENDED, RENEWED, REPLAYED
from ewtp.apps.hubs.store.models import FollowedHub, HubEntry, HubFork, HubReport
from ewtp.apps.proposals.reading.adoption_list import adoptions_page
from ewtp.apps.proposals.reading.replay_reports import own_reports
from ewtp.core.proposals.proposal import Outcome, ProposalStage
from ewtp.core.replay.report_sum import add_published, adds_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ewtp.apps.hubs.reading.hub_events import StatedEntry

_KINDS = (DRAFTED, REVISED, DECIDED, REPLAYED, ADOPTED, DECLINED, ENDED, RENEWED)
# At most this many adoptions of one economy at this hub are named beside one at another hub.
_MOST_OWN = 5
# What else moves a proposal on.
_STAGES = {
    "proposals:proposal:submitted": ProposalStage.SUBMITTED,
    "proposals:vote:opened": ProposalStage.VOTING,
    "proposals:proposal:withdrawn": ProposalStage.WITHDRAWN,
    "proposals:proposal:superseded": ProposalStage.SUPERSEDED,
}
# A proposal that was sent back is discussed again, and one whose roll did not hold waits for another vote.
_OUTCOME_STAGES = {Outcome.SENT_BACK: ProposalStage.DISCUSSED, Outcome.NEW_ROLL: ProposalStage.FROZEN}


@dataclass(frozen=True, slots=True)
class HubFollowed:
    """A hub as it is known here; ``forks`` counts the proofs that it showed two histories.

    ``faults``, ``breaks``, ``address``, ``asked`` and ``problem`` are as ``FollowedHub`` has them; ``more_faults``
    counts those that are not kept.
    """

    id: int
    origin: str
    key: str
    size: int
    note: str
    at: datetime
    faults: tuple[Mapping[str, Any], ...]
    more_faults: int
    breaks: tuple[Mapping[str, Any], ...]
    forks: int
    address: str
    asked: datetime | None
    problem: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The hub as JSON."""
        return {
            "id": self.id,
            "origin": self.origin,
            "key": self.key,
            "size": self.size,
            "checkpoint": self.note,
            "imported": self.at.isoformat(),
            "faults": list(self.faults),
            "more_faults": self.more_faults,
            "breaks": list(self.breaks),
            "forks": self.forks,
            "address": self.address or None,
            "asked": self.asked.isoformat() if self.asked else None,
            "problem": self.problem.get("code"),
        }


def hubs_followed() -> list[HubFollowed]:
    """Every hub, by name."""
    counts: dict[int, int] = {}
    for hub in HubFork.objects.values_list("hub_id", flat=True):
        counts[hub] = counts.get(hub, 0) + 1
    return [
        HubFollowed(
            id=row.id,
            origin=row.origin,
            key=row.key,
            size=row.size,
            note=row.note,
            at=row.at,
            faults=tuple(row.faults),
            more_faults=max(0, row.fault_count - len(row.faults)),
            breaks=tuple(row.breaks),
            forks=counts.get(row.id, 0),
            address=row.address,
            asked=row.asked,
            problem=row.problem,
        )
        for row in FollowedHub.objects.order_by("origin")
    ]


def hub_read(number: int) -> HubFollowed | None:
    """A hub by its number here; None where there is none."""
    return next((each for each in hubs_followed() if each.id == number), None)


def forks_of(hub: int) -> list[dict[str, Any]]:
    """The proofs that a hub showed two histories, as JSON, the newest first."""
    return [
        {
            "size": row.size,
            "kept_root": row.kept_root,
            "shown_root": row.shown_root,
            "kept": row.kept_note,
            "shown": row.shown_note,
            "found": row.at.isoformat(),
        }
        for row in HubFork.objects.filter(hub_id=hub).order_by("-at", "-id")
    ]


def proposals_of(hub: int) -> list[dict[str, Any]]:
    """The proposals of a hub by its own log, the newest first: title, stage, adoptions and declines.

    One that was drafted in an entry that is withheld is left out, and so is what an entry does not state as its kind
    does. ``here`` are the proposals that the economy of an
    adoption adopted at this hub: two words of one authority, of which neither is chosen.
    """
    found: dict[str, dict[str, Any]] = {}
    for event in _events(hub):
        kind, body, subject = event.kind, event.payload, event.subject
        if kind == DRAFTED:
            found[subject] = {
                "id": subject,
                "stage": ProposalStage.DRAFT,
                "changeset": "",
                "adoptions": [],
                "replays": [],
            }
        if subject not in found:
            continue
        one = found[subject]
        if kind in (DRAFTED, REVISED):
            one |= body
        elif kind == DECIDED:
            one["stage"] = _OUTCOME_STAGES.get(body["outcome"], body["outcome"])
        elif kind == REPLAYED:
            one["replays"].append(body["result"])
        elif kind in _STAGES:
            one["stage"] = _STAGES[kind]
        else:
            _adopt(one["adoptions"], kind, body)
    _tell_own([adoption for one in found.values() for adoption in one["adoptions"]])
    return list(reversed(found.values()))


def _tell_own(adoptions: list[dict[str, Any]]) -> None:
    """Set what the economy of each adoption adopted at this hub, each economy looked up once."""
    own: dict[str, list[str]] = {}
    for each in adoptions:
        territory, adopts = each["territory"], each["effective"] is not None
        if adopts and territory not in own:
            own[territory] = _find_own_adoptions(territory)
        each["here"] = own[territory] if adopts else []


def _find_own_adoptions(territory: str) -> list[str]:
    own, _ = adoptions_page(territory=territory, limit=_MOST_OWN)
    return [proposal for proposal, each in own if each.ended is None]


def reports_added() -> list[dict[str, Any]]:
    """By change, the sum of the reports of this and of every other hub; changes of two hubs or more.

    Of reports over the same trade one is counted: its result would be counted twice.
    """
    by_change: dict[str, dict[str, Mapping[str, Any]]] = {}
    hubs: dict[str, set[str]] = {}
    for origin, recipe, report in _all_reports():
        if by_change.setdefault(recipe["change"], {}).setdefault(recipe["data"], report) is report:
            hubs.setdefault(recipe["change"], set()).add(origin)
    return [
        {"change": change, "hubs": sorted(hubs[change]), **add_published(reports.values())}
        for change, reports in sorted(by_change.items())
        if len(hubs[change]) > 1
    ]


def _all_reports() -> Iterator[tuple[str, Mapping[str, str], Mapping[str, Any]]]:
    """Each report with the hub that made it, empty for this one, and what it was computed of."""
    for own in own_reports():
        yield "", {"change": own.change, "data": own.data}, own.report
    for row in FollowedHub.objects.order_by("origin"):
        held = HubReport.objects.filter(hub=row).values_list("digest", "report")
        kept = {digest: report for digest, report in held if adds_up(report)}
        for event in _events(row.id):
            told = event.payload if event.kind == REPLAYED else {}
            if told.get("recipe") is not None and told["result"] in kept:
                yield row.origin, told["recipe"], kept[told["result"]]


def _events(hub: int) -> Iterator[StatedEntry]:
    """What a hub's log has of proposals, in order."""
    rows = HubEntry.objects.filter(hub_id=hub, kind__in=[*_KINDS, *_STAGES], body__isnull=False).order_by("index")
    for body in rows.values_list("body", flat=True).iterator():
        event = read_stated_entry(bytes(body or b""))
        if event is not None:
            yield event


def _adopt(adoptions: list[dict[str, Any]], kind: str, body: Mapping[str, Any]) -> None:
    if kind in (ENDED, RENEWED):
        for each in adoptions:
            if each["act"] == body["act"]:
                each["ended" if kind == ENDED else "sunset"] = body["last_day"]
        return
    adoptions.append(
        {
            "territory": body["territory"],
            "articles": body.get("articles", []),
            "effective": body.get("effective"),
            "act": body.get("act"),
            "cited": body.get("cited"),
            "reason": body.get("reason"),
            "ended": None,
            "sunset": body.get("sunset"),
        }
    )
