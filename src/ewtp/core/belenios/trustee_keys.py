"""The trustees of an election: single ones, who must decrypt, and circles, of which a threshold must (4.5 to 4.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios.schnorr_group import is_element, power, product_of
from ewtp.core.belenios.zero_knowledge import ZeroKnowledgeProof, is_message_signed, knows_key
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@immutable
class TrusteeCircle:
    """Trustees with the numbers from ``first`` on, of whom ``threshold`` must decrypt; one alone is a circle of one.

    ``keys`` are their public keys, ``public_key`` is their part of the election's key.
    """

    first: int
    threshold: int
    keys: tuple[int, ...]
    public_key: int
    is_single: bool


class UnprovedTrusteeError(Exception):
    """A trustee published something that is not proved; ``number`` is the trustee's, from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def read_number(text: Any) -> int:
    """A number as Belenios writes it: in base 10, as a string; ValueError otherwise."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or (text != "0" and text[0] == "0"):
        raise ValueError(text)
    return int(text)


def read_element(text: Any, is_known: Callable[[int], bool] = is_element) -> int:
    """An element of the group, or a number that ``is_known`` takes for one; ValueError where it is none."""
    number = read_number(text)
    if not is_known(number):
        raise ValueError(text)
    return number


def read_proof(body: Any) -> ZeroKnowledgeProof:
    """A proof from JSON; ValueError, KeyError or TypeError where it is none."""
    return ZeroKnowledgeProof(read_number(body["challenge"]), read_number(body["response"]))


def read_trustees(body: Any) -> list[TrusteeCircle]:
    """The trustees with everything that they published checked; UnprovedTrusteeError names the first that fails."""
    found: list[TrusteeCircle] = []
    number = 1
    for kind, published in body:
        if kind == "Single":
            key = _check_key_proof(published, number)
            found.append(TrusteeCircle(number, 1, (key,), key, is_single=True))
        elif kind == "Pedersen":
            found.append(_read_circle(published, number))
        else:
            raise ValueError(kind)
        number += len(found[-1].keys)
    return found


def _check_key_proof(published: Any, number: int) -> int:
    key = read_element(published["public_key"])
    if not knows_key(key, read_proof(published["pok"])):
        raise UnprovedTrusteeError(number)
    return key


def _read_circle(published: Any, first: int) -> TrusteeCircle:
    """A circle whose keys follow from the polynomials that each of its trustees committed to and signed (4.6)."""
    threshold = int(published["threshold"])
    coefficients = []
    for number, (cert, signed) in enumerate(zip(published["certs"], published["coefexps"], strict=True), start=first):
        key = read_element(json.loads(cert["message"])["verification"])
        for message in (cert, signed):
            if not is_message_signed(key, message["message"], read_proof(message["signature"])):
                raise UnprovedTrusteeError(number)
        own = [read_element(text) for text in json.loads(signed["message"])["coefexps"]]
        if len(own) != threshold:
            raise UnprovedTrusteeError(number)
        coefficients.append(own)
    keys = [_check_key_proof(each, number) for number, each in enumerate(published["verification_keys"], start=first)]
    if len(keys) != len(coefficients):
        raise ValueError(len(keys))
    for index, key in enumerate(keys, start=1):
        if key != product_of(_value(own, index) for own in coefficients):
            raise UnprovedTrusteeError(first + index - 1)
    return TrusteeCircle(first, threshold, tuple(keys), product_of(own[0] for own in coefficients), is_single=False)


def _value(coefficients: Sequence[int], index: int) -> int:
    """The polynomial with these coefficients, in the exponent, at an index."""
    return product_of(power(each, index**place) for place, each in enumerate(coefficients))
