"""Outcomes of trade by month, against which the effect of an adoption is measured."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ewtp.core.effects.effect_plan import OUTCOMES, SOURCES
from ewtp.core.values.ids import ID_PATTERN

_ID = f"^{ID_PATTERN}$"
_DIGEST = "^[0-9a-f]{64}$"


class OutcomeLoad(models.Model):
    """A table of outcomes that was loaded; of one cell the latest load counts."""

    id = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(id__regex=_ID, digest__regex=_DIGEST, source__in=[*SOURCES]), name="outcome_load"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.title}"


class OutcomeFigure(models.Model):
    """The mean outcome of a line of one trade in one month; ``value`` is null where it is from too few firms."""

    load = models.ForeignKey(OutcomeLoad, models.PROTECT, related_name="figures")
    source = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10)
    destination = models.CharField(max_length=2)
    origins = models.CharField(max_length=2)
    products = models.CharField(max_length=4)
    month = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    lines = models.IntegerField()
    firms = models.IntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source", "outcome", "destination", "origins", "products"], name="outcome_of_trade")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["load", "outcome", "destination", "origins", "products", "month"], name="outcome_once"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=[*SOURCES], outcome__in=[*OUTCOMES], lines__gte=1), name="outcome_figure"
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(firms__isnull=True) | models.Q(firms__gte=5),
                name="outcome_firms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.products} {self.month}"
