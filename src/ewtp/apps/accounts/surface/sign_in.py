"""What this site asks of django-allauth beyond its settings: limits that hold in every process, and sealed secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_reset
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.dispatch import receiver
from django.forms import ValidationError
from django.shortcuts import resolve_url
from django.utils import timezone

from ewtp.apps.accounts.actions.mail import Mail, mail_enqueue
from ewtp.apps.accounts.actions.rate_limit import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_BROWSER,
    SIGN_IN_BY_NAME,
    SIGN_IN_BY_STRANGER,
    RateLimit,
    rate_limit_consume,
)
from ewtp.apps.accounts.surface.client_address import client_address, client_of
from ewtp.apps.accounts.surface.known_browser import find_known_browser, keep_browser, keep_browser_of_reset
from ewtp.apps.accounts.surface.session_age import begin_session
from ewtp.apps.accounts.surface.sign_in_log import log_refused_sign_in, log_sign_in
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.text_seal import seal_text, unseal_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.accounts.store.models import User


_PURPOSE = "second factors"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types that a checker reads
    """Sign-in with limits by client, account and browser, counted in the database, and mail through the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Enqueue a mail made of allauth's templates; it is sent once the transaction of the request is committed."""
        site = get_current_site(current.request)
        made = self.render_mail(
            template_prefix, email, {"request": current.request, "email": email, "current_site": site, **context}
        )
        mail_enqueue(mail=Mail(email, made.subject, made.body), now=timezone.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; ValidationError where there were too many.

        In a browser where somebody signed in to the account before, only the attempts made there count.
        """
        now = timezone.now()
        name = str(credentials.get("email") or credentials.get("username") or "").casefold()
        for limit, who in _limits_of(request, name):
            refusal = rate_limit_consume(limit=limit, who=who, now=now)
            if isinstance(refusal, Refusal):
                log_refused_sign_in(request, name, "too many attempts")
                raise ValidationError(self.error_messages["too_many_login_attempts"])
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log the attempt."""
        log_refused_sign_in(request, str(credentials.get("email") or credentials.get("username") or ""), "password")

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """Begin the session, and let the browser be known from now on as one where the account's owner signed in."""
        response: HttpResponse = super().post_login(request, user, **given)
        keep_browser(request, response, user.email)
        begin_session(request, user)
        log_sign_in(request, user)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that sessions are listed with, and by whose network of 64 bits allauth counts attempts."""
        return client_address(request)

    def get_login_redirect_url(self, _request: HttpRequest) -> str:
        """Whoever signs in acts for an organisation next."""
        return resolve_url("organisations")


def _limits_of(request: HttpRequest, name: str) -> tuple[tuple[RateLimit, str], ...]:
    """The limits that an attempt to sign in to the account of that address counts against, each with who is counted."""
    browser = find_known_browser(request, name)
    if browser is not None:
        return ((SIGN_IN_BY_BROWSER, browser),)
    client = client_of(request)
    return (SIGN_IN_BY_ADDRESS, client), (SIGN_IN_BY_STRANGER, f"{client} {name}"), (SIGN_IN_BY_NAME, name)


@receiver(password_reset)
def note_reset(request: HttpRequest, user: User, **_given: Any) -> None:
    """Whoever reset the password was mailed the way to it, and strangers' attempts do not keep them out."""
    keep_browser_of_reset(request, user.email)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # likewise
    """Seals the secrets of one-time codes with the key of the installation, so that a copied database has none."""

    def encrypt(self, text: str) -> str:
        """The text sealed."""
        return seal_text(text, purpose=_PURPOSE, key=settings.SECRET_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        """The text that was sealed."""
        return unseal_text(encrypted_text, purpose=_PURPOSE, key=settings.SECRET_KEY)
