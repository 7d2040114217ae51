"""What the pages of proposals show, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.organisations.reading.organisation_names import organisations_named
from ewtp.apps.organisations.surface.presentation import house_names
from ewtp.apps.proposals.reading.comment_list import comments_of
from ewtp.apps.proposals.reading.house_sizes import read_house_sizes
from ewtp.apps.proposals.reading.proposal_text import find_conflicting_articles, text_stored
from ewtp.apps.proposals.surface.adoption_presentation import adoptions_context
from ewtp.apps.proposals.surface.replay_presentation import replays_context
from ewtp.core.acts.acts_text import acts_text
from ewtp.core.acts.acts_words import word_act
from ewtp.core.proposals.proposal import AmendmentState, ProposalStage, proposal_stage_of, stage_limit
from ewtp.core.proposals.remedies import Remedy
from ewtp.core.proposals.sponsors import count_backing
from ewtp.core.rulebook.changeset.change_table import tabulate_changeset
from ewtp.core.values.sentence import Statement, read_statement
from ewtp.gateways.reference.sentence_table import read_known_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.proposals.proposal import Amendment, Proposal

EXAMPLE = """\
title "One certificate is enough"
text "The data of the Lacey Act repeat what the phytosanitary certificate says."
article lacey
  end requirement of US by APHIS paper "AL1*" on 92, 94 from 2027-01-01"""
# Rows of the table of old and new on a page; the API has the whole change.
_MOST_ROWS = 40


def proposal_stage_names() -> dict[ProposalStage, str]:
    """The stages as a reader knows them."""
    return {
        ProposalStage.DRAFT: gettext("Draft"),
        ProposalStage.SUBMITTED: gettext("Seeking sponsors"),
        ProposalStage.DISCUSSED: gettext("Being discussed"),
        ProposalStage.FROZEN: gettext("Frozen before its vote"),
        ProposalStage.VOTING: gettext("Being voted on"),
        ProposalStage.PASSED: gettext("Passed"),
        ProposalStage.FAILED: gettext("Failed"),
        ProposalStage.WITHDRAWN: gettext("Withdrawn"),
        ProposalStage.SUPERSEDED: gettext("Superseded"),
        ProposalStage.LAPSED: gettext("Lapsed"),
    }


def house_sizes_context(now: datetime) -> dict[str, Any]:
    """The number of active owner groups that each house needs, and the names of the houses that have fewer today."""
    sizes, names = read_house_sizes(now), house_names()
    return {"least_groups": sizes.least, "small_houses": [names[house] for house in sizes.too_small]}


def amendment_state_names() -> dict[AmendmentState, str]:
    """What became of an amendment, as a reader knows it."""
    return {
        AmendmentState.OPEN: gettext("open"),
        AmendmentState.MERGED: gettext("merged"),
        AmendmentState.REJECTED: gettext("rejected"),
        AmendmentState.WITHDRAWN: gettext("taken back"),
    }


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list."""

    id: str
    title: str
    stage: str
    limit: datetime | None
    author: str
    economy: str
    at: datetime
    adopted: tuple[str, ...]


def proposal_rows(proposals: Iterable[Proposal], now: datetime) -> list[ProposalRow]:
    """The proposals as a list shows them."""
    held = list(proposals)
    names, stages = organisations_named(each.author.organisation for each in held), proposal_stage_names()
    return [
        ProposalRow(
            each.id,
            each.title,
            stages[proposal_stage_of(each, now)],
            stage_limit(each, now),
            _name(names, each.author.organisation),
            each.author.economy,
            each.at,
            tuple(dict.fromkeys(adoption.territory for adoption in each.adoptions)),
        )
        for each in held
    ]


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article: what it does in words, and the author's reason."""

    name: str
    words: tuple[Statement, ...]
    why: str
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultShown:
    """What a check found: its number, its sentence, and the place in the text."""

    number: str
    problem: Statement
    where: str


@dataclass(frozen=True, slots=True)
class AmendmentShown:
    """An amendment: who suggests it, what it does, and what became of it."""

    amendment: Amendment
    by: str
    words: tuple[Statement, ...]
    state: str
    open: bool
    conflicts: tuple[str, ...]


def articles_shown(text: ProposalText) -> list[ArticleShown]:
    """The articles of a text; a changeset is one article without a name."""
    if text.acts is None:
        return [ArticleShown("", text.words, "", ())]
    return [
        ArticleShown(each.name, tuple(word_act(act) for act in each.acts), each.why, each.requires)
        for each in text.acts.articles
    ]


def faults_shown(text: ProposalText) -> list[FaultShown]:
    """What the checks found in a text when it was compiled."""
    known = read_known_sentences()
    return [FaultShown(each["number"], read_statement(each, known), each.get("where", "")) for each in text.faults]


def text_source(text: ProposalText) -> str:
    """The text as its author writes it; empty for a changeset."""
    return "" if text.acts is None else acts_text(text.acts)


def proposal_context(proposal: Proposal, text: ProposalText, now: datetime) -> dict[str, Any]:
    """What every reader of the proposal's page sees."""
    backing, said = count_backing(proposal.sponsors), comments_of(proposal.id)
    names = organisations_named(
        {
            proposal.author.organisation,
            *(each.participant.organisation for each in proposal.sponsors),
            *(each.by for each in proposal.amendments),
            *(each.by for each in proposal.replays),
            *(each.by for each in said),
        }
    )
    stage, houses = proposal_stage_of(proposal, now), house_names()
    return {
        "proposal": proposal,
        "stage": stage,
        "stage_name": proposal_stage_names()[stage],
        "limit": stage_limit(proposal, now),
        "author": _name(names, proposal.author.organisation),
        "text": text,
        "articles": articles_shown(text),
        "source": text_source(text),
        "faults": faults_shown(text),
        "remarks": text.remarks,
        "backing": backing,
        "sponsors": [
            (_name(names, each.participant.organisation), each.participant.economy, houses[each.participant.house])
            for each in proposal.sponsors
        ],
        "withdrawal_asked": [(_name(names, by), reason) for by, reason in proposal.withdrawal_asked],
        **adoptions_context(proposal, now),
        **replays_context(proposal, names),
        "checks": checks_passed(),
        "sides": tabulate_changeset(text.changeset)[:_MOST_ROWS],
        "amendments": [_amendment(proposal, text, each, names) for each in proposal.amendments],
        "comments": [(each, _name(names, each.by)) for each in said],
    }


def remedy_names() -> dict[Remedy, str]:
    """What a proposal may do about a rule, as a reader knows it."""
    return {
        Remedy.END: gettext("End the rule"),
        Remedy.EXEMPT: gettext("Exempt the goods of an economy from it"),
        Remedy.ELECTRONIC: gettext("Accept the paper in electronic form"),
        Remedy.ANSWER: gettext("Have the agency answer within five days"),
        Remedy.FREE: gettext("Charge nothing"),
        Remedy.THRESHOLD: gettext("Raise the limit of value"),
    }


def checks_passed() -> list[tuple[str, str]]:
    """Each check by its number, with what it found where it found nothing."""
    return [
        ("CS1, CS2", gettext("The law that it was written on is the law in force.")),
        ("CS3, CS14", gettext("Every article reaches a rule and a line.")),
        ("CS4, CS19", gettext("Every rate and rule can be read.")),
        ("CS5, CS6, CS7", gettext("Every territory, group and code is known.")),
        ("CS8, CS17", gettext("Nothing in it contradicts itself.")),
        ("CS11", gettext("No preference is above the ordinary rate.")),
        ("CS12, CS15", gettext("Its days and their end are named.")),
        ("CS16", gettext("No article needs one that is missing.")),
    ]


def _amendment(
    proposal: Proposal, latest: ProposalText, amendment: Amendment, names: Mapping[str, Any]
) -> AmendmentShown:
    """An amendment, with the articles that it and the latest version change differently while it is open."""
    text = text_stored(amendment.content.digest)
    is_open = amendment.state is AmendmentState.OPEN
    conflicts: tuple[str, ...] = ()
    if is_open and amendment.base != latest.content.changeset:
        base = next(each for each in proposal.versions if each.content.changeset == amendment.base)
        conflicts = find_conflicting_articles(text_stored(base.content.digest), latest, text)
    state = amendment_state_names()[amendment.state]
    return AmendmentShown(amendment, _name(names, amendment.by), text.words, state, is_open, conflicts)


def _name(names: Mapping[str, Any], identity: str) -> str:
    found = names.get(identity)
    return identity if found is None else str(found.name)
