"""Barriers by text message and by USSD: calls of a gateway of a phone network, signed as webhooks are."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - likewise

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.barriers.actions.barriers import barrier_report
from ewtp.apps.barriers.actions.text_messages import text_message_enqueue
from ewtp.apps.barriers.reading.barrier_list import barrier_number, open_barriers_forget
from ewtp.apps.barriers.reading.findings import gather_finding_of_place
from ewtp.apps.barriers.surface.phone_menu import (
    CONTINUE,
    END,
    PhoneReport,
    menu_step,
    read_message,
    receipt_text,
    refusal_text,
)
from ewtp.apps.http.surface.access import needs
from ewtp.apps.http.surface.operations import problem_response
from ewtp.apps.http.surface.problems import JSON_TYPE, problem
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.jobs.actions.inbox import inbox_accept
from ewtp.core.barriers.barrier import Means
from ewtp.core.barriers.phone_sentences import HOOK_CLOSED, HOOK_UNREADABLE, HOOK_UNSIGNED
from ewtp.core.barriers.sentence_language import sentence_language
from ewtp.core.values.actor import VISITOR
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.webhooks.webhook_signature import verify_webhook_id, webhook_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

router = Router(tags=["barriers"])
_TEXT_TYPE = "text/plain; charset=utf-8"
KANNEL, RAPIDPRO = "kannel", "rapidpro"
_MESSAGE_FIELDS, _MENU_FIELDS = ("from", "text"), ("sessionId", "phoneNumber", "text")
_LONGEST_ID = 200


def _describe_route(body: str, example: Mapping[str, str]) -> dict[str, Any]:
    """The description of a route that answers a phone in plain text; a form with the same fields is taken as well."""
    examples = {"as_json": {"summary": "As JSON", "value": example}}
    return {
        "requestBody": {"required": True, "content": {JSON_TYPE: {"schema": ref(body), "examples": examples}}},
        "responses": {
            200: {"description": "OK", "content": {_TEXT_TYPE: {"schema": ref("PhoneText")}}},
            **{int(each): problem_response(each) for each in (401, 404, 409, 422)},
        },
    }


def _check_signature(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with the id of the call, for calls whose signature holds."""

    @wraps(view)
    def check_request(request: HttpRequest, **parameters: Any) -> HttpResponse:
        key = webhook_key(load_configuration().hook_secret)
        if key is None:
            return problem(Refusal(HOOK_CLOSED), HTTPStatus.NOT_FOUND)
        request.META["ewtp.webhook"] = verify_webhook_id(key, _lower_headers(request), request.body, timezone.now())
        if request.META["ewtp.webhook"] is None:
            return problem(Refusal(HOOK_UNSIGNED), HTTPStatus.UNAUTHORIZED)
        return view(request, **parameters)

    return check_request


def _lower_headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): text for name, text in request.headers.items()}


def _fields(body: bytes, names: tuple[str, ...]) -> Mapping[str, str] | Refusal:
    """The fields of a form or of a JSON object; refuses with ``hook_unreadable`` where one is missing or no text."""
    found: Any
    try:
        found = orjson.loads(body) if body.lstrip()[:1] == b"{" else _form(body.decode())
    except ValueError:
        found = {}
    given = {name: found.get(name) for name in (*names, "id", "to", "channel")}
    if any(not isinstance(given[name], str) or "\0" in given[name] for name in names):
        return Refusal(HOOK_UNREADABLE, {"fields": list(names)})
    return {name: text for name, text in given.items() if isinstance(text, str)}


def _form(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _report_phone(report: PhoneReport, number: str, means: Means, language: str) -> str:
    """Report for a phone, whose number is kept nowhere; what the phone is told."""
    now = timezone.now()
    finding = gather_finding_of_place(report.product, report.economy, report.text)
    if isinstance(finding, Refusal):
        return refusal_text(finding, language)
    # The limit of visitors knows the phone by a digest that nobody without the key of the installation can make.
    client = salted_hmac("ewtp.phone", number, algorithm="sha256").hexdigest()
    made = barrier_report(
        finding=finding, text=report.text, language="", means=means, actor=VISITOR, client=client, now=now
    )
    if isinstance(made, Refusal):
        return refusal_text(made, language)
    open_barriers_forget()
    kept = barrier_number(made.id)
    return receipt_text(kept, f"{_site()}{reverse('barrier', args=[kept])}", language)


def _site() -> str:
    """The address of the site in as few characters as a phone's browser needs."""
    given = load_configuration()
    return given.hosts[0] if given.hosts else f"127.0.0.1:{given.port}"


@router.post(
    "/hooks/sms/{convention}",
    operation_id="hook_sms",
    summary="A text message that reports a barrier",
    openapi_extra=_describe_route(
        "PhoneMessage", {"from": "+233200000000", "text": "GH 610910 Two offices ask for one paper."}
    ),
)
@needs(Scope.WRITE, visitors=True)
def sms(
    request: HttpRequest,
    convention: PathEx[str, P(description="`kannel` or `rapidpro`.", example="kannel")],
) -> HttpResponse:
    """Signed by the Standard Webhooks convention, with `from` and `text` as a form or as JSON.

    Kannel sends the answer back to the phone; with RapidPro's convention the receipt leaves through the outbox, and
    the answer is empty. A call that is sent again is answered, and reports nothing again.
    """
    return _sms(request, convention=convention)


@_check_signature
def _sms(request: HttpRequest, *, convention: str) -> HttpResponse:
    given = _fields(request.body, _MESSAGE_FIELDS)
    if isinstance(given, Refusal) or convention not in {KANNEL, RAPIDPRO}:
        return problem(given if isinstance(given, Refusal) else Refusal(HOOK_CLOSED), _status(given))
    with transaction.atomic():
        fresh = inbox_accept(
            source="sms", message_id=request.META["ewtp.webhook"], content=request.body, now=timezone.now()
        )
        if isinstance(fresh, Refusal):
            return problem(fresh, HTTPStatus.CONFLICT)
        if not fresh:
            return HttpResponse("", content_type=_TEXT_TYPE)
        language = sentence_language(given["text"])
        text = _report_phone(read_message(given["text"]), given["from"], Means.SMS, language)
        if convention == RAPIDPRO:
            text_message_enqueue(to=given["from"], text=text, now=timezone.now())
            return HttpResponse("", content_type=_TEXT_TYPE)
    return HttpResponse(text, content_type=_TEXT_TYPE)


def _status(given: object) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(given, Refusal) else HTTPStatus.NOT_FOUND


@router.post(
    "/hooks/ussd",
    operation_id="hook_ussd",
    summary="One step of a phone menu that reports a barrier",
    openapi_extra=_describe_route(
        "PhoneStep", {"sessionId": "ATUid_1", "phoneNumber": "+233200000000", "text": "1*GH"}
    ),
)
@needs(Scope.WRITE, visitors=True)
def ussd(request: HttpRequest) -> HttpResponse:
    """In Africa's Talking's form, signed: `sessionId`, `phoneNumber` and, in `text`, all that was typed, by stars.

    The answer begins with `CON` where the menu continues, and with `END` where it ends.
    """
    return _ussd(request)


@_check_signature
def _ussd(request: HttpRequest) -> HttpResponse:
    given = _fields(request.body, _MENU_FIELDS)
    if isinstance(given, Refusal):
        return problem(given, HTTPStatus.UNPROCESSABLE_ENTITY)
    language, step = menu_step(given["text"])
    if not isinstance(step, PhoneReport):
        return _screen(CONTINUE, step)
    session = given["sessionId"]
    if not 0 < len(session) <= _LONGEST_ID:
        # Else phones whose network names no session would be taken for one that repeats its last step.
        return problem(Refusal(HOOK_UNREADABLE, {"fields": list(_MENU_FIELDS)}), HTTPStatus.UNPROCESSABLE_ENTITY)
    with transaction.atomic():
        # A network that repeats the last step of a session reports nothing again.
        fresh = inbox_accept(source="ussd", message_id=session, content=given["text"].encode(), now=timezone.now())
        if isinstance(fresh, Refusal):
            return problem(fresh, HTTPStatus.CONFLICT)
        return _screen(END, _report_phone(step, given["phoneNumber"], Means.USSD, language) if fresh else "eWTP")


def _screen(kind: str, text: str) -> HttpResponse:
    return HttpResponse(f"{kind} {text}", content_type=_TEXT_TYPE)
