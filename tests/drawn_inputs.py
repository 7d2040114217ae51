"""How many inputs a test draws at random: all that it names, or a few where a run is to be quick."""

from __future__ import annotations

import os

# Set by `make test-fast`, and inherited by the workers of a run.
FEW_INPUTS = "EWTP_TEST_FEW_INPUTS"
_DEFAULT, _SHARE, _FEWEST = 100, 10, 5


def input_count(whole: int = _DEFAULT) -> int:
    """The number itself; a tenth of it, and five at the least, in a run that draws few."""
    return max(whole // _SHARE, min(whole, _FEWEST)) if os.environ.get(FEW_INPUTS) else whole
