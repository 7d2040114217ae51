"""Actions: whatever writes takes named arguments, so that no call confuses one with another."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source_trees import tree_of

APPS = Path(__file__).parents[2] / "src/ewtp/apps"
# What a function of Django's that changes rows is called.
_CHANGES = {
    "abulk_create",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update_or_create",
}
_STARTS = ("write_", "open_batch_journal")
# Actions that state no moment, each with the reason.
_TIMELESS = {
    ("batches/actions/assess_job.py", "pin_version"): "it compiles what a version says",
    ("batches/actions/runner.py", "run_batch"): "it writes files of its own and no row",
    ("http/actions/idempotency.py", "idempotency_finish"): "the moment is that of its beginning",
    ("rulebook/actions/rule_displacement.py", "displace_rules"): "a part of an import, whose moment is in its version",
    ("rulebook/actions/import_plan.py", "list_ended_measures"): "a part of an import",
    ("rulebook/actions/import_plan.py", "plan_changes"): "a part of an import",
}

# Actions that take no Actor, by what stands in the place of one.
_WITHOUT_ACTOR = {
    "the clock, which the worker brings": {
        "barriers/actions/escalation.py": {"silence_escalate"},
        "hubs/actions/hub_polls.py": {"hubs_poll"},
        "updates/actions/source_update.py": {"source_update_by_timer", "updates_enqueue"},
        "organisations/actions/time_limits.py": {"invitation_expire", "verification_lapse"},
        "proposals/actions/adoption_endings.py": {"adoption_displace"},
        "proposals/actions/alarm_answers.py": {"bodies_draw", "bodies_watch"},
        "proposals/actions/appeals.py": {"appeal_bodies_draw"},
        "proposals/actions/alarms.py": {"alarms_raise", "alarms_raise_at_opening", "alarms_tell", "alarms_watch"},
        "proposals/actions/outcomes.py": {"law_outcomes_compute"},
        "proposals/actions/replays.py": {"replay_publish", "replay_run"},
        "proposals/actions/secret_ballots.py": {"count_nothing"},
        "proposals/actions/vote_results.py": {"result_publish"},
        "proposals/actions/votes.py": {"heartbeat_send", "vote_close", "votes_advance"},
    },
    "the ground on which actions stand, which asks who acts": {
        "accounts/actions/mail.py": {"mail_enqueue"},
        "accounts/actions/rate_limit.py": {"rate_counts_expire", "rate_limit_consume"},
        "accounts/actions/tokens.py": {"token_used"},
        "assessment/actions/compilation.py": {"version_compile"},
        "assessment/actions/expiry.py": {"unkept_expire"},
        "assessment/actions/storage_limits.py": {"refuse_keeping", "unkept_expiry"},
        "barriers/actions/text_messages.py": {"text_message_enqueue"},
        "decisions/actions/decision.py": {"decision_make"},
        "http/actions/idempotency.py": {"idempotency_begin", "idempotency_expire", "idempotency_finish"},
        "jobs/actions/inbox.py": {"inbox_accept", "inbox_expire"},
        "jobs/actions/outbox.py": {"messages_enqueue", "outbox_drain"},
        "jobs/actions/timers.py": {"timer_cancel", "timer_keep", "timer_set", "timers_fire"},
        "log/actions/sequencer.py": {"sequence_events"},
        "rulebook/actions/rule_displacement.py": {"displace_rules"},
        "rulebook/actions/import_plan.py": {"list_ended_measures", "plan_changes"},
    },
    "anybody who asks, whose scope the route has checked": {
        "assessment/actions/assessment.py": {"assessment_create", "assessment_create_from"},
    },
    "a signature, which is checked": {"log/actions/cosignatures.py": {"cosignature_add"}},
    "whoever has a shell, and writes files alone": {
        "batches/actions/assess_job.py": {"pin_version"},
        "batches/actions/runner.py": {"run_batch"},
    },
    "the system, which invents what it writes": {
        "demonstration/actions/demonstration.py": {"demonstration_make"},
        "demonstration/actions/demonstration_barriers.py": {"barriers_found", "barriers_invent"},
        "demonstration/actions/demonstration_organisations.py": {"organisations_found", "organisations_invent"},
    },
}


def action_functions() -> dict[tuple[str, str], ast.FunctionDef]:
    """The functions of every module of actions, by its path and their names."""
    found = {}
    for path in sorted(APPS.glob("*/actions/**/*.py")):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef):
                found[path.relative_to(APPS).as_posix(), node.name] = node
    return found


def imported_names(module: str) -> tuple[set[str], dict[str, tuple[str, str]]]:
    """The functions that a module of actions imports to write with, and those of other modules of actions."""
    writers: set[str] = set()
    actions: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree_of(APPS / module)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            inside = node.module.removeprefix("ewtp.apps.").split(".")
            for alias in node.names:
                name = alias.asname or alias.name
                if node.module.startswith("ewtp.apps.") and inside[1:2] == ["store"] and inside[-1] != "models":
                    # A class or a constant of the store changes nothing by being named.
                    writers |= {name} if name.islower() else set()
                elif node.module.startswith("ewtp.apps.") and inside[1:2] == ["actions"]:
                    actions[name] = ("/".join(inside) + ".py", alias.name)
                elif name.startswith(_STARTS):
                    writers.add(name)
    return writers, actions


def writing_functions() -> set[tuple[str, str]]:
    """The functions that change rows or files, themselves or through others of the layer."""
    functions = action_functions()
    calls: dict[tuple[str, str], set[tuple[str, str]]] = {}
    found = set()
    for (module, name), node in functions.items():
        writers, actions = imported_names(module)
        calls[module, name] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                found |= {(module, name)} if part.id in writers else set()
                calls[module, name] |= {(module, part.id), actions.get(part.id, (module, part.id))}
            elif isinstance(part, ast.Attribute):
                changes = part.attr in _CHANGES or (part.attr == "update" and ".objects." in ast.unparse(part))
                found |= {(module, name)} if part.attr == "atomic" or changes else set()
    while True:
        more = {caller for caller, called in calls.items() if called & found} - found
        if not more:
            return found
        found |= more


def test_an_action_that_writes_takes_named_arguments_alone():
    functions = action_functions()
    written = {key for key in writing_functions() if not key[1].startswith("_")}
    assert ("accounts/actions/tokens.py", "token_create") in written
    assert ("assessment/actions/assessment.py", "assessment_create_from") in written
    positional = {key for key in written if functions[key].args.posonlyargs or functions[key].args.args}
    assert positional == set()


def test_what_reads_is_not_taken_for_what_writes():
    assert ("assessment/actions/assessment.py", "question_answer") not in writing_functions()
    assert ("rulebook/actions/import_dates.py", "check_dates") not in writing_functions()


def test_an_action_takes_who_acts_and_looks_at_it():
    functions = action_functions()
    written = {key for key in writing_functions() if not key[1].startswith("_")}
    nobody = {key for key in written if "actor" not in {each.arg for each in functions[key].args.kwonlyargs}}
    named = {(module, name) for group in _WITHOUT_ACTOR.values() for module, names in group.items() for name in names}
    assert nobody == named
    unused = {
        key
        for key in written - nobody
        if not any(isinstance(part, ast.Name) and part.id == "actor" for part in ast.walk(functions[key]))
    }
    assert unused == set()


def test_an_action_takes_its_moment_and_asks_no_clock():
    functions = action_functions()
    written = {key for key in writing_functions() if not key[1].startswith("_")}
    # What removes what has expired takes the moment before which it has.
    timeless = {key for key in written if not {"now", "before"} & {each.arg for each in functions[key].args.kwonlyargs}}
    assert timeless == set(_TIMELESS)
    asking = {
        key
        for key in written
        for part in ast.walk(functions[key])
        if isinstance(part, ast.Call) and ast.unparse(part.func) in ("timezone.now", "datetime.now", "date.today")
    }
    assert asking == {("batches/actions/assess_job.py", "pin_version")}
