"""Addresses that carry their question, so that an answer which nobody keeps is computed again when it is opened.

Such an address is the digest of the answer, a hyphen, the number of the form, and the question with the rulebook's
version, compressed, in the characters of RFC 4648, 5. One line of goods takes about fifty characters.
"""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

# Above this a question has no place in an address: browsers and proxies take some 2,000 characters everywhere.
LONGEST_CARRIED_BYTES = 1_500
# A question in an address must not unpack to more than one whose answer takes little work, nor a stored one to more
# than the longest body.
_MOST_CARRIED, _MOST_STORED = 16 * 1024, 4 * 1024 * 1024
_FORM = "1"
_ADDRESS = re.compile(rf"(?P<digest>a[0-9a-f]{{32}})(?:-{_FORM}(?P<question>[A-Za-z0-9_-]{{1,2000}}))?\Z")
# What questions are made of, the most common last. Part of form 1: with another text its addresses cannot be read.
_DICTIONARY = (
    b'"currency":"EUR"}}],"freight":{"amount":"insurance":{"amount":"known_at":"transport":"sea","air","buyer":'
    b'"consumer","business","parts":{"case":{"claims":["'
    b'"origin":"CN","quantities":{"number":"litre":"kg":"100"},"value":{"amount":"1000.00","currency":"USD"}},'
    b'{"hs":"6109100010",["2026-11-30.1",{"from":"CN","to":"GB","date":"2026-11-30","lines":[{"hs":"6109100010",'
    b'"value":{"amount":"1000.00","currency":"GBP"}}]}]'
)


@dataclass(frozen=True, slots=True)
class PinnedQuestion:
    """A question as JSON values, with the label of the rulebook's version that answered it."""

    version: str
    body: Any


@dataclass(frozen=True, slots=True)
class PackedQuestion:
    """A pinned question in few bytes, and whether it fits in an address."""

    content: bytes
    fits_address: bool


@dataclass(frozen=True, slots=True)
class AnswerAddress:
    """The parts of an address: the answer's digest, and the packed question where the address carries it."""

    digest: str
    packed: bytes | None


def read_answer_address(text: str) -> AnswerAddress | None:
    """The parts of an address; None for a text that is not one."""
    found = _ADDRESS.match(text)
    if found is None:
        return None
    carried = found["question"]
    if carried is None:
        return AnswerAddress(found["digest"], None)
    try:
        packed = urlsafe_b64decode(carried + "=" * (-len(carried) % 4))
    except ValueError:
        return None
    return AnswerAddress(found["digest"], packed)


def write_question_address(digest: str, packed: bytes) -> str:
    """The address of an answer that carries its packed question."""
    return f"{digest}-{_FORM}{urlsafe_b64encode(packed).rstrip(b'=').decode()}"


def pack_question(version: str, request: Mapping[str, Any]) -> PackedQuestion:
    """A normalised request and the version, in few bytes; what is its default is left out."""
    text = orjson.dumps([version, _short(request)])
    # For a short question most of the time is setting up: the least that reaches back over the dictionary will do.
    level, window, memory = (1, -10, 1) if len(text) <= LONGEST_CARRIED_BYTES else (6, -15, 8)
    packer = zlib.compressobj(level, zlib.DEFLATED, window, memory, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    content = packer.compress(text) + packer.flush()
    return PackedQuestion(content, len(content) <= LONGEST_CARRIED_BYTES and len(text) <= _MOST_CARRIED)


def unpack_question(packed: bytes, *, carried: bool) -> PinnedQuestion | None:
    """The question of an address that ``carried`` it, or of the store; None for bytes that are not one."""
    unpacker = zlib.decompressobj(-15, _DICTIONARY)
    try:
        text = unpacker.decompress(packed, _MOST_CARRIED if carried else _MOST_STORED)
        read = orjson.loads(text) if unpacker.eof and not unpacker.unused_data else None
    except (zlib.error, orjson.JSONDecodeError):
        return None
    if not (isinstance(read, list) and len(read) == 2 and isinstance(read[0], str)):  # noqa: PLR2004 - a pair
        return None
    return PinnedQuestion(read[0], read[1])


def _short(request: Mapping[str, Any]) -> dict[str, Any]:
    short = {name: value for name, value in request.items() if value is not None}
    short["lines"] = [_short_line(line, request["from"]) for line in request["lines"]]
    return short


def _short_line(line: Mapping[str, Any], dispatch: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if value and not (name == "origin" and value == dispatch)}
