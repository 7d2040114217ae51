"""Behind HTTPS no cookie travels over a plain connection, and browsers are told to use none."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

COOKIES = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
PROGRAM = f"""
import json
from ewtp.web import settings
print(json.dumps([getattr(settings, name) for name in {(*COOKIES, "SECURE_HSTS_SECONDS")}]))
"""


@pytest.mark.parametrize(("given", "secure"), [("1", True), ("", False)])
def test_every_cookie_is_for_https_alone(given: str, secure: bool, tmp_path):  # noqa: FBT001 - a case of a test
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "EWTP_HTTPS": given, "EWTP_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    *cookies, seconds = json.loads(done.stdout)
    assert cookies == [secure] * len(COOKIES)
    assert (seconds >= 31_536_000) is secure
