"""How fast exact power indices are: 200 members with weights of up to 100, and of up to 400.

Prints one JSON object for each.
"""

from __future__ import annotations

import json
import random
import statistics
import time

from ewtp.core.power.exact_indices import compute_power
from ewtp.core.power.weighted_game import PowerIndices, WeightedGame

MEMBERS = 200
TURNS = 3
TARGET_SECONDS = 2.0


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


if __name__ == "__main__":
    for most in (100, 400):
        _measure(most)
