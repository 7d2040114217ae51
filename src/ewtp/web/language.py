"""The reader's choice of a language, kept in a cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ewtp.apps.http.surface.language_cookie import keep_language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

# Pages whose form may be sent along; each fills it in from its address.
_PAGES_WITH_FORM = frozenset({"ask", "markets"})
_OF_OURS = frozenset({"language", "next", "csrfmiddlewaretoken"})


@csrf_exempt
@require_POST
def language_choose(request: HttpRequest) -> HttpResponse:
    """Set the language and redirect to ``next``, an address of this site.

    The menu is on every page, and a token in it would make every page its reader's own. So the origin of the request
    decides instead: from another site nothing is set.
    """
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        address = "/"
    return _keep_choice(request.POST, address) if _is_from_here(request) else _redirect_to(address)


@csrf_exempt
@require_POST
def language_of_form(request: HttpRequest, page: str) -> HttpResponse:
    """Set the language and redirect to the page with the fields of its form in the query.

    A form that asks by GET has no CSRF token either, which would appear in its addresses.
    """
    if page not in _PAGES_WITH_FORM:
        message = "no page of this name has a form"
        raise Http404(message)
    typed = [(name, text) for name, texts in request.POST.lists() if name not in _OF_OURS for text in texts]
    address = f"{reverse(page)}?{urlencode(typed)}"
    return _keep_choice(request.POST, address) if _is_from_here(request) else _redirect_to(address)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the request; browsers name its origin, old ones its address."""
    sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    here = f"{request.scheme}://{request.get_host()}"
    return f"{sender.scheme}://{sender.netloc}" in {here, *settings.CSRF_TRUSTED_ORIGINS}


def _redirect_to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _keep_choice(fields: QueryDict, address: str) -> HttpResponse:
    response = _redirect_to(address)
    keep_language(response, fields.get("language", ""))
    return response
