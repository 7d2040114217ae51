"""Who may call: people, and the tokens of their programs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class User(AbstractUser):
    """A person who signs in; a model of our own from the first migration on, because it cannot be replaced later."""


class ApiToken(models.Model):
    """A token without its secret: its SHA-256 digest, and the few characters by which its owner knows it."""

    prefix = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=30))
    created = models.DateTimeField(db_default=Now(), editable=False)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="api_token_digest"),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=["read", "write", "operate"], scopes__len__gte=1),
                name="api_token_scopes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"
