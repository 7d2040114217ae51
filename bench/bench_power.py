"""How fast power is computed: exact indices of 200 weighted members, and 200 blocs of a vote of 55,000 groups.

Prints one JSON object for each.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from fractions import Fraction

from ewtp.core.power.exact_indices import compute_power
from ewtp.core.power.house_game import HouseGame
from ewtp.core.power.weighted_game import PowerIndices, WeightedGame

MEMBERS = 200
TURNS = 3
TARGET_SECONDS = 2.0
# Small firms, civil society, governments, large firms.
SIZES = (40_000, 12_000, 199, 2_801)
BLOCS = 200
TARGET_BLOCS_SECONDS = 60.0


def _measure(most_weight: int) -> None:
    drawn = random.Random(most_weight)
    weights = tuple(drawn.randint(1, most_weight) for _ in range(MEMBERS))
    game = WeightedGame(sum(weights) // 2 + 1, weights)
    taken = []
    for _ in range(TURNS):
        start = time.perf_counter()
        found = compute_power(game)
        taken.append(time.perf_counter() - start)
        assert isinstance(found, PowerIndices)
        assert sum(found.shapley) == 1
    ours = statistics.median(taken)
    row = {"bench": f"power_{most_weight}", "peer": f"exact within {TARGET_SECONDS:g} s", "unit": "s", "n": MEMBERS}
    figures = {"ours": ours, "theirs": TARGET_SECONDS, "ratio": TARGET_SECONDS / ours, "target": 1, "times": TURNS}
    print(json.dumps({**row, **figures, "reached": ours <= TARGET_SECONDS}), flush=True)


def _measure_blocs() -> None:
    """Blocs in every house, as economies and verifiers have them, each with other numbers."""
    drawn = random.Random(7)
    game = HouseGame(SIZES, [size // 2 + 1 for size in SIZES], Fraction(2, 3))
    blocs = [tuple(int(size * drawn.random() ** 3 / 10) for size in SIZES) for _ in range(BLOCS)]
    start = time.perf_counter()
    measured = game.measure(blocs)
    ours = time.perf_counter() - start
    assert max(one.error for one in measured) < 0.001
    row = {
        "bench": "power_blocs",
        "peer": f"{BLOCS} blocs within {TARGET_BLOCS_SECONDS:g} s",
        "unit": "s",
        "n": sum(SIZES),
    }
    figures = {"ours": ours, "theirs": TARGET_BLOCS_SECONDS, "ratio": TARGET_BLOCS_SECONDS / ours, "target": 1}
    print(json.dumps({**row, **figures, "reached": ours <= TARGET_BLOCS_SECONDS}), flush=True)


if __name__ == "__main__":
    _measure(100)
    _measure_blocs()
