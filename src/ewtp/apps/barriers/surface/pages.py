"""The public pages of barriers: the list, one of them, and the form that reports one."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from ewtp.apps.accounts.surface.client_address import client_of
from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.surface.forms import form_body, form_from_query
from ewtp.apps.barriers.actions.barriers import barrier_report
from ewtp.apps.barriers.reading.barrier_list import (
    BarrierFilter,
    barrier_numbered,
    barrier_read,
    barriers_now,
    open_among,
    open_barriers_forget,
)
from ewtp.apps.barriers.reading.barrier_page_state import barriers_page_state, barriers_unchanged_until
from ewtp.apps.barriers.reading.findings import answer_for_line, gather_finding_of_answer, gather_finding_of_place
from ewtp.apps.barriers.surface.act_forms import acts_context, find_acting_member, list_speaker_memberships
from ewtp.apps.barriers.surface.barrier_statuses import barrier_status
from ewtp.apps.barriers.surface.openapi import STAGES
from ewtp.apps.barriers.surface.presentation import (
    barrier_columns,
    barrier_context,
    barriers_csv,
    rank_lines,
    stage_names,
)
from ewtp.apps.http.surface.form import WHOLE, Form, clean_text, form_texts
from ewtp.apps.http.surface.page_cache import MadePage, page_cache
from ewtp.apps.http.surface.sorted_table import list_rows
from ewtp.apps.organisations.reading.organisation_list import agencies_named
from ewtp.core.barriers.barrier import Means
from ewtp.core.barriers.barrier_decisions import LONGEST_TEXT
from ewtp.core.barriers.evidence import UNKNOWN_PREFIX, reportable_measures
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail
    from ewtp.core.barriers.evidence import ReportedFinding

_FILTER = ("economy", "product", "agency", "stage")
_ASKED = ("answer", "line", "measure", "product", "economy", "organisation")
_DIGITS = 3
# As much of a rule's name as a list on a phone has space for.
_LONGEST_SUBJECT = 140
_PLACES = {name: name for name in ("text", "measure", "product", "economy")}


@require_safe
def barriers(request: HttpRequest) -> HttpResponse:
    """What stops trade, as it stands now, narrowed by the query of the address."""
    return page_cache().make(request, marker=barriers_page_state, make=lambda now: _make_list(request, now))


def _make_list(request: HttpRequest, now: datetime) -> MadePage:
    texts = form_texts(request.GET, _FILTER)
    found = barriers_now(_read_filter(texts), now)
    names = stage_names()
    context = {
        "form": Form(texts),
        "listing": list_rows(rank_lines(found), barrier_columns(), request.GET),
        "open": open_among(found),
        "stages": [(stage, names.get(stage) or gettext("Every open one")) for stage in STAGES],
        "file": f"{reverse('barriers_csv')}?{request.GET.urlencode()}",
        "narrowed": bool(texts),
    }
    return MadePage(render(request, "pages/barriers.html", context), barriers_unchanged_until(found, now))


@require_safe
def barriers_file(request: HttpRequest) -> HttpResponse:
    """The same barriers as a table for spreadsheets."""
    found = barriers_now(_read_filter(form_texts(request.GET, _FILTER)), timezone.now())
    response = HttpResponse(barriers_csv(found).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="barriers.csv"'
    return response


def _read_filter(texts: dict[str, str]) -> BarrierFilter:
    """The filter of a query; a stage that does not exist keeps everything, and a code loses its dots."""
    stage = texts.get("stage", "")
    digits = "".join(each for each in texts.get("product", "") if each.isdecimal() and each.isascii())
    return BarrierFilter(
        economy=texts.get("economy", "").upper(),
        product=digits[:6],
        agency=texts.get("agency", ""),
        stage=stage if stage in STAGES else "",
    )


@require_safe
def barrier(request: HttpRequest, barrier_id: str) -> HttpResponse:
    """One barrier: its evidence, history and clocks, and what the reader may do about it; its number leads to it."""
    identity = barrier_numbered(barrier_id)
    if identity is not None:
        return HttpResponseRedirect(reverse("barrier", args=[identity]))
    return page_cache().make(request, marker=barriers_page_state, make=lambda now: _make_page(request, barrier_id, now))


def _make_page(request: HttpRequest, barrier_id: str, now: datetime) -> MadePage:
    found = find_barrier_or_404(barrier_id, now)
    return MadePage(barrier_page(request, found, Form()), barriers_unchanged_until([found.summary], now))


def find_barrier_or_404(barrier_id: str, now: datetime) -> BarrierDetail:
    """The barrier of an address as it stands at a moment; 404 where there is none."""
    found = barrier_read(barrier_id, now)
    if found is None:
        raise Http404
    return found


def barrier_page(request: HttpRequest, found: BarrierDetail, form: Form, status: int = HTTPStatus.OK) -> HttpResponse:
    """The page of a barrier, with what is wrong with a submitted form."""
    named = [moment.facts.get("organisation", "") for moment in found.history]
    context = {
        **barrier_context(found, agencies_named([*named, found.summary.progress.owner])),
        **acts_context(request, found),
        "form": form,
        "whole": form.problems.get(WHOLE, []),
    }
    return render(request, "pages/barrier.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form that reports a barrier in one sentence, with its evidence attached; POST answers 303 to the barrier."""
    query = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and "value" in query:
        return HttpResponseRedirect(f"{request.path}?{_question_query(request)}")
    form = Form(form_texts(query, _ASKED))
    answer = _answer_of(form)
    if isinstance(answer, Refusal):
        return render(request, "pages/report_gone.html", {"refusal": answer}, status=barrier_status(answer))
    if request.method == "POST":
        form.texts["text"] = query.get("text", "")
        made = _report_form(request, form, answer)
        if not isinstance(made, Refusal):
            open_barriers_forget()
            messages.success(request, gettext("Reported. This page shows what happens to it."))
            return HttpResponseRedirect(reverse("barrier", args=[made]), status=HTTPStatus.SEE_OTHER)
        form.note_refusal(made, _PLACES)
        return _report_page(request, form, answer, barrier_status(made))
    return _report_page(request, form, answer, HTTPStatus.OK)


def _question_query(request: HttpRequest) -> str:
    """The query of the form for the question of a market's row: its answer, or the place where it has none."""
    asked = form_from_query(request.GET)
    given = assessment_create(body=form_body(asked, asked.code), now=timezone.now(), client=partial(client_of, request))
    if isinstance(given, Refusal) or not given.has_address:
        return urlencode({"product": asked.code, "economy": asked.texts.get("to", "")})
    return urlencode({"answer": given.id})


def _answer_of(form: Form) -> dict[str, Any] | Refusal | None:
    address, place = form.texts.get("answer", ""), form.texts.get("line", "")
    readable = place.isascii() and place.isdigit() and len(place) <= _DIGITS
    return answer_for_line(address, int(place) if readable else 0) if address else None


def _report_form(request: HttpRequest, form: Form, answer: dict[str, Any] | None) -> str | Refusal:
    """Report what the form says; the barrier's identifier."""
    finding = _read_finding(form, answer)
    if isinstance(finding, Refusal):
        return finding
    made = barrier_report(
        finding=finding,
        text=form.texts["text"],
        language=get_language() or "",
        means=Means.PAGE,
        actor=find_acting_member(request, form.texts.get("organisation", "")),
        client=client_of(request),
        now=timezone.now(),
    )
    return made if isinstance(made, Refusal) else made.id


def _read_finding(form: Form, answer: dict[str, Any] | None) -> ReportedFinding | Refusal:
    if answer is not None:
        return gather_finding_of_answer(answer, form.texts.get("measure", ""))
    product, economy = form.texts.get("product", ""), form.texts.get("economy", "")
    return gather_finding_of_place(product, economy, form.texts["text"])


def _report_page(request: HttpRequest, form: Form, answer: dict[str, Any] | None, status: int) -> HttpResponse:
    finding = gather_finding_of_answer(answer, form.texts.get("measure", "")) if answer is not None else None
    memberships, nobody = list_speaker_memberships(request), gettext("Nobody: as a visitor, not counted")
    context = {
        "form": form,
        "whole": form.problems.get(WHOLE, []),
        "answer": answer,
        "evidence": None if finding is None or isinstance(finding, Refusal) else finding.evidence,
        "subjects": _subjects(answer) if answer is not None else (),
        "memberships": memberships,
        "speakers": [(each.organisation, each.name) for each in memberships] + [("", nobody)],
        "longest": LONGEST_TEXT,
        "words": clean_text(request.GET.get("words", "")),
    }
    return render(request, "pages/report.html", context, status=status)


def _subjects(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What may be reported of an answer: the value, its name, and the language of the name."""
    line = answer["lines"][0]
    rules: dict[str, tuple[str, str, str]] = {}
    for each in reportable_measures(line):
        named = [each.get("agency", ""), each.get("document") or each["title"], each.get("expression", "")]
        name = Truncator(" · ".join(filter(None, named))).chars(_LONGEST_SUBJECT)
        rules.setdefault(each["measure"], (each["measure"], name, "en"))
    unknown = {each["code"]: each["message"] for each in line["unknowns"]}
    texts = {code: Truncator(text).chars(_LONGEST_SUBJECT) for code, text in unknown.items()}
    return [*rules.values(), *((f"{UNKNOWN_PREFIX}{code}", text, "en") for code, text in texts.items())]
