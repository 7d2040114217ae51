"""Other hubs: the last checkpoint that each showed, the entries under it, reports of replays, and proofs of forks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ewtp.apps.hubs.store.entry_name import LONGEST_NAMED

LONGEST_KIND, LONGEST_NAME, LONGEST_KEY = 100, 200, 400


class FollowedHub(models.Model):
    """A hub by the name of its log; ``key`` was given first, and every later one was handed on from it.

    ``keys`` are the keys that signed it so far, in order, each as a list of its text and of the size from which it
    signs: a key that was replaced counts no more, also where a bundle does not say so. Empty means ``key`` alone.
    ``breaks`` are the keys that no earlier one handed the log to, and that the operator trusts: each an object
    with ``key``, the one that it ``replaces``, the ``size`` that was taken in then, the moment ``at``, and the
    ``reason``.
    ``size`` and ``note`` are of the newest checkpoint that was taken in; ``faults`` are the first of the
    ``fault_count`` things that the entries of the last bundle contradict, as the JSON of statements. ``address`` is
    where it gave a bundle over HTTP, empty where it never did; ``asked`` when it was asked there last, and ``problem``
    why it gave nothing then, as a refusal's JSON.
    """

    origin = models.CharField(max_length=LONGEST_NAME, unique=True)
    key = models.CharField(max_length=LONGEST_KEY)
    keys = models.JSONField(default=list)
    breaks = models.JSONField(default=list)
    size = models.BigIntegerField()
    note = models.TextField()
    fault_count = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    at = models.DateTimeField()
    address = models.CharField(max_length=LONGEST_NAME, default="", blank=True)
    asked = models.DateTimeField(null=True)
    problem = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"

    def list_keys(self) -> list[tuple[str, int]]:
        """The keys of the hub in order, each with the size from which it signs."""
        return [(text, first) for text, first in self.keys] or [(self.key, 0)]

    def list_trusted_keys(self) -> list[str]:
        """The keys among them that are trusted on the operator's word alone, in order."""
        broken = {each["key"] for each in self.breaks}
        return [text for text, _ in self.list_keys() if text in broken]


class HubEntry(models.Model):
    """An entry of another hub's log; salt and body are None where that hub keeps or erased it.

    ``named`` is what one is found by: the digest of a replay's result, or the economy of an adoption.
    """

    hub = models.ForeignKey(FollowedHub, models.PROTECT, related_name="entries")
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    salt = models.BinaryField(null=True)
    body = models.BinaryField(null=True)
    kind = models.CharField(max_length=LONGEST_KIND, default="", blank=True)
    subject = models.CharField(max_length=LONGEST_NAME, default="", blank=True)
    named = models.CharField(max_length=LONGEST_NAMED, default="", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "index"], name="hub_entry_once")]
        indexes: ClassVar = [
            models.Index(fields=["hub", "kind"], name="hub_entry_kind"),
            models.Index(fields=["kind", "named"], name="hub_entry_named", condition=~models.Q(named="")),
        ]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.index} {self.kind}"


class HubReport(models.Model):
    """The published report of a replay that another hub's log has the digest of."""

    hub = models.ForeignKey(FollowedHub, models.PROTECT, related_name="reports")
    digest = models.CharField(max_length=64)
    report = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "digest"], name="hub_report_once")]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.digest[:12]}"


class HubFork(models.Model):
    """The proof that a hub showed two histories: two checkpoints that it signed, and the leaves under the later shown.

    ``size`` is the number of entries for which ``kept_root`` and ``shown_root``, in hexadecimal digits, differ.
    ``leaves`` are the lines of the bundle without its entries, compressed by zlib: whoever has them and the two notes
    needs nobody's word.
    """

    hub = models.ForeignKey(FollowedHub, models.PROTECT, related_name="forks")
    size = models.BigIntegerField()
    kept_root = models.CharField(max_length=64)
    shown_root = models.CharField(max_length=64)
    kept_note = models.TextField()
    shown_note = models.TextField()
    leaves = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "size", "kept_root", "shown_root"], name="hub_fork_once")
        ]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.size}"
