"""Options of the form NAME=AMOUNT, such as ``--quantity kg=120``."""

from __future__ import annotations

from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.sentences import OPTION_UNREADABLE, QUANTITY_OPTION_TWICE


def split_pair(text: str) -> tuple[str, str] | Refusal:
    """The name and the amount of one option; separated by the last ``=``."""
    name, found, amount = text.rpartition("=")
    if not found or not name.strip():
        return Refusal(OPTION_UNREADABLE, {"text": text[:40]})
    return name.strip(), amount.strip()


def split_pair_list(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...] | Refusal:
    """Several such options in the given order."""
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
            return Refusal(QUANTITY_OPTION_TWICE, {"name": name[:40]})
        pairs[name] = amount
    return pairs
