"""Blocs: groups that one owner, economy, verifier or cohort could have vote alike, and each house."""

from __future__ import annotations

from collections import Counter, defaultdict
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from ewtp.core.power.house_game import HouseGame
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.vote_tally import HOUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ewtp.core.organisations.house import House
    from ewtp.core.power.houses import BlocPower
    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.roll import RollEntry, VoteRoll
    from ewtp.core.votes.vote_tally import Majority

# With each vote the power of this many blocs is computed, the largest by their mean share of the houses.
MOST_BLOCS = 200
_PLACES = 4


class BlocKind(StrEnum):
    """What the groups of a bloc share; a cohort is verified in one month by one verifier."""

    OWNER = "owner"
    ECONOMY = "economy"
    VERIFIER = "verifier"
    COHORT = "cohort"
    HOUSE = "house"


_NAMES: Mapping[BlocKind, Callable[[RollEntry], str]] = {
    BlocKind.ECONOMY: lambda entry: entry.economy,
    BlocKind.VERIFIER: lambda entry: entry.verifier,
    BlocKind.COHORT: lambda entry: f"{entry.verifier}/{entry.verified.isoformat()[:7]}",
    BlocKind.HOUSE: lambda entry: str(entry.house),
}


@immutable
class Bloc:
    """Groups with something in common; ``name`` is what, such as KE or the id of a verifier."""

    kind: BlocKind
    name: str
    groups: frozenset[str]

    @property
    def label(self) -> str:
        """How the log names it."""
        return f"{self.kind}:{self.name}"

    def members(self, houses: Mapping[str, House]) -> tuple[int, ...]:
        """How many of its groups each house has, in the order of the houses."""
        counts = Counter(map(houses.get, self.groups))
        return tuple(counts[house] for house in HOUSES)


@immutable
class MeasuredBloc:
    """A bloc with its groups in each house, the mean of its shares of the houses, and its power."""

    bloc: Bloc
    members: tuple[int, ...]
    mean_share: Fraction
    power: BlocPower

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON has them, rounded to four decimals."""
        power = self.power
        return {
            "bloc": self.bloc.label,
            "groups": dict(zip(map(str, HOUSES), self.members, strict=True)),
            "mean_share": figure_decimals(float(self.mean_share)),
            "shapley": figure_decimals(power.shapley),
            "banzhaf": figure_decimals(power.banzhaf),
            "observed": None if power.observed is None else figure_decimals(power.observed),
            "error": figure_decimals(power.error),
        }


def figure_decimals(figure: float) -> str:
    """A figure with four decimals, as the log has it."""
    return f"{figure:.{_PLACES}f}"


def bloc_names(entry: RollEntry) -> dict[BlocKind, str]:
    """The names of the blocs to which an entry of a roll belongs; who owns it is not on the roll."""
    return {kind: name_of(entry) for kind, name_of in _NAMES.items()}


def blocs_of(entries: Sequence[RollEntry], held: Mapping[str, frozenset[str]]) -> list[Bloc]:
    """Every bloc of two groups or more, and every house; ``held`` is that of ``find_held_groups``.

    A group whose members are in several economies, or had several verifiers, is in the bloc of each. A cohort that
    has all groups of its verifier is the same bloc as that.
    """
    # By kind, since a roll may have a hundred thousand entries and the kinds take longest to be looked up.
    by_kind: dict[BlocKind, dict[str, set[str]]] = {}
    for kind, name_of in _NAMES.items():
        named = by_kind[kind] = defaultdict(set)
        for entry in entries:
            named[name_of(entry)].add(entry.group)
    found = {(kind, name): groups for kind, named in by_kind.items() for name, groups in named.items()}
    present = set().union(*found.values())
    for owner, groups in held.items():
        found[BlocKind.OWNER, owner] = ({owner} | groups) & present
    for kind, name in list(found):
        if kind is BlocKind.COHORT and found[kind, name] == found[BlocKind.VERIFIER, name.rpartition("/")[0]]:
            del found[kind, name]
    return [
        Bloc(kind, name, frozenset(groups))
        for (kind, name), groups in sorted(found.items())
        if len(groups) > 1 or kind is BlocKind.HOUSE
    ]


def house_game(active: Mapping[House, int], procedure: VoteProcedure, majority: Majority) -> HouseGame | None:
    """The game of a vote; None where a house is too small for anything to pass."""
    sizes = [active.get(house, 0) for house in HOUSES]
    if min(sizes) < procedure.house_active_groups:
        return None
    quorums = [ceil(procedure.approval_quorum(house) * size) for house, size in zip(HOUSES, sizes, strict=True)]
    needs = [max(size // 2 + 1, quorum) for size, quorum in zip(sizes, quorums, strict=True)]
    return HouseGame(sizes, needs, majority.mean_share(procedure))


def measure_blocs(
    blocs: Iterable[Bloc], houses: Mapping[str, House], game: HouseGame, observed: float | None = None
) -> list[MeasuredBloc]:
    """The power of the largest blocs by their mean share, largest first; ``observed`` is the share that was for it."""
    sized = [(bloc, bloc.members(houses)) for bloc in blocs]
    shared = [(bloc, members, mean_share(members, game.sizes)) for bloc, members in sized]
    largest = sorted(shared, key=lambda one: (-one[2], one[0].label))[:MOST_BLOCS]
    powers = game.measure((members for _, members, _ in largest), observed)
    return [MeasuredBloc(*one, power) for one, power in zip(largest, powers, strict=True)]


def mean_share(members: Sequence[int], sizes: Sequence[int]) -> Fraction:
    """The mean over the houses of a bloc's share of their groups."""
    shares = (Fraction(count, size) for count, size in zip(members, sizes, strict=True) if size)
    return sum(shares, Fraction(0)) / len(sizes)


def measure_vote(
    roll: VoteRoll,
    held: Mapping[str, frozenset[str]],
    procedure: VoteProcedure,
    majority: Majority,
    observed: float | None = None,
) -> list[MeasuredBloc]:
    """The power of every bloc of a roll; none where a house is too small for anything to pass."""
    game = house_game(roll.active, procedure, majority)
    return [] if game is None else measure_blocs(blocs_of(roll.entries, held), roll.houses, game, observed)
