"""The arrays that the kernel reads and writes, with their shapes and units.

``[line]`` is indexed by line of the table; other names in brackets are indices of the same kind. Places of economies,
currencies, quantities and claims are those of the compiled book's ``Names``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The kernel returns amounts in ten-thousandths, because every currency's minor unit is a multiple of that.
DECIMALS = 4
# The columns of amounts have eighteen digits.
TOO_MUCH = 10**18
# The claim of a line without one, and of a line for the scalar path.
NO_CLAIM, ODD_CLAIM = -1, -2
# A quantity that was not given, and one for the scalar path.
NOT_GIVEN, ODD_QUANTITY = -1, -2
QUANTITY_DECIMALS = 4
# The number of columns that may give a quantity, and the figures of each column: its row and two factors.
CANDIDATES = 4
SOURCE_WIDTH = 3 * CANDIDATES
# The most that a line costs where nothing bounds it.
NO_BOUND = -1
# The mantissa of a rate that does not exist, and of one for the scalar path.
NO_RATE, ODD_RATE = 0, -1


class Quantities(NamedTuple):
    """The quantities of ``line_count`` lines, in ten-thousandths, NOT_GIVEN or ODD_QUANTITY.

    ``rows`` is ``[row, line]`` end to end: the supplementary unit's number (-1 for none), the quantity in that unit,
    then one row for each column of quantities. ``sources`` has, for each of the ``keys`` quantities of the book,
    CANDIDATES of a row (-1 for none), a numerator and a denominator; then, by supplementary unit and key, a numerator
    and a denominator, 0 where the unit gives no such quantity and negative where it comes before the columns.
    """

    rows: NDArray[np.int64]
    sources: NDArray[np.int64]
    keys: int
    line_count: int


class Lines(NamedTuple):
    """The lines of a table.

    ``code`` and ``currency`` are indices of the distinct ones of the table; ``code_key[code]`` is an ``entry_key``, and
    ``code_exists[code]`` tells whether the subheading exists. ``day`` counts days since 1970-01-01. ``value``,
    ``freight`` and ``insurance`` are in minor units of the line's currency, -1 for none. ``buyer`` and ``transport``
    are indices of ``BUYERS`` and ``TRANSPORTS``. ``scalar`` marks the lines that the kernel skips.
    """

    source: NDArray[np.int16]
    destination: NDArray[np.int16]
    origin: NDArray[np.int16]
    day: NDArray[np.int32]
    code: NDArray[np.int32]
    code_key: NDArray[np.int64]
    code_exists: NDArray[np.bool_]
    currency: NDArray[np.int32]
    value: NDArray[np.int64]
    freight: NDArray[np.int64]
    insurance: NDArray[np.int64]
    buyer: NDArray[np.int8]
    transport: NDArray[np.int8]
    claim: NDArray[np.int32]
    quantities: Quantities
    scalar: NDArray[np.bool_]


class Frames(NamedTuple):
    """The facts shared by lines to one destination, in one currency, in one span of days.

    ``first[destination * currencies + currency]`` is the first of the frames that follow one another in time, -1 for
    none. ``fields`` is ``[frame, frame_field]``, ``tax_base`` ``[frame, tax_term]`` in hundredths. ``foreign`` is
    ``[frame, currency of the book, way]``: the rate that turns the answer's currency into it, and the rate back, -1
    for one that no rule needs. ``rates`` is ``[day - first_day, rate, 2]``: mantissa and scale of a fraction from
    minor units to minor units; the mantissa is NO_RATE or ODD_RATE where there is none.
    """

    economies: int
    currencies: int
    first: NDArray[np.int32]
    fields: NDArray[np.int64]
    tax_base: NDArray[np.int64]
    foreign: NDArray[np.int32]
    first_day: int
    rates: NDArray[np.int64]


class Results(NamedTuple):
    """The answers of the kernel.

    ``amounts`` is ``[amount_kind, line]`` in ten-thousandths of ``currency[line]``, and so is ``at_most``, the
    most that a line costs, NO_BOUND where nothing bounds it. ``sets`` is ``[rule_set, line]``
    and ``unknowns`` ``[line]``: interned numbers. ``scalar`` marks the lines for the scalar path. ``refusal`` is the
    number of the trader's refusal in ``Names.refusals``, 0 where there is an answer.
    """

    amounts: NDArray[np.int64]
    at_most: NDArray[np.int64]
    sets: NDArray[np.int32]
    unknowns: NDArray[np.int32]
    currency: NDArray[np.int32]
    complete: NDArray[np.bool_]
    scalar: NDArray[np.bool_]
    refusal: NDArray[np.int32]


class Interned(NamedTuple):
    """The sets of rules in the answers so far, by ``rule_set``, and the combinations of unknowns.

    ``counts`` has the number of sets of each kind, then the number of combinations. ``sets`` is ``[rule_set, number,
    4]``: a list and the number of a set in it, twice; ``seen`` maps the number of a set in the book to its number here,
    0 for none. ``pairs`` and ``pair_numbers`` are a hash table of unions of two sets. ``bits`` are the combinations,
    and ``of_bits`` a hash table of their numbers plus one.
    """

    counts: NDArray[np.int64]
    sets: NDArray[np.int32]
    seen: NDArray[np.int32]
    pairs: NDArray[np.int64]
    pair_numbers: NDArray[np.int32]
    bits: NDArray[np.int64]
    of_bits: NDArray[np.int32]
