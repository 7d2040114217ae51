"""``ewtp organisation`` and ``ewtp operator``: what whoever has a shell on the server does without the pages."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ewtp.apps.accounts.store.models import User
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.web.command_line.main import main
from tests.second_factor import give_second_factor
from tests.sent_mail import sent_mails

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("small_rulebook")


def run(*words: str) -> Any:
    ran = CliRunner().invoke(main, [*words, "--json"])
    assert ran.exit_code in {0, 2}, ran.output
    return json.loads(ran.output)


def said(*words: str) -> str:
    ran = CliRunner().invoke(main, list(words))
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_an_organisation_from_its_registration_to_its_history(tmp_path: Path) -> None:
    made = run("organisation", "create", "Amina Textiles", "--kind", "firm", "--economy", "KE")
    identity = made["id"]
    assert run("organisation", "list") == [run("organisation", "show", identity)] == [made]
    invited = run("organisation", "invite", identity, "ann@example.org")
    # No mail server is configured: whoever ran the command passes the secret on, and the mail is there as well.
    assert (invited["role"], len(invited["secret"])) == ("owner", 43)
    (mailed,) = sent_mails()
    assert (mailed.to, mailed.subject) == (["ann@example.org"], "eWTP: You are invited to act for Amina Textiles")
    assert f"http://127.0.0.1:8000/invitations/{invited['secret']}\n" in str(mailed.body)
    members = run("organisation", "members", identity)
    assert [each["email"] for each in members["invitations"]] == ["ann@example.org"]
    (tmp_path / "extract.pdf").write_bytes(b"extract")
    how = ["--evidence", "Extract", "--file", str(tmp_path / "extract.pdf"), "--until", "2099-01-31"]
    stated = run("organisation", "verify", identity, *how)
    assert stated["sha256"] == hashlib.sha256(b"extract").hexdigest()
    assert (stated["subject"], stated["until"], stated["ended"]) == ("identity", "2099-01-31", None)
    ended = run("organisation", "revoke", stated["id"], "--reason", "An error.")
    assert (ended["id"], ended["reason"]) == (stated["id"], "An error.")
    history = run("organisation", "history", identity)
    assert [each["kind"].removeprefix("organisations:") for each in history] == [
        "organisation:registered",
        "invitation:made",
        "verification:stated",
        "verification:revoked",
    ]
    assert all(each["actor"].startswith("system:shell:") for each in history)
    assert "digest" not in history[1]["facts"]["invitation"]


def test_with_a_mail_server_the_secret_goes_by_mail_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = said("organisation", "create", "Amina", "--kind", "firm", "--economy", "KE").strip()
    monkeypatch.setenv("EWTP_SMTP", "smtp://mail.example")
    monkeypatch.setenv("EWTP_HOSTS", "trade.example")
    monkeypatch.setenv("EWTP_HTTPS", "1")
    assert run("organisation", "invite", identity, "ann@example.org")["secret"] is None
    assert "https://trade.example/invitations/" in str(sent_mails()[-1].body)
    monkeypatch.setenv("EWTP_ORIGINS", "https://www.trade.example/")
    assert said("organisation", "invite", identity, "bo@example.org") == (
        "The invitation is on its way to bo@example.org.\n"
    )
    assert "https://www.trade.example/invitations/" in str(sent_mails()[-1].body)


def test_people_read_lines() -> None:
    identity = said("organisation", "create", "Amina", "--kind", "firm", "--economy", "KE").strip()
    assert said("organisation", "list") == f"{identity}  firm  KE  Amina\n"
    assert said("organisation", "invite", identity, "ann@example.org", "--role", "viewer").startswith("/invitations/")
    assert said("organisation", "members", identity).startswith("ann@example.org  viewer, invited until 2")
    stated = said("organisation", "verify", identity, "--evidence", "x", "--sha256", "a" * 64, "--until", "2099-01-31")
    assert "identity by system:shell:" in stated
    shown = said("organisation", "show", identity)
    assert "house         open\n" in shown
    assert f"verification  {stated}" in shown
    assert "organisations:verification:stated  system:shell:" in said("organisation", "history", identity)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "org_none"), "organisation_unknown"),
        (("members", "org_none"), "organisation_unknown"),
        (("history", "org_none"), "organisation_unknown"),
        (("invite", "org_none", "a@example.org"), "organisation_unknown"),
        (("create", " ", "--kind", "firm", "--economy", "KE"), "organisation_name_invalid"),
        (("revoke", "ver_none", "--reason", "x"), "verification_unknown"),
        (("verify", "org_none", "--evidence", "x", "--until", "2099-01-31"), "organisation_unknown"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], code: str) -> None:
    assert run("organisation", *words)["error"]["code"] == code


def test_an_operator_is_made_and_unmade_on_the_server() -> None:
    user = User.objects.create_user(username="ann", email="ann@example.org")
    assert run("operator", "grant", "nobody@example.org")["error"]["code"] == "person_unknown"
    assert run("operator", "grant", "ann@example.org")["error"]["code"] == "second_factor_missing"
    give_second_factor(user)
    for _ in range(2):
        assert run("operator", "grant", "Ann@example.org") == {"person": user.person, "operates": True}
    assert run("operator", "list") == [{"person": user.person, "email": "ann@example.org"}]
    assert said("operator", "list") == f"{user.person}  ann@example.org\n"
    assert "no longer operates" in said("operator", "revoke", "ann@example.org")
    assert run("operator", "list") == []
    kinds = [each.kind for each in events_about(user.person)]
    assert kinds == ["accounts:operator:granted", "accounts:operator:revoked"]


def test_sessions_of_somebody_are_ended_on_the_server() -> None:
    user = User.objects.create_user(username="ann", email="ann@example.org")
    assert run("operator", "end-sessions", "nobody@example.org")["error"]["code"] == "person_unknown"
    assert run("operator", "end-sessions", "ann@example.org") == {"person": user.person, "count": 0}
    assert said("operator", "end-sessions", "ann@example.org") == f"0 sessions of {user.person} were ended.\n"
