"""Options of the form NAME=AMOUNT, such as ``--quantity kg=120``."""

from __future__ import annotations

from ewtp.core.values.refusal import Refusal


def split_pair(text: str) -> tuple[str, str] | Refusal:
    """The name and the amount of one option; the last = divides them."""
    name, found, amount = text.rpartition("=")
    if not found or not name.strip():
        return Refusal("option_unreadable", f"Write it as NAME=AMOUNT, such as kg=120; {text[:40]!r} has no =.")
    return name.strip(), amount.strip()


def split_pair_list(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...] | Refusal:
    """Several such options in the order in which they were given."""
    pairs = []
    for text in texts:
        pair = split_pair(text)
        if isinstance(pair, Refusal):
            return pair
        pairs.append(pair)
    return tuple(pairs)


def split_pairs(texts: tuple[str, ...]) -> dict[str, str] | Refusal:
    """Several such options by name; the same name twice is refused."""
    pairs: dict[str, str] = {}
    for text in texts:
        pair = split_pair(text)
        if isinstance(pair, Refusal):
            return pair
        name, amount = pair
        if name in pairs:
            return Refusal("quantity_twice", f"{name[:40]} is given twice; give it once.")
        pairs[name] = amount
    return pairs
