"""What authorities promise beside their rules on goods: the time in which they answer, and how they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.period import Period

# The body whose rules of procedure are part of the rulebook; it has no border, and so is not a territory.
PLATFORM = "EWTP"


@immutable
class Service:
    """The time within which an agency promises to answer: ``days`` calendar days; empty ``document`` is every paper."""

    territory: str
    agency: str
    document: str
    days: int
    validity: Period
    source: Source
    reference: str

    def __post_init__(self) -> None:
        if not (self.territory and self.agency) or self.days < 0:
            msg = "a service names a territory, an agency and zero days or more"
            raise ValueError(msg)


@immutable
class Procedure:
    """A figure by which decisions are taken, such as the days of a vote."""

    territory: str
    name: str
    value: str
    validity: Period
    source: Source
    reference: str

    def __post_init__(self) -> None:
        if not (self.territory and self.name and self.value):
            msg = "a rule of procedure has a territory, a name and a value"
            raise ValueError(msg)
