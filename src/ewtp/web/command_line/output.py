"""The output of the command line: JSON for programs, sentences for people, status 2 for a refusal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click
import orjson

from ewtp.core.values.visible_text import escape_json_controls, show_controls

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal

REFUSED = 2
SOME_REFUSED = 1
# The status that a shell reports for a program that SIGINT ended.
INTERRUPTED = 130


def say_json(value: Any, *, pretty: bool | None = None) -> None:
    """Print one JSON value; indented on a terminal, otherwise on one line."""
    indent = sys.stdout.isatty() if pretty is None else pretty
    say_json_text(orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0))


def say_json_text(content: bytes) -> None:
    """Print JSON that is written already; no character of it commands a terminal."""
    click.echo(escape_json_controls(content.decode()))


def say(text: str, *, error: bool = False, **style: Any) -> None:
    """Print a sentence; what it repeats of an argument or a file cannot command the terminal."""
    shown = show_controls(text)
    click.echo(click.style(shown, **style) if style else shown, err=error)


def _how(refusal: Refusal) -> str:
    """The option that gives the missing fact."""
    details = dict(refusal.details)
    match refusal.code:
        case "quantity_missing":
            return f" (--quantity {details['asked_as']}=N)"
        case "part_value_missing":
            return f" (--part '{details['part']}=AMOUNT')"
        case "exchange_rate_missing" if "from" in details:
            return f" (ewtp duty: --rate {details['from']}/{details['to']}=N)"
    return ""


def refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Print the refusal to standard output (JSON) or standard error, and exit with status 2."""
    if as_json:
        say_json({"error": refusal.as_json()})
    else:
        for each in refusal.every:
            place = f" (at {each.where})" if each.where else ""
            say(f"{each.message}{_how(each)}{place} [{each.code}]", error=True, fg="red")
    raise SystemExit(REFUSED)


def drop_output() -> None:
    """Discard all further output: the reader of the pipe has closed it, and the last flush must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
