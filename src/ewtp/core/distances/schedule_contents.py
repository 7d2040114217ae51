"""What is compared of a territory: its tariff lines, its ordinary duties, and the papers that it asks for on import."""

from __future__ import annotations

from typing import NamedTuple

from ewtp.core.values.immutable import immutable


class DutyRow(NamedTuple):
    """An ordinary duty for every origin: the codes it covers and its rate as written.

    ``conditional`` says that facts about the goods or a claim decide whether it applies.
    """

    prefix: str
    exclusions: tuple[str, ...]
    expression: str
    currency: str
    conditional: bool = False


class PaperRow(NamedTuple):
    """A requirement: the codes it covers, who asks for which paper, and its chapter of UNCTAD's MAST classification.

    ``mast_chapter`` is empty where the source names none, and may have further digits (``"A14"``).
    """

    prefix: str
    exclusions: tuple[str, ...]
    agency: str
    document: str
    mast_chapter: str
    measure: str


@immutable
class ComparedSchedule:
    """The schedule of one territory on a day.

    ``lines`` are the declarable codes in order, in the national nomenclature built on ``hs_edition``;
    ``requirement_classes`` are the MAST chapters of which the territory states that all its requirements are held.
    """

    territory: str
    nomenclature: str
    hs_edition: str
    lines: tuple[str, ...]
    duties: tuple[DutyRow, ...]
    papers: tuple[PaperRow, ...] = ()
    requirement_classes: frozenset[str] = frozenset()
