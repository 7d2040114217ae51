"""Barriers, the reports that made them, who reported, and what authorities did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ewtp.core.barriers.barrier import AnswerKind, Means
from ewtp.core.values.ids import ID_PATTERN

_ID = f"^{ID_PATTERN}$"


def _text() -> models.TextField[str, str]:
    return models.TextField(default="", blank=True)


class BarrierRow(models.Model):
    """A barrier: its matter, the rule as it was reported, how far it has come, and how many reported it."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    measure_key = _text()
    product = models.CharField(max_length=6, default="", blank=True)
    economy = models.CharField(max_length=2, default="", blank=True)
    measure = _text()
    kind = models.CharField(max_length=20, default="", blank=True)
    territory = _text()
    title = _text()
    agency = _text()
    document = _text()
    mast_chapter = _text()
    content = models.CharField(max_length=64, default="", blank=True)
    reported = models.DateTimeField()
    opened = models.DateTimeField()
    unowned = models.DateTimeField()
    owner = models.CharField(max_length=40, default="", blank=True)
    answer_kind = models.CharField(max_length=20, default="", blank=True)
    answer_reason = _text()
    answer_organisation = models.CharField(max_length=40, default="", blank=True)
    answered = models.DateTimeField(null=True)
    promised = models.DateField(null=True)
    claimed = models.DateTimeField(null=True)
    asked = models.IntegerField(default=0)
    yes = models.IntegerField(default=0)
    no = models.IntegerField(default=0)
    escalated = models.DateTimeField(null=True)
    groups = models.IntegerField(default=0)
    verified_groups = models.IntegerField(default=0)
    visitors = models.IntegerField(default=0)

    class Meta:
        db_table = "barriers_barrier"
        indexes: ClassVar = [models.Index(fields=["economy", "product"], name="barrier_place")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex=_ID), name="barrier_id"),
            models.CheckConstraint(condition=models.Q(economy__regex="^([A-Z]{2})?$"), name="barrier_economy"),
            models.CheckConstraint(condition=models.Q(product__regex="^([0-9]{6})?$"), name="barrier_product"),
            models.CheckConstraint(condition=models.Q(answer_kind__in=["", *AnswerKind]), name="barrier_answer"),
            models.CheckConstraint(
                condition=models.Q(answer_kind="", answered=None)
                | ~models.Q(answer_kind="") & ~models.Q(answered=None),
                name="barrier_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(asked__gte=models.F("yes") + models.F("no")), name="barrier_votes"
            ),
        ]

    def __str__(self) -> str:
        return self.id


class ReportRow(models.Model):
    """One report: its words and evidence, which anybody may read. Who made it is a row of ``ReporterRow``."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    barrier = models.ForeignKey(BarrierRow, models.CASCADE, to_field="id", related_name="reports")
    at = models.DateTimeField()
    text = _text()
    language = models.CharField(max_length=20, default="", blank=True)
    means = models.CharField(max_length=10)
    evidence = models.JSONField(default=dict)
    withheld = _text()

    class Meta:
        db_table = "barriers_report"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex=_ID), name="report_id"),
            models.CheckConstraint(condition=models.Q(means__in=[*Means]), name="report_means"),
            models.CheckConstraint(condition=models.Q(withheld="") | models.Q(text=""), name="report_withheld"),
        ]

    def __str__(self) -> str:
        return self.id


class ReporterRow(models.Model):
    """The organisation that made a report, which it alone may read; visitors have no row."""

    report = models.OneToOneField(ReportRow, models.CASCADE, to_field="id", primary_key=True, related_name="reporter")
    organisation = models.CharField(max_length=40)
    owner_group = models.CharField(max_length=40)
    verified = models.BooleanField()

    class Meta:
        db_table = "barriers_reporter"

    def __str__(self) -> str:
        return self.report_id


class ClaimReplyRow(models.Model):
    """An owner group that is asked whether a barrier is gone, and what it said; null while it said nothing."""

    barrier = models.ForeignKey(BarrierRow, models.CASCADE, to_field="id", related_name="replies")
    owner_group = models.CharField(max_length=40)
    agrees = models.BooleanField(null=True)

    class Meta:
        db_table = "barriers_claimreply"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["barrier", "owner_group"], name="claim_reply_once"),
        ]

    def __str__(self) -> str:
        return f"{self.barrier_id} {self.agrees}"


class BarrierStep(models.Model):
    """What authorities and the clocks did, in order, as the public page shows it; ``facts`` name no reporter."""

    number = models.BigAutoField(primary_key=True)
    barrier = models.ForeignKey(BarrierRow, models.CASCADE, to_field="id", related_name="steps")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "barriers_step"

    def __str__(self) -> str:
        return f"{self.barrier_id} {self.kind}"


class FocalPoint(models.Model):
    """The agency of an economy to which its barriers go first."""

    economy = models.CharField(max_length=2, primary_key=True)
    organisation = models.CharField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(economy__regex="^[A-Z]{2}$"), name="focal_point_economy"),
        ]

    def __str__(self) -> str:
        return f"{self.economy} {self.organisation}"
