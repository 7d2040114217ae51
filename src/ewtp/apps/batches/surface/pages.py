"""The page that ranks rules by what they cost micro and small firms, over the lines of a report or of a small file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from ewtp.apps.assessment.surface.invoice_table import decode_table, unreadable_file
from ewtp.apps.assessment.surface.line_numbers import lines_text
from ewtp.apps.batches.reading.burden_run import table_burden
from ewtp.apps.batches.reading.lines_csv import read_csv_lines
from ewtp.apps.batches.surface.burden_table import burden_columns, burden_csv, select_rules
from ewtp.apps.http.surface.form import Form, form_texts
from ewtp.apps.http.surface.sorted_table import change_query, list_rows
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.burden.rule_burden import GROUPS
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.burden_file import read_burden
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.reference.sentence_texts import sentence_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from ewtp.apps.batches.reading.burden import BurdenReport, LineFault
    from ewtp.apps.http.surface.form import Problem

# Lines of a file that a page answers one by one, while its reader waits.
MOST_LINES = 1_000
_MOST_BYTES = 500_000
_MOST_FAULTS = 50
_IN_CURRENCY = "USD"
_CELL = re.compile(r"lines\[(\d+)\](?:\.(.+))?\Z")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a reader asks to see: papers or charges, with taxes or without, and each measure or groups of them."""

    papers: bool
    taxes: bool
    each: bool

    @property
    def charges_alone(self) -> bool:
        """Whether charges are ranked without taxes."""
        return not (self.papers or self.taxes)

    @property
    def with_taxes(self) -> bool:
        """Whether charges are ranked with taxes."""
        return self.taxes and not self.papers


@require_http_methods(["GET", "HEAD", "POST"])
def burden(request: HttpRequest) -> HttpResponse:
    """The ranked rules. A POST ranks them over the lines of a file, and nothing of it is kept."""
    if request.method != "POST":
        form = Form(form_texts(request.GET, ("currency", "to")))
        return _page(request, form, read_burden(home_path()), request.GET)
    form = Form(form_texts(request.POST, ("currency", "to")))
    found = _of_upload(request, form)
    if found is None:
        return _page(request, form, None, QueryDict(), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if request.POST.get("as") == "csv":
        return _file(found.as_json(), _read_shown(request.POST))
    return _page(request, form, found.as_json(), request.POST, faults=found.count.faults)


@require_safe
def burden_csv_file(request: HttpRequest) -> HttpResponse:
    """The rules of the report that is shown, as a table for spreadsheets; 404 where none is."""
    report = read_burden(home_path())
    if report is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return _file(report, _read_shown(request.GET))


def _read_shown(query: QueryDict) -> _Shown:
    return _Shown(query.get("show") == "papers", query.get("taxes") == "1", query.get("each") == "1")


def _file(report: dict[str, Any], shown: _Shown) -> HttpResponse:
    rules = select_rules(report, papers=shown.papers, taxes=shown.taxes, each=shown.each)
    response = HttpResponse(burden_csv(report, rules).encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="burden.csv"'
    return response


def _of_upload(request: HttpRequest, form: Form) -> BurdenReport | None:
    """The report of the file that was sent; None with the reasons noted in the form."""
    currency, destination = form.texts.get("currency") or _IN_CURRENCY, form.texts.get("to", "")
    known = vocabulary()
    if currency not in known.currencies:
        form.note("currency", gettext("Choose a currency."))
    if destination and destination not in known.economies:
        form.note("to", gettext("Choose where the goods are going."))
    file = request.FILES.get("file")
    content = file.read(_MOST_BYTES + 1) if file else b""
    if not content:
        form.note("file", gettext("Choose a file of lines."))
    elif len(content) > _MOST_BYTES:
        form.note("file", gettext("The file is too large here. Give a longer one to the command ewtp rulebook burden."))
    text = decode_table(content) if form.is_clean else None
    if form.is_clean and text is None:
        form.note("file", unreadable_file())
    version = latest_version()
    if version is None:
        form.note("file", Refusal(RULEBOOK_EMPTY))
    if text is None or version is None or not form.is_clean:
        return None
    table = read_csv_lines(text, MOST_LINES)
    report = table if isinstance(table, Refusal) else table_burden(table, version.ref, currency, destination)
    if isinstance(report, Refusal):
        for each in report.every[:_MOST_FAULTS]:
            form.note("file", _place_problem(each))
        return None
    return report


def _place_problem(refusal: Refusal) -> Problem:
    """The refusal of a line with its number, and of a cell with its column."""
    found = _CELL.match(refusal.where or "")
    if found is None:
        return refusal
    column = f", {found[2]}" if found[2] else ""
    return f"{lines_text([int(found[1]) + 1])}{column}: {sentence_text(refusal)}"


def _page(
    request: HttpRequest,
    form: Form,
    report: dict[str, Any] | None,
    query: QueryDict,
    *,
    faults: Sequence[LineFault] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    shown, uploaded = _read_shown(query), faults is not None
    context: dict[str, Any] = {
        "form": form,
        "report": report,
        "uploaded": uploaded,
        "shown": shown,
        "rankings": [("papers", gettext("Papers"))],
        "ranking": "papers" if shown.papers else "",
        "most": MOST_LINES,
    }
    if report is not None:
        rules = select_rules(report, papers=shown.papers, taxes=shown.taxes, each=shown.each)
        columns = burden_columns(papers=shown.papers, unit=report["currency"])
        if uploaded:
            # A report of an uploaded file has no address, so no link may sort it or turn its pages.
            fixed = tuple(replace(column, order=None) for column in columns)
            listing = list_rows(rules, fixed, QueryDict(), rows_per_page=max(len(rules), 1))
        else:
            listing = list_rows(rules, columns, query)
        context |= {
            "listing": listing,
            "trade": [(name, report["trade"][name]) for name in GROUPS],
            "without_rate": sum(each["lines"] for each in report["without_rate"]),
            "incomplete": sum(report["incomplete"].values()),
            "left_out": report["rules_in_all"] - len(report["rules"]) if shown.each else 0,
            "faults": (faults or ())[:_MOST_FAULTS],
            "other": change_query(query, drop=("sort", "page", "each"), **({} if shown.each else {"each": "1"})),
            "file": f"{reverse('burden_csv')}?{change_query(query, drop=('sort', 'page'))}",
        }
    return render(request, "pages/burden.html", context, status=status)
