"""Mail goes to the server that is named, or into files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewtp.gateways.mail.mail_server import MailServer, mail_settings, read_mail_server


def test_a_server_with_its_login():
    server = read_mail_server("smtp+tls://me%40example.org:p%3Ass@mail.example:2525")
    assert server == MailServer("smtp+tls", "mail.example", 2525, "me@example.org", "p:ss")
    given = mail_settings("smtps://mail.example", Path("/srv"))
    assert (given["EMAIL_PORT"], given["EMAIL_USE_SSL"], given["EMAIL_USE_TLS"]) == (465, True, False)


def test_without_a_server_mails_are_files():
    assert mail_settings("", Path("/srv"))["EMAIL_FILE_PATH"] == "/srv/mail"


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_what_is_no_server(url):
    with pytest.raises(ValueError, match=r"."):
        read_mail_server(url)
