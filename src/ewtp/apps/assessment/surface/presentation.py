"""An answer arranged for readers: the requirements and their agencies, and the parts of the price.

These are views of the answer's JSON. Nothing is computed here that the answer does not state.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.apps.assessment.surface.bounds_text import bounds_statement, effect_statement
from ewtp.apps.assessment.surface.fact_forms import arrange_facts
from ewtp.apps.assessment.surface.invoice_rows import invoice_rows
from ewtp.apps.assessment.surface.line_choice import arrange_choice, leaves_duties_open
from ewtp.apps.assessment.surface.option_groups import gather_claims, gather_options
from ewtp.apps.assessment.surface.sum_text import no_saving_text, sum_text
from ewtp.apps.rulebook.reading.goods_origin import TERRITORIES
from ewtp.core.assessment.sentences import PARTS_APART
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.rulebook.territory import TERRITORIAL_STATUS
from ewtp.core.values.sentence import Statement, read_statement
from ewtp.gateways.reference.agency_contacts import CONTACTS
from ewtp.gateways.reference.locale_formats import money_text, number_text
from ewtp.gateways.reference.sentence_table import read_known_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The bar that shows how the price is made up is drawn on a field of this width.
BAR_WIDTH = 1000
_PART_OF = {row.kind.value: row.total for row in CHARGE_KINDS}


def present(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The context of the page and of the printed answer."""
    lines = [_line(number, line, answer["request"]["lines"][number]) for number, line in enumerate(answer["lines"])]
    rows = invoice_rows(lines)
    options = [_option(option) for line in lines for option in _number_entries(line, "options")]
    return {
        "answer": answer,
        "asked": answer["request"],
        "lines": lines,
        "totals": answer["totals"],
        "total_name": _total_name(answer),
        "parts": price_parts(answer),
        "rows": rows,
        "charged": {part for row in rows for part in ("duty", "tax", "fees") if row[part]},
        "prohibitions": _share_entries(lines, "prohibitions"),
        "agencies": _by_agency(lines, answer["request"]["to"]),
        "options": options,
        "option_groups": gather_options(options) if len(lines) > 1 else (),
        "lifted": _share_entries(lines, "lifted"),
        "export_charges": _share_entries(lines, "export_charges"),
        "claimed": gather_claims(_present_claim(line, claim) for line in lines for claim in line["claims"]),
        "unknowns": [
            *_once((line["number"] + 1, unknown) for line in lines for unknown in line["unknowns"]),
            *_parts_apart(answer),
        ],
        "facts": arrange_facts(lines),
        "bounds": bounds_statement(answer),
        "nothing_saved": no_saving_text(answer),
        "absent": {part: sum_text(answer["totals"], part) for part in ("duty", "tax", "fees")},
        "stale": [_stale(source) for source in answer["stale"]],
        "several": len(lines) > 1,
        # There an origin is decided for marking too, whether or not a preference is claimed.
        "has_origin_rules": answer["request"]["to"] in TERRITORIES,
        "origins": sorted({line["origin"] for line in lines} - {answer["request"]["from"]}),
    }


def _present_claim(line: Mapping[str, Any], claim: str) -> dict[str, Any]:
    """A claim of the question, with its agreement's requirements where the answer names one."""
    agreement: dict[str, Any] = next((each for each in line.get("claimed", ()) if each["claim"] == claim), {})
    lifting = next((each["title"] for each in line["lifted"] if each["claim"] == claim), "")
    title = lifting or claim
    return {
        "title": title,
        **agreement,
        "line": line["number"],
        "numbers": line["numbers"],
        "claim": claim,
        "agreed": bool(agreement),
    }


def _total_name(answer: Mapping[str, Any]) -> str:
    """The name of the sum, given its parts."""
    totals = answer["totals"]
    if not totals["complete"]:
        # Answers of an older edition have no bounds.
        bounded = totals.get("at_most") is not None
        return gettext("Landed cost at most") if bounded else gettext("Landed cost, as far as it is known")
    return gettext("Landed cost") if answer["request"]["freight"] else gettext("Landed cost without freight")


def _line(number: int, line: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    charges = [{**charge, "trace": _trace(charge)} for charge in line["charges"]]
    return {
        **line,
        "charges": charges,
        # Answers of older editions have no such lists.
        "lifted": line.get("lifted", ()),
        "export_charges": [
            {**charge, "stated": _state_message(charge["note"], charge["note_sentence"])}
            for charge in line.get("export_charges", ())
        ],
        "duty_options": [option for option in line["options"] if not _is_of_papers(option)],
        "number": number,
        "counted": number + 1,
        "numbers": [number + 1],
        "name": line["description"] or line["hs"],
        "claims": asked["claims"],
        "value": asked["value"],
        "quantities": asked["quantities"],
        "choice": _choice(line["range"]),
        "duties_open": leaves_duties_open(line["range"]),
        "total": {
            "amount": str(sum((Decimal(c["amount"]["amount"]) for c in charges), Decimal(0))),
            "currency": line["customs_value"]["currency"],
        },
    }


def _choice(span: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The national lines to choose from, with what is open of each group as sentences."""
    choice = arrange_choice(span)
    if choice and choice["question"]:
        choice["asks"] = read_statement(choice["question"], read_known_sentences())
    for group in choice["groups"] if choice else ():
        group["open"] = [read_statement(unknown, read_known_sentences()) for unknown in group["unknowns"]]
    return choice


def _trace(charge: Mapping[str, Any]) -> list[Statement]:
    """The arithmetic of a charge; an answer of an older edition holds its English alone."""
    texts = charge["trace"]
    steps = charge.get("steps") or [None] * len(texts)
    return [_state_message(text, step) for text, step in zip(texts, steps, strict=True)]


def _state_message(message: str, reference: Mapping[str, Any] | None) -> Statement:
    return read_statement({"code": "untranslated", **(reference or {}), "message": message}, read_known_sentences())


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    note = option["note"]
    stated = _state_message(note, option.get("note_sentence")) if note else None
    return {**option, "note": stated, "lifts": option.get("lifts", ()), "papers_only": _is_of_papers(option)}


def _is_of_papers(option: Mapping[str, Any]) -> bool:
    """Whether the option lifts papers and lowers no duty: the measure behind it states no rate."""
    return bool(option.get("lifts")) and not option["expression"]


def _stale(source: Mapping[str, Any]) -> dict[str, Any]:
    """An old source; ``described`` where its name is ours, and so in the reader's language."""
    sentence = source.get("source_sentence")
    return {**source, "described": _state_message(source["source"], sentence) if sentence else None}


def _number_entries(line: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [{**item, "line": line["number"], "numbers": line["numbers"], "hs": line["hs"]} for item in line[name]]


def _share_entries(lines: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """The entries of all lines, each once with the ``numbers`` (from 1) of the lines that have it."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        for each in line[name]:
            key = str((each["measure"], each.get("claim"), each.get("lifts")))
            found.setdefault(key, {**each, "numbers": []})["numbers"].append(line["number"] + 1)
    return list(found.values())


def _once(unknowns: Iterable[tuple[int, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Each sentence once with its effect and the lines that it is about, in the order in which the lines have them."""
    found: dict[tuple[str, str], tuple[Mapping[str, Any], list[int]]] = {}
    for number, each in unknowns:
        found.setdefault((each["message"], str(each.get("amount"))), (each, []))[1].append(number)
    return [
        {
            "stated": read_statement(unknown, read_known_sentences()),
            "effect": effect_statement(unknown),
            "numbers": list(dict.fromkeys(numbers)),
            "code": unknown["code"],
        }
        for unknown, numbers in found.values()
    ]


def _parts_apart(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The territories that the destination's name seems to cover; that they stand apart has no effect on its cost."""
    practices = [practice for practice in answer["practices"] if practice["name"] in TERRITORIAL_STATUS]
    parts = dict.fromkeys(practice["territory"] for practice in practices)
    parts.pop(answer["request"]["to"], None)
    return (
        [{"stated": Statement(PARTS_APART, {"parts": list(parts)}), "effect": None, "numbers": [], "code": ""}]
        if parts
        else []
    )


def _by_agency(lines: list[dict[str, Any]], destination: str) -> list[dict[str, Any]]:
    """The requirements of all lines, one entry an agency with whom to ask there, each rule once."""
    agencies: dict[str, dict[str, dict[str, Any]]] = {}
    for line in lines:
        for rule in line["requirements"]:
            rules = agencies.setdefault(rule["agency"], {})
            rules.setdefault(rule["measure"], {**rule, "numbers": []})["numbers"].append(line["number"] + 1)
    return [
        {"agency": agency, "contact": CONTACTS.get((destination, agency)), "rules": list(rules.values())}
        for agency, rules in sorted(agencies.items())
    ]


def price_parts(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of the landed cost, each with its place on the bar.

    A part for which there is no charge at all, or no figure was given, is marked in ``absent``, because a zero would
    look like knowledge.
    """
    totals, asked = answer["totals"], answer["request"]
    charged = {_PART_OF[charge["kind"]] for line in answer["lines"] for charge in line["charges"]}
    names = {
        "goods": gettext("Goods"),
        "freight": gettext("Freight"),
        "insurance": gettext("Insurance"),
        "duty": gettext("Duties"),
        "tax": gettext("Taxes"),
        "fees": gettext("Fees"),
    }
    whole = Decimal(totals["landed_cost"]["amount"])
    parts = []
    reached = Decimal(0)
    for key, name in names.items():
        absent = ""
        if key in ("freight", "insurance") and asked[key] is None:
            absent = gettext("not given")
        elif key in _PART_OF.values() and key not in charged:
            absent = sum_text(totals, key)
        if key == "duty":
            absent = _duty_range(answer) or absent
        start = _place(reached, whole)
        reached += Decimal(totals[key]["amount"])
        width = _place(reached, whole) - start
        parts.append({"key": key, "name": name, "money": totals[key], "absent": absent, "start": start, "width": width})
    return parts


def _duty_range(answer: Mapping[str, Any]) -> str:
    """The span of the duties where the goods may be any of several national lines; empty where they are settled."""
    ranges = [line["range"]["duty"] for line in answer["lines"] if leaves_duties_open(line["range"])]
    if not ranges:
        return ""
    lowest, highest = ranges[0]["lowest"], ranges[0]["highest"]
    if len(answer["lines"]) > 1 or lowest is None:
        return gettext("not settled")
    language = get_language() or "en"
    low = number_text(Decimal(lowest["amount"]), language)
    high = money_text(Decimal(highest["amount"]), highest["currency"], language)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def _place(reached: Decimal, whole: Decimal) -> int:
    return int(reached * BAR_WIDTH / whole) if whole else 0
