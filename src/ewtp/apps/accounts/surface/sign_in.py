"""What this site asks of django-allauth beyond its settings: limits that hold in every process, and sealed secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.forms import ValidationError
from django.shortcuts import resolve_url
from django.utils import timezone

from ewtp.apps.accounts.actions.mail import Mail, mail_enqueue
from ewtp.apps.accounts.actions.rate_limit import SIGN_IN_BY_ADDRESS, SIGN_IN_BY_NAME, rate_limit_consume
from ewtp.apps.accounts.surface.client_address import client_address
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.sealed_text import seal_text, unseal_text

if TYPE_CHECKING:
    from django.http import HttpRequest


_PURPOSE = "second factors"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types that a checker reads
    """Sign-in with a limit by address and by account, counted in the database, and mail through the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Enqueue a mail made of allauth's templates; it is sent once the transaction of the request is committed."""
        site = get_current_site(current.request)
        made = self.render_mail(
            template_prefix, email, {"request": current.request, "email": email, "current_site": site, **context}
        )
        mail_enqueue(mail=Mail(email, made.subject, made.body), now=timezone.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; ValidationError where there were too many."""
        now = timezone.now()
        name = str(credentials.get("email") or credentials.get("username") or "").casefold()
        for limit, who in ((SIGN_IN_BY_ADDRESS, client_address(request)), (SIGN_IN_BY_NAME, name)):
            refusal = rate_limit_consume(limit=limit, who=who, now=now)
            if isinstance(refusal, Refusal):
                raise ValidationError(self.error_messages["too_many_login_attempts"])
        super().pre_authenticate(request, **credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits and sessions go by."""
        return client_address(request)

    def get_login_redirect_url(self, _request: HttpRequest) -> str:
        """Whoever signs in acts for an organisation next."""
        return resolve_url("organisations")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # likewise
    """Seals the secrets of one-time codes with the key of the installation, so that a copied database has none."""

    def encrypt(self, text: str) -> str:
        """The text sealed."""
        return seal_text(text, purpose=_PURPOSE, key=settings.SECRET_KEY)

    def decrypt(self, encrypted_text: str) -> str:
        """The text that was sealed."""
        return unseal_text(encrypted_text, purpose=_PURPOSE, key=settings.SECRET_KEY)
