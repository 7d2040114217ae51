"""An enumeration: the provisions that a legal text lists, against which the rules that cite it are held.

A rule's list may have been taken from a compilation, which repeats the mistakes of whoever read the text. The text's
own enumeration is kept beside the rules as figures, and the two are compared both ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.rulebook.measure import Product


@immutable
class Enumeration:
    """The provisions, digits alone, that a territory's legal text lists for one reference on ``day``.

    ``provision`` is where the text lists them (``"note 16(c)(i) to (v)"``); ``reference`` is what the rules for them
    cite (``"HTS 9903.82.02"``).
    """

    territory: str
    provision: str
    reference: str
    day: date
    codes: tuple[str, ...]


@immutable
class EnumerationFinding:
    """What the rules that cite an enumeration make of it.

    ``missing`` are listed provisions, or parts of them, that no rule reaches; ``unlisted`` are provisions that a rule
    reaches and the text does not list.
    """

    enumeration: Enumeration
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the rules reach what the text lists, and nothing else."""
        return not self.missing and not self.unlisted


def compare_enumeration(enumeration: Enumeration, products: Iterable[Product]) -> EnumerationFinding:
    """Hold the products of the rules that cite an enumeration against it, both ways."""
    by_prefix: dict[str, list[Product]] = {}
    for product in products:
        by_prefix.setdefault(product.prefix, []).append(product)
    listed = set(enumeration.codes)
    return EnumerationFinding(
        enumeration,
        tuple(sorted(code for code in listed if not _is_reached(code, by_prefix))),
        tuple(sorted(prefix for prefix in by_prefix if listed.isdisjoint(_starts(prefix)))),
    )


def _is_reached(code: str, by_prefix: dict[str, list[Product]]) -> bool:
    return any(product.covers(code) for start in _starts(code) for product in by_prefix.get(start, ()))


def _starts(code: str) -> list[str]:
    return [code[:length] for length in range(len(code) + 1)]
