"""Elections by secret ballot: what is public of each, its encrypted ballots, and what trustees decrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PreparedElection(models.Model):
    """An election by secret ballot on a proposal; ``vote`` is None until the vote is opened.

    ``election`` and ``trustees`` are files of Belenios; ``members`` the trustees' organisations in the order of their
    keys; ``credentials`` the public key of each owner group, as the organisation ``authority`` gave them.
    """

    uuid = models.CharField(max_length=14, primary_key=True)
    proposal = models.ForeignKey("proposals.Proposal", models.PROTECT, to_field="id", related_name="elections")
    vote = models.OneToOneField("proposals.Vote", models.PROTECT, null=True, related_name="election")
    election = models.TextField()
    trustees = models.TextField()
    members = models.JSONField()
    authority = models.CharField(max_length=40)
    credentials = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.uuid


class SecretBallot(models.Model):
    """An encrypted ballot of an owner group; ``digest`` is what the log has of it, ``credential`` who signed it."""

    digest = models.CharField(max_length=64, primary_key=True)
    election = models.ForeignKey(PreparedElection, models.PROTECT, related_name="ballots")
    member = models.CharField(max_length=40)
    credential = models.TextField()
    content = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class PartialDecryption(models.Model):
    """What a trustee decrypted of the tally; ``trustee`` is its number from 1."""

    election = models.ForeignKey(PreparedElection, models.PROTECT, related_name="decryptions")
    trustee = models.PositiveSmallIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["election", "trustee"], name="decryption_once")]

    def __str__(self) -> str:
        return f"{self.trustee} of {self.election_id}"
