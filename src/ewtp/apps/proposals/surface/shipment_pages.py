"""The page on which a firm sees what a proposal would change for its own lines; nothing of them is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ewtp.apps.assessment.surface.invoice_table import decode_table, unreadable_file
from ewtp.apps.assessment.surface.line_numbers import lines_text
from ewtp.apps.http.surface.form import Form
from ewtp.apps.proposals.reading.own_shipments import (
    MOST_LINES,
    bounds_by_currency,
    changes_by_currency,
    shipments_compared,
)
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.surface.pages import proposal_seen
from ewtp.apps.proposals.surface.replay_json import read_shipments
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.sentence_texts import sentence_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.http.surface.form import Problem
    from ewtp.apps.proposals.reading.own_shipments import ShipmentEffect
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.replay.paper_index import RequiredPaper

_MOST_BYTES = 200_000
_MOST_FAULTS = 50
_CELL = re.compile(r"lines\[(\d+)\](?:\.(.+))?\Z")


@dataclass(frozen=True, slots=True)
class ShipmentShown:
    """A line of the reader's: its costs as decimal texts, or why they are refused, and the papers that differ."""

    line: int
    origin: str
    destination: str
    hs: str
    currency: str
    before: str | None
    after: str | None
    before_refusal: Refusal | None
    after_refusal: Refusal | None
    change: str | None
    fewer: tuple[RequiredPaper, ...]
    more: tuple[RequiredPaper, ...]
    prohibited: tuple[bool, bool]
    open: bool
    at_least: str | None
    at_most: str | None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_shipments(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """A form for lines, and what changes for each; 404 for a draft of another."""
    found, form = proposal_seen(request, proposal_id), Form({})
    effects = _compare_lines(request, found, form) if request.method == "POST" else None
    context: dict[str, Any] = {"proposal": found, "form": form, "most": MOST_LINES, "effects": None}
    if effects is not None:
        context |= {
            "effects": [_present_effect(each) for each in effects],
            "affected": sum(each.is_affected for each in effects),
            "changes": [(name, decimal_text(change)) for name, change in changes_by_currency(effects).items()],
            "bounds": [
                (name, *(None if bound is None else decimal_text(bound) for bound in pair))
                for name, pair in bounds_by_currency(effects).items()
            ],
        }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/proposal_shipments.html", context, status=status)


def _compare_lines(request: HttpRequest, proposal: Proposal, form: Form) -> tuple[ShipmentEffect, ...] | None:
    """What changes for the lines that were pasted or sent; None with the problems noted in the form."""
    file = request.FILES.get("file")
    text: str | None = request.POST.get("lines", "").strip()
    field = "file" if file else "lines"
    if file:
        content = file.read(_MOST_BYTES + 1)
        text = decode_table(content) if len(content) <= _MOST_BYTES else ""
        if text is None:
            form.note(field, unreadable_file())
            return None
    if not text or len(text) > _MOST_BYTES:
        missing = gettext("Paste your lines or choose a file of them; a long one is for the command.")
        form.note(field, missing)
        return None
    form.texts["lines"] = "" if file else text
    lines = read_shipments(text)
    effects = (
        lines if isinstance(lines, Refusal) else shipments_compared(text_stored(proposal.version.content.digest), lines)
    )
    if isinstance(effects, Refusal):
        for each in effects.every[:_MOST_FAULTS]:
            form.note(field, _place_refusal(each))
        return None
    return effects


def _place_refusal(refusal: Refusal) -> Problem:
    """The refusal of a line with its number, and of a cell with its column."""
    found = _CELL.match(refusal.where or "")
    if found is None:
        return refusal
    column = f", {found[2]}" if found[2] else ""
    return f"{lines_text([int(found[1]) + 1])}{column}: {sentence_text(refusal)}"


def _present_effect(effect: ShipmentEffect) -> ShipmentShown:
    return ShipmentShown(
        effect.line,
        effect.origin,
        effect.destination,
        effect.hs,
        effect.currency,
        effect.amount(effect.before),
        effect.amount(effect.after),
        effect.before if isinstance(effect.before, Refusal) else None,
        effect.after if isinstance(effect.after, Refusal) else None,
        effect.amount(effect.change),
        effect.fewer,
        effect.more,
        effect.prohibited,
        effect.open,
        effect.amount(effect.at_least),
        effect.amount(effect.at_most),
    )
