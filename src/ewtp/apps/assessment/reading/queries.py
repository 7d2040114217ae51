"""The inputs of an answer, as core values, and stored answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.utils import timezone

from ewtp.apps.assessment.store.answer_store import unpack_content
from ewtp.apps.assessment.store.models import Assessment, UnkeptQuestion
from ewtp.gateways.reference.hs_texts import describe, exists

if TYPE_CHECKING:
    from datetime import date, datetime


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


def find_kept(digest: str) -> bytes | None:
    """The bytes of an answer that was kept."""
    row = Assessment.objects.filter(id=digest).values_list("content", "packing").first()
    return None if row is None else unpack_content(bytes(row[0]), row[1])


def find_question(digest: str, now: datetime) -> UnkeptQuestion | None:
    """The stored question of an answer that nobody kept, unless it has expired."""
    return UnkeptQuestion.objects.filter(id=digest, expires__gt=now).first()
