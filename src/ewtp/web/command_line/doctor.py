"""``ewtp doctor``: checks of the installation; each one reports a fault and its remedy."""

from __future__ import annotations

import shutil
import stat
import sys
from typing import TYPE_CHECKING

import click
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.assessment.reading.compiled_state import CompiledState, find_compiled_damage, read_compiled_state
from ewtp.apps.assessment.reading.queries import today
from ewtp.apps.hubs.reading.hub_list import hubs_followed
from ewtp.apps.rulebook.reading.book_cache import law_for_question
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.backup_file import KEYS
from ewtp.gateways.installation.fonts import find_missing_characters, font_packages
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.log_key import FILE_NAME as LOG_KEY
from ewtp.gateways.installation.log_key import log_signer
from ewtp.gateways.mail.mail_server import MAIL_FOLDER
from ewtp.gateways.reference.language_names import own_name
from ewtp.gateways.seed.root import seed_root
from ewtp.gateways.sms.sms_folder import SMS_FOLDER
from ewtp.web.command_line.checks import (
    Check,
    check_clock,
    check_files,
    check_key_age,
    check_log,
    check_outbox,
    check_roles,
    check_settings,
    check_timers,
    check_writing,
)
from ewtp.web.command_line.output import say, say_json
from ewtp.web.command_line.serve import FIRST_QUESTION
from ewtp.web.command_line.source_checks import check_sources

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPILED = {
    CompiledState.READY: "version {} is compiled: market questions and batches are fast",
    CompiledState.COMPILING: "version {} is being compiled; until then market questions take seconds",
    CompiledState.ABSENT: "version {} is not compiled; `ewtp serve` and `ewtp rulebook compile` do that",
}
_LEAST_FREE_BYTES = 500_000_000
# How many damaged files a check names.
_MOST_NAMED = 5


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Check the computer, the database, the rulebook and one answer; exits with status 1 on a problem."""
    checks = [_home(), _disk(), _keys(), _fonts(), check_files(), check_settings(), _database()]
    if checks[-1].sound:
        checks.append(_migrations())
    if checks[-1].sound:
        checks += [check() for check in _WITH_TABLES]
        checks += check_sources()
    if as_json:
        say_json(
            {
                "sound": all(c.sound for c in checks),
                "checks": [{"name": c.name, "sound": c.sound, "warns": c.warns, "message": c.message} for c in checks],
            },
        )
    else:
        for check in checks:
            mark, colour = ("FAIL", "red") if not check.sound else ("warn", "yellow") if check.warns else ("ok  ", None)
            say(f"{mark} {check.name}: {check.message}", fg=colour)
    sys.exit(0 if all(c.sound for c in checks) else 1)


def _home() -> Check:
    home = home_path()
    return Check("home", home.is_dir(), f"data is kept in {home}")


def _disk() -> Check:
    free = shutil.disk_usage(home_path()).free
    sound = free > _LEAST_FREE_BYTES
    return Check(
        "disk",
        sound,
        f"{free // 1_000_000} MB are free" + ("" if sound else "; make room for at least 500 MB"),
    )


def _keys() -> Check:
    """Keys that other accounts can read sign for them too, and mails that are files have codes and invitations."""
    home = home_path()
    kept = [home / name for name in (*KEYS, MAIL_FOLDER, SMS_FOLDER) if (home / name).exists()]
    exposed = [path.name for path in kept if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if exposed:
        names = " ".join(exposed)
        return Check("keys", sound=False, message=f"other accounts can read {names}; run `chmod go= {names}` in {home}")
    signer = log_signer(home) if LOG_KEY in {path.name for path in kept} else None
    if isinstance(signer, Refusal):
        return Check("keys", sound=False, message=signer.message)
    return Check("keys", sound=True, message="no other account can read them")


def _fonts() -> Check:
    """Whether PDFs have fonts for every language; without them the check warns, because only those PDFs are refused."""
    names = "".join(own_name(code) for code, _ in settings.LANGUAGES)
    missing = find_missing_characters(names)
    if missing:
        told = f"a PDF with {''.join(missing)} is refused; install {', '.join(font_packages(missing))}"
        return Check("fonts", sound=True, message=told, warns=True)
    return Check("fonts", sound=True, message="every language of the pages can be printed")


def _database() -> Check:
    url = database_url(home_path())
    if isinstance(url, Refusal):
        return Check("database", sound=False, message=url.message)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return Check("database", sound=True, message=f"PostgreSQL {version} answers")


def _migrations() -> Check:
    """Whether every table is as this version has it.

    An installation that only ever answered commands has no tables of signing in, and needs none.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return Check("tables", sound=True, message="every migration is applied")
    begun = {label for label, _ in executor.loader.applied_migrations}
    signing_in = {app.label for app in apps.get_app_configs() if app.name.startswith("allauth")}
    if {migration.app_label for migration, _ in plan} <= signing_in - begun:
        told = "nobody can sign in yet; `ewtp serve` makes the tables for that"
        return Check("tables", sound=True, message=told, warns=True)
    return Check("tables", sound=False, message=f"{len(plan)} migrations are missing; run `ewtp serve`")


def _rulebook() -> Check:
    version = latest_version()
    if version is None:
        return Check(
            "rulebook",
            sound=False,
            message=f"no version is published; `ewtp serve` loads the seed in {seed_root()}",
        )
    return Check(
        "rulebook",
        sound=True,
        message=f"version {version.label} of {version.published_at:%Y-%m-%d %H:%M} UTC",
    )


def _check_compiled() -> Check:
    """The state of the compiled form; the check passes without one, because answers do not wait for it."""
    version = latest_version()
    if version is None:
        return Check("compiled rulebook", sound=True, message="there is no version to compile")
    damaged = find_compiled_damage(version.ref)
    if damaged:
        return Check(
            "compiled rulebook",
            sound=False,
            message=f"version {version.label} was damaged on the disk ({', '.join(damaged[:_MOST_NAMED])});"
            " `ewtp rulebook compile` makes it again",
        )
    return Check(
        "compiled rulebook", sound=True, message=_COMPILED[read_compiled_state(version.ref)].format(version.label)
    )


def _hubs() -> Check:
    """Whether a hub that is followed showed two histories: somebody has to ask its operator."""
    followed = hubs_followed()
    forked = [each.origin for each in followed if each.forks]
    if forked:
        told = f"{', '.join(forked)} showed two histories; the proof is on the page /hubs, ask the operator"
        return Check("hubs", sound=False, message=told)
    return Check("hubs", sound=True, message=f"{len(followed)} other hubs are followed, none with two histories")


def _rates() -> Check:
    used = law_for_question(()).rates.find("USD", "EUR", today())
    if used is None:
        return Check(
            "exchange rates",
            sound=False,
            message="none is known for today; update the package that carries them",
        )
    return Check(
        "exchange rates",
        sound=True,
        message=f"{used.source} rates to {used.valid_to}, {used.age_days} days old",
    )


def _answer() -> Check:
    answer = question_answer(FIRST_QUESTION)
    if isinstance(answer, Refusal):
        return Check("answer", sound=False, message=answer.message)
    return Check(
        "answer",
        sound=True,
        message=f"the first question lands at {answer.totals.landed_cost.amount} {answer.totals.landed_cost.currency}",
    )


_WITH_TABLES: tuple[Callable[[], Check], ...] = (
    check_writing,
    check_roles,
    check_key_age,
    check_clock,
    check_outbox,
    check_timers,
    check_log,
    _hubs,
    _rulebook,
    _check_compiled,
    _rates,
    _answer,
)
