"""The page of distances: a map of every pair, a table of them, one pair in detail, and who asks for papers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ewtp.apps.distances.reading.distance_question import answer_distance_question, read_distance_question
from ewtp.apps.distances.reading.distance_report import distances_now
from ewtp.apps.distances.surface.distance_table import (
    chapter_columns,
    distances_csv,
    pair_columns,
    pair_rows,
    product_columns,
    territory_name,
)
from ewtp.apps.distances.surface.heat_map import draw_heat_map
from ewtp.apps.http.surface.form import Form, form_texts
from ewtp.apps.http.surface.sorted_table import change_query, list_rows
from ewtp.apps.http.surface.text_problem import text_problem
from ewtp.core.distances.line_rates import RateForm
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.apps.distances.reading.distance_question import DistanceAnswer
    from ewtp.core.distances.schedule_products import ScheduleProducts

# Seven schedules make 21 pairs, which are one page.
_PAIRS_AT_ONCE = 30
_NAMES = ("economy", "other", "product")


@require_safe
def distances(request: HttpRequest) -> HttpResponse:
    """The map, the pairs and what is left out; of one pair its chapters or products."""
    form = Form(form_texts(request.GET, _NAMES))
    report = distances_now()
    context: dict[str, Any] = {"form": form, "report": report}
    if report is not None:
        context["territories"] = [(each.territory, territory_name(each.territory)) for each in report.map.schedules]
        question = read_distance_question(report, *(form.texts.get(name, "") for name in _NAMES))
        if isinstance(question, Refusal):
            form.note_refusal(question, {name: name for name in _NAMES})
        else:
            context |= _present_answer(request, answer_distance_question(report, question))
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/distances.html", context, status=status)


@require_safe
def distances_csv_file(request: HttpRequest) -> HttpResponse:
    """The pairs, or the chapters of one, as a table for spreadsheets; what is wrong comes as text."""
    report = distances_now()
    if report is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    question = read_distance_question(report, *(request.GET.get(name, "") for name in _NAMES))
    if isinstance(question, Refusal):
        return text_problem(question)
    found = answer_distance_question(report, question)
    pairs = found.chapters or [("", pair) for pair in found.pairs]
    response = HttpResponse(distances_csv(report.map, pairs).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="distances.csv"'
    return response


def _present_answer(request: HttpRequest, found: DistanceAnswer) -> dict[str, Any]:
    query = request.GET
    single = found.pairs[0] if found.question.other is not None else None
    context: dict[str, Any] = {
        "found": found,
        "single": single,
        "file": f"{reverse('distances_csv')}?{change_query(query, drop=('sort', 'page'))}",
        "agencies": found.agencies,
        "overlaps": found.overlaps,
        "drafts": [(each, act, draft_address(act)) for each, act in found.overlaps.ranked],
        "left_out": [_name_omissions(found, each) for each in found.schedules],
    }
    if single is None:
        context["map"] = draw_heat_map(found.pairs) if found.question.one is None else None
        context["listing"] = list_rows(pair_rows(found.pairs), pair_columns(), query, rows_per_page=_PAIRS_AT_ONCE)
    elif found.products:
        context["products"] = list_rows(found.products, product_columns(single.one, single.other), query)
    else:
        rows = [{"pair": pair, "name": chapter} for chapter, pair in found.chapters]
        context["listing"] = list_rows(rows, chapter_columns(), query)
    return context


def draft_address(act: str) -> str:
    """Where a proposal is drafted that begins with the text of an act."""
    return f"{reverse('proposal_new')}?{urlencode({'acts': act})}"


def _name_omissions(found: DistanceAnswer, schedule: ScheduleProducts) -> dict[str, Any]:
    """What of a schedule is compared; lines whose rate is neither in per cent nor of another known form are unknown."""
    shown = found.report.schedule_as_json(schedule)
    forms = shown["counts"]["lines_by_rate"]
    known = forms[RateForm.AD_VALOREM] + forms[RateForm.OTHER]
    return {**shown, "unknown": shown["counts"]["lines"] - known}
