"""Names against denied-party lists: every entry that may be meant, in tiers, with the evidence.

A hit is a question to a person, never a verdict. The thresholds are ours; docs/screening.md has what they find.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ewtp.core.screening.folded_name import fold_name, sound_of
from ewtp.core.screening.listed_party import BirthDate, DeniedPartyList, ListedName, ListedParty, NameKind
from ewtp.core.screening.name_match import LEAST_ALIKE, NameMatch, match_names
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ewtp.core.screening.folded_name import FoldedName

# The least scores of the tiers.
STRONG, WEAK = 0.88, 0.78
# Two years of birth this far apart are two people's, given how lists know them.
_YEARS_APART = 2
_LEAST_WEIGHT = 0.15
# How much of a name has to be found word by word before the two are compared, and how many names at most.
_FOUND_SHARE = 0.5
_MOST_COMPARED = 250
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
    """The names of lists, made ready for many questions."""

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
        having: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            words = [word.text for word in entry.folded.words]
            for text in {*words, *_joined_neighbours(words)}:
                having[text].append(number)
        self._having = {text: np.array(numbers, np.int32) for text, numbers in having.items()}
        self._whole = np.array([self._weight_of(entry.folded) for entry in self._entries])
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for text in self._having:
            self._by_length[len(text)].append(text)
            if sound := sound_of(text):
                self._by_sound[sound].append(text)
        self._alike = lru_cache(maxsize=16384)(self._find_alike)

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
        for number in self._candidates(asked):
            hit = self._hit(name, asked, self._entries[number], born)
            if hit is not None:
                key = (hit.list_id, hit.entry)
                if key not in best or _rank(hit) < _rank(best[key]):
                    best[key] = hit
        return tuple(sorted(best.values(), key=_rank)[:MOST_HITS])

    def _hit(self, name: str, asked: FoldedName, entry: _Entry, born: BirthDate | None) -> Hit | None:
        match = match_names(asked, entry.folded, self.weigh)
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

    def _candidates(self, asked: FoldedName) -> list[int]:
        """The names of which enough words are like the asked ones, the most promising first."""
        words = [word.text for word in asked.words if not word.minor] or [word.text for word in asked.words]
        found = np.zeros(len(self._entries))
        for text in {*words, *_joined_neighbours(words)}:
            reached = np.zeros(len(self._entries))
            for like in self._alike(text):
                having = self._having[like]
                reached[having] = np.maximum(reached[having], self.weigh(like))
            found += reached
        share = found / np.minimum(self._whole, self._weight_of(asked))
        promising = np.flatnonzero(share >= _FOUND_SHARE)
        first = promising[np.argsort(-share[promising], kind="stable")]
        return [int(number) for number in first[:_MOST_COMPARED]]

    def _weight_of(self, folded: FoldedName) -> float:
        return sum(self.weigh(word.text) for word in folded.words if not word.minor) or 1.0

    def _find_alike(self, text: str) -> tuple[str, ...]:
        """The words of the lists that a word may stand for."""
        found = {text} if text in self._having else set()
        if sound := sound_of(text):
            found.update(self._by_sound.get(sound, ()))
        if len(text) > 3 and not text.isdigit():  # noqa: PLR2004 - shorter words have to be the same
            for length in range(math.ceil(len(text) * LEAST_ALIKE), int(len(text) / LEAST_ALIKE) + 1):
                near = process.extract(
                    text,
                    self._by_length.get(length, ()),
                    scorer=OSA.normalized_similarity,
                    score_cutoff=LEAST_ALIKE,
                    limit=None,
                )
                found.update(word for word, _, _ in near)
        return tuple(sorted(found))


def screen_names(index: NameIndex, names: Sequence[str], born: BirthDate | None = None) -> list[Hit]:
    """The hits of several names, in their order."""
    return [hit for name in names for hit in index.screen(name, born)]


def _joined_neighbours(words: Sequence[str]) -> Iterator[str]:
    """What two neighbours may have been written as."""
    for one, two in pairwise(words):
        yield one + two
        yield two + one


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
