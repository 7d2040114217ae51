"""Which rows a transaction may touch: those of an organisation, those of a person, or all of them for system work.

Tables that belong to organisations have policies of row-level security. They compare with two settings that last as
long as the transaction, so nothing of one request is left on the connection for the next; without a setting no row is
seen. Actions check who acts before; this is the second wall, for a query that forgot.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, transaction

from ewtp.gateways.database.roles import SYSTEM_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.values.actor import Actor

ORGANISATION_SETTING, PERSON_SETTING, CALLER_SETTING = "ewtp.organisation", "ewtp.person", "ewtp.caller"
_CHANGE = "current_setting('{0}', true), set_config('{0}', %s, true)"
_CHANGE_SETTINGS = "SELECT " + ", ".join(map(_CHANGE.format, (ORGANISATION_SETTING, PERSON_SETTING)))
_CHANGE_ROLE = f"{_CHANGE_SETTINGS}, {_CHANGE.format('role')}"


@contextmanager
def own_rows(*, organisation: str = "", person: str = "") -> Iterator[None]:
    """A transaction, or a part of one, that sees the rows of an organisation and of a person's memberships."""
    with _settings(organisation, person, None):
        yield


@contextmanager
def system_rows(purpose: str) -> Iterator[None]:
    """A transaction, or a part of one, in the system's role, which sees all rows.

    ``purpose`` says why the rows of an organisation are not enough; a test lists every place that does this.
    """
    if not purpose:
        msg = "say what the system's role is used for"
        raise ValueError(msg)
    with _settings("", "", SYSTEM_ROLE):
        yield


def see_caller_rows(caller: str) -> None:
    """See what was answered to a caller of the API until the transaction ends, beside what else is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [CALLER_SETTING, caller])


@contextmanager
def rows_for(actor: Actor) -> Iterator[None]:
    """The rows that an actor may touch: everything for the operator, else those of whom the actor acts for."""
    if actor.is_operator:
        with system_rows("the operator sees every organisation"):
            yield
    else:
        with own_rows(organisation=actor.on_behalf_of, person=actor.name):
            yield


@contextmanager
def _settings(organisation: str, person: str, role: str | None) -> Iterator[None]:
    inside_another = connection.in_atomic_block
    with transaction.atomic():
        before = _change(organisation, person, role)
        yield
        # The end of a transaction takes the settings along, and so does the rollback of a savepoint; one that is
        # released keeps them, so they are put back here for the rest of the transaction.
        if inside_another:
            _change(*before)


def _change(organisation: str, person: str, role: str | None) -> tuple[str, str, str | None]:
    """Change the settings of the transaction, and the role where one is given; returns what they were."""
    with connection.cursor() as cursor:
        if role is None:
            cursor.execute(_CHANGE_SETTINGS, [organisation, person])
        else:
            cursor.execute(_CHANGE_ROLE, [organisation, person, role])
        old = cursor.fetchone()
    return old[0] or "", old[2] or "", None if role is None else old[4]
