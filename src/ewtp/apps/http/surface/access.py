"""Whether a route lets a caller in: every route declares the scope that it needs."""

from __future__ import annotations

import logging
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from ninja.decorators import decorate_view

from ewtp.apps.accounts.reading.sentences import RATE_EXCEEDED
from ewtp.apps.http.surface.callers import ANONYMOUS, Caller, caller_of
from ewtp.apps.http.surface.problems import problem
from ewtp.apps.http.surface.sentences import SCOPE_MISSING, TOKEN_MISSING, TOKEN_WITHOUT_ORGANISATION
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.accounts.reading.scopes import Scope
    from ewtp.core.values.actor import Actor

_ADMITTED = "ewtp.caller"
_REFUSAL_LOGGED = "ewtp.refusal_logged"
_LOG = logging.getLogger("ewtp.security")


class View(Protocol):
    """A view with what it declares: the ``needed_scope`` (None where it looks at no token), and whether it is ``own``.

    A route that is ``own`` shows or changes what belongs to the caller's organisation; the operator may name any. One
    for ``visitors`` lets callers without a token in, whatever its scope.
    """

    needed_scope: Scope | None
    own: bool
    visitors: bool

    def __call__(self, request: HttpRequest, **parameters: Any) -> HttpResponse:
        """Answer the request."""


def needs(
    scope: Scope | None, *, own: bool = False, visitors: bool = False
) -> Callable[[Callable[..., HttpResponse]], View]:
    """Declare the scope that a route needs, and refuse every caller without it before the route is reached.

    A route that is ``own`` also refuses callers without a token, and tokens that act for no organisation. One for
    ``visitors`` takes callers without a token as well; a token that is sent still needs the scope.

    A token opens what its scopes name and nothing else, not even what is open without a token, so that a token made
    for one job cannot do another. None declares that the route looks at no token.
    """

    def decorate(view: Any) -> View:
        view.needed_scope = scope
        view.own = own
        view.visitors = visitors
        guarded = None if scope is None else _guard(scope, own=own, visitors=visitors)
        declared: View = view if guarded is None else decorate_view(guarded)(view)
        return declared

    return decorate


def admit_caller(request: HttpRequest) -> Caller:
    """The caller whom the route's declaration let in; there is none where the route needs no scope."""
    caller: Caller = request.META[_ADMITTED]
    return caller


def caller_name(request: HttpRequest) -> str:
    """Who asked, as logs name people and programs: a token by its prefix, a person by its identifier."""
    caller: Caller | None = request.META.get(_ADMITTED)
    if caller is not None:
        return caller.actor
    user = getattr(request, "user", None)
    return str(user.person) if user is not None and user.is_authenticated else ANONYMOUS


def is_refusal_logged(request: HttpRequest) -> bool:
    """Whether a route's guard refused the request, which it has logged with the reason."""
    return _REFUSAL_LOGGED in request.META


def find_acting_caller(request: HttpRequest) -> Actor:
    """Who acts in a route that is ``own``; ValueError in another."""
    acting = admit_caller(request).acting
    if acting is None:
        msg = "the route does not declare that it needs an organisation"
        raise ValueError(msg)
    return acting


def _guard(
    scope: Scope, *, own: bool, visitors: bool
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    def guard(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(run)
        def check_caller(request: HttpRequest, **parameters: Any) -> HttpResponse:
            caller = caller_of(request)
            if isinstance(caller, Refusal):
                exceeded = caller.code == RATE_EXCEEDED.code
                status = HTTPStatus.TOO_MANY_REQUESTS if exceeded else HTTPStatus.UNAUTHORIZED
                return _refuse_caller(request, ANONYMOUS, status, caller)
            if visitors and caller.actor == ANONYMOUS:
                request.META[_ADMITTED] = caller
                return run(request, **parameters)
            if scope not in caller.scopes or (own and caller.acting is None):
                return _refuse_caller(request, caller.actor, *_unmet(scope, caller))
            if own and caller.acting is not None and not (caller.acting.on_behalf_of or caller.acting.is_operator):
                return _refuse_caller(request, caller.actor, HTTPStatus.FORBIDDEN, Refusal(TOKEN_WITHOUT_ORGANISATION))
            request.META[_ADMITTED] = caller
            return run(request, **parameters)

        return check_caller

    return guard


def _unmet(scope: Scope, caller: Caller) -> tuple[HTTPStatus, Refusal]:
    """What a caller without the scope is told: to send a token, or which scope the one that was sent lacks."""
    if caller.actor == ANONYMOUS:
        return HTTPStatus.UNAUTHORIZED, Refusal(TOKEN_MISSING, {"scope": scope}, details=(("scope", scope),))
    held = sorted(caller.scopes)
    return HTTPStatus.FORBIDDEN, Refusal(
        SCOPE_MISSING,
        {"scope": scope, "held": [*held]},
        details=(("scope", scope), ("scopes", held)),
    )


def _refuse_caller(request: HttpRequest, actor: str, status: HTTPStatus, refusal: Refusal) -> HttpResponse:
    """The problem document for a caller who is kept out, with the header that tells a client how to prove who it is.

    The header follows RFC 9110, 11.6.1, and RFC 6750, 3.1. The log gets neither the secret that was sent nor the
    address of the caller.
    """
    _LOG.warning("%s %s refused to %s: %s", request.method, request.path, actor, refusal.code)
    request.META[_REFUSAL_LOGGED] = True
    response = problem(refusal, status)
    details = dict(refusal.details)
    scope = details.get("scope")
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        # RFC 6585, 4.
        response.headers["Retry-After"] = str(details["retry_after"])
    elif scope is not None:
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    return response
