"""The log: events that wait for their numbers, numbered entries, the hashes of the tree over them, and checkpoints.

Triggers of the database keep all of it from being changed. Two things may happen to a row: an event that has its number
leaves the waiting ones, and an entry is erased, which removes its salt and its body and leaves its hash.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

_LONGEST_KIND = 100
_LONGEST_NAME = 200


class PendingEvent(models.Model):
    """An event that was written with the action that it tells of, and has no number yet; ``leaf`` is its hash."""

    leaf = models.BinaryField(unique=True)
    salt = models.BinaryField()
    body = models.BinaryField()
    kind = models.CharField(max_length=_LONGEST_KIND)
    subject = models.CharField(max_length=_LONGEST_NAME)
    actor = models.CharField(max_length=_LONGEST_NAME)
    at = models.DateTimeField()
    public = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "id"], name="log_pending_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class LogEntry(models.Model):
    """An event with its number; salt, body, subject and actor are gone where it was erased."""

    index = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(null=True)
    body = models.BinaryField(null=True)
    kind = models.CharField(max_length=_LONGEST_KIND)
    subject = models.CharField(max_length=_LONGEST_NAME)
    actor = models.CharField(max_length=_LONGEST_NAME)
    at = models.DateTimeField()
    public = models.BooleanField()
    erased_at = models.DateTimeField(null=True)
    erased_reason = models.CharField(max_length=_LONGEST_NAME, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "index"], name="log_entry_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(index__gte=0), name="log_entry_index"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None, salt__isnull=False, body__isnull=False)
                | models.Q(erased_at__isnull=False, salt=None, body=None, subject="", actor=""),
                name="log_entry_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class LogLeaf(models.Model):
    """The hash of an entry's leaf, apart from the entry, so that a change of one shows in the other."""

    index = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(unique=True)

    def __str__(self) -> str:
        return f"{self.index} {bytes(self.hash).hex()}"


class LogNode(models.Model):
    """The hash of a complete node of the tree at level 8, 16, and so on."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "number"], name="log_node_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"


class LogCheckpoint(models.Model):
    """The signed size and root; ``subtrees`` are the hashes from which the tree grows on, ``key`` the public key."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    subtrees = models.BinaryField()
    key = models.CharField(max_length=400)
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size}"


class LogCosignature(models.Model):
    """What a witness signed below a checkpoint: ``line`` of the note, ``key`` of the witness, ``time`` in seconds."""

    checkpoint = models.ForeignKey(LogCheckpoint, on_delete=models.PROTECT, db_column="size")
    key = models.CharField(max_length=400)
    time = models.BigIntegerField()
    line = models.CharField(max_length=400)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["checkpoint", "key"], name="log_cosignature_once")]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.key}"
