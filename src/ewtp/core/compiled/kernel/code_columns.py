"""Columns of codes as the keys of ``format.entry_key``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.entry_key import LENGTH_BITS, MOST_DIGITS, SUBHEADING_DIGITS
from ewtp.core.compiled.machine.fixed_point import POWERS
from ewtp.core.compiled.machine.jit import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A text much longer than its digits is refused by the scalar path.
_LONGEST_CODE = 40
_DOT, _SPACE, _ZERO, _NINE = (ord(character) for character in ". 09")


@jit()
def parse_codes(starts: NDArray[np.int32], text: NDArray[np.uint8], keys: NDArray[np.int64]) -> None:
    """Write the key of every code to ``keys``; dots and spaces are skipped, anything else leaves a key of 0.

    ``starts`` is one longer than ``keys`` and delimits the codes in ``text``.
    """
    for place in range(starts.shape[0] - 1):
        digits = 0
        number = np.int64(0)
        for at in range(starts[place], starts[place + 1]):
            character = text[at]
            if character in (_DOT, _SPACE):
                continue
            if character < _ZERO or character > _NINE or digits == MOST_DIGITS:
                digits = 0
                break
            digits += 1
            number = number * 10 + np.int64(character - _ZERO)
        # A code of an odd number of digits, or with a decimal place, is what a spreadsheet has made of one: the scalar
        # path says so.
        end = starts[place + 1]
        if end - starts[place] >= 2 and text[end - 1] == _ZERO and text[end - 2] == _DOT:
            continue
        if digits >= SUBHEADING_DIGITS and digits % 2 == 0 and starts[place + 1] - starts[place] <= _LONGEST_CODE:
            keys[place] = (number * POWERS[MOST_DIGITS - digits] << LENGTH_BITS) + digits
