"""What a denied-party list says of those whom it names."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date


class PartyKind(StrEnum):
    """What is listed."""

    PERSON = "person"
    BODY = "body"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"


class NameKind(StrEnum):
    """How the list calls a name: its entry's own, an alias, or one that it says identifies badly."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK_ALIAS = "weak_alias"


@immutable
class ListedName:
    """One name of an entry, as the list writes it."""

    text: str
    kind: NameKind = NameKind.PRIMARY


@immutable
class BirthDate:
    """A date of birth: the years between which it lies, both included, and the day where the list states one."""

    first_year: int
    last_year: int
    day: date | None = None

    def as_json(self) -> dict[str, Any]:
        """``{"first_year", "last_year", "day"}``."""
        return {
            "first_year": self.first_year,
            "last_year": self.last_year,
            "day": self.day.isoformat() if self.day else None,
        }


@immutable
class ListedParty:
    """An entry of a list: its reference there, its names, and what helps to tell it from others."""

    entry: str
    kind: PartyKind
    names: tuple[ListedName, ...]
    births: tuple[BirthDate, ...] = ()
    economies: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None


@immutable
class DeniedPartyList:
    """A list of one publisher as it stood on a day; ``published`` is None where neither file nor operator states it."""

    id: str
    title: str
    publisher: str
    published: date | None
    parties: tuple[ListedParty, ...]

    def age_days(self, today: date) -> int | None:
        """The days since it was published; None where that is not known."""
        return None if self.published is None else (today - self.published).days
