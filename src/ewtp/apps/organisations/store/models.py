"""Organisations, their members, and what identifies and verifies them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from ewtp.core.organisations.identifier import IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.role import Role
from ewtp.core.values.ids import ID_PATTERN

_ID = f"^{ID_PATTERN}$"


class Organisation(models.Model):
    """An organisation; ``number`` orders them by registration, and the size is all null until it is declared."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    economy = models.CharField(max_length=2)
    employees = models.BigIntegerField(null=True)
    turnover_eur = models.BigIntegerField(null=True)
    balance_sheet_eur = models.BigIntegerField(null=True)
    ultimate_owner = models.CharField(max_length=40, default="", blank=True)
    # Each as an object with ``owner`` and ``share``, in hundredths of a percent.
    holders = models.JSONField(default=list, blank=True)
    second_factor = models.BooleanField(default=False, db_default=False)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex=_ID), name="organisation_id"),
            models.CheckConstraint(condition=models.Q(kind__in=[*OrganisationKind]), name="organisation_kind"),
            models.CheckConstraint(condition=models.Q(economy__regex="^[A-Z]{2}$"), name="organisation_economy"),
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_named"),
            models.CheckConstraint(condition=~models.Q(ultimate_owner=models.F("id")), name="organisation_owner"),
            models.CheckConstraint(
                condition=models.Q(employees__isnull=True, turnover_eur__isnull=True, balance_sheet_eur__isnull=True)
                | models.Q(employees__gte=0, turnover_eur__gte=0, balance_sheet_eur__gte=0),
                name="organisation_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


class Member(models.Model):
    """A person's role in an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, to_field="id", related_name="members")
    person = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person"], name="member_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=[*Role]), name="member_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}"


class Invitation(models.Model):
    """An invitation that is still open; its secret is kept as a digest alone."""

    id = models.CharField(max_length=40, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, to_field="id", related_name="invitations")
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "email"], name="invitation_once"),
            models.CheckConstraint(condition=models.Q(role__in=[*Role]), name="invitation_role"),
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="invitation_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.role}"


class Identifier(models.Model):
    """An identifier of an organisation, one of each scheme; identifiers with one ``key`` are those of one firm."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, to_field="id", related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=40)
    check_made = models.CharField(max_length=10)
    key = models.CharField(max_length=60)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key"], name="identifier_key")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "scheme"], name="identifier_once"),
            models.CheckConstraint(condition=models.Q(scheme__in=[*Scheme]), name="identifier_scheme"),
            models.CheckConstraint(condition=models.Q(check_made__in=[*IdentifierCheck]), name="identifier_check"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class Verification(models.Model):
    """Who verified what about an organisation, on what evidence, until when, and whether it ended before."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, to_field="id", related_name="verifications")
    subject = models.CharField(max_length=20)
    by = models.CharField(max_length=200)
    by_organisation = models.CharField(max_length=40, default="", blank=True)
    evidence = models.CharField(max_length=500)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    until = models.DateField()
    ended = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(subject__in=[*Subject]), name="verification_subject"),
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="verification_digest"),
            models.CheckConstraint(
                condition=~models.Q(by_organisation=models.F("organisation")), name="verification_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(ended__isnull=False), name="verification_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.subject}"
