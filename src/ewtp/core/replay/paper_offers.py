"""The lines that could claim what a change offers, and would then have fewer papers to show.

No line of last year claims what is only proposed, so a recognition saves nothing on lines as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.replay.answer_pairs import encode_texts
from ewtp.core.replay.line_claims import claim_nothing, have_origin, possible_origins, with_claim
from ewtp.core.replay.row_selection import take_rows
from ewtp.core.rulebook.measure import ConditionKind, Direction, Kind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from ewtp.core.replay.paper_index import PaperIndex
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Group


class PaperOffer(NamedTuple):
    """A claim that lifts ``requirements`` (ids of measures) of goods from ``origins``; None stands for every origin.

    Both may be too many; the answer to a line that makes the claim decides.
    """

    claim: str
    requirements: frozenset[str]
    origins: frozenset[str] | None


def find_offers(measures: Iterable[Measure], papers: PaperIndex, groups: Mapping[str, Group]) -> tuple[PaperOffer, ...]:
    """The offers of the measures that a change adds, one for each claim and set of origins."""
    offers: dict[tuple[str, frozenset[str] | None], frozenset[str]] = {}
    for measure in measures:
        if measure.direction is not Direction.IMPORT:
            continue
        kind = ConditionKind.CLAIM if measure.relieves_papers else ConditionKind.UNLESS_CLAIM
        lifted = papers.find_lifted(measure) if measure.relieves_papers else frozenset({measure.id})
        if measure.relieves_papers or measure.kind is Kind.REQUIREMENT:
            origins = possible_origins(measure, groups)
            for condition in measure.conditions:
                if condition.kind is kind:
                    key = (condition.value, origins)
                    offers[key] = offers.get(key, frozenset()) | lifted
    return tuple(PaperOffer(claim, lifted, origins) for (claim, origins), lifted in offers.items())


def count_offered(
    lines: pa.Table,
    answers: pa.Table,
    offers: Iterable[PaperOffer],
    papers: PaperIndex,
    answer: Callable[[pa.Table], pa.Table | Refusal],
) -> int:
    """How many of the lines that claim nothing would have fewer papers to show with one of the offered claims.

    ``answers`` are those with the change to the lines as they are, and ``answer`` gives those to others.
    """
    found = np.zeros(lines.num_rows, np.bool_)
    numbers, texts = encode_texts(answers["requirements"])
    sets = texts.to_pylist()
    shown = papers.number_papers(sets)[1][numbers]
    for offer in offers:
        chosen = np.flatnonzero(~found & _could_claim(lines, offer, numbers, sets))
        if not len(chosen):
            continue
        claimed = answer(with_claim(take_rows(lines, chosen), offer.claim))
        if isinstance(claimed, Refusal):
            continue
        then, words = encode_texts(claimed["requirements"])
        left = papers.number_papers(words.to_pylist())[1][then]
        found[chosen] = (left < shown[chosen]) & np.asarray(claimed["refusal"].is_null())
    return int(found.sum())


def _could_claim(lines: pa.Table, offer: PaperOffer, numbers: NDArray[np.int32], sets: list[str]) -> NDArray[np.bool_]:
    """The lines without a claim that have one of the requirements and may have the origin."""
    required = np.array([not offer.requirements.isdisjoint(names.split()) for names in sets], np.bool_)[numbers]
    required &= claim_nothing(lines)
    return required if offer.origins is None else required & have_origin(lines, offer.origins.__contains__)
