"""Limits hold across processes, end with their window, and know nobody."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import serializers
from django.db import connection

from ewtp.apps.accounts.actions.rate_limit import (
    RateLimit,
    rate_counts_expire,
    rate_limit_consume,
    rate_limit_reached,
)
from ewtp.apps.accounts.store.models import RateCount

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
LIMIT = RateLimit("test", 3, timedelta(minutes=10))


def tried(who="192.0.2.1", now=NOW):
    return rate_limit_consume(limit=LIMIT, who=who, now=now)


@pytest.mark.django_db
def test_one_too_many_is_refused_until_the_window_ends():
    assert [tried() for _ in range(3)] == [None] * 3
    refusal = tried(now=NOW + timedelta(minutes=4))
    assert refusal is not None
    assert (refusal.code, refusal.params, refusal.details) == (
        "rate_exceeded",
        {"seconds": 360},
        (("retry_after", 360),),
    )
    assert tried(who="192.0.2.2") is None
    assert tried(now=NOW + timedelta(minutes=10)) is None


@pytest.mark.django_db
def test_asking_counts_nothing():
    for _ in range(5):
        assert rate_limit_reached(limit=LIMIT, who="a", now=NOW) is None
    for _ in range(3):
        tried("a")
    assert rate_limit_reached(limit=LIMIT, who="a", now=NOW) is not None
    assert rate_limit_reached(limit=LIMIT, who="a", now=NOW + timedelta(minutes=10)) is None


@pytest.mark.django_db
def test_nobody_is_named_and_what_is_over_is_removed():
    tried("192.0.2.77")
    assert "192.0.2.77" not in serializers.serialize("json", RateCount.objects.all())
    assert rate_counts_expire(now=NOW + timedelta(hours=23)) == 0
    assert rate_counts_expire(now=NOW + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_time_are_all_counted():
    refused: list[Refusal | None] = []

    def try_often():
        refused.extend(tried("many") for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=try_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each is None for each in refused) == LIMIT.most
