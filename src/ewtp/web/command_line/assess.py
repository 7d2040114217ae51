"""``ewtp assess``: what a consignment costs and needs, for one question or a file of them."""

from __future__ import annotations

import codecs
import sys
from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.http.surface.problems import read_body
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.name_value_options import split_pairs
from ewtp.web.command_line.output import SOME_REFUSED, refuse, say_json, say_json_text
from ewtp.web.command_line.sentences import LINE_TOO_LONG, OPTION_MISSING, QUESTIONS_FILE_MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from ewtp.apps.assessment.reading.answers import GivenAnswer

# A line longer than this is not a question.
_LONGEST_LINE = 1_000_000
# The options without which there is no question, by the names under which they are given to the command.
_NEEDED = {"source": "--from", "destination": "--to", "hs": "--hs", "value": "--value", "currency": "--currency"}


@click.command()
@click.option("--from", "source", metavar="ECONOMY", help="Economy the goods are sent from (ISO 3166-1), such as ZA.")
@click.option("--to", "destination", metavar="ECONOMY", help="Economy the goods are imported into, such as GB.")
@click.option("--hs", metavar="CODE", help="Tariff code, six digits or more.")
@click.option("--value", help="Price of the goods, such as 1000.")
@click.option("--currency", help="Currency of every amount given (ISO 4217).")
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="UNIT=N",
    help="A quantity, such as kg=120; repeat for more.",
)
@click.option("--part", "parts", multiple=True, metavar="NAME=AMOUNT", help="Value of a named part, such as case=20.")
@click.option("--freight", help="Freight to the border, in the same currency.")
@click.option("--insurance", help="Insurance, in the same currency.")
@click.option("--origin", metavar="ECONOMY", help="Economy of origin, if it is not the one in --from.")
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="ID",
    help="Claim an option that an answer listed; repeat for more.",
)
@click.option("--buyer", help="Who buys the goods: consumer or business.")
@click.option("--transport", help="Means of transport: sea, air, road, rail or post.")
@click.option("--date", "day", help="Day of import (YYYY-MM-DD); today by default.")
@click.option("--known-at", metavar="TIMESTAMP", help="Answer from the rulebook as it was known at this moment.")
@click.option("--keep", is_flag=True, help="Keep the answer permanently at its address.")
@click.option(
    "--file",
    "path",
    type=click.Path(),
    help="A file of questions, one JSON object per line; - for standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def assess(as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Assess a consignment from one economy to another: its cost, options, documents and unknowns."""
    path = given.pop("path")
    if path is not None:
        _assess_file(path, as_json=as_json)
        return
    body = _body(given)
    if isinstance(body, Refusal):
        refuse(body, as_json=as_json)
    prepare(as_json=as_json)
    stored = assessment_create(body=body, now=timezone.now())
    if isinstance(stored, Refusal):
        refuse(stored, as_json=as_json)
    if as_json:
        say_json(stored.answer)
    else:
        _print(stored)


def _body(given: dict[str, Any]) -> dict[str, Any] | Refusal:
    refusals = [
        Refusal(OPTION_MISSING, {"option": option, "needed": list(_NEEDED.values())})
        for name, option in _NEEDED.items()
        if not given[name]
    ]

    def money(amount: str | None) -> dict[str, str] | None:
        return None if amount is None else {"amount": amount, "currency": given["currency"]}

    line: dict[str, Any] = {"hs": given["hs"], "value": money(given["value"]), "claims": list(given["claims"])}
    if given["origin"] is not None:
        line["origin"] = given["origin"]
    for field, texts in (("quantities", given["quantities"]), ("parts", given["parts"])):
        pairs = split_pairs(texts)
        if isinstance(pairs, Refusal):
            refusals.append(pairs)
        else:
            line[field] = pairs if field == "quantities" else {name: money(amount) for name, amount in pairs.items()}
    if refusals:
        return Refusal.join(refusals)
    return {
        "from": given["source"],
        "to": given["destination"],
        "date": given["day"],
        "known_at": given["known_at"],
        "buyer": given["buyer"],
        "transport": given["transport"],
        "lines": [line],
        "freight": money(given["freight"]),
        "insurance": money(given["insurance"]),
        "keep": given["keep"],
    }


def _assess_file(path: str, *, as_json: bool) -> None:
    """Print one answer per line, in order; a bad line gets an error object."""
    try:
        source: BinaryIO = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115, PTH123 - closed below; "-" is not one
    except OSError as error:
        refuse(
            Refusal(QUESTIONS_FILE_MISSING, {"path": path, "reason": error.strerror}),
            as_json=as_json,
        )
    prepare(as_json=as_json)
    refused = False
    with source, progress_bar() as progress:
        for number, content in _lines(source):
            result = _assess_line(content)
            if isinstance(result, Refusal):
                refused = True
                say_json({"error": result.as_json(), "line": number}, pretty=False)
            elif as_json:
                say_json_text(result.content)
            else:
                _print(result)
            progress("questions answered", number, 0)
    if refused:
        raise SystemExit(SOME_REFUSED)


def _print(stored: GivenAnswer) -> None:
    # Programs that ask for JSON do not wait for the table code to load.
    from ewtp.web.command_line.answer_table import print_answer  # noqa: PLC0415 - see above

    print_answer(stored.answer)


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file that are not empty, by number; None for one too long to be a question."""
    number = 0
    while line := source.readline(_LONGEST_LINE):
        number += 1
        if number == 1:
            # Some editors mark a file as UTF-8 at its start.
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := source.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


def _assess_line(content: bytes | None) -> GivenAnswer | Refusal:
    if content is None:
        return Refusal(LINE_TOO_LONG, {"most": _LONGEST_LINE})
    body = read_body(content)
    if isinstance(body, Refusal):
        return body
    return assessment_create(body=body, now=timezone.now())
