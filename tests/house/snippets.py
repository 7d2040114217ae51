"""The code blocks of a page, taken apart: commands with the output that is shown below them, requests, and data."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMANDS = ("ewtp ", ".venv/bin/ewtp ", "curl ")
# Pages whose blocks set up a computer (units, proxies, roles): read by `test_operator_snippets`. All others are run by
# `test_snippets`.
OPERATOR_PAGES = tuple(f"docs/operate/{name}.md" for name in ("backup", "database", "monitoring", "proxy", "service"))
# What differs from one installation, day and computer to the next, and the word that stands for it.
_VOLATILE = (
    (r"\b\d{4}-\d\d-\d\d\.\d+\b", "VERSION"),
    # The day that a table is about, which is today.
    (r"(?<=rulebook VERSION, )\d{4}-\d\d-\d\d", "TODAY"),
    (r"\ba[0-9a-f]{32}(?:-1[\w-]+)?(?![\w-])", "ANSWER"),
    (r"\bewtp_[\w-]{43}", "TOKEN"),
    (r"\bewtp_[\w-]{8}(?![\w-])", "PREFIX"),
    (r"http://127\.0\.0\.1:\d+", "ADDRESS"),
    (r"\d+ MB are free", "DISK"),
    (r"of \d{4}-\d\d-\d\d \d\d:\d\d UTC", "MOMENT"),
    (r"rates to \d{4}-\d\d-\d\d, \d+ days old", "RATES"),
    (r"\d+ idempotency keys, \d+ sessions", "COUNTS"),
    (r'"known_from":"[^"]+"', "KNOWN"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its ``language`` (empty for a terminal's) and its ``text``."""

    language: str
    text: str

    @property
    def first_line(self) -> str:
        """The line by which a block is known."""
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed, and the lines that are shown below it; none where the page shows no output."""

    typed: str
    shown: tuple[str, ...]


def blocks(page: str) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [Block(language, text) for language, text in _BLOCK.findall(page)]


def commands(text: str) -> list[Command]:
    """The commands of a terminal's block: after ``$`` with their output, or one a line without."""
    lines = iter(text.splitlines())
    if not text.startswith("$ "):
        return [Command(typed, ()) for line in lines if (typed := _whole(line, lines)).startswith(_COMMANDS)]
    found: list[Command] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Command(_whole(line.removeprefix("$ "), lines), ()))
        else:
            last = found.pop()
            found.append(Command(last.typed, (*last.shown, line)))
    return found


def requests(text: str) -> list[str]:
    """The addresses of a block that are asked with GET."""
    return re.findall(r"^GET (\S+)$", text, re.MULTILINE)


def _whole(line: str, following: Iterator[str]) -> str:
    """The command with the lines after it that its quotation marks hold together, and without what may be left out."""
    while True:
        try:
            shlex.split(line)
        except ValueError:
            line = f"{line}\n{next(following)}"
        else:
            return re.sub(r" \[--[^\]]*\](?:\.\.\.)?", "", line)


def differences(shown: tuple[str, ...], output: str) -> list[str]:
    """The lines shown that the output does not have in that order; ``…`` stands for anything, cut lines may be missing.

    A JSON text that is shown over several lines, the following ones indented, is compared as one.
    """
    lines: list[str] = []
    for line in shown:
        if line.startswith(" ") and lines and lines[-1].startswith("{"):
            lines[-1] += line.strip()
        else:
            lines.append(line)
    given = [settled(line) for line in output.splitlines()]
    missing: list[str] = []
    start = 0
    for line in lines:
        found = (at for at in range(start, len(given)) if _is_like(settled(line), given[at]))
        place = next(found, None)
        if place is None:
            missing.append(line)
        else:
            start = place + 1
    return missing


def settled(line: str) -> str:
    """A line without what differs from one installation to the next, and with single spaces."""
    for pattern, word in _VOLATILE:
        line = re.sub(pattern, word, line)
    return " ".join(line.split())


def _is_like(shown: str, given: str) -> bool:
    pieces = [re.escape(piece.strip()) for piece in shown.split("…")]
    return re.fullmatch(r"\s*.*\s*".join(pieces), given) is not None


def is_part(shown: object, given: object) -> bool:
    """Whether a value that is shown is a part of the one that was given; objects and lists may lack members."""
    if isinstance(shown, dict) and isinstance(given, dict):
        return all(name in given and is_part(value, given[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(given, list):
        remaining = iter(given)
        return all(any(is_part(value, each) for each in remaining) for value in shown)
    if isinstance(shown, str) and isinstance(given, str):
        return settled(shown) == settled(given)
    return shown == given
