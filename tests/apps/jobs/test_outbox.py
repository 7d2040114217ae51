"""Messages are delivered once each, in order, whatever fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from ewtp.apps.jobs.actions.handlers import Handler
from ewtp.apps.jobs.actions.inbox import inbox_accept, inbox_expire
from ewtp.apps.jobs.actions.outbox import Drained, message_discard, message_revive, messages_enqueue, outbox_drain
from ewtp.apps.jobs.reading.backlog import dead_messages, find_unhandled_topics, outbox_backlog, topics_due
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.core.jobs.message import MOST_ATTEMPTS
from ewtp.core.jobs.sentences import MESSAGE_NOT_DEAD, MESSAGE_NOT_WAITING, MESSAGE_UNKNOWN
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = timedelta(hours=1)


def drain(handle, now=NOW, batch=50):
    return outbox_drain(topic="tea", handler=Handler(handle, batch), now=now, chance=lambda: 1.0)


def test_messages_arrive_in_the_order_in_which_they_became_due():
    last = messages_enqueue(topic="tea", payloads=[{"leaf": 3}], now=NOW, due=NOW + LATER)
    first = messages_enqueue(topic="tea", payloads=[{"leaf": 1}, {"leaf": 2}], now=NOW)
    messages_enqueue(topic="coffee", payloads=[{}], now=NOW)
    arrived = []
    assert drain(lambda delivery, _: arrived.append(delivery)) == Drained(2, 0)
    assert [(each.message_id, each.payload) for each in arrived] == list(
        zip(first, [{"leaf": 1}, {"leaf": 2}], strict=True)
    )
    assert drain(lambda delivery, _: arrived.append(delivery)) == Drained(0, 0)
    assert drain(lambda delivery, _: arrived.append(delivery), NOW + LATER) == Drained(1, 0)
    assert arrived[-1].message_id == last[0]
    assert outbox_backlog().waiting == 1
    assert find_unhandled_topics(["tea"]) == ("coffee",)
    assert find_unhandled_topics(["coffee", "tea"]) == ()


def test_a_worker_learns_which_topics_have_a_message_due_from_one_statement(django_assert_num_queries):
    messages_enqueue(topic="tea", payloads=[{}] * 2, now=NOW)
    messages_enqueue(topic="milk", payloads=[{}], now=NOW, due=NOW + LATER)
    with django_assert_num_queries(1):
        assert topics_due(("milk", "coffee", "tea"), NOW) == ["tea"]
    assert topics_due(("milk", "coffee", "tea"), NOW + LATER) == ["milk", "tea"]
    assert topics_due((), NOW) == []


def test_a_batch_has_a_size():
    messages_enqueue(topic="tea", payloads=[{}] * 5, now=NOW)
    assert [drain(lambda *_: None, batch=2) for _ in range(4)] == [
        Drained(2, 0),
        Drained(2, 0),
        Drained(1, 0),
        Drained(0, 0),
    ]


def test_what_a_failed_handler_wrote_is_undone_and_its_neighbours_arrive():
    messages_enqueue(topic="tea", payloads=[{"does": word} for word in ("good", "raises", "refuses", "good")], now=NOW)

    def handle(delivery, now):
        word = delivery.payload["does"]
        inbox_accept(source=word, message_id=str(delivery.message_id), content=b"", now=now)
        if word == "raises":
            raise KeyError(word)
        return Refusal(MESSAGE_NOT_WAITING) if word == "refuses" else None

    assert drain(handle) == Drained(2, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT source FROM jobs_inboxmessage")
        assert cursor.fetchall() == [("good",)]
    left = OutboxMessage.objects.order_by("id")
    assert [(row.payload["does"], row.attempts, (row.reason or {})["code"]) for row in left] == [
        ("raises", 1, "handler_failed"),
        ("refuses", 1, "message_not_waiting"),
    ]
    # Neither is due again at once.
    assert drain(handle) == Drained(0, 0)
    assert outbox_backlog().oldest_due == NOW + timedelta(seconds=1)


def test_a_message_given_up_is_listed_with_its_reason_and_tried_again_on_request():
    (key,) = messages_enqueue(topic="tea", payloads=[{}], now=NOW)
    assert message_revive(message_id=key, actor=OPERATOR, now=NOW) == Refusal(MESSAGE_NOT_DEAD)
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        assert drain(lambda *_: Refusal(MESSAGE_NOT_WAITING), now) == Drained(0, 1)
        now += timedelta(hours=2)
    assert drain(lambda *_: None, now) == Drained(0, 0)
    (dead,) = dead_messages(limit=10)
    assert (dead.message_id, dead.topic, dead.attempts) == (key, "tea", MOST_ATTEMPTS)
    assert dead.as_json()["reason"]["code"] == "message_not_waiting"
    backlog = outbox_backlog()
    assert (backlog.waiting, backlog.dead, backlog.oldest_due) == (0, 1, None)
    assert message_revive(message_id=key, actor=OPERATOR, now=now) is None
    assert outbox_backlog().dead == 0
    assert drain(lambda *_: None, now) == Drained(1, 0)
    assert message_revive(message_id=key, actor=OPERATOR, now=now) == Refusal(MESSAGE_UNKNOWN)


def test_a_message_given_up_can_be_discarded():
    (key,) = messages_enqueue(topic="tea", payloads=[{}], now=NOW)
    assert message_discard(message_id=key, actor=OPERATOR, now=NOW) == Refusal(MESSAGE_NOT_DEAD)
    OutboxMessage.objects.update(next_try=None, reason={"code": "x", "message": "X."})
    assert message_discard(message_id=key, actor=OPERATOR, now=NOW) is None
    assert not OutboxMessage.objects.exists()
    assert message_discard(message_id=key, actor=OPERATOR, now=NOW) == Refusal(MESSAGE_UNKNOWN)


def test_an_action_that_is_undone_sends_nothing():
    with transaction.atomic():
        messages_enqueue(topic="tea", payloads=[{}], now=NOW)
        transaction.set_rollback(True)
    assert outbox_backlog().waiting == 0


def test_nothing_is_given_up_without_a_reason():
    (key,) = messages_enqueue(topic="tea", payloads=[{}], now=NOW)
    with pytest.raises(IntegrityError, match="outbox_dead_reason"):
        OutboxMessage.objects.filter(message_id=key).update(next_try=None)


# The inbox


def test_a_repeat_is_recognised_and_changed_content_is_refused():
    def accept(content):
        return inbox_accept(source="agency", message_id="7", content=content, now=NOW)

    assert accept(b"yes") is True
    assert accept(b"yes") is False
    assert accept(b"no").code == "inbox_message_changed"
    assert inbox_accept(source="another", message_id="7", content=b"no", now=NOW) is True


def test_old_messages_are_forgotten():
    for number in range(3):
        inbox_accept(source="agency", message_id=str(number), content=b"", now=NOW + number * LATER)
    assert inbox_expire(before=NOW + 2 * LATER, limit=1) == 1
    assert inbox_expire(before=NOW + 2 * LATER, limit=10) == 1
    assert inbox_accept(source="agency", message_id="2", content=b"", now=NOW) is False
    assert inbox_accept(source="agency", message_id="0", content=b"", now=NOW) is True
