"""An answer to take away: a PDF for people, a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext, pgettext

from ewtp.apps.assessment.surface.line_numbers import lines_text
from ewtp.core.assessment.sum_state import SumState
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.installation.fonts import fonts_refusal
from ewtp.gateways.reference.locale_formats import date_text, economy_name, is_right_to_left, money_text, number_text
from ewtp.gateways.reference.sentence_texts import sentence_text
from ewtp.gateways.typesetting.typst_process import set_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ewtp.core.values.refusal import Refusal

COLUMNS = (
    "record",
    "line",
    "hs",
    "kind",
    "title",
    "expression",
    "base",
    "amount",
    "currency",
    "status",
    "source",
    "reference",
    "valid_from",
    "valid_to",
    "retrieved",
    "measure",
    "adopted_from",
    "amends",
    "effect",
    "days",
)
_TOTALS = ("goods", "freight", "insurance", "customs_value", "duty", "tax", "fees", "landed_cost")
_BOUNDS = ("at_least", "at_most")
# Sums that are not a figure, though they count as nothing in the cost that is known.
_UNKNOWN = frozenset({SumState.NOT_KNOWN, SumState.NOT_HELD})


def answer_csv(answer: Mapping[str, Any]) -> str:
    """One row a charge, paper, prohibition, option, unknown, procedure, old source and total.

    Decimals are plain and dates are in ISO 8601; ``days`` are those in which an agency promises the paper.

    A text that a spreadsheet would run as a formula is given a leading apostrophe.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    for row in _rows(answer):
        writer.writerow([cell_text(row.get(name)) for name in COLUMNS])
    return sheet.getvalue()


def _rows(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(answer["lines"], start=1):
        for row in _rows_of_line(line):
            yield {**row, "line": number, "hs": line["hs"]}
    for rule in answer.get("procedures", ()):
        yield {"record": "procedure", "kind": rule["name"], "title": rule["value"], **_cite_source(rule["citation"])}
    for stale in answer["stale"]:
        yield {"record": "stale", "title": stale["source"], "valid_from": stale["published"]}
    totals = answer["totals"]
    for name in _TOTALS:
        # No figure was given, which is not the same as nothing to pay.
        state = (totals.get("sums") or {}).get(name, "")
        absent = state in _UNKNOWN or (name in ("freight", "insurance") and answer["request"][name] is None)
        yield {"record": "total", "kind": name, "title": state, **totals[name], **({"amount": ""} if absent else {})}
    for name in _BOUNDS:
        # Answers of an older edition have no bounds; an empty amount says that nothing bounds the cost.
        yield {"record": "total", "kind": name, **(totals.get(name) or {})}
    yield {"record": "total", "kind": "complete", "amount": "yes" if totals["complete"] else "no"}


def _rows_of_line(line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for charge in line["charges"]:
        named = {name: charge[name] for name in ("kind", "title", "expression", "status", "measure")}
        amounts = {"base": charge["base"]["amount"], **charge["amount"]}
        yield {"record": "charge", **named, **_cite_source(charge["citation"]), **amounts}
    yield from _rows_of_papers(line)
    for option in line["options"]:
        saving = option["saving"] or {}
        yield {
            "record": "option",
            "kind": option["claim"],
            "title": option["title"],
            **saving,
            **_cite_source(option["citation"]),
        }
    for name, money in (line.get("owed") or {}).items():
        # The charges together, and what they are at least and at most; empty where nothing bounds them.
        yield {"record": "owed", "kind": name, **(money or {})}
    for unknown in line["unknowns"]:
        opened = {"effect": unknown.get("effect"), **(unknown.get("amount") or {})}
        yield {"record": "unknown", "kind": unknown["code"], "title": unknown["message"], **opened}


def _rows_of_papers(line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The papers to show, by agency, and the prohibitions."""
    for rule in line["requirements"]:
        yield {
            "record": "requirement",
            "kind": rule["agency"],
            "title": rule["document"] or rule["title"],
            "status": rule["status"],
            "measure": rule["measure"],
            **_cite_source(rule["citation"]),
            "days": (rule.get("promise") or {}).get("days"),
        }
    for rule in line["prohibitions"]:
        named = {name: rule[name] for name in ("title", "status", "measure")}
        yield {"record": "prohibition", **named, **_cite_source(rule["citation"])}
    for charge in line.get("export_charges", ()):
        named = {name: charge[name] for name in ("title", "expression", "status", "measure")}
        yield {"record": "export_charge", "kind": charge["territory"], **named, **_cite_source(charge["citation"])}


def _names_of_papers(papers: Iterable[Mapping[str, Any]]) -> str:
    names = (
        _phrase_text(paper["document"] or paper["title"] or paper["measure"])
        + (f" ({paper['agency']})" if paper["agency"] else "")
        for paper in papers
    )
    return "; ".join(names)


@cache
def _template() -> bytes:
    return resources.files("ewtp.apps.assessment.surface").joinpath("answer.typ").read_bytes()


def _cite_source(citation: Mapping[str, Any]) -> dict[str, Any]:
    """A citation in one row: the law that an adopted rule amends is one text."""
    return {**citation, "amends": "; ".join(map(_citation_text, citation.get("amends", ())))}


def _citation_text(citation: Mapping[str, Any]) -> str:
    return ", ".join(part for part in (citation["source"], citation["reference"]) if part)


def _phrase_text(text: str | None) -> str:
    """Words of a rule: the seed's own in the language that is active."""
    return sentence_text(read_phrase(text)) if text else ""


def _citation_line(citation: Mapping[str, Any]) -> str:
    return ", ".join(_phrase_text(part) for part in (citation["source"], citation["reference"]) if part)


def answer_pdf(context: Mapping[str, Any], *, address: str, language: str, words: str = "") -> bytes | Refusal:
    """The answer as an A4 PDF in ``language``; the same arguments give the same bytes.

    ``words`` are the product in its asker's own words. Everything the page shows is handed over as data, so no text of
    a rule or of a user can act as markup. Refused where no font of the installation can show a character of it
    (``fonts_missing``), and where it is too long (``document_too_long``).
    """
    data = orjson.dumps({**_Paper(language).data(context, address), "asked_about": words}).decode()
    refusal = fonts_refusal(data)
    if refusal is not None:
        return refusal
    return set_document(_template(), {"data": data})


class _Paper:
    """Writes the figures of one printed answer in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.several = False

    def data(self, context: Mapping[str, Any], address: str) -> dict[str, Any]:
        """The template's values, as texts."""
        asked, totals = context["asked"], context["totals"]
        self.several = context["several"]
        return {
            "language": self.language.partition("-")[0],
            "direction": "rtl" if is_right_to_left(self.language) else "ltr",
            "address": address,
            "words": {**self.words(), "nothing_saved": context["nothing_saved"]},
            "route": [economy_name(asked["from"], self.language), economy_name(asked["to"], self.language)],
            "day": self.day(asked["date"]),
            "total_name": context["total_name"],
            "landed_cost": self.money(totals["landed_cost"]),
            "complete": totals["complete"],
            "bounds": sentence_text(context["bounds"]) if context["bounds"] else "",
            "parts": [[part["name"], part["absent"] or self.money(part["money"])] for part in context["parts"]],
            "heads": self.heads(),
            "rows": [self.row(row) for row in context["rows"]] if self.several else [],
            "lines": [self.line(line) for line in context["lines"]],
            "export_charges": [
                {**self.rule(charge, charge["title"]), "said": sentence_text(charge["stated"])}
                for charge in context["export_charges"]
            ],
            "prohibitions": [self.rule(rule, rule["title"]) for rule in context["prohibitions"]],
            "agencies": [
                {"name": group["agency"], "rules": [self.paper(rule) for rule in group["rules"]]}
                for group in context["agencies"]
            ],
            "procedures": [
                {"name": rule["name"], "value": rule["value"], "source": _citation_line(rule["citation"])}
                for rule in context["answer"].get("procedures", ())
            ],
            "lifted": [self.describe_lifted(each) for each in context["lifted"]],
            "options": [self.option(option) for option in context["options"]],
            "unknowns": [self.unknown(unknown) for unknown in context["unknowns"]],
            "stale": [
                [
                    sentence_text(stale["described"]) if stale["described"] else _phrase_text(stale["source"]),
                    self.day(stale["published"]),
                    self.age(stale["age_days"]),
                ]
                for stale in context["stale"]
            ],
            "version": context["answer"]["rulebook_version"],
        }

    def heads(self) -> list[str]:
        """The headings of the table of all lines."""
        owed = (gettext("Duties"), gettext("Taxes"), gettext("Fees"), gettext("Owed together"))
        return [gettext("Line"), gettext("Customs value"), *owed]

    def words(self) -> dict[str, str]:
        """The fixed texts of the page."""
        return {
            "title": gettext("What it takes"),
            "asked_about": gettext("You asked about:"),
            "incomplete": gettext("Incomplete: something that costs money is not known. See part 4."),
            "pay": gettext("What you pay, and why"),
            "leave": gettext("When the goods leave"),
            "need": gettext("What you need, and from whom"),
            "save": gettext("What you could save"),
            "unknown": gettext("What we do not know"),
            "customs_value": gettext("Customs value"),
            "of": pgettext("amount of base", "on"),
            "national_lines": gettext("National lines and the duty on each"),
            "prohibited": gettext("Prohibited or restricted"),
            "saving": gettext("Saving"),
            "lifts": gettext("Falls away"),
            "accepted": gettext("Accepted instead"),
            "proof": gettext("Proof"),
            "condition": gettext("Condition"),
            "origin_rule": gettext("Rule of origin"),
            "promise": gettext("Days in which the agency promises to answer"),
            "procedure": gettext("Procedure"),
            "nothing_needed": gettext("The rulebook names no document or agency for these goods."),
            "not_none": gettext("That does not mean there are none."),
            "nothing_unknown": gettext("The rulebook left nothing open."),
            "published": gettext("published"),
            "days_old": gettext("days old"),
            "undated": gettext("date of publication not stated"),
            "version": gettext("Rulebook"),
            "valid_from": gettext("in force from"),
            "valid_to": gettext("to"),
            "retrieved": gettext("retrieved"),
            "adopted_from": gettext("adopted from"),
            "amends": gettext("amends"),
            "day": gettext("As of"),
            "notice": gettext("An estimate from published rules, not a decision of a customs authority."),
        }

    def unknown(self, unknown: Mapping[str, Any]) -> dict[str, str]:
        """What is not known, and what it may do to the cost."""
        said = (sentence_text(each) for each in (unknown["stated"], unknown["effect"]) if each is not None)
        return {"lines": self.lines(unknown), "said": " ".join(said)}

    def lines(self, entry: Mapping[str, Any]) -> str:
        """The lines that an entry belongs to; empty where there is one line alone."""
        return lines_text(entry["numbers"]) if self.several and entry.get("numbers") else ""

    def row(self, row: Mapping[str, Any]) -> list[str]:
        """A line in the table of all lines."""
        line, owed = row["line"], row["owed"]
        settled = not line["duties_open"]
        duty, tax, fees = (
            self.money(row[part]) if row[part] else row["absent"][part] for part in ("duty", "tax", "fees")
        )
        return [
            f"{lines_text(line['numbers'])}: {line['hs']}",
            self.money(line["customs_value"]),
            duty if settled else gettext("depends on the national line"),
            tax,
            fees,
            self.money(line["total"]) if row["settled"] or not owed else self.bounds(owed),
        ]

    def bounds(self, owed: Mapping[str, Any]) -> str:
        """What is owed at least and at most."""
        least = f"{gettext('at least')} {self.money(owed['at_least'])}"
        most = (
            f"{gettext('at most')} {self.money(owed['at_most'])}" if owed["at_most"] else gettext("at most: not known")
        )
        return f"{least}, {most}"

    def line(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """One consignment line with its charges."""
        return {
            "lines": self.lines(line),
            "code": line["hs"],
            "name": line["name"],
            "customs_value": self.money(line["customs_value"]),
            "basis": line["customs_value"]["basis"],
            "range": [
                [", ".join(code["hs"] for code in group["codes"]), self.group_duty(group)]
                for group in (line["choice"] or {"groups": ()})["groups"]
            ],
            "charges": [
                {
                    **self.rule(charge, charge["title"]),
                    "expression": _phrase_text(charge["expression"]),
                    "base": self.money(charge["base"]),
                    "amount": self.money(charge["amount"]),
                    "trace": [sentence_text(step) for step in charge["trace"]],
                }
                for charge in line["charges"]
            ],
        }

    def group_duty(self, group: Mapping[str, Any]) -> str:
        """The duty on each line of a group, with its rates, and the papers that other lines do not need."""
        duty = self.money(group["duty"]) if group["duty"] else gettext("not known")
        rates = " + ".join(_phrase_text(charge["expression"]) for charge in group["rates"])
        papers = "; ".join(_phrase_text(paper) for paper in group["paper_names"])
        also = f" {gettext('Also asked for:')} {papers}" if papers else ""
        return f"{duty} ({rates}){also}" if rates else f"{duty}{also}"

    def rule(self, rule: Mapping[str, Any], title: str | None) -> dict[str, Any]:
        """A rule's title, standing and citation."""
        citation = rule["citation"]
        return {
            "lines": self.lines(rule),
            "title": _phrase_text(title or rule["measure"]),
            "status": rule["status"],
            "source": _phrase_text(citation["source"]),
            "reference": _phrase_text(citation["reference"]),
            "valid_from": self.day(citation["valid_from"]),
            "valid_to": self.day(citation["valid_to"]),
            "retrieved": self.day(citation["retrieved"]),
            "adopted_from": citation.get("adopted_from") or "",
            "amends": [_citation_line(law) for law in citation.get("amends", ())],
        }

    def paper(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """A paper to show, and the days in which its agency promises it."""
        promise = rule.get("promise")
        return {
            **self.rule(rule, rule["document"] or rule["title"]),
            "days": number_text(Decimal(promise["days"]), self.language) if promise else "",
            "promised_by": _citation_line(promise["citation"]) if promise else "",
        }

    def option(self, option: Mapping[str, Any]) -> dict[str, Any]:
        """A lower duty, or papers that fall away, that could be claimed."""
        return {
            **self.rule(option, option["title"]),
            "saving": self.money(option["saving"]) if option["saving"] else "",
            "proof": option["proof"] or "",
            "condition": _phrase_text(option.get("condition")),
            "origin_rule": option["origin_rule"] or "",
            "note": sentence_text(option["note"]) if option["note"] else "",
            "lifts": _names_of_papers(option["lifts"]),
        }

    def describe_lifted(self, lifted: Mapping[str, Any]) -> dict[str, Any]:
        """Papers that need not be shown, and the paper that is accepted instead."""
        accepted, authority = _phrase_text(lifted["document"]), lifted["authority"]
        return {
            **self.rule(lifted, lifted["title"]),
            "lifts": _names_of_papers(lifted["lifts"]),
            "accepted": f"{accepted} ({authority})" if accepted and authority else accepted,
        }

    def money(self, money: Mapping[str, str]) -> str:
        """An amount with its currency."""
        return money_text(Decimal(money["amount"]), money["currency"], self.language)

    def age(self, days: int | None) -> str:
        """A number of days; empty where it is not known."""
        return "" if days is None else number_text(Decimal(days), self.language)

    def day(self, text: str | None) -> str:
        """A date in words."""
        return date_text(date.fromisoformat(text), self.language) if text else ""
