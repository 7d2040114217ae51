"""``ewtp duty``: the amount of one duty expression. Needs no rulebook and no database."""

from __future__ import annotations

from typing import Any

import click

from ewtp.core.rulebook.expressions.duty_question import DutyQuestion, NamedTexts, answer_duty_question
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.name_value_options import split_pair_list
from ewtp.web.command_line.output import refuse, say, say_json


@click.command()
@click.argument("expression")
@click.option("--value", help="Customs value of the goods, such as 1000.")
@click.option("--currency", help="Currency of the value (ISO 4217), such as GBP.")
@click.option(
    "--schedule-currency",
    help="Currency of the amounts in EXPRESSION that name none, such as ZAR for 450c/kg.",
)
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="UNIT=N",
    help="A quantity, such as kg=120; repeat for more.",
)
@click.option("--part", "parts", multiple=True, metavar="NAME=AMOUNT", help="Value of a named part, such as case=20.")
@click.option("--inherited", help="Amount of the duty of the applicable subheading, if EXPRESSION refers to it.")
@click.option("--rate", "rates", multiple=True, metavar="EUR/GBP=0.8571", help="An exchange rate; repeat for more.")
@click.option("--date", "day", help="Day of import (YYYY-MM-DD), for seasonal duties.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def duty(expression: str, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Compute EXPRESSION, a duty as official schedules write it, such as '5.1¢/kg + 8.5%'."""
    question = _question(expression, given)
    answer = question if isinstance(question, Refusal) else answer_duty_question(question, vocabulary().currencies)
    if isinstance(answer, Refusal):
        refuse(answer, as_json=as_json)
    if as_json:
        say_json(answer.as_json())
        return
    for step in answer.computation.trace:
        say(f"  {step.text}")
    say(f"{decimal_text(answer.amount)} {answer.computation.currency}", bold=True)


def _question(expression: str, given: dict[str, Any]) -> DutyQuestion | Refusal:
    pairs: list[NamedTexts] = []
    for name in ("quantities", "parts", "rates"):
        split = split_pair_list(given.pop(name))
        if isinstance(split, Refusal):
            return split
        pairs.append(split)
    quantities, parts, rates = pairs
    return DutyQuestion(expression, quantities=quantities, parts=parts, rates=rates, **given)
