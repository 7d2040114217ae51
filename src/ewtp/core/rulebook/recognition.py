"""What an authority undertakes beside its tariff: papers recognised, time to answer, rules of procedure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.period import Period


@dataclass(frozen=True, slots=True)
class Recognition:
    """A paper of one authority, accepted where another one's requirement asks for its own.

    ``territory``, ``agency`` and ``document`` select the requirements that it meets, and ``prefix`` their codes; an
    empty ``document`` is every paper that the agency asks for, an empty ``prefix`` every product. ``accepted_document``
    is issued by ``issuing_authority`` of ``issuer`` (an economy or a group). Where ``reciprocal`` is true it holds only
    on days on which the issuer recognises the agency's paper likewise.
    """

    territory: str
    agency: str
    document: str
    accepted_document: str
    issuing_authority: str
    issuer: str
    validity: Period
    source: Source
    reference: str
    prefix: str = ""
    reciprocal: bool = False

    def __post_init__(self) -> None:
        named = (self.territory, self.agency, self.accepted_document, self.issuing_authority, self.issuer)
        if not all(named):
            msg = "a recognition names a territory, an agency, the accepted document, its authority and its issuer"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
