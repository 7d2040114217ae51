"""When each source was last looked for at its publisher, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SourceLook(models.Model):
    """The last look for a source, by its name in the table of publishers.

    ``outcome`` is a value of ``LookOutcome``, ``problem`` the refusal's JSON where it is ``failed``. ``answered_at`` is
    when a look last succeeded, ``landed_at`` when one last brought something new, and ``version`` what that published.
    ``edition``, ``validators`` and ``held`` (the version that stated the source's rules then) are what the next look
    compares with.
    """

    source = models.CharField(max_length=40, unique=True)
    looked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    problem = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True)
    landed_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, default="", blank=True)
    edition = models.CharField(max_length=120, default="", blank=True)
    validators = models.JSONField(default=dict)
    held = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=("landed", "unchanged", "would_change", "failed")),
                name="source_look_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.outcome}"
