"""The lines that claim nothing and could claim a preference that a change offers, and what each would save.

No line of last year claims a preference that is only proposed, so an agreement saves nothing on lines as they are. Who
will claim it, and whose goods meet its rules of origin, nobody knows: this is the most that the change can save them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.rule_lists import find_claims
from ewtp.core.replay.aggregates import add_sums
from ewtp.core.replay.answer_pairs import encode_texts, pair_answers
from ewtp.core.replay.dimensions import encode_origins
from ewtp.core.replay.line_claims import claim_nothing, find_members, possible_origins, with_claim
from ewtp.core.replay.row_selection import take_rows
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Direction, Measure
from ewtp.core.rulebook.territory import GroupMember
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from ewtp.core.replay.aggregates import Sums
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord

    Answers = Callable[[pa.Table], pa.Table | Refusal]

_MOST = np.iinfo(np.int64).max


class PreferenceOffer(NamedTuple):
    """A claim of a preference or quota in ``territories`` for goods from ``origins``; None stands for every one.

    Both may be too many; the answer to a line that makes the claim decides.
    """

    claim: str
    territories: frozenset[str] | None
    origins: frozenset[str] | None


def find_preferences(records: Iterable[LawRecord], after: Book) -> tuple[PreferenceOffer, ...]:
    """The offers of the records that a change adds: preferences, quotas, and memberships of groups that have some."""
    offers: dict[tuple[str, frozenset[str] | None], frozenset[str] | None] = {}
    for record in records:
        match record:
            case GroupMember(group=group, economy=economy):
                # Preferences name the group that they are for, and are claimed by that name.
                offers[group, frozenset({economy})] = None
            case Measure() if record.kind in LOWER_DUTIES and record.direction is Direction.IMPORT:
                for claim in find_claims(record):
                    # The claim of a programme is open to its members alone, whoever else the measure is for.
                    programme = after.groups.get(claim)
                    key = (claim, find_members(programme) if programme else possible_origins(record, after.groups))
                    held = offers.get(key, frozenset())
                    offers[key] = None if held is None else held | {record.territory}
    return tuple(PreferenceOffer(claim, places, origins) for (claim, origins), places in offers.items())


def sum_preferences(
    lines: pa.Table, after: pa.Table, offers: Iterable[PreferenceOffer], book: Book, sides: tuple[Answers, Answers]
) -> Sums:
    """By currency, how many lines that claim nothing would pay less with the best of the offers, and how much less.

    ``after`` are the answers with the change to the lines as they are; ``sides`` answer others, without the change and
    with it, and ``book`` has the territories. What the same claim would have saved without the change is not a saving
    of the change. Amounts are in ten-thousandths; lines whose amounts cannot be compared are left out.
    """
    saved = np.zeros(lines.num_rows, np.int64)
    claimants = _Claimants.read(lines, book)
    for offer in offers:
        chosen = claimants.find(offer)
        if not len(chosen):
            continue
        asked, paid = with_claim(take_rows(lines, chosen), offer.claim), take_rows(after, chosen)
        totals = [_totals(paid, side(asked)) for side in sides]
        if totals[1] is None:
            continue
        least = _own_totals(paid) if totals[0] is None else np.minimum(_own_totals(paid), totals[0])
        saved[chosen] = np.maximum(saved[chosen], np.where(totals[1] < least, least - totals[1], 0))
    numbers, texts = encode_texts(after["currency"])
    sums: Sums = {}
    for number, currency in enumerate(texts.to_pylist()):
        own = saved[(numbers == number) & (saved > 0)]
        if len(own):
            add_sums(sums, {(currency,): (len(own), sum(own.tolist()))})
    return sums


class _Claimants(NamedTuple):
    """The lines that claim nothing, by place: their origins and destinations as numbers, and what these are.

    ``granting`` are the territories that each destination is in, at any time.
    """

    free: NDArray[np.intp]
    origin: NDArray[np.int32]
    origins: list[str]
    destination: NDArray[np.int32]
    granting: list[frozenset[str]]

    @classmethod
    def read(cls, lines: pa.Table, book: Book) -> _Claimants:
        """Those among the lines; ``book`` has the territories."""
        free = np.flatnonzero(claim_nothing(lines))
        origin, economies = encode_origins(lines)
        destination, texts = encode_texts(lines["to"])
        granting = [
            frozenset(each.code for each in book.territories_of(name.strip().upper())) for name in texts.to_pylist()
        ]
        return cls(free, origin[free], economies.to_pylist(), destination[free], granting)

    def find(self, offer: PreferenceOffer) -> NDArray[np.intp]:
        """The places of the lines that the offer may be for."""
        found = np.ones(len(self.free), np.bool_)
        if offer.territories is not None:
            found &= _flag([not own.isdisjoint(offer.territories) for own in self.granting], self.destination)
        if offer.origins is not None:
            found &= _flag([name in offer.origins for name in self.origins], self.origin)
        return self.free[found]


def _flag(meant: list[bool], numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
    return np.array(meant, np.bool_)[numbers]


def _totals(paid: pa.Table, claimed: pa.Table | Refusal) -> NDArray[np.int64] | None:
    """The landed costs with a claim, as high as can be where they cannot be compared with what is paid without it."""
    if isinstance(claimed, Refusal):
        return None
    pair = pair_answers(paid, claimed)
    one, two = pair.before, pair.after
    alike = (one.complete & two.complete) | (~one.complete & ~two.complete & (one.unknowns == two.unknowns))
    usable = alike & ~one.refused & ~two.refused & (one.currency == two.currency)
    return np.where(usable, two.amounts["total"], _MOST)


def _own_totals(paid: pa.Table) -> NDArray[np.int64]:
    return pair_answers(paid, paid).before.amounts["total"]
