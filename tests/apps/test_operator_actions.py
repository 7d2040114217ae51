"""What only the operator may do is refused to everybody else, by the action itself and whoever calls it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from ewtp.apps.accounts.actions.operator_grant import operator_set
from ewtp.apps.accounts.actions.tokens import token_create
from ewtp.apps.assessment.actions.assessment import assessment_keep
from ewtp.apps.hubs.actions.hub_imports import hub_import
from ewtp.apps.hubs.actions.hub_keys import hub_key_trust
from ewtp.apps.jobs.actions.outbox import message_discard, message_revive
from ewtp.apps.log.actions.events import event_erase
from ewtp.apps.log.actions.sequencer import log_key_rotate
from ewtp.apps.proposals.actions.outcomes import outcomes_load
from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.updates.actions.source_update import source_update
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.values.actor import Scope
from ewtp.core.values.refusal import Refusal
from tests.actors import person, program

NOW = datetime(2026, 7, 1, tzinfo=UTC)
NOBODY, MEMBER = person("per_1"), program("org_1", Scope.READ, Scope.ADMINISTER)
CITED = ActCited("ZM", "Act 7 of 2026", "Parliament of Zambia", "section 2")
ACTIONS = {
    "adopt": lambda actor: changeset_adopt(changeset=Changeset("", ""), cited=CITED, actor=actor, now=NOW),
    "erase": lambda actor: event_erase(index=1, reason="asked", actor=actor, now=NOW),
    "hub": lambda actor: hub_import(lines=[], key="", actor=actor, now=NOW),
    "hub's key": lambda actor: hub_key_trust(origin="a", key="", reason="", actor=actor, now=NOW),
    "import": lambda actor: rulebook_import(format="x", path=Path("x"), effective=None, actor=actor, now=NOW),
    "rotate": lambda actor: log_key_rotate(actor=actor, now=NOW),
    "seed": lambda actor: seed_load(root=Path("x"), actor=actor, now=NOW),
    "retry": lambda actor: message_revive(message_id=UUID(int=1), actor=actor, now=NOW),
    "discard": lambda actor: message_discard(message_id=UUID(int=1), actor=actor, now=NOW),
    "keep without a limit": lambda actor: assessment_keep(address="a" + 32 * "0", actor=actor, now=NOW),
    "outcomes": lambda actor: outcomes_load(title="t", rows=[], actor=actor, now=NOW),
    "update": lambda actor: source_update(name="usitc-hts", check=True, actor=actor, now=NOW),
    "operator": lambda actor: operator_set(email="a@example.org", operates=True, actor=actor, now=NOW),
    "token": lambda actor: token_create(name="t", scopes=["read"], actor=actor, now=NOW),
    "token of others": lambda actor: token_create(
        name="t", scopes=["read"], actor=actor, now=NOW, organisation="org_2"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [NOBODY, MEMBER], ids=["person", "token"])
@pytest.mark.parametrize("name", ACTIONS)
def test_nobody_but_the_operator_does_it(name, actor):
    refused = ACTIONS[name](actor)
    assert isinstance(refused, Refusal)
    assert refused.code == "operator_needed"
