"""What rules cost small firms, over HTTP: the report that the installation shows."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.batches.reading.sentences import BURDEN_NOT_SHOWN
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.schemas import ref
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.burden_file import read_burden
from ewtp.gateways.installation.home import home_path

router = Router(tags=["rulebook"])


@router.get(
    "/rulebook/burden",
    operation_id="rulebook_burden",
    summary="What rules cost micro and small firms as a share of their trade",
    openapi_extra=operation(ref("BurdenReport"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def burden_report(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - ninja calls a view with it
    """The report on the lines that the operator chose, synthetic ones or a file's: groups of rules, ranked.

    Taxes such as VAT are among them. 404 where no report is shown.
    """
    report = read_burden(home_path())
    if report is None:
        return problem(Refusal(BURDEN_NOT_SHOWN), HTTPStatus.NOT_FOUND)
    body = {name: value for name, value in report.items() if name not in ("rules", "rules_in_all", "faults")}
    return json_response(orjson.dumps(body))
