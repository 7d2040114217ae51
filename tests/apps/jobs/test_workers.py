"""Several workers share the outbox, and a connection that ends takes nothing with it."""

from __future__ import annotations

from threading import Event, Thread

import psycopg
import pytest
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from ewtp.apps.jobs.actions.handlers import Handler
from ewtp.apps.jobs.actions.outbox import Drained, messages_enqueue, outbox_drain
from ewtp.apps.jobs.actions.timers import timer_set, timers_fire
from ewtp.apps.jobs.store.models import OutboxMessage
from tests.apps.batches.batch_lines import environment

pytestmark = pytest.mark.django_db(transaction=True)


def drain(handle, batch=2):
    return outbox_drain(topic="tea", handler=Handler(handle, batch), now=timezone.now(), chance=lambda: 1.0)


def test_workers_skip_what_another_has_claimed():
    messages_enqueue(topic="tea", payloads=[{"n": number} for number in range(4)], now=timezone.now())
    timer_set(key="t", topic="tea", payload={"n": 4}, due=timezone.now(), now=timezone.now())
    first, second, begun, go_on = [], [], Event(), Event()

    def handle(delivery, _):
        first.append(delivery.payload["n"])
        begun.set()
        assert go_on.wait(10)

    def other():
        drain(handle)
        connection.close()

    thread = Thread(target=other)
    thread.start()
    assert begun.wait(10)
    try:
        assert drain(lambda delivery, _: second.append(delivery.payload["n"])) == Drained(2, 0)
        assert drain(lambda *_: None) == Drained(0, 0)
        assert [timers_fire(now=timezone.now(), limit=5) for _ in range(2)] == [1, 0]
    finally:
        go_on.set()
        thread.join(10)
    assert (first, second) == ([0, 1], [2, 3])
    assert drain(lambda delivery, _: second.append(delivery.payload["n"])) == Drained(1, 0)
    assert not OutboxMessage.objects.exists()


def test_a_connection_that_ends_in_a_handler_leaves_the_batch_as_it_was(tmp_path):
    messages_enqueue(topic="tea", payloads=[{}, {}], now=timezone.now())
    handled = []

    def handle(delivery, _):
        handled.append(delivery)
        if len(handled) == 2:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend = cursor.fetchone()[0]
            with psycopg.connect(environment(tmp_path)["DATABASE_URL"]) as operator:
                operator.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
            OutboxMessage.objects.count()

    with pytest.raises((OperationalError, InterfaceError)):
        drain(handle)
    connection.close()
    assert [(row.attempts, row.reason) for row in OutboxMessage.objects.all()] == [(0, None), (0, None)]
    assert drain(lambda *_: None) == Drained(2, 0)
