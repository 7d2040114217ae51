"""``ewtp duty``: what one duty expression comes to. Needs no rulebook and no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.expressions.json_form import as_json as expression_json
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.tree import AdValorem, Expression, Specific, walk
from ewtp.core.values.money import Money, decimal_text, parse_decimal, round_amount
from ewtp.core.values.quantity import read_quantities
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import known_currency
from ewtp.web.command_line.name_value_options import split_pair
from ewtp.web.command_line.output import refuse, say_json

# These write their amounts with "$" and "¢", so a value in one of them says which dollar is meant.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "XCD", "BBD", "TTD", "JMD"})
_PAIR_LENGTH = 7


@click.command()
@click.argument("expression")
@click.option("--value", help="Customs value of the goods, such as 1000.")
@click.option("--currency", help="Currency of the value (ISO 4217), such as GBP.")
@click.option(
    "--schedule-currency",
    help="Currency of amounts that the expression writes without one, such as ZAR for 450c/kg.",
)
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="UNIT=N",
    help="A quantity, such as kg=120; repeat for more.",
)
@click.option("--part", "parts", multiple=True, metavar="NAME=AMOUNT", help="Value of a named part, such as case=20.")
@click.option("--inherited", help="Amount of the duty in the applicable subheading, where the expression refers to it.")
@click.option("--rate", "rates", multiple=True, metavar="EUR/GBP=0.8571", help="An exchange rate; repeat for more.")
@click.option("--date", "day", help="Day of import (YYYY-MM-DD), for duties that depend on the season.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def duty(expression: str, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Compute EXPRESSION, written as official schedules write it: '5.1¢/kg + 8.5%'."""
    result = _duty(expression, given)
    if isinstance(result, Refusal):
        refuse(result, as_json=as_json)
    tree, computation = result
    amount = round_amount(computation.amount, 2)
    if as_json:
        say_json(
            {
                "amount": decimal_text(amount),
                "currency": computation.currency,
                "exact": computation.amount_text,
                "expression": expression_json(tree),
                "trace": [step.text for step in computation.trace],
            },
        )
        return
    for step in computation.trace:
        click.echo(f"  {step.text}")
    click.secho(f"{decimal_text(amount)} {computation.currency}", bold=True)


def _duty(text: str, given: dict[str, Any]) -> tuple[Expression, Computation] | Refusal:
    currency = known_currency(given["currency"]) if given["currency"] else ""
    if isinstance(currency, Refusal):
        return currency.under("currency")
    schedule = known_currency(given["schedule_currency"]) if given["schedule_currency"] else ""
    if isinstance(schedule, Refusal):
        return schedule.under("schedule_currency")
    tree = parse(text, currency=schedule or (currency if currency in _DOLLARS else None))
    if isinstance(tree, Refusal) and tree.code == "currency_undetermined" and currency:
        tree = parse(text, currency=currency)
    if isinstance(tree, Refusal):
        return tree
    facts = _facts(tree, currency, given)
    if isinstance(facts, Refusal):
        return facts
    result = evaluate(tree, facts)
    return result if isinstance(result, Refusal) else (tree, result)


def _facts(tree: Expression, currency: str, given: dict[str, Any]) -> Facts | Refusal:
    currency = currency or next((node.currency for node in walk(tree) if isinstance(node, Specific)), "")
    value = _value(tree, given["value"], currency)
    if isinstance(value, Refusal):
        return value
    quantities = _quantities(given["quantities"])
    if isinstance(quantities, Refusal):
        return quantities
    parts = _parts(given["parts"], value.currency)
    if isinstance(parts, Refusal):
        return parts
    rates = _rates(given["rates"])
    if isinstance(rates, Refusal):
        return rates
    inherited = parse_decimal(given["inherited"], "--inherited") if given["inherited"] else None
    if isinstance(inherited, Refusal):
        return inherited
    day = _day(given["day"])
    if isinstance(day, Refusal):
        return day
    return Facts(customs_value=value, quantities=quantities, parts=parts, inherited=inherited, rates=rates, date=day)


def _value(tree: Expression, text: str | None, currency: str) -> Money | Refusal:
    if text is None:
        if any(isinstance(node, AdValorem) and node.base is None and node.percent for node in walk(tree)):
            return Refusal(
                "value_missing",
                "This duty is a share of the value; give it with --value 1000 --currency USD.",
            )
        return Money(Decimal(0), currency or "USD")
    if not currency:
        return Refusal(
            "currency_missing",
            "Say which currency the value is in with --currency, such as --currency USD.",
        )
    amount = parse_decimal(text, "--value")
    return amount if isinstance(amount, Refusal) else Money(amount, currency)


def _quantities(given: tuple[str, ...]) -> dict[str, Decimal] | Refusal:
    pairs = []
    for text in given:
        split = split_pair(text)
        if isinstance(split, Refusal):
            return split
        pairs.append(split)
    return read_quantities(pairs)


def _parts(given: tuple[str, ...], currency: str) -> dict[str, Money] | Refusal:
    read: dict[str, Money] = {}
    for text in given:
        split = split_pair(text)
        if isinstance(split, Refusal):
            return split
        amount = parse_decimal(split[1], f"--part {split[0][:40]}")
        if isinstance(amount, Refusal):
            return amount
        read[split[0]] = Money(amount, currency)
    return read


def _rates(given: tuple[str, ...]) -> dict[tuple[str, str], Decimal] | Refusal:
    read: dict[tuple[str, str], Decimal] = {}
    for text in given:
        split = split_pair(text)
        if isinstance(split, Refusal):
            return split
        pair, figure = split
        source, target = pair[:3].upper(), pair[4:].upper()
        rate = parse_decimal(figure, f"--rate {pair[:10]}")
        if isinstance(rate, Refusal):
            return rate
        if len(pair) != _PAIR_LENGTH or pair[3] != "/" or not (source + target).isalpha() or rate == 0:
            return Refusal(
                "rate_unreadable",
                f"Write a rate as EUR/GBP=0.8571 (one euro in pounds), not {text[:40]!r}.",
            )
        read[(source, target)] = rate
    for (source, target), rate in list(read.items()):
        read.setdefault((target, source), Decimal(1) / rate)
    return read


def _day(text: str | None) -> date | Refusal | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Refusal("date_unreadable", "Give the date as YYYY-MM-DD, such as 2026-06-30.")
