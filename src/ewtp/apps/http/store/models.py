"""Requests that must not be executed twice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class IdempotencyRecord(models.Model):
    """The first answer to a request with an idempotency key; ``status`` is null until there is one."""

    caller = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    route = models.CharField(max_length=300)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, default="")
    answer = models.BinaryField(default=b"")
    # How ``answer`` is written: 0 as it was sent, 1 compressed, 2 compressed and then sealed.
    packing = models.SmallIntegerField(default=0, db_default=0)
    created = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created"], name="idempotency_created")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_once"),
            models.CheckConstraint(
                condition=models.Q(status__isnull=True) | models.Q(status__range=(100, 599)),
                name="idempotency_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
