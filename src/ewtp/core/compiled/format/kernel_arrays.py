"""How lines go into the kernel and what comes out of it: named arrays side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

# Amounts leave the kernel in ten-thousandths, which every currency's coins are whole numbers of.
DECIMALS = 4
# The columns of amounts have eighteen digits.
TOO_MUCH = 10**18
# What is claimed, besides the number of a claim that the book knows.
NO_CLAIM, ODD_CLAIM = -1, -2
# A quantity that was not given, and one that the scalar path has to look at.
NOT_GIVEN, ODD_QUANTITY = -1, -2
QUANTITY_DECIMALS = 4
# Of how many columns a quantity may be taken, and the figures of each of these: its row and two factors.
CANDIDATES = 4
SOURCE_WIDTH = 3 * CANDIDATES


class Lines(NamedTuple):
    """Lines as arrays; places of names are those of the compiled book.

    ``code`` and ``currency`` are places among those of the table; ``code_key`` is as ``entry_key`` has it. Amounts
    count minor units of the line's currency, -1 for none; quantities count ten-thousandths.
    """

    source: Any
    destination: Any
    origin: Any
    day: Any
    code: Any
    code_key: Any
    code_exists: Any
    currency: Any
    value: Any
    freight: Any
    insurance: Any
    buyer: Any
    transport: Any
    claim: Any
    # Rows end to end: the supplementary unit, the quantity in it, then what the columns of quantities give.
    quantities: Any
    # How many quantities the book speaks of; by number the columns that give it, each with its row, -1 for none, and
    # the two factors to take it by; then the two factors for every supplementary unit and number.
    keys: Any
    sources: Any
    scalar: Any


NO_RATE, ODD_RATE = 0, -1


class Frames(NamedTuple):
    """What lines to one destination, in one currency, in one span of days share.

    ``first`` gives, by destination and currency of the table, the first of the frames that follow one another in
    time. Rates are fractions; their mantissa is NO_RATE or ODD_RATE where there is none.
    """

    economies: Any
    currencies: Any
    first: Any
    fields: Any
    tax_base: Any
    # By frame and currency of the book: the rate that turns the answer's currency into it, and the rate back; -1 for
    # one that no rule asks for.
    foreign: Any
    first_day: Any
    # By day from the first, and by number: mantissa and scale.
    rates: Any


class Results(NamedTuple):
    """What the kernel finds; ``scalar`` marks the lines that it does not settle.

    ``refusal`` is the number of what the trader is told instead of an answer, 0 where there is one. ``sets`` and
    ``unknowns`` are numbers of what is noted in ``noted`` and ``bits``, by column of sets.
    """

    amounts: Any
    sets: Any
    unknowns: Any
    currency: Any
    complete: Any
    scalar: Any
    refusal: Any


class Notes(NamedTuple):
    """What the kernel has met: the sets of rules by column, and combinations of unknowns.

    ``counts`` has the number of sets noted in each column, then that of the combinations. ``sets`` gives the list
    and the set of its pattern, twice over. ``seen`` is by number of set; ``pairs`` and ``of_bits`` are hash tables.
    """

    counts: Any
    sets: Any
    seen: Any
    pairs: Any
    pair_numbers: Any
    bits: Any
    of_bits: Any
