"""The page of an invoice: one consignment with many lines, pasted or in a file, and all its faults at once."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import activate, gettext
from django.views.decorators.http import require_http_methods

from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.assessment.reading.queries import today
from ewtp.apps.assessment.surface.answer_page import answer_redirect
from ewtp.apps.assessment.surface.invoice_form import (
    InvoiceForm,
    invoice_body,
    invoice_from_post,
    invoice_from_query,
    note_invoice_refusal,
    placeholder_line,
)
from ewtp.apps.assessment.surface.invoice_table import invoice_headings
from ewtp.apps.http.surface.language_cookie import keep_language
from ewtp.core.assessment.question import MOST_LINES, read_question
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Problems shown on one page; a table of a thousand lines may have as many in every column.
_MOST_SHOWN = 1_000
# Of these, how many have a field in which to correct the cell; a form may have a thousand fields.
_MOST_FIXES = 100
# Lines that show the form of a table; their figures are an example's, not law.
_EXAMPLE = """\
hs\tproduct\tvalue\torigin\tquantity_kg
6109.10\tcotton t-shirts\t1000\tKE\t120
0901.21\troasted coffee\t2500\tET\t300
"""


@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest) -> HttpResponse:
    """The form of an invoice. A valid POST redirects to the answer, any other returns the form with every problem.

    A POST with a ``language`` returns the form in that language, unchecked.
    """
    if request.method != "POST":
        return invoice_page(request, invoice_from_query(request.GET))
    form = invoice_from_post(request.POST, request.FILES.get("file"))
    if request.POST.get("language") in dict(settings.LANGUAGES):
        activate(request.POST["language"])
        response = invoice_page(request, form)
        keep_language(response, request.POST["language"])
        return response
    body = invoice_body(form)
    _note_faults(form, body)
    if not form.is_clean:
        return invoice_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if form.ignored:
        messages.warning(request, gettext("These columns were not read: %s.") % ", ".join(form.ignored))
    return invoice_answered(request, form, body)


def invoice_answered(request: HttpRequest, form: InvoiceForm, body: dict[str, Any], done: str = "") -> HttpResponse:
    """Redirect to the answer, with the message ``done``; if the request is refused, the form with the refusals."""
    given = assessment_create(body=body, now=timezone.now(), client=partial(client_of, request))
    if isinstance(given, Refusal):
        note_invoice_refusal(form, given)
        return invoice_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return answer_redirect(request, given, done=done)


def invoice_page(request: HttpRequest, form: InvoiceForm, status: int = HTTPStatus.OK) -> HttpResponse:
    """The page with the form and its problems in the order of the lines."""
    cells = form.in_order()
    context = {
        "form": form,
        "cells": cells[:_MOST_SHOWN],
        "most_fixes": _MOST_FIXES,
        "cells_left_out": len(cells[_MOST_SHOWN:]),
        "refused": not form.is_clean,
        "column_names": invoice_headings().items(),
        "example": _EXAMPLE,
        "most_lines": MOST_LINES,
    }
    return render(request, "pages/invoice.html", context, status=status)


def _note_faults(form: InvoiceForm, body: dict[str, Any]) -> None:
    """Note what core refuses; and of the lines that can be read, what their rules ask for."""
    lines = body["lines"] or [placeholder_line(form)]
    question = read_question({**body, "lines": lines}, today=today(), vocabulary=vocabulary())
    if isinstance(question, Refusal):
        note_invoice_refusal(form, question)
    if form.is_clean or form.problems or not body["lines"]:
        return
    faulty = form.faulty_lines()
    numbers = tuple(number for number in range(len(lines)) if number not in faulty)
    if numbers:
        answer = question_answer({**body, "lines": [lines[number] for number in numbers]})
        if isinstance(answer, Refusal):
            note_invoice_refusal(form, answer, numbers)
