"""Stored answers. The bytes of an answer never change: its address is derived from its question."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Assessment(models.Model):
    """One answer that is kept, as it was sent. A database trigger forbids changing or removing a row.

    ``packing`` is how ``content`` is written: 0 as it was sent, 1 compressed (``answer_store``).
    """

    id = models.CharField(primary_key=True, max_length=40)
    rulebook_version = models.TextField()
    content = models.BinaryField()
    packing = models.SmallIntegerField(default=0, db_default=0)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created"], name="assessment_created")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex="^a[0-9a-f]{32}$"), name="assessment_id"),
            models.CheckConstraint(condition=models.Q(packing__in=(0, 1)), name="assessment_packing"),
        ]

    def __str__(self) -> str:
        return self.id


class UnkeptQuestion(models.Model):
    """A question too long for an address, ``packed`` with its version, so that its answer can be computed again."""

    id = models.CharField(primary_key=True, max_length=40)
    packed = models.BinaryField()
    expires = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires"], name="unkept_question_expires")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id__regex="^a[0-9a-f]{32}$"), name="unkept_question_id"),
        ]

    def __str__(self) -> str:
        return self.id
