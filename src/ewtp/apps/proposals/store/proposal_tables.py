"""A proposal in the tables: read as a value of core, and written after its events."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_stages import stage_columns
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import (
    AdoptionEnding,
    Amendment,
    AmendmentState,
    Content,
    Decline,
    Outcome,
    Participant,
    Proposal,
    ProposalAdoption,
    Renewal,
    ReplayMade,
    Sponsorship,
    TextVersion,
)
from ewtp.core.proposals.proposal_events import read_stated_procedure
from ewtp.core.replay.recomputation import RepeatableReplay, ReplayRecipe

if TYPE_CHECKING:
    from django.db.models import QuerySet

_RECIPE = ("engine", "rulebook", "rates", "change", "data", "currency")
_BELONGING = ("sponsors", "replays", "adoptions", "declines")
_MOMENTS = ("at", "submitted", "qualified", "discussed", "sent_back", "opened", "decided", "withdrawn")
_TEXTS = ("title", "barrier", "rival_of", "superseded_by", "reason")


def with_belongings(rows: QuerySet[models.Proposal]) -> QuerySet[models.Proposal]:
    """The rows, so that reading them as values takes one query a table."""
    # A text can be long, and its digests alone belong to the value.
    versions = models.TextVersion.objects.prefetch_related(_digests())
    amendments = models.Amendment.objects.prefetch_related(_digests())
    return rows.prefetch_related(Prefetch("versions", versions), Prefetch("amendments", amendments), *_BELONGING)


def _digests() -> Prefetch[Any]:
    return Prefetch("text", models.Text.objects.only("digest", "changeset", "rulebook", "articles"))


def proposal_value(row: models.Proposal) -> Proposal:
    """The proposal of a row, with all that belongs to it."""
    return Proposal(
        id=row.id,
        author=Participant(row.author, row.author_group, House(row.author_house), row.author_economy),
        versions=tuple(
            TextVersion(each.number, content_value(each.text), each.at, each.amendment)
            for each in _sort_rows(row.versions, "number")
        ),
        procedure=None if row.procedure is None else read_stated_procedure(row.procedure),
        sponsors=tuple(
            Sponsorship(Participant(each.organisation, each.group, House(each.house), each.economy), each.at)
            for each in _sort_rows(row.sponsors, "pk")
        ),
        amendments=tuple(
            Amendment(
                id=each.id,
                by=each.by,
                base=each.base,
                content=content_value(each.text),
                at=each.at,
                state=AmendmentState(each.state),
                accepted_by=tuple(each.accepted_by),
            )
            for each in _sort_rows(row.amendments, "id")
        ),
        replays=tuple(
            ReplayMade(
                each.by,
                RepeatableReplay(ReplayRecipe(*(getattr(each, name) for name in _RECIPE)), each.result),
                each.at,
            )
            for each in _sort_rows(row.replays, "pk")
        ),
        outcome=Outcome(row.outcome) if row.outcome else None,
        withdrawal_asked=tuple((organisation, reason) for organisation, reason in row.withdrawal_asked),
        adoptions=tuple(adoption_value(each) for each in _sort_rows(row.adoptions, "pk")),
        declines=tuple(
            Decline(each.territory, each.reason, each.by, each.at, each.statement)
            for each in _sort_rows(row.declines, "pk")
        ),
        **{name: getattr(row, name) for name in (*_MOMENTS, *_TEXTS)},
    )


def content_value(row: models.Text) -> Content:
    """The digests of a text."""
    return Content(row.digest, row.changeset, row.rulebook, tuple(row.articles))


def adoption_value(row: models.ArticleAdoption) -> ProposalAdoption:
    """The adoption of a row."""
    return ProposalAdoption(
        row.territory,
        tuple(row.articles),
        row.effective,
        row.by,
        row.act,
        row.at,
        row.ended,
        AdoptionEnding(row.ending) if row.ending else None,
        row.reason,
        row.statement,
        row.sunset,
        tuple(_renewal_value(each) for each in row.renewals),
    )


def _renewal_value(body: dict[str, Any]) -> Renewal:
    moment = datetime.fromisoformat(body["at"])
    return Renewal(date.fromisoformat(body["last_day"]), moment, body["title"], body["statement"])


def _renewal_body(renewal: Renewal) -> dict[str, Any]:
    return {
        "last_day": renewal.last_day.isoformat(),
        "at": renewal.at.isoformat(),
        "title": renewal.title,
        "statement": renewal.statement,
    }


def _sort_rows(related: Any, by: str) -> list[Any]:
    return sorted(related.all(), key=lambda each: getattr(each, by))


def proposal_store(state: Proposal, now: datetime) -> None:
    """Write a proposal as it is after its events; its row is locked, unless it is new.

    Of versions, replays and declines there are only ever more, so the new ones are inserted.
    """
    row, _ = models.Proposal.objects.update_or_create(
        id=state.id,
        defaults={
            "author": state.author.organisation,
            "author_group": state.author.group,
            "author_house": state.author.house,
            "author_economy": state.author.economy,
            "procedure": None if state.procedure is None else state.procedure.as_texts(),
            "outcome": state.outcome or "",
            "withdrawal_asked": [list(each) for each in state.withdrawal_asked],
            **stage_columns(state, now),
            **{name: getattr(state, name) for name in (*_MOMENTS, *_TEXTS)},
        },
    )
    _versions_store(row, state)
    _sponsors_store(row, state)
    for each in state.amendments:
        models.Amendment.objects.update_or_create(
            id=each.id,
            defaults={
                "proposal": row,
                "by": each.by,
                "base": each.base,
                "text_id": each.content.digest,
                "at": each.at,
                "state": each.state,
                "accepted_by": list(each.accepted_by),
            },
        )
    models.ReplayMade.objects.bulk_create(
        models.ReplayMade(
            proposal=row,
            by=each.by,
            at=each.at,
            result=each.record.result,
            **each.record.recipe.as_json(),
        )
        for each in state.replays[row.replays.count() :]
    )
    _adoptions_store(row, state)
    models.Decline.objects.bulk_create(
        models.Decline(
            proposal=row, territory=each.territory, reason=each.reason, by=each.by, at=each.at, statement=each.statement
        )
        for each in state.declines[row.declines.count() :]
    )


def _adoptions_store(row: models.Proposal, state: Proposal) -> None:
    """Insert the new ones, and write how others ended or were renewed."""
    held = list(row.adoptions.order_by("pk"))
    for stored, each in zip(held, state.adoptions, strict=False):
        renewals = [_renewal_body(one) for one in each.renewals]
        if stored.ended != each.ended or stored.reason != each.reason or stored.renewals != renewals:
            stored.ended, stored.ending, stored.reason = each.ended, each.ending or "", each.reason
            stored.renewals = renewals
            stored.save(update_fields=["ended", "ending", "reason", "renewals"])
    models.ArticleAdoption.objects.bulk_create(
        models.ArticleAdoption(
            proposal=row,
            territory=each.territory,
            articles=list(each.articles),
            effective=each.effective,
            by=each.by,
            act=each.act,
            at=each.at,
            statement=each.statement,
            sunset=each.sunset,
        )
        for each in state.adoptions[len(held) :]
    )


def _versions_store(row: models.Proposal, state: Proposal) -> None:
    models.TextVersion.objects.bulk_create(
        models.TextVersion(
            proposal=row, number=each.number, text_id=each.content.digest, at=each.at, amendment=each.amendment
        )
        for each in state.versions[row.versions.count() :]
    )


def _sponsors_store(row: models.Proposal, state: Proposal) -> None:
    held = set(row.sponsors.values_list("organisation", flat=True))
    now = {each.participant.organisation: each for each in state.sponsors}
    row.sponsors.filter(organisation__in=held - set(now)).delete()
    models.Sponsor.objects.bulk_create(
        models.Sponsor(
            proposal=row,
            organisation=name,
            group=each.participant.group,
            house=each.participant.house,
            economy=each.participant.economy,
            at=each.at,
        )
        for name, each in now.items()
        if name not in held
    )
