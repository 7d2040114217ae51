"""Behind HTTPS no cookie travels over a plain connection or comes from another host, and browsers use no other way."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from ewtp.web import settings as shipped

pytestmark = pytest.mark.slow

COOKIES = ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE")
PROGRAM = f"""
import json
from ewtp.web.django_setup import *
import django
django.setup()
from django.conf import settings
from ewtp.apps.accounts.surface.known_browser import COOKIE
from ewtp.web.message_storage import HostCookieStorage
names = [getattr(settings, name + "_NAME") for name in {COOKIES}]
values = [[getattr(settings, name + part) for part in ("_SECURE", "_HTTPONLY", "_SAMESITE")] for name in {COOKIES}]
hsts = settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
print(json.dumps([[*names, COOKIE, HostCookieStorage.cookie_name], values, hsts]))
"""


@pytest.mark.parametrize(("given", "secure"), [("1", True), ("", False)])
def test_every_cookie_is_for_https_and_this_host_alone(given: str, secure: bool, tmp_path):  # noqa: FBT001 - a case of a test
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "EWTP_HTTPS": given,
            "EWTP_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "ewtp.web.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    names, cookies, (seconds, subdomains) = json.loads(done.stdout)
    assert [name.startswith("__Host-") for name in names] == [secure] * 5
    assert cookies == [[secure, True, "Lax"]] * len(COOKIES)
    assert (seconds >= 31_536_000, subdomains) == (secure, secure)


def test_passwords_are_hashed_so_that_guesses_are_slow():
    """As often as OWASP's cheat sheet on password storage asks of PBKDF2 with SHA-256, which is Django's own choice."""
    assert not hasattr(shipped, "PASSWORD_HASHERS")
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert (PBKDF2PasswordHasher.algorithm, PBKDF2PasswordHasher.iterations >= 600_000) == ("pbkdf2_sha256", True)
