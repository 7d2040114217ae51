"""The group in which secret ballots are encrypted: BELENIOS-2048, numbers modulo a prime of 2,048 bits.

Parameters are those of section 5.1 of the specification of Belenios 2.0 (S. Glondu). Powers are computed by gmpy2 where
it is installed, some thirty times as fast as Python's own.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

try:
    from gmpy2 import mpz, powmod

    IS_FAST = True
except ImportError:  # pragma: no cover - which of the two is there depends on the installation
    mpz, powmod = int, pow
    IS_FAST = False

GROUP = "BELENIOS-2048"
MODULUS = int(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433"
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049"
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019"
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201"
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031"
    "25680162072880719"
)
GENERATOR = int(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678"
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274"
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065"
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751"
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668"
    "0037745308460627"
)
ORDER = 78571733251071885079927659812671450121821421258408794611510081919805623223441
_DIGITS = -(-ORDER.bit_length() // 8)
_MODULUS_BYTES = MODULUS.bit_length() // 8
# Testing fewer numbers together takes longer than testing each.
_LEAST_BATCH = 200
_SUBSET_TESTS, _AT_ONCE = 128, 6


def power(base: int, exponent: int) -> int:
    """A power in the group; exponents are taken modulo its order."""
    return int(powmod(base, exponent % ORDER, MODULUS))


def raise_fixed_base(base: int, exponent: int) -> int:
    """A power of a base that many powers are taken of, such as the generator or an election's key: from a table."""
    found = mpz(1)
    for row, digit in zip(_powers(base), (exponent % ORDER).to_bytes(_DIGITS, "little"), strict=True):
        if digit:
            found = found * row[digit] % MODULUS
    return int(found)


@lru_cache(8)
def _powers(base: int) -> list[list[int]]:
    """For each byte of an exponent, the lowest first, the powers of the base by the value of the byte."""
    rows, step = [], mpz(base)
    for _ in range(_DIGITS):
        row = [mpz(1)]
        for _ in range(256):
            row.append(row[-1] * step % MODULUS)
        step = row.pop()
        rows.append(row)
    return rows


@lru_cache(64)
def negative_power(value: int) -> int:
    """One divided by the generator to a small value, such as an answer."""
    return power(GENERATOR, -value)


def product_of(elements: Iterable[int]) -> int:
    """The product of elements of the group."""
    found = 1
    for element in elements:
        found = found * element % MODULUS
    return found


def quotient(one: int, other: int) -> int:
    """One element divided by another."""
    return one * pow(other, -1, MODULUS) % MODULUS


def in_range(number: int) -> bool:
    """Whether a number is a remainder that has an inverse; those of the group are."""
    return 0 < number < MODULUS


@lru_cache(4096)
def is_element(number: int) -> bool:
    """Whether a number is in the group: a power of its generator."""
    return in_range(number) and powmod(number, ORDER, MODULUS) == 1


def are_elements(numbers: Sequence[int]) -> bool:
    """Whether all numbers are in the group; a number that is not passes with a probability of 2 to the -128.

    That is the random subset test of M. Bellare, J. Garay and T. Rabin, "Fast batch verification for modular
    exponentiation and digital signatures" (Eurocrypt 1998): the product of a random half of the numbers is in the
    group. Where one of them is not, of two halves that differ in it alone at most one has such a product, whatever the
    order of the number is; so each of the 128 independent tests passes with a probability of a half at most. The halves
    are drawn by SHAKE256 over all numbers, so that whoever made them cannot know the halves before.
    """
    if len(numbers) < _LEAST_BATCH:
        return all(map(is_element, numbers))
    if not all(map(in_range, numbers)):
        return False
    seed = hashlib.shake_256(b"".join(number.to_bytes(_MODULUS_BYTES) for number in numbers))
    # Of six numbers at a time the product of each subset is made once, and every test takes one of them.
    coins = seed.digest(-(-len(numbers) // _AT_ONCE) * _SUBSET_TESTS)
    modulus = mpz(MODULUS)
    found = [mpz(1)] * _SUBSET_TESTS
    for start in range(0, len(numbers), _AT_ONCE):
        subsets = [mpz(1)]
        for number in numbers[start : start + _AT_ONCE]:
            own = mpz(number)
            subsets += [each * own % modulus for each in subsets]
        first, mask = start // _AT_ONCE * _SUBSET_TESTS, len(subsets) - 1
        drawn = coins[first : first + _SUBSET_TESTS]
        found = [each * subsets[coin & mask] % modulus for each, coin in zip(found, drawn, strict=True)]
    return all(powmod(each, ORDER, modulus) == 1 for each in found)


def hash_to_exponent(text: str) -> int:
    """SHA-256 of a text as a number, modulo the order."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()) % ORDER


def interpolate(shares: dict[int, int]) -> int:
    """The value at zero, in the exponent, of the polynomial with these shares, by index from 1 (Lagrange)."""
    found = 1
    for index, share in shares.items():
        others = [other for other in shares if other != index]
        below = prod(other - index for other in others)
        weight = prod(others) * pow(below, -1, ORDER) % ORDER
        found = found * power(share, weight) % MODULUS
    return found
