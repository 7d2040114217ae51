"""Messages to be delivered, messages that were received, and timers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models


class OutboxMessage(models.Model):
    """A message that is not delivered yet; a row is removed when it is, and ``next_try`` is null once it is given up.

    ``message_id`` is what a receiver knows it by, in every attempt.
    """

    message_id = models.UUIDField(unique=True, db_default=RandomUUID(), editable=False)
    topic = models.CharField(max_length=100)
    payload = models.JSONField()
    enqueued = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    reason = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["topic", "next_try", "id"], name="outbox_waiting", condition=models.Q(next_try__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(topic=""), name="outbox_topic"),
            models.CheckConstraint(
                condition=models.Q(next_try__isnull=False) | models.Q(reason__isnull=False), name="outbox_dead_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.message_id}"


class InboxMessage(models.Model):
    """A message that a source sent and that was handled; the pair is unique, which makes handling happen once."""

    source = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    received = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received"], name="inbox_received")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "message_id"], name="inbox_once"),
            models.CheckConstraint(condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="inbox_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.message_id}"


class Timer(models.Model):
    """A timer that is set; when it is due it becomes a message of its topic."""

    key = models.CharField(max_length=200, unique=True)
    topic = models.CharField(max_length=100)
    payload = models.JSONField()
    due = models.DateTimeField()
    every = models.DurationField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due", "id"], name="timer_due")]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(topic=""), name="timer_topic")]

    def __str__(self) -> str:
        return self.key
