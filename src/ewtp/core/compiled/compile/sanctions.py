"""The sanctions programmes of destinations and the economies they are named after, as bits: one for each programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.assessment.unknowns import PROGRAMMES
from ewtp.core.compiled.compile.arrays import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book


def build_programme_arrays(book: Book, economies: Sequence[str]) -> dict[str, NDArray[np.int32]]:
    """By economy [economy] int32, the programmes that are its own or its territories', and those that name it.

    A programme names an economy if it does on any day: of such goods the scalar path decides on the day.
    """
    bits = {code: 1 << place for place, code in enumerate(sorted(PROGRAMMES))}
    named = {
        code: {member.economy for member in book.groups[group].members}
        for code, group in PROGRAMMES.items()
        if group in book.groups
    }
    applied = [{economy, *(t.code for t in book.territories_of(economy))} for economy in economies]
    return {
        "programmes": column([sum(bits[code] for code in own & bits.keys()) for own in applied], np.int32),
        "programmes_named": column(
            [sum(bits[code] for code, own in named.items() if economy in own) for economy in economies], np.int32
        ),
    }
