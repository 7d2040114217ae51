"""Mail goes to the server that is named, or into files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from ewtp.gateways.mail.mail_server import MailServer, mail_settings, read_mail_server


def test_a_server_with_its_login():
    server = read_mail_server("smtp+tls://me%40example.org:p%3Ass@mail.example:2525")
    assert server == MailServer("smtp+tls", "mail.example", 2525, "me@example.org", "p:ss")
    given = mail_settings("smtps://mail.example", Path("/srv"))
    assert (given["EMAIL_PORT"], given["EMAIL_USE_SSL"], given["EMAIL_USE_TLS"]) == (465, True, False)


def test_without_a_server_mails_are_files():
    assert mail_settings("", Path("/srv"))["EMAIL_FILE_PATH"] == "/srv/mail"


def test_mails_that_are_files_are_for_their_owner_alone(tmp_path, settings):
    given = mail_settings("", tmp_path)
    folder = Path(given["EMAIL_FILE_PATH"])
    # As an earlier version made it.
    folder.mkdir()
    folder.chmod(0o755)
    settings.EMAIL_FILE_PATH = str(folder)
    mask = os.umask(0)
    try:
        with get_connection(given["EMAIL_BACKEND"]) as connection:
            for code in ("ABC-123", "DEF-456"):
                EmailMessage("A code", code, "a@example.org", ["b@example.org"], connection=connection).send()
    finally:
        os.umask(mask)
    (file,) = folder.iterdir()
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
    assert all(code in file.read_text() for code in ("ABC-123", "DEF-456"))


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_what_is_no_server(url):
    with pytest.raises(ValueError, match=r"."):
        read_mail_server(url)
