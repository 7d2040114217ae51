"""Who may ask: people, and the tokens that their programs carry."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class User(AbstractUser):
    """A person who signs in.  The model is our own from the first migration, because it cannot be swapped later."""


class ApiToken(models.Model):
    """What is kept of a token: never the token, only its SHA-256 and the few characters its owner knows it by."""

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
