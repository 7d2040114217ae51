"""How the command line says what it found: JSON for programs, sentences for people, status 2 for a refusal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click
import orjson

if TYPE_CHECKING:
    from ewtp.core.values.refusals import Refusal

REFUSED = 2


def say_json(value: Any, *, pretty: bool | None = None) -> None:
    """Print one JSON value; indented when a person is looking, one line otherwise."""
    indent = sys.stdout.isatty() if pretty is None else pretty
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode())


def refuse(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """Print the refusal where the answer would have gone (JSON) or on standard error, and end with status 2."""
    if as_json:
        say_json({"error": refusal.as_json()})
    else:
        place = f" (at {refusal.where})" if refusal.where else ""
        click.secho(f"{refusal.message}{place} [{refusal.code}]", err=True, fg="red")
    raise SystemExit(REFUSED)
