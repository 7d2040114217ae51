"""Who may call: people, and the tokens of their programs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from ewtp.core.values.actor import Scope
from ewtp.core.values.ids import ID_PATTERN
from ewtp.gateways.fresh_ids import fresh_id


def fresh_person_id() -> str:
    """The identifier of a person who is made now."""
    return fresh_id("per", timezone.now())


class User(AbstractUser):
    """A person who signs in; everything else knows the person by ``person``, which says nothing about anybody."""

    person = models.CharField(max_length=40, unique=True, default=fresh_person_id, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(person__regex=f"^{ID_PATTERN}$"), name="user_person"),
        ]


class ApiToken(models.Model):
    """A token without its secret: its SHA-256 digest, and the few characters by which its owner knows it.

    It acts for ``organisation``, or, where that is empty, for whoever operates the installation.
    """

    prefix = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=30))
    organisation = models.CharField(max_length=40, default="", blank=True)
    made_by = models.CharField(max_length=200, default="", blank=True)
    created = models.DateTimeField(db_default=Now(), editable=False)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation"], name="api_token_organisation")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="api_token_digest"),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[*Scope], scopes__len__gte=1),
                name="api_token_scopes",
            ),
            # The installation belongs to no organisation, and so no token of one operates it.
            models.CheckConstraint(
                condition=models.Q(organisation="") | ~models.Q(scopes__contains=[Scope.OPERATE]),
                name="api_token_operates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class RateCount(models.Model):
    """How often ``who``, known by a digest alone, did what ``limit_name`` limits since ``window_start``."""

    limit_name = models.CharField(max_length=40)
    who = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["window_start"], name="rate_count_start")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["limit_name", "who"], name="rate_count_once")]

    def __str__(self) -> str:
        return f"{self.limit_name} {self.count}"
