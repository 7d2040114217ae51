"""The inputs of an answer, as core values, and stored answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.utils import timezone

from ewtp.apps.assessment.store.models import Assessment
from ewtp.gateways.reference.hs_texts import describe, exists

if TYPE_CHECKING:
    from datetime import date


class Texts:
    """The Harmonized System of 2022 as the answer's engine asks for it."""

    exists = staticmethod(exists)
    describe = staticmethod(describe)


def today() -> date:
    """The day it is in UTC."""
    return timezone.now().date()


@cache
def hs_texts() -> Texts:
    """The Harmonized System's wordings."""
    return Texts()


def assessment_content(assessment_id: str) -> bytes | None:
    """The bytes of an answer given before."""
    if "\0" in assessment_id:
        # No answer has such an address, and the database could not be asked for it.
        return None
    row = Assessment.objects.filter(id=assessment_id).values_list("content", flat=True).first()
    return None if row is None else bytes(row)
