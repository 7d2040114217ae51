"""Accepted papers: those of one authority that another one accepts for its own requirement.

A recognition is applied as a relief of requirements with the programme ``"recognition"``. Its ``agency``, ``document``
and ``mast_chapter`` select the requirements of the same territory that it lifts, and empty ones select all; its origins
say whose goods may use it. Its conditions name the claim by which a trader relies on it, the accepted document and the
issuing authority. A recognition on condition of reciprocity names a group as its origins: the economies that grant the
same are the members, and one that ceases to grant it leaves the group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import RECOGNITION, ConditionKind, Kind
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure


@immutable
class AcceptedPaper:
    """The paper that a measure accepts: ``document`` issued by ``authority``, relied on by ``claim``.

    A field is empty where the measure does not state it.
    """

    claim: str
    document: str
    authority: str

    @property
    def proof(self) -> str:
        """The accepted document with its authority, as an answer names the proof to show."""
        return f"{self.document} ({self.authority})" if self.document and self.authority else self.document


def find_accepted_paper(measure: Measure) -> AcceptedPaper | None:
    """The paper that a recognition accepts; None where it is another measure."""
    if measure.kind is not Kind.RELIEF or measure.programme != RECOGNITION:
        return None
    return AcceptedPaper(
        *(
            next((c.value for c in measure.conditions if c.kind is kind), "")
            for kind in (ConditionKind.CLAIM, ConditionKind.DOCUMENT, ConditionKind.AUTHORITY)
        )
    )


def lifts(relief: Measure, requirement: Measure) -> bool:
    """Whether a relief of requirements selects this requirement, product and origin apart."""
    return (
        relief.territory == requirement.territory
        and relief.agency in ("", requirement.agency)
        and relief.document in ("", requirement.document)
        and relief.mast_chapter in ("", requirement.mast_chapter)
    )
