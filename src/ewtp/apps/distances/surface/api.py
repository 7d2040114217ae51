"""Distances over HTTP."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import Router

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.distances.reading.distance_question import answer_distance_question, read_distance_question
from ewtp.apps.distances.reading.distance_report import distances_now
from ewtp.apps.distances.surface.openapi import DISTANCE_PARAMETERS
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import operation
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.core.values.refusal import Refusal

router = Router(tags=["rulebook"])


@router.get(
    "/distances",
    operation_id="distances",
    summary="How far apart the rules of economies are",
    openapi_extra=operation(
        ref("DistanceAnswer"),
        parameters=DISTANCE_PARAMETERS,
        problems=(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
)
@needs(Scope.READ)
def distances(request: HttpRequest) -> HttpResponse:
    """Tariff distance and requirement distance of every pair of schedules, of one economy with all, or of one pair.

    Of one pair there are its `chapters` too, or its `products` where `product` narrows them. A distance is null where
    it is undefined: a rule that is not held is never counted as zero.
    """
    asked = QueryReader(request.GET, DISTANCE_PARAMETERS)
    if asked.refusal is not None:
        return problem(asked.refusal)
    report = distances_now()
    if report is None:
        return problem(Refusal(RULEBOOK_EMPTY), HTTPStatus.SERVICE_UNAVAILABLE)
    question = read_distance_question(report, *(asked.text(name) for name in ("economy", "other", "product")))
    if isinstance(question, Refusal):
        return problem(question)
    return json_response(orjson.dumps(answer_distance_question(report, question).as_json()))
