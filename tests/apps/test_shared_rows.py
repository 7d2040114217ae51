"""Shared rows are written once for the tests that follow one another, and each test finds them as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from ewtp.apps.accounts.store.models import User
from tests.shared_rows import rows_of, shared_rows

if TYPE_CHECKING:
    from pathlib import Path

written: list[int] = []


@shared_rows
def two_people(folder: Path) -> list[int]:
    assert list(folder.iterdir()) == []
    made = [User.objects.create(username=name).pk for name in ("ann", "bo")]
    written.append(len(made))
    return made


@pytest.fixture
def seen(two_people: list[int]) -> list[int]:
    """The rows as a test finds them, before it changes them past every transaction of its own."""
    found = sorted(User.objects.filter(pk__in=two_people).values_list("pk", flat=True))
    with transaction.atomic():
        User.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        assert cursor.fetchone() == (0,)
    return found


@pytest.mark.parametrize("turn", range(3))
def test_a_test_finds_what_was_written_whatever_others_changed(seen: list[int], two_people: list[int], turn: int):
    assert seen == sorted(two_people)
    # Other tests may have come in between.
    assert len(written) <= turn + 1


@pytest.mark.django_db
def test_a_test_of_no_rows_finds_none(request: pytest.FixtureRequest):
    assert rows_of(request.node) is None
    assert not User.objects.exists()


def test_a_test_that_commits_has_the_rows_for_itself(
    transactional_db: None,  # noqa: ARG001 - it commits
    request: pytest.FixtureRequest,
    two_people: list[int],
):
    assert rows_of(request.node) is None
    assert User.objects.filter(pk__in=two_people).count() == 2
