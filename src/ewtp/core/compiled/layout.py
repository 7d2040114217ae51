"""How lines go into the kernel and what comes out of it: named arrays side by side."""

from __future__ import annotations

from typing import Any, NamedTuple


class Lines(NamedTuple):
    """Lines as arrays; places of names are those of the compiled book, -1 for one that it does not have."""

    source: Any
    destination: Any
    origin: Any
    day: Any
    subheading: Any
    tail: Any
    tail_digits: Any
    value: Any
    freight: Any
    insurance: Any
    buyer: Any
    transport: Any
    quantities: Any
    # By the book's number of a quantity: its row in ``quantities``, -1 for one that no line gives.
    quantity_row: Any
    frame: Any
    scalar: Any


class Frames(NamedTuple):
    """What lines to one destination, in one currency, on one day share."""

    fields: Any
    tax_base: Any
    # What one unit of the answer's currency is in each currency of the book, for limits; 0 where there is no rate.
    limit_rates: Any


class Results(NamedTuple):
    """What the kernel finds; ``scalar`` marks the lines that it does not settle."""

    amounts: Any
    sets: Any
    unknowns: Any
    complete: Any
    scalar: Any
