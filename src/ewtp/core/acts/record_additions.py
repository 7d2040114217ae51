"""The records that an act adds: new rules, recognised papers, promises, memberships, rules of procedure."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from ewtp.core.acts.act import AddRule, AnswerWithin, JoinGroup, RecognisePaper, SetProcedure
from ewtp.core.acts.selection import papers_selected
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import (
    EVERY_ORIGIN,
    LONGEST_CLAIM,
    RECOGNITION,
    Condition,
    ConditionKind,
    Kind,
    Measure,
    Origins,
    Product,
    Status,
)
from ewtp.core.rulebook.service import PLATFORM, Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.acts.act import ActDays, Acts, Selector
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import LawRecord

# What a record of a proposal cites until an economy's own act is cited instead.
_SOURCE, _REFERENCE = "proposal", "proposal"
_NO_SCHEDULE = "HS2022"
_ID_DIGITS = 8

StatingAct = AddRule | RecognisePaper | AnswerWithin | JoinGroup | SetProcedure


def records_added(act: StatingAct, acts: Acts, law: HeldLaw) -> tuple[LawRecord, ...]:
    """The records that an act adds to a law; in ``acts`` a reciprocal recognition looks for the one in return."""
    match act:
        case AddRule():
            return tuple(_rules(act, law))
        case RecognisePaper():
            return tuple(_recognitions(act, acts, law))
        case AnswerWithin():
            chosen = act.selector
            named = (chosen.territory, chosen.agency, chosen.document)
            return (Service(*named, act.answer_days, act.days.period, _source(act.days), _REFERENCE),)
        case JoinGroup():
            return tuple(_member(act.group, economy, act.days) for economy in act.economies)
        case SetProcedure():
            cited = (act.days.period, _source(act.days), _REFERENCE)
            return (Procedure(PLATFORM, act.name, act.value, *cited),)


def _source(days: ActDays) -> Source:
    return Source(_SOURCE, "Proposal", "eWTP", None, days.first_day)


def _member(group: str, economy: str, days: ActDays) -> GroupMember:
    return GroupMember(group, economy, days.period, _source(days), _REFERENCE)


def _rules(act: AddRule, law: HeldLaw) -> Iterator[Measure]:
    chosen = act.selector
    fields: dict[str, Any] = dict(act.fields)
    kind = Kind(chosen.kind)
    territory = law.book.territories.get(chosen.territory)
    if kind.charges and territory is not None:
        fields.setdefault("currency", territory.currency)
    conditions = tuple(Condition(name, value) for name, value in act.conditions)
    origins = Origins((*chosen.origins, *chosen.groups) or (EVERY_ORIGIN,))
    stated = {"programme": chosen.programme, "mast_chapter": chosen.mast_chapter, **fields}
    for product in _products(chosen, law):
        yield Measure(
            id=_name(act, product.prefix),
            territory=chosen.territory,
            kind=kind,
            product=product,
            validity=act.days.period,
            source=_source(act.days),
            reference=_REFERENCE,
            origins=origins,
            direction=chosen.direction,
            status=Status.PROPOSED,
            agency=chosen.agency,
            document=chosen.document,
            conditions=conditions,
            **stated,
        )


def _products(chosen: Selector, law: HeldLaw) -> list[Product]:
    """The scopes of codes that a new rule is written for."""
    territory = law.book.territories.get(chosen.territory)
    edition = (territory.nomenclature or territory.hs_edition) if territory is not None else ""
    return [
        Product(edition or _NO_SCHEDULE, code, tuple(out for out in chosen.excluded_codes if out.startswith(code)))
        for code in chosen.codes or ("",)
    ]


def _name(act: AddRule | RecognisePaper, *parts: str) -> str:
    """A name for a new rule that depends on what it states alone."""
    digest = hashlib.sha256(repr((act, parts)).encode()).hexdigest()[:_ID_DIGITS]
    return f"{act.selector.territory}-proposal-{digest}"


def _recognitions(act: RecognisePaper, acts: Acts, law: HeldLaw) -> Iterator[LawRecord]:
    chosen = act.selector
    claim = claim_of(act)
    origins = (claim,) if act.reciprocal else (*chosen.origins, *chosen.groups) or (EVERY_ORIGIN,)
    conditions = (
        Condition(ConditionKind.CLAIM, claim),
        Condition(ConditionKind.DOCUMENT, act.accepted),
        Condition(ConditionKind.AUTHORITY, act.authority),
    )
    for document in papers_selected(chosen, law):
        for product in _products(chosen, law):
            yield Measure(
                id=_name(act, document, product.prefix),
                territory=chosen.territory,
                kind=Kind.RELIEF,
                product=product,
                validity=act.days.period,
                source=_source(act.days),
                reference=_REFERENCE,
                title=f"{act.accepted} ({act.authority})",
                origins=Origins(origins),
                direction=chosen.direction,
                status=Status.PROPOSED,
                programme=RECOGNITION,
                agency=chosen.agency,
                document=document,
                mast_chapter=chosen.mast_chapter,
                conditions=conditions,
            )
    if act.reciprocal:
        title = f"{act.accepted} ({act.authority})"
        yield Group(claim, title, (), _source(act.days), _REFERENCE, act.accepted, "", act.days.period)
        for other in reciprocal_acts(act, acts, law):
            own = _economies([chosen.territory], law)
            for economy in sorted(own & _economies(other.selector.origins, law)):
                yield _member(claim_of(other), economy, act.days)


def claim_of(act: RecognisePaper) -> str:
    """The claim by which traders rely on a recognition; of a reciprocal one, also the group of those who grant it."""
    if act.claim:
        return act.claim
    chosen = act.selector
    words = (chosen.agency or chosen.document or "papers", act.authority)
    name = "-".join(filter(None, (re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words)))
    digest = _name(act).rpartition("-")[2]
    start = f"{chosen.territory}-recognition-"
    # A longer claim could be made in no question.
    return f"{start}{name[: LONGEST_CLAIM - len(start) - len(digest) - 1]}-{digest}"


def reciprocal_acts(act: RecognisePaper, acts: Acts, law: HeldLaw) -> list[RecognisePaper]:
    """The reciprocal recognitions among ``acts`` by economies that the act is about, of its own economies' papers."""
    own, partners = _economies([act.selector.territory], law), _economies(act.selector.origins, law)
    return [
        other
        for article in acts.articles
        for other in article.acts
        if isinstance(other, RecognisePaper)
        and other.reciprocal
        and not partners.isdisjoint(_economies([other.selector.territory], law))
        and not own.isdisjoint(_economies(other.selector.origins, law))
    ]


def partners_missing(act: RecognisePaper, acts: Acts, law: HeldLaw) -> list[str]:
    """The economies that a reciprocal act is about and of which no recognition in return is among the acts."""
    answered = {e for other in reciprocal_acts(act, acts, law) for e in _economies([other.selector.territory], law)}
    return sorted(_economies(act.selector.origins, law) - answered)


def _economies(names: Iterable[str], law: HeldLaw) -> set[str]:
    """The economies named, and the members of the territories named."""
    found: set[str] = set()
    for name in names:
        territory = law.book.territories.get(name)
        found.update(territory.members if territory is not None and territory.members else (name,))
    return found
