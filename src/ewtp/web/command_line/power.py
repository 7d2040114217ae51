"""``ewtp power``: the power of each member of a weighted vote. Needs no rulebook and no database."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import click
from rich.table import Table

from ewtp.core.power.exact_indices import compute_power
from ewtp.core.power.index_estimates import CONFIDENCE, SampledIndices, sample_power
from ewtp.core.power.weighted_game import read_weighted_game
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from fractions import Fraction

    from ewtp.core.power.weighted_game import WeightedGame

_MOST_DRAWS = 10_000_000
_PLACES = 6
# A fraction of more characters is shown to people as a decimal alone.
_MOST_SHOWN = 15


@click.command()
@click.option("--quota", required=True, help="The sum of weights that passes, such as 12.")
@click.option("--weights", required=True, metavar="W,W,...", help="The weight of each member, such as 4,4,4,2,2,1.")
@click.option("--sample", is_flag=True, help="Estimate where the exact indices would take too long.")
@click.option(
    "--draws", type=click.IntRange(100, _MOST_DRAWS), default=100_000, show_default=True, help="Draws of an estimate."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the draws.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def power(quota: str, weights: str, *, sample: bool, draws: int, seed: int, as_json: bool) -> None:
    """Compute how often each member of a weighted vote decides it: Shapley's and Banzhaf's index."""
    game = read_weighted_game(quota, weights)
    if isinstance(game, Refusal):
        refuse(game, as_json=as_json)
    found = compute_power(game)
    if isinstance(found, Refusal):
        if not sample:
            refuse(found, as_json=as_json)
        _say_estimate(game, sample_power(game, draws=draws, seed=seed), as_json=as_json)
    elif as_json:
        say_json({"shapley": list(map(str, found.shapley)), "banzhaf": list(map(str, found.banzhaf))})
    else:
        _print_members(game, list(map(_show_share, found.shapley)), list(map(_show_share, found.banzhaf)))


def _say_estimate(game: WeightedGame, found: SampledIndices, *, as_json: bool) -> None:
    shapley, banzhaf = ([f"{share:.{_PLACES}f}" for share in shares] for shares in (found.shapley, found.banzhaf))
    errors = {"shapley": _round_up(found.shapley_error), "banzhaf": _round_up(found.banzhaf_error)}
    if as_json:
        sampled = {"draws": found.draws, "seed": found.seed, "confidence": str(CONFIDENCE), "errors": errors}
        say_json({"shapley": shapley, "banzhaf": banzhaf, "sampled": sampled})
        return
    _print_members(game, shapley, banzhaf)
    say(
        f"Estimated from {found.draws} draws with seed {found.seed}: with a probability of {CONFIDENCE:.0%} no Shapley "
        f"index is off by more than {errors['shapley']}, and no Banzhaf index by more than {errors['banzhaf']}."
    )


def _print_members(game: WeightedGame, shapley: list[str], banzhaf: list[str]) -> None:
    table = Table("member", "weight", "Shapley", "Banzhaf", box=None, pad_edge=False)
    for column in table.columns:
        column.justify = "right"
    for number, row in enumerate(zip(game.weights, shapley, banzhaf, strict=True), start=1):
        table.add_row(str(number), *map(str, row))
    Terminal().print(table)


def _show_share(share: Fraction) -> str:
    """The fraction with its decimal, or that alone where the fraction is long."""
    decimal = f"{float(share):.{_PLACES}f}"
    return f"{share} = {decimal}" if len(str(share)) <= _MOST_SHOWN else decimal


def _round_up(error: float) -> str:
    return f"{ceil(error * 10**_PLACES) / 10**_PLACES:.{_PLACES}f}"
