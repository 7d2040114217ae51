"""Proposals with their texts, sponsors, amendments, replays and adoptions; nothing of it is ever removed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

# Django knows a table once this file knows it.
from ewtp.apps.proposals.store.outcome_models import OutcomeFigure, OutcomeLoad  # noqa: F401 - as said above
from ewtp.apps.proposals.store.secret_models import (  # noqa: F401 - as said above
    PartialDecryption,
    PreparedElection,
    SecretBallot,
)
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import AdoptionEnding, AmendmentState, Outcome, ProposalStage
from ewtp.core.values.ids import ID_PATTERN
from ewtp.core.votes.appeal_events import AppealMatter, AppealVerdict
from ewtp.core.votes.vote_tally import Choice

_ID = f"^{ID_PATTERN}$"
_DIGEST = "^[0-9a-f]{64}$"


class Text(models.Model):
    """What a version or an amendment consists of, under its digest.

    ``acts`` are its articles as JSON, null where a changeset was given; ``operations`` is the changeset with the digest
    ``changeset``, compiled on the version ``rulebook`` of the law, in which the checks found ``faults``.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    acts = models.JSONField(null=True)
    operations = models.JSONField()
    changeset = models.CharField(max_length=64)
    rulebook = models.CharField(max_length=40)
    articles = models.JSONField()
    requires = models.JSONField()
    faults = models.JSONField()
    title = models.CharField(max_length=200)
    explanation = models.TextField(default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(digest__regex=_DIGEST, changeset__regex=_DIGEST), name="text_digest"
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Proposal(models.Model):
    """A proposal; ``number`` orders them by the moment of their draft."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=40)
    author_group = models.CharField(max_length=80)
    author_house = models.CharField(max_length=20)
    author_economy = models.CharField(max_length=2)
    at = models.DateTimeField()
    barrier = models.CharField(max_length=40, default="", blank=True)
    rival_of = models.CharField(max_length=40, default="", blank=True)
    procedure = models.JSONField(null=True)
    submitted = models.DateTimeField(null=True)
    qualified = models.DateTimeField(null=True)
    discussed = models.DateTimeField(null=True)
    sent_back = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, default="", blank=True)
    decided = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    # Pairs of a sponsor and why it asks that the proposal be withdrawn.
    withdrawal_asked = models.JSONField(default=list, blank=True)
    superseded_by = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    # The stage as of the last event; from the moment ``stage_until`` on, if there is one, it is ``stage_then``.
    stage = models.CharField(max_length=10, default=ProposalStage.DRAFT)
    stage_until = models.DateTimeField(null=True)
    stage_then = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stage", "-number"], name="proposal_by_stage"),
            models.Index(fields=["stage_then", "-number"], name="proposal_by_stage_then"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=[*ProposalStage], stage_then__in=["", *ProposalStage]),
                name="proposal_stage",
            ),
            models.CheckConstraint(condition=models.Q(id__regex=_ID), name="proposal_id"),
            models.CheckConstraint(condition=models.Q(author_house__in=[*House]), name="proposal_house"),
            models.CheckConstraint(condition=models.Q(outcome__in=["", *Outcome]), name="proposal_outcome"),
            models.CheckConstraint(
                condition=models.Q(submitted__isnull=True, procedure__isnull=True)
                | models.Q(submitted__isnull=False, procedure__isnull=False),
                name="proposal_procedure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.title}"


class TextVersion(models.Model):
    """One state of a proposal's text; ``amendment`` is the one that it merged."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="versions")
    number = models.IntegerField()
    text = models.ForeignKey(Text, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    amendment = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"


class Sponsor(models.Model):
    """An organisation that stands behind a proposal."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="sponsors")
    organisation = models.CharField(max_length=40)
    group = models.CharField(max_length=80)
    house = models.CharField(max_length=20)
    economy = models.CharField(max_length=2)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "organisation"], name="sponsor_once"),
            models.CheckConstraint(condition=models.Q(house__in=[*House]), name="sponsor_house"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} for {self.proposal_id}"


class Amendment(models.Model):
    """A text that somebody suggests instead, and the sponsors who accept it."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="amendments")
    id = models.CharField(max_length=40, primary_key=True)
    by = models.CharField(max_length=40)
    base = models.CharField(max_length=64)
    text = models.ForeignKey(Text, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10)
    accepted_by = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex=_ID, base__regex=_DIGEST), name="amendment_id"),
            models.CheckConstraint(condition=models.Q(state__in=[*AmendmentState]), name="amendment_state"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class ReplayMade(models.Model):
    """A replay that an organisation made: what it was computed of, and the digest of its published report.

    One that was recorded before rates were has the beginning of the digest of its settings in their place.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="replays")
    by = models.CharField(max_length=40)
    engine = models.CharField(max_length=80)
    rulebook = models.CharField(max_length=80)
    rates = models.CharField(max_length=40, default="", blank=True)
    change = models.CharField(max_length=64)
    data = models.CharField(max_length=64)
    currency = models.CharField(max_length=3, default="", blank=True)
    result = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.result[:12]}"


class ReplayReport(models.Model):
    """The published report of a replay that this installation made, under its digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    report = models.JSONField()

    def __str__(self) -> str:
        return self.digest[:12]


class ArticleAdoption(models.Model):
    """An economy gives effect to articles of a proposal from a day on, by an act of the rulebook.

    ``sunset`` is the last day that the articles name; ``renewals`` are objects of ``last_day``, ``at``, ``title`` and
    ``statement``.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="adoptions")
    territory = models.CharField(max_length=40)
    articles = models.JSONField()
    effective = models.DateField()
    by = models.CharField(max_length=40)
    act = models.CharField(max_length=80)
    at = models.DateTimeField()
    ended = models.DateField(null=True)
    ending = models.CharField(max_length=10, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    statement = models.TextField(default="", blank=True)
    sunset = models.DateField(null=True)
    renewals = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ending__in=["", *AdoptionEnding]), name="adoption_ending")
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.act}"


class Decline(models.Model):
    """An economy does not give effect to a proposal."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="declines")
    territory = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    statement = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.territory}: {self.reason[:40]}"


class AuthorityKey(models.Model):
    """The key with which the authority of an economy signs what it states.

    ``sealed`` is the private key where the hub holds it for the authority, sealed with the key of the installation.
    ``backings`` are pairs of another key, and an economy whose authority says that it is this one's.
    """

    economy = models.CharField(max_length=2, primary_key=True)
    key = models.CharField(max_length=200)
    sealed = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    backings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.economy} {self.key}"


class Comment(models.Model):
    """What an organisation says about a proposal or one of its articles."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="comments")
    id = models.CharField(max_length=40, primary_key=True)
    article = models.CharField(max_length=200, default="", blank=True)
    by = models.CharField(max_length=40)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex=_ID) & ~models.Q(text=""), name="comment_text")
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.by}"


class Vote(models.Model):
    """A vote on a version of a proposal; ``ended`` is the stage in which it ended, empty while it has not.

    ``refused`` is why what passed was not given effect in the procedure, as a refusal's JSON; empty where it was.
    """

    id = models.CharField(max_length=40, primary_key=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="votes")
    opened = models.DateTimeField()
    ended = models.CharField(max_length=20, default="", blank=True)
    refused = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id__regex=_ID), name="vote_id")]

    def __str__(self) -> str:
        return self.id


class Appeal(models.Model):
    """An appeal against the result of a vote.

    ``body`` are the owner groups that decide it, null before they are drawn; ``opinions`` are lists of group, member,
    verdict and reason.
    """

    id = models.CharField(max_length=40, primary_key=True)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="appeals")
    matter = models.CharField(max_length=10)
    about = models.CharField(max_length=80, default="", blank=True)
    by = models.CharField(max_length=40)
    group = models.CharField(max_length=80)
    reason = models.CharField(max_length=500)
    until = models.DateTimeField()
    at = models.DateTimeField()
    body = models.JSONField(null=True)
    opinions = models.JSONField(default=list, blank=True)
    verdict = models.CharField(max_length=10, default="", blank=True)
    answer = models.TextField(default="", blank=True)
    decided = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(id__regex=_ID, matter__in=[*AppealMatter], verdict__in=["", *AppealVerdict]),
                name="appeal_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.matter}"


class RollMember(models.Model):
    """A member on the frozen roll of a vote."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="roll")
    member = models.CharField(max_length=40)
    group = models.CharField(max_length=80)
    house = models.CharField(max_length=20)
    economy = models.CharField(max_length=2)
    verifier = models.CharField(max_length=200)
    verified = models.DateField()
    credential = models.CharField(max_length=700, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vote", "member"], name="roll_member_once"),
            models.CheckConstraint(condition=models.Q(house__in=[*House]), name="roll_house"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.vote_id}"


class Ballot(models.Model):
    """A ballot with what its seal hides; until the vote is closed only its own organisation and the system see it."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    member = models.CharField(max_length=40)
    choice = models.CharField(max_length=10)
    nonce = models.CharField(max_length=64, default="", blank=True)
    seal = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["vote", "member"], name="ballot_of_member")]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(choice__in=[*Choice]), name="ballot_choice")]

    def __str__(self) -> str:
        return f"{self.member} in {self.vote_id}"


class EffectPlan(models.Model):
    """How the effect of an adoption is measured, registered before there is a figure; the last one in time counts.

    ``act`` names the adoption, ``plan`` is as core writes it; ``by`` is empty for the plan made from the adoption.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, to_field="id", related_name="effect_plans")
    act = models.CharField(max_length=80)
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=40, default="", blank=True)
    promise = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    codes = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["act", "at"], name="effect_plan_of_act")]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(digest__regex=_DIGEST), name="effect_plan")]

    def __str__(self) -> str:
        return f"{self.act} {self.digest[:12]}"
