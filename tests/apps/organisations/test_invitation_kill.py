"""An invitation, its mail and its end survive a kill between any two steps: each happens once."""

from __future__ import annotations

from collections import Counter

import pytest

from ewtp.apps.jobs.store.models import InboxMessage, OutboxMessage, Timer
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.organisations.reading.organisation_list import organisations_page
from tests.actors import OPERATOR
from tests.apps.jobs.test_worker_kill import steps_of

pytestmark = pytest.mark.server
# The rows, event, timer and mail of the invitation; the removal of the mail, the timer and the invitation; the commits.
FEWEST_STEPS = 15


@pytest.mark.django_db(transaction=True)
def test_an_invitation_killed_at_every_step_is_made_mailed_and_ended_once(tmp_path):
    killed = steps_of("tests.apps.organisations.killed_invitation", tmp_path)
    assert killed >= FEWEST_STEPS
    made, _ = organisations_page(OPERATOR, after=0, limit=1_000)
    assert len(made) == killed + 1
    for each in made:
        kinds = Counter(event.kind for event in events_about(each.id, source="organisations:invitation"))
        assert kinds == {"organisations:invitation:made": 1, "organisations:invitation:expired": 1}, each.name
        assert each.invitations == ()
    assert Counter(InboxMessage.objects.values_list("source", flat=True)) == {each.id: 1 for each in made}
    assert not OutboxMessage.objects.exists()
    assert not Timer.objects.exists()
