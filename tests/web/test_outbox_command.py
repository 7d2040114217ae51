"""``ewtp outbox``, and what ``ewtp doctor`` reports of it and of the keys."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.log.store.models import PendingEvent
from ewtp.core.jobs.sentences import HANDLER_FAILED, MESSAGE_UNKNOWN
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from ewtp.web.command_line.main import main

pytestmark = pytest.mark.usefixtures("small_rulebook")
REASON = Refusal(HANDLER_FAILED, {"error": "OSError"})


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def dead():
    (message,) = messages_enqueue(topic="prune", payloads=[{"name": "private"}], now=timezone.now())
    OutboxMessage.objects.update(next_try=None, attempts=20, reason=REASON.as_json())
    return str(message)


def noted():
    """The events of messages that wait for their numbers: kind, subject and facts."""
    with system_rows("a test"):
        found = list(PendingEvent.objects.filter(kind__startswith="jobs:").order_by("id"))
    events = [(each, bytes(each.body)) for each in found]
    assert all(b"private" not in body and each.actor.startswith("system:shell:") for each, body in events)
    return [(each.kind, each.subject, json.loads(body)["payload"]) for each, body in events]


def outbox_check():
    checks = json.loads(run("doctor", "--json").output)["checks"]
    return next(check for check in checks if check["name"] == "outbox")


def test_a_message_given_up_is_listed_and_tried_again(dead):
    listed = json.loads(run("outbox", "list", "--json").output)
    assert [(each["id"], each["topic"], each["attempts"], each["reason"]["code"]) for each in listed] == [
        (dead, "prune", 20, "handler_failed")
    ]
    shown = run("outbox", "list").output
    assert f"tried 20 times: {REASON.message} [handler_failed]" in shown
    assert "private" not in shown + json.dumps(listed)
    assert outbox_check()["sound"] is False
    assert run("outbox", "retry", dead).output == f"Message {dead} is tried again.\n"
    assert noted() == [("jobs:message:revived", dead, {"topic": "prune", "attempts": 20, "reason": "handler_failed"})]
    assert run("outbox", "list", "--json").output == "[]\n"
    assert outbox_check() == {
        "name": "outbox",
        "sound": True,
        "warns": False,
        "message": "1 messages wait, and none was given up",
    }
    again = run("outbox", "discard", dead, "--json")
    assert (again.exit_code, json.loads(again.output)["error"]["code"]) == (2, "message_not_dead")
    assert len(noted()) == 1


def test_a_message_given_up_is_discarded(dead):
    assert json.loads(run("outbox", "discard", dead, "--json").output) == {"id": dead}
    assert not OutboxMessage.objects.exists()
    assert [event[:2] for event in noted()] == [("jobs:message:discarded", dead)]
    unknown = run("outbox", "retry", str(uuid4()), "--json")
    assert (unknown.exit_code, json.loads(unknown.output)["error"]["code"]) == (2, "message_unknown")


def test_a_topic_that_no_program_here_knows_is_reported():
    messages_enqueue(topic="of tomorrow", payloads=[{}], now=timezone.now())
    assert outbox_check()["sound"] is False
    assert "of tomorrow" in outbox_check()["message"]


def test_a_key_that_others_can_read_is_reported(tmp_path, monkeypatch):
    def check():
        checks = json.loads(run("doctor", "--json").output)["checks"]
        return next(check for check in checks if check["name"] == "keys")

    monkeypatch.setattr("ewtp.web.command_line.doctor.home_path", lambda: tmp_path)
    monkeypatch.setattr("ewtp.web.command_line.doctor.database_url", lambda _: Refusal(MESSAGE_UNKNOWN))
    assert check()["sound"] is True
    key = tmp_path / "log_key"
    key.write_text("no key")
    key.chmod(0o640)
    assert check() == {
        "name": "keys",
        "sound": False,
        "warns": False,
        "message": f"other accounts can read log_key; run `chmod go= log_key` in {tmp_path}",
    }
    for name in ("mail", "sms"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o755)
    assert (
        check()["message"]
        == f"other accounts can read log_key mail sms; run `chmod go= log_key mail sms` in {tmp_path}"
    )
    for path in (key, tmp_path / "mail", tmp_path / "sms"):
        path.chmod(path.stat().st_mode & 0o700)
    assert (check()["sound"], "log_key" in check()["message"]) == (False, True)
