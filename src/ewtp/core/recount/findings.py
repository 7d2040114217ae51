"""What a recount found: of each vote and each adoption, what contradicts the entries, and what they cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.values.sentence import Statement


# What reading an entry raises that does not state what its kind states: whoever signs a log may write anything there.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@immutable
class VoteFindings:
    """A vote as its entries have it: ``stage`` is where it ended by them, empty where the bundle has not its roll.

    ``groups`` are on its roll, ``ballots`` were cast, of which ``void`` do not count and ``sealed`` were never opened.
    ``published`` is the result that the log states, empty where it states nothing. ``alarms`` were raised,
    ``answered`` of their kinds answered, and ``recounted`` of them follow from roll and ballots; ``blocs`` is of how
    many the power was measured again.
    """

    vote: str
    proposal: str
    index: int
    groups: int
    ballots: int
    void: int
    sealed: int
    stage: str
    published: str
    houses: tuple[tuple[str, int, int, int, int], ...]
    alarms: int
    answered: int
    recounted: int
    blocs: int

    def as_json(self) -> dict[str, Any]:
        """The findings as JSON."""
        names = ("active", "for", "against", "abstain")
        return {
            "vote": self.vote,
            "proposal": self.proposal,
            "index": self.index,
            "groups": self.groups,
            "ballots": self.ballots,
            "void": self.void,
            "sealed": self.sealed,
            "stage": self.stage,
            "published": self.published,
            "houses": {house: dict(zip(names, figures, strict=True)) for house, *figures in self.houses},
            "alarms": {"raised": self.alarms, "answered": self.answered, "recounted": self.recounted},
            "blocs": self.blocs,
        }


@immutable
class AdoptionFindings:
    """What an economy did with a proposal: it adopted ``articles`` from ``effective`` on, or declined for ``reason``.

    ``authority`` says whether entries before show that ``by`` was a verified authority of the territory.
    """

    index: int
    proposal: str
    territory: str
    by: str
    authority: bool
    articles: tuple[str, ...] = ()
    effective: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        texts = (self.proposal, self.territory, self.by, self.effective, self.reason, *self.articles)
        if not all(isinstance(each, str) for each in texts):
            msg = f"entry {self.index} states something else than a text"
            raise TypeError(msg)

    def as_json(self) -> dict[str, Any]:
        """The findings as JSON."""
        return {
            "index": self.index,
            "proposal": self.proposal,
            "territory": self.territory,
            "by": self.by,
            "authority": self.authority,
            "articles": list(self.articles),
            "effective": self.effective or None,
            "reason": self.reason or None,
        }


@immutable
class RecountReport:
    """What was recounted; ``faults`` contradict each other or the roll, ``left`` could not be checked."""

    votes: tuple[VoteFindings, ...]
    adoptions: tuple[AdoptionFindings, ...]
    faults: tuple[Statement, ...]
    left: tuple[Statement, ...]

    def as_json(self) -> dict[str, Any]:
        """The report as JSON, without its faults."""
        return {
            "votes": [each.as_json() for each in self.votes],
            "adoptions": [each.as_json() for each in self.adoptions],
            "not_checked": [each.as_json() for each in self.left],
        }
