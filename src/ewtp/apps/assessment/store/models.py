"""Stored answers. The bytes of an answer never change: its address is derived from its question."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Assessment(models.Model):
    """One answer, as it was sent. A database trigger forbids changing or removing a row."""

    id = models.CharField(primary_key=True, max_length=40)
    rulebook_version = models.TextField()
    content = models.BinaryField()
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created"], name="assessment_created")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex="^a[0-9a-f]{32}$"), name="assessment_id"),
        ]

    def __str__(self) -> str:
        return self.id
