"""Names against denied-party lists: every entry that may be meant, in tiers, with the evidence.

A hit is a question to a person, never a verdict. The thresholds are ours; docs/ask/screening.md has what they find.
"""

from __future__ import annotations

import math
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.screening.listed_party import BirthDate, DeniedPartyList, ListedName, ListedParty, NameKind
from ewtp.core.screening.name_candidates import NameCandidates
from ewtp.core.screening.name_form import fold_name
from ewtp.core.screening.name_match import NameMatch, match_names
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.screening.name_form import FoldedName

# The least scores of the tiers.
STRONG, WEAK = 0.88, 0.78
# Two years of birth this far apart are two people's, given how lists know them.
_YEARS_APART = 2
_LEAST_WEIGHT = 0.15
MOST_HITS = 50


class Tier(StrEnum):
    """How near a hit is: all words agree; nearly all; enough that somebody has to look."""

    EXACT = "exact"
    STRONG = "strong"
    WEAK = "weak"


_LOWER = {Tier.EXACT: Tier.STRONG, Tier.STRONG: Tier.WEAK, Tier.WEAK: Tier.WEAK}
_ORDER = (Tier.EXACT, Tier.STRONG, Tier.WEAK)


@immutable
class Evidence:
    """Why there is a hit: the listed name, the words, and what the list says of the entry.

    ``birth`` is "agrees", "differs", "not_listed" or, where none was asked about, "not_asked".
    """

    listed_name: ListedName
    match: NameMatch
    birth: str
    party: ListedParty

    def as_json(self) -> dict[str, Any]:
        """The evidence as plain JSON."""
        party = self.party
        return {
            "listed_name": self.listed_name.text,
            "name_kind": self.listed_name.kind.value,
            "words": [pair.as_json() for pair in self.match.pairs],
            "only_asked": list(self.match.asked_alone),
            "only_listed": list(self.match.listed_alone),
            "birth": self.birth,
            "listed_births": [each.as_json() for each in party.births],
            "kind": party.kind.value,
            "economies": list(party.economies),
            "programmes": list(party.programmes),
            "listed_on": party.listed_on.isoformat() if party.listed_on else None,
        }


@immutable
class Hit:
    """An entry that a name may mean."""

    name: str
    list_id: str
    entry: str
    tier: Tier
    score: float
    evidence: Evidence

    def as_json(self) -> dict[str, Any]:
        """``{"name", "list", "entry", "tier", "score", "evidence"}``."""
        return {
            "name": self.name,
            "list": self.list_id,
            "entry": self.entry,
            "tier": self.tier.value,
            "score": round(self.score, 3),
            "evidence": self.evidence.as_json(),
        }


@immutable
class _Entry:
    list_id: str
    party: ListedParty
    name: ListedName
    folded: FoldedName


class NameIndex:
    """The names of lists, indexed for many questions."""

    def __init__(self, lists: Iterable[DeniedPartyList]) -> None:
        self._entries = [
            _Entry(each.id, party, name, folded)
            for each in lists
            for party in each.parties
            for name in party.names
            if (folded := fold_name(name.text)).words
        ]
        count = Counter(word for entry in self._entries for word in {w.text for w in entry.folded.words})
        most = math.log(len(self._entries) + 1)
        self._weights = {
            word: max(_LEAST_WEIGHT, math.log((len(self._entries) + 1) / times) / most) for word, times in count.items()
        }
        self._candidates = NameCandidates([entry.folded for entry in self._entries], self.weigh, WEAK)

    def weigh(self, word: str) -> float:
        """The weight of a word: near 1 where few names have it."""
        return self._weights.get(word, 1.0)

    @staticmethod
    def can_screen(name: str) -> bool:
        """Whether a name has anything that can be looked for."""
        return bool(fold_name(name).words)

    def screen(self, name: str, born: BirthDate | None = None) -> tuple[Hit, ...]:
        """Every entry that ``name`` may mean, the nearest first, each once; none where the name has no letter."""
        asked = fold_name(name)
        best: dict[tuple[str, str], Hit] = {}
        for number in self._candidates.find(asked):
            hit = self._hit(name, asked, self._entries[number], born)
            if hit is not None:
                key = (hit.list_id, hit.entry)
                if key not in best or _rank(hit) < _rank(best[key]):
                    best[key] = hit
        return tuple(sorted(best.values(), key=_rank)[:MOST_HITS])

    def _hit(self, name: str, asked: FoldedName, entry: _Entry, born: BirthDate | None) -> Hit | None:
        match = match_names(asked, entry.folded, self.weigh, self._candidates)
        if match.score < WEAK:
            return None
        tier = Tier.EXACT if match.same else Tier.STRONG if match.score >= STRONG else Tier.WEAK
        if entry.name.kind is NameKind.WEAK_ALIAS:
            tier = _LOWER[tier]
        birth = _compare_births(born, entry.party.births)
        if birth == "differs":
            tier = _LOWER[tier]
        return Hit(
            name, entry.list_id, entry.party.entry, tier, match.score, Evidence(entry.name, match, birth, entry.party)
        )


def screen_names(index: NameIndex, names: Sequence[str], born: BirthDate | None = None) -> list[Hit]:
    """The hits of several names, in their order."""
    return [hit for name in names for hit in index.screen(name, born)]


def _rank(hit: Hit) -> tuple[int, float, str, str]:
    return _ORDER.index(hit.tier), -hit.score, hit.list_id, hit.entry


def _compare_births(asked: BirthDate | None, listed: Sequence[BirthDate]) -> str:
    if asked is None:
        return "not_asked"
    if not listed:
        return "not_listed"
    return "agrees" if any(_may_be_one(asked, each) for each in listed) else "differs"


def _may_be_one(one: BirthDate, two: BirthDate) -> bool:
    return max(two.first_year - one.last_year, one.first_year - two.last_year) < _YEARS_APART
