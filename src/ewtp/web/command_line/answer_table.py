"""An answer as tables in a terminal: charges and reasons, requirements, possible savings, unknowns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ewtp.apps.assessment.surface.bounds_text import bounds_statement, effect_statement
from ewtp.apps.assessment.surface.line_choice import leaves_duties_open
from ewtp.apps.assessment.surface.sum_text import no_saving_text, sum_text
from ewtp.web.command_line.line_table import print_choice
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from rich.console import Console


def _money(value: dict[str, str] | None) -> str:
    return "not known" if value is None else f"{value['amount']} {value['currency']}"


def print_answer(answer: dict[str, Any], *, console: Console | None = None) -> None:
    """Print the answer for people. Every word from the rulebook is printed as text, never as markup."""
    out = console or Terminal()
    request = answer["request"]
    out.print(
        Text(
            f"{request['from']} → {request['to']} on {answer['date']}, rulebook {answer['rulebook_version']}",
            style="dim",
        ),
    )
    for line in answer["lines"]:
        _print_line(out, line)
    if not any(line["options"] or line["claimed"] for line in answer["lines"]):
        out.print(Text(no_saving_text(answer)))
    _print_totals(out, answer)
    for entry in answer["stale"]:
        out.print(Text(_date_source(entry), style="yellow"))
    for rate in answer["exchange_rates"]:
        out.print(
            Text(f"1 {rate['from']} = {rate['rate']} {rate['to']} ({rate['source']}, {rate['valid_to']})", style="dim"),
        )
    out.print(Text(f"Permanent address: /answers/{answer['id']}", style="dim"))


def _date_source(entry: dict[str, Any]) -> str:
    if entry["published"] is None:
        return f"Dated: when {entry['source']} was published is not stated."
    return f"Dated: {entry['source']} is from {entry['published']}, {entry['age_days']} days earlier."


def _print_line(out: Console, line: dict[str, Any]) -> None:
    out.print(Text.assemble((line["hs"], "bold"), f"  {line['description']}"))
    pay = Table(title="What you pay, and why", title_justify="left", box=None, pad_edge=False)
    for heading in ("charge", "rule", "how", "citation"):
        pay.add_column(heading, overflow="fold")
    pay.add_column("amount", justify="right")
    for charge in line["charges"]:
        citation = charge["citation"]
        pay.add_row(
            Text(charge["title"]),
            Text(charge["expression"]),
            Text("; ".join(charge["trace"])),
            Text(
                f"{citation['source']}: {citation['reference']}, from {citation['valid_from']} [{charge['status']}]"
                f"{_amendment_text(citation)}"
            ),
            _money(charge["amount"]),
        )
    out.print(pay)
    if line["range"]:
        span = line["range"]
        lowest, highest = _money(span["duty"]["lowest"]), _money(span["duty"]["highest"])
        duty = f"Duty from {lowest} to {highest}" if leaves_duties_open(span) else f"Duty on each: {lowest}"
        out.print(Text(f"{span['question']} {duty}:"))
        print_choice(out, span)
    _print_border_rules(out, line)
    _print_needs(out, line["requirements"])
    for agreed in line["claimed"]:
        rule = f" Origin rule: {agreed['origin_rule']}." if agreed["origin_rule"] else ""
        proof = agreed["proof"] or "not in the rulebook"
        out.print(Text(f"Claimed: {agreed['title']} ({agreed['claim']}). Proof: {proof}.{rule}", style="green"))
    for lifted in line.get("lifted", ()):
        instead = f" Accepted instead: {lifted['document']}." if lifted["document"] else ""
        title = lifted["title"] or lifted["measure"]
        out.print(Text(f"Not needed: {_papers(lifted['lifts'])}. By {title}.{instead}", style="green"))
    for option in line["options"]:
        words = f" Condition: {option['condition']}." if option.get("condition") else ""
        rule = f" Origin rule: {option['origin_rule']}." if option["origin_rule"] else ""
        proof = f" Proof: {option['proof']}." if option["proof"] else ""
        note = f" {option['note']}" if option["note"] else ""
        lifts = f" Falls away: {_papers(option['lifts'])}." if option["lifts"] else ""
        gain = "Could claim" if lifts and option["saving"] is None else f"Could save {_money(option['saving'])}"
        out.print(
            Text(
                f"{gain}: {option['title']} (--claim {option['claim']}).{words}{lifts}{rule}{proof}{note}",
                style="green",
            ),
        )
    for unknown in line["unknowns"]:
        effect = effect_statement(unknown)
        does = f" {effect.message}" if effect else ""
        out.print(Text(f"Not known: {unknown['message']}{does} [{unknown['code']}]", style="yellow"))
    # Answers of an older edition lack this, and what is lifted.
    for fact in line.get("asks", ()):
        out.print(Text(_ask_text(fact), style="cyan"))


def _print_border_rules(out: Console, line: dict[str, Any]) -> None:
    """What is charged where the goods leave, and what prohibits their entry or exit."""
    # Answers of older editions lack the first.
    for charge in line.get("export_charges", ()):
        out.print(Text(f"{charge['note']} ({charge['citation']['reference']})"))
    for prohibition in line["prohibitions"]:
        out.print(
            Text(f"PROHIBITED: {prohibition['title']} ({prohibition['citation']['reference']})", style="bold red"),
        )


def _ask_text(fact: dict[str, Any]) -> str:
    """A fact that would settle something, with the option of the command that states it."""
    rules = f" ({'; '.join(fact['titles'])})" if fact["titles"] else ""
    if fact["fact"] == "claim":
        choices = " or ".join(f"--claim {choice['value']} ({choice['text']})" for choice in fact["choices"])
        return f"To settle{rules}: {choices}."
    kind, name = fact["fact"], fact["name"]
    choices = "|".join(choice["value"] for choice in fact["choices"]) or "…"
    option = {"unit": f"--quantity {name}=…", "part": f"--part '{name}=…'"}.get(kind, f"--{kind} {choices}")
    return f"To settle{rules}: {option}."


def _amendment_text(citation: dict[str, Any]) -> str:
    """The law that an adopted rule amends, after its own citation."""
    amends = "; ".join(f"{law['source']}: {law['reference']}" for law in citation.get("amends", ()))
    return f", amends {amends}" if amends else ""


def _papers(papers: list[dict[str, Any]]) -> str:
    return "; ".join(
        (paper["document"] or paper["title"] or paper["measure"]) + (f" ({paper['agency']})" if paper["agency"] else "")
        for paper in papers
    )


def _print_needs(out: Console, requirements: list[dict[str, Any]]) -> None:
    if not requirements:
        return
    needs = Table(title="What you need, and from whom", title_justify="left", box=None, pad_edge=False)
    promised = any(need["promise"] for need in requirements)
    for heading in ("agency", "document", "stage", *(["answers within"] if promised else []), "citation"):
        needs.add_column(heading, overflow="fold")
    for need in requirements:
        citation = need["citation"]
        needs.add_row(
            Text(need["agency"]),
            Text(need["document"] or need["title"]),
            Text(need["stage"]),
            *([Text(f"{need['promise']['days']} days" if need["promise"] else "")] if promised else []),
            Text(f"{citation['source']}: {citation['reference']}{_amendment_text(citation)}"),
        )
    out.print(needs)


def _print_totals(out: Console, answer: dict[str, Any]) -> None:
    totals = answer["totals"]
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, label in (
        ("goods", "Goods"),
        ("freight", "Freight"),
        ("insurance", "Insurance"),
        ("duty", "Duty"),
        ("tax", "Tax"),
        ("fees", "Fees"),
    ):
        missing = name in ("freight", "insurance") and answer["request"][name] is None
        stated = sum_text(totals, name) if name in ("duty", "tax", "fees") and "sums" in totals else ""
        table.add_row(label, "not given" if missing else stated or _money(totals[name]))
    table.add_row(Text("Landed cost", style="bold"), Text(_money(totals["landed_cost"]), style="bold"))
    out.print(table)
    if not totals["complete"]:
        bounds = bounds_statement(answer)
        known = f" {bounds.message}" if bounds else ""
        out.print(Text(f"This is not the whole cost: some of it is not known (see above).{known}", style="bold yellow"))
