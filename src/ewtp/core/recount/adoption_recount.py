"""Adoptions and replays of proposals, held to what the log has before them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.proposals.proposal import AdoptionEnding, renewal_limit
from ewtp.core.recount import sentences
from ewtp.core.recount.authority_recount import AuthorityRecount
from ewtp.core.recount.findings import AdoptionFindings
from ewtp.core.recount.organisations_so_far import OrganisationsSoFar
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.core.values.sentence import Sentence

    EntryReader = Callable[["AdoptionRecount", int, dict[str, Any]], None]

_PASSED = "passed"


@dataclass(slots=True)
class _TermSoFar:
    """The days of an adoption as its entry states them; ``renewed`` once it was."""

    effective: date
    sunset: date | None
    renewed: bool = False


@dataclass(slots=True)
class _ProposalSoFar:
    articles: tuple[str, ...] = ()
    changeset: str = ""
    passed: bool = False
    adopted: set[tuple[str, str]] = field(default_factory=set)
    # By the act of an adoption, what it adopted.
    by_act: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    author: str = ""
    # The owner group of each sponsor, and the sponsors who asked that it be withdrawn.
    sponsors: dict[str, str] = field(default_factory=dict)
    asking: set[str] = field(default_factory=set)
    terms: dict[str, _TermSoFar] = field(default_factory=dict)
    replays: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class AdoptionRecount:
    """What was adopted, entry by entry; ``earlier`` counts entries about proposals that began before the bundle.

    ``unshown`` counts those for whose authority the bundle has no organisation, ``sunsets`` the adoptions that end by
    themselves.
    """

    found: list[AdoptionFindings] = field(default_factory=list)
    faults: list[Statement] = field(default_factory=list)
    earlier: int = 0
    unshown: int = 0
    replays: int = 0
    sunsets: int = 0
    proposals: dict[str, _ProposalSoFar] = field(default_factory=dict)
    organisations: OrganisationsSoFar = field(default_factory=OrganisationsSoFar)
    signed: AuthorityRecount = field(default_factory=AuthorityRecount)
    acts: dict[str, str] = field(default_factory=dict)
    displaced: set[str] = field(default_factory=set)
    # Adoptions that an appeal ended, by the number of the entry and the proposal.
    annulled: list[tuple[int, str]] = field(default_factory=list)

    def _proposal(self, event: Mapping[str, Any]) -> _ProposalSoFar | None:
        found = self.proposals.get(event["subject"])
        self.earlier += found is None
        return found

    def _read_act(self, _index: int, event: dict[str, Any]) -> None:
        self.acts[event["subject"]] = event["payload"]["territory"]

    def _read_displacement(self, _index: int, event: dict[str, Any]) -> None:
        self.displaced.add(event["subject"])

    def _read_draft(self, _index: int, event: dict[str, Any]) -> None:
        author = event["payload"]["author"]["organisation"]
        self.proposals[event["subject"]] = _ProposalSoFar(author=author)
        self._read_text(_index, event)

    def _read_sponsor(self, _index: int, event: dict[str, Any]) -> None:
        proposal = self._proposal(event)
        if proposal is not None:
            participant = event["payload"]["participant"]
            proposal.sponsors[participant["organisation"]] = participant["group"]

    def _read_sponsor_leaving(self, _index: int, event: dict[str, Any]) -> None:
        proposal = self._proposal(event)
        if proposal is not None:
            proposal.sponsors.pop(event["payload"]["organisation"], None)

    def _read_withdrawal_asked(self, index: int, event: dict[str, Any]) -> None:
        proposal, by = self._proposal(event), event["payload"]["organisation"]
        if proposal is not None and (by not in proposal.sponsors or event.get("on_behalf_of") != by):
            self._fault(sentences.WITHDRAWAL_UNFOUNDED, index, proposal=event["subject"])
        elif proposal is not None:
            proposal.asking.add(by)

    def _read_withdrawal(self, index: int, event: dict[str, Any]) -> None:
        """A proposal is withdrawn by its author, or by sponsors of more than half of the owner groups behind it."""
        proposal = self._proposal(event)
        if proposal is None or event.get("on_behalf_of") == proposal.author:
            return
        behind = {proposal.sponsors[each] for each in proposal.asking if each in proposal.sponsors}
        if 2 * len(behind) <= len(set(proposal.sponsors.values())):
            self._fault(sentences.WITHDRAWAL_UNFOUNDED, index, proposal=event["subject"])

    def _read_text(self, _index: int, event: dict[str, Any]) -> None:
        proposal = self._proposal(event)
        if proposal is not None:
            content = event["payload"]["content"]
            proposal.articles, proposal.changeset = tuple(content["articles"]), content["changeset"]

    def _read_outcome(self, _index: int, event: dict[str, Any]) -> None:
        proposal = self._proposal(event)
        if proposal is not None:
            proposal.passed = event["payload"]["outcome"] == _PASSED

    def _read_replay(self, index: int, event: dict[str, Any]) -> None:
        proposal = self._proposal(event)
        if proposal is None:
            return
        self.replays += 1
        # Whether results agree is computed by whoever reads them; entries of earlier versions state it.
        if "agrees" not in event["payload"]:
            return
        record, inputs = event["payload"]["record"], ("rulebook", "change", "data", "parameters")
        same = (each for each in proposal.replays if all(each[name] == record[name] for name in inputs))
        first = next(same, None)
        agrees = first is None or first["result"] == record["result"]
        if event["payload"]["agrees"] is not agrees:
            self._fault(sentences.REPLAY_DIFFERS, index, proposal=event["subject"])
        proposal.replays.append(record)

    def _read_adoption(self, index: int, event: dict[str, Any]) -> None:
        proposal, body = self._proposal(event), event["payload"]
        territory, articles = body["territory"], tuple(body["articles"])
        if proposal is not None:
            told = {"proposal": event["subject"], "territory": territory}
            if not proposal.passed:
                self._fault(sentences.ADOPTION_UNPASSED, index, **told)
            if body.get("changeset", proposal.changeset) not in ("", proposal.changeset):
                self._fault(sentences.ADOPTION_UNPASSED, index, **told)
            adopted = proposal.adopted
            wrong = [each for each in articles if each not in proposal.articles or (territory, each) in adopted]
            if wrong:
                self._fault(sentences.ADOPTION_ARTICLES, index, **told, articles=wrong)
            adopted.update((territory, each) for each in articles)
            proposal.by_act[body["act"]] = {(territory, each) for each in articles}
            proposal.terms[body["act"]] = self._read_term(body)
            if self.acts.get(body["act"]) != territory:
                self._fault(sentences.ADOPTION_ACT, index, territory=territory, act=body["act"])
        shown = territory == PLATFORM or self._speaks(index, event)
        # The procedure rests on the vote, and nobody signs for it.
        if territory != PLATFORM:
            self.signed.check_adoption(index, event)
        self.found.append(
            AdoptionFindings(
                index, event["subject"], territory, body["by"], shown, articles=articles, effective=body["effective"]
            )
        )

    def _read_end(self, index: int, event: dict[str, Any]) -> None:
        """What an adoption that ended adopted can be adopted again."""
        proposal, body = self._proposal(event), event["payload"]
        act = body["act"]
        if proposal is not None:
            proposal.adopted -= proposal.by_act.get(act, set())
            proposal.terms.pop(act, None)
            # Which law displaced it is not public.
            founded = body["ending"] != AdoptionEnding.DISPLACED or act in self.displaced or not self.signed.is_whole
            if act not in proposal.by_act or not founded:
                self._fault(sentences.ENDING_UNFOUNDED, index, territory=body["territory"], act=act)
        if body["ending"] == AdoptionEnding.ANNULLED:
            self.annulled.append((index, event["subject"]))
        if body["ending"] == AdoptionEnding.WITHDRAWN:
            self._speaks(index, event)
            self.signed.check_withdrawal(index, event)

    def _read_term(self, body: Mapping[str, Any]) -> _TermSoFar:
        """The days of an adoption; entries of earlier versions do not state a sunset."""
        sunset = body.get("sunset")
        self.sunsets += sunset is not None
        return _TermSoFar(date.fromisoformat(body["effective"]), None if sunset is None else date.fromisoformat(sunset))

    def _read_renewal(self, index: int, event: dict[str, Any]) -> None:
        """An adoption that ends by itself is renewed once, for as many days as it had, while nothing else ended it."""
        proposal, body = self._proposal(event), event["payload"]
        act, last_day = body["act"], date.fromisoformat(body["last_day"])
        if proposal is not None:
            term = proposal.terms.get(act)
            if term is None or term.renewed or not _is_within(term, last_day):
                self._fault(sentences.RENEWAL_UNFOUNDED, index, territory=body["territory"], act=act)
            else:
                term.renewed = True
        self._speaks(index, event)
        self.signed.check_renewal(index, event)

    def _read_decline(self, index: int, event: dict[str, Any]) -> None:
        self._proposal(event)
        body = event["payload"]
        shown = self._speaks(index, event)
        self.signed.check_decline(index, event)
        self.found.append(
            AdoptionFindings(index, event["subject"], body["territory"], body["by"], shown, reason=body["reason"])
        )

    def _speaks(self, index: int, event: dict[str, Any]) -> bool:
        """Whether the entry was stated on behalf of a verified authority of its territory."""
        body = event["payload"]
        by, territory = body["by"], body["territory"]
        if not self.signed.is_whole and by not in self.organisations.told and event.get("on_behalf_of") == by:
            self.unshown += 1
            return False
        day = datetime.fromisoformat(event["at"]).date()
        speaks = self.organisations.speaks_for(by, territory, day) and event.get("on_behalf_of") == by
        if not speaks:
            self._fault(sentences.ADOPTION_AUTHORITY, index, territory=territory, by=by)
        return speaks

    def _fault(self, sentence: Sentence, index: int, **params: object) -> None:
        self.faults.append(Statement(sentence, {"index": index, **params}))

    @classmethod
    def handlers(cls) -> dict[str, EntryReader]:
        """What takes in each kind of entry."""
        return {
            "rulebook:act:adopted": cls._read_act,
            "rulebook:act:displaced": cls._read_displacement,
            "proposals:proposal:drafted": cls._read_draft,
            "proposals:draft:revised": cls._read_text,
            "proposals:sponsor:joined": cls._read_sponsor,
            "proposals:sponsor:left": cls._read_sponsor_leaving,
            "proposals:withdrawal:supported": cls._read_withdrawal_asked,
            "proposals:proposal:withdrawn": cls._read_withdrawal,
            "proposals:amendment:merged": cls._read_text,
            "proposals:vote:decided": cls._read_outcome,
            "proposals:replay:recorded": cls._read_replay,
            "proposals:adoption:stated": cls._read_adoption,
            "proposals:adoption:declined": cls._read_decline,
            "proposals:adoption:ended": cls._read_end,
            "proposals:adoption:renewed": cls._read_renewal,
        }


def _is_within(term: _TermSoFar, last_day: date) -> bool:
    return term.sunset is not None and term.sunset < last_day <= renewal_limit(term.effective, term.sunset)
