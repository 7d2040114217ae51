"""What this site asks of django-allauth beyond its settings: limits that hold in every process, and sealed secrets."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.forms import ValidationError
from django.shortcuts import resolve_url
from django.utils import timezone

from ewtp.apps.accounts.actions.rate_limit import SIGN_IN_BY_ADDRESS, SIGN_IN_BY_NAME, rate_limit_consume
from ewtp.apps.accounts.surface.client_address import client_address
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types that a checker reads
    """Sign-in with a limit by address and by account, counted in the database."""

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
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text that was sealed."""
        return _sealer().decrypt(encrypted_text.encode()).decode()


def _sealer() -> Fernet:
    key = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
