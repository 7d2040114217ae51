"""The pages of the main job: ask, read the answer under its permanent address, take it away, ask again."""

from __future__ import annotations

import copy
from decimal import Decimal
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.assessment.actions.assessment import assessment_create, assessment_keep
from ewtp.apps.assessment.reading.answers import GivenAnswer, assessment_read
from ewtp.apps.assessment.reading.queries import today
from ewtp.apps.assessment.reading.sentences import ASSESSMENT_NOT_KEPT
from ewtp.apps.assessment.surface.answer_page import answer_page, answer_redirect, words_of, words_query
from ewtp.apps.assessment.surface.documents import answer_csv, answer_pdf
from ewtp.apps.assessment.surface.fact_forms import change_question
from ewtp.apps.assessment.surface.forms import (
    AskForm,
    form_body,
    form_from_query,
    form_from_request,
    note_missing,
    note_refusal,
)
from ewtp.apps.assessment.surface.invoice_form import invoice_body, invoice_from_request
from ewtp.apps.assessment.surface.invoice_pages import invoice_answered, invoice_page
from ewtp.apps.assessment.surface.presentation import present
from ewtp.apps.assessment.surface.refusal_status import refusal_status
from ewtp.apps.assessment.surface.ruling_letter import arrange_letter
from ewtp.core.assessment.question import read_question
from ewtp.core.classification.search import Match, search, suggest
from ewtp.core.values.actor import VISITOR, Actor, ActorKind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.hs_texts import describe
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

_CANDIDATES = 6
# A file is named by the answer's digest, without the question that an address may carry.
_NAME_CHARACTERS = 33
# Codes less likely than this would only make the list longer.
_LEAST_CONFIDENCE = Decimal("0.02")
_SUGGESTIONS = 7
# A valid code in place of one that is not chosen yet, to check the other fields of a question.
_ANY_CODE = "010121"
# Questions a visitor may begin with; their figures are an example's, not law.
_EXAMPLES: tuple[dict[str, str], ...] = (
    {"product": "cotton t-shirt", "from": "ZA", "to": "GB", "value": "1000", "currency": "GBP"},
    {"product": "roasted coffee", "from": "KE", "to": "US", "value": "2500", "currency": "USD"},
    {"product": "wooden furniture for bedrooms", "from": "GH", "to": "CM", "value": "800000", "currency": "XAF"},
)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. A valid POST redirects to the answer, any other returns the form with every problem at its field.

    A product in words redirects to a list of candidate codes (``choose``).
    """
    if request.method != "POST":
        form = form_from_query(request.GET) if request.GET else AskForm()
        candidates = _candidates(form) if "choose" in request.GET and form.words else ()
        return _form_page(request, form, candidates=candidates)
    form = form_from_query(request.POST)
    code = "" if "choose" in request.POST else form.code
    note_missing(form)
    body = form_body(form, code or _ANY_CODE)
    if code and form.is_clean:
        return _redirect_answer(request, form, body)
    question = read_question(body, today=today(), vocabulary=vocabulary())
    if isinstance(question, Refusal):
        note_refusal(form, question)
    candidates = () if code or not form.words else _candidates(form)
    if form.is_clean:
        return HttpResponseRedirect(f"{request.path}?{form.query()}&choose=1#candidates", status=HTTPStatus.SEE_OTHER)
    return _form_page(request, form, candidates=candidates, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _redirect_answer(request: HttpRequest, form: AskForm, body: dict[str, Any], done: str = "") -> HttpResponse:
    """Redirect to the answer, with the message ``done``; if the request is refused, the form with the refusals."""
    given = assessment_create(body=body, now=timezone.now(), client=partial(client_of, request))
    if isinstance(given, Refusal):
        note_refusal(form, given)
        return _form_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return answer_redirect(request, given, form.words, done)


def _candidates(form: AskForm) -> tuple[Match, ...]:
    found = search(load_index(), form.words, _CANDIDATES)
    if isinstance(found, Refusal):
        form.note("product", found)
        return ()
    results = tuple(match for match in found.results if match.confidence >= _LEAST_CONFIDENCE)
    if not results:
        form.note("product", gettext("No tariff code was found for these words. Try the material or the use."))
    return results


def _form_page(
    request: HttpRequest,
    form: AskForm,
    *,
    candidates: tuple[Match, ...] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    code = form.code
    context = {
        "form": form,
        "candidates": [{"match": match, "percent": int(match.confidence * 100)} for match in candidates],
        "code": code,
        "today": today(),
        "described": describe(code) if code else "",
        "examples": _EXAMPLES,
        "refused": not form.is_clean,
        "first_visit": request.method != "POST" and not request.GET,
    }
    return render(request, "pages/ask.html", context, status=status)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Likely codes while the product is being typed, as the rows of a list."""
    matches = suggest(load_index(), request.GET.get("product", ""), _SUGGESTIONS)
    rows = [{"match": match, "percent": int(match.confidence * 100)} for match in matches]
    response = render(request, "parts/suggestions.html", {"rows": rows})
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


class _NoAnswerError(Exception):
    """Raised where an address has no answer any more; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _find_answer(assessment_id: str) -> GivenAnswer:
    found = assessment_read(assessment_id)
    if isinstance(found, Refusal):
        raise _NoAnswerError(found)
    return found


def _read_answer(assessment_id: str) -> dict[str, Any]:
    return _find_answer(assessment_id).answer


def _with_answer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of an address that says what to do where its answer cannot be read."""

    @wraps(view)
    def show_answer(request: HttpRequest, assessment_id: str) -> HttpResponse:
        try:
            return view(request, assessment_id)
        except _NoAnswerError as error:
            return _no_answer(request, error.refusal)

    return show_answer


def _no_answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    asked = dict(refusal.details).get("question")
    several = asked is not None and len(asked["lines"]) > 1
    context = {
        "refusal": refusal,
        "query": form_from_request(asked, words_of(request)).query() if asked and not several else "",
        # A table of lines is too long for an address.
        "invoice": invoice_from_request(asked) if asked is not None and several else None,
        "outdated": refusal.code == ASSESSMENT_NOT_KEPT.code,
    }
    return render(request, "pages/no_answer.html", context, status=refusal_status(refusal))


@require_safe
@_with_answer
def answer(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """An answer under its address, which is permanent where somebody kept it."""
    return answer_page(request, _find_answer(assessment_id))


@require_POST
@_with_answer
def keep(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Keep an answer permanently, and redirect to its address."""
    client = partial(client_of, request)
    kept = assessment_keep(address=assessment_id, actor=_reader(request), now=timezone.now(), client=client)
    if isinstance(kept, Refusal):
        return answer_page(request, _find_answer(assessment_id), kept, refusal_status(kept))
    messages.success(request, gettext("This answer is kept. Its address is permanent."))
    address = reverse("answer", args=[kept.id]) + words_query(words_of(request))
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _reader(request: Any) -> Actor:
    """Who keeps an answer: the person who is signed in, or a visitor."""
    return Actor(ActorKind.PERSON, request.user.person) if request.user.is_authenticated else VISITOR


@require_safe
@_with_answer
def change(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The form, filled in with the question of an answer; with several lines it is the form of an invoice."""
    asked = _read_answer(assessment_id)["request"]
    if len(asked["lines"]) > 1:
        return invoice_page(request, invoice_from_request(asked))
    return _form_page(request, form_from_request(asked, words_of(request)))


@require_POST
@_with_answer
def again(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Ask the same question with one change: a claim added or dropped, the national line chosen, or a fact told.

    ``line`` are the places of the lines that it is for, from 0 and separated by commas. Everything else comes from the
    stored question, so all lines of a consignment are kept.
    """
    asked = copy.deepcopy(_read_answer(assessment_id)["request"])
    done = change_question(asked, request.POST)
    if not done:
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
    if len(asked["lines"]) > 1:
        invoice = invoice_from_request(asked)
        invoice_body(invoice)
        return invoice_answered(request, invoice, asked, done)
    return _redirect_answer(request, form_from_request(asked, words_of(request)), asked, done)


def _attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@_with_answer
def pdf(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The answer as an A4 PDF, or a page that explains why it cannot be made and what to do instead."""
    stored, words = _read_answer(assessment_id), words_of(request)
    address = request.build_absolute_uri(reverse("answer", args=[assessment_id]))
    content = answer_pdf(present(stored), address=address, language=get_language() or "en", words=words)
    if isinstance(content, Refusal):
        context = {"answer": stored, "refusal": content, "words_query": words_query(words)}
        return render(request, "pages/no_pdf.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return _attachment(content, "application/pdf", f"ewtp-{stored['id'][:_NAME_CHARACTERS]}.pdf")


@require_safe
@_with_answer
def csv(_request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The answer's charges and totals as a table."""
    stored = _read_answer(assessment_id)
    content = answer_csv(stored)
    return _attachment(content.encode(), "text/csv; charset=utf-8", f"ewtp-{stored['id'][:_NAME_CHARACTERS]}.csv")


@require_safe
@_with_answer
def show_ruling(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """A letter that asks the customs authority for an advance ruling, with the facts and the rules filled in."""
    stored = _read_answer(assessment_id)
    words = words_of(request)
    context = {"answer": stored, "letter": _letter(stored, words), "words_query": words_query(words)}
    return render(request, "pages/ruling.html", context)


@require_safe
@_with_answer
def ruling_text(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The letter alone, as plain text."""
    stored = _read_answer(assessment_id)
    content = _letter(stored, words_of(request)).encode()
    return _attachment(content, "text/plain; charset=utf-8", f"advance-ruling-{stored['id'][:_NAME_CHARACTERS]}.txt")


def _letter(stored: dict[str, Any], words: str) -> str:
    return render_to_string("documents/ruling.txt", arrange_letter(present(stored), words))
