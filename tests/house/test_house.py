"""What is asked of every file: short, declared, described, and the same on every computer."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/ewtp"
LONGEST_FILE = 400
LONGEST_TEMPLATE_LINE = 140
# Files that may be longer, each with the reason.
LONGER: dict[str, str] = {
    "LICENSE": "the licence's own text",
    "docs/api.md": "one section a route, to be searched by its address",
    "docs/refusals.md": "one row a code, to be searched by it",
    "rulebook/territories.yaml": "one entry an economy, each a few lines of data",
    "requirements.lock": "written by a program",
    "requirements-run.lock": "written by a program",
}
PROGRAM_SUFFIXES = {".py", ".html", ".css", ".js", ".lark", ".md", ".toml", ".yaml", ""}
# Spelt in pieces, because this file is one of those that are searched.
REGISTRY_HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "conda." + "anaconda")
MACHINE_PATHS = re.compile(r"(?<![\w.:/~-])/(?:home|root|work|Users|farm|opt/py\w*)/\w")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git is the one found first on the path, as for everybody
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of the files that belong to the project")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def readable_files() -> dict[str, str]:
    """The text of every file that people write, by its path from the root."""
    texts = {}
    for path in tracked_files():
        if path.suffix in PROGRAM_SUFFIXES and path.stat().st_size < 1_000_000:
            texts[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return texts


def import_contracts() -> list[dict[str, list[str]]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert isinstance(contracts, list)
    return contracts


def layers_of(container: str) -> set[str]:
    found = {
        name.strip("() ")
        for contract in import_contracts()
        if contract.get("containers") == [container]
        for layer in contract["layers"]
        for name in layer.split("|")
    }
    assert found
    return found


def packages_in(directory: Path) -> set[str]:
    return {path.parent.name for path in directory.glob("*/__init__.py")}


def test_no_file_is_long_without_being_listed():
    long = {name: text.count("\n") for name, text in readable_files().items() if text.count("\n") > LONGEST_FILE}
    assert set(long) - set(LONGER) == set(), long


def test_no_line_of_a_template_is_long():
    """A tag of a template cannot be broken, so they may be longer than lines of programs, which a formatter keeps."""
    long = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_TEMPLATE_LINE
    ]
    assert long == []


@pytest.mark.parametrize("container", ["ewtp", "ewtp.core", "ewtp.apps"])
def test_every_package_is_declared(container):
    directory = SOURCE.joinpath(*container.split(".")[1:])
    assert packages_in(directory) - layers_of(container) == set()


def apps_with(module: str) -> set[str]:
    """The apps that have a module; what the APIs share remembers nothing, and is therefore no app of Django's."""
    return {path.parent.name for path in (SOURCE / "apps").glob(f"*/{module}.py")}


def test_every_app_keeps_the_order_inside_and_its_tables_to_itself():
    inside = {name for contract in import_contracts() for name in contract.get("containers", ())}
    own = {name for contract in import_contracts() for name in contract.get("protected_modules", ())}
    assert {f"ewtp.apps.{name}" for name in apps_with("apps")} - inside == set()
    assert {f"ewtp.apps.{name}.models" for name in apps_with("models")} - own == set()


def test_every_app_is_installed(settings):
    installed = {name.split(".")[2] for name in settings.INSTALLED_APPS if name.startswith("ewtp.apps.")}
    assert installed == apps_with("apps") >= apps_with("models")


def test_packages_say_nothing():
    # The library's front door is what ``import ewtp`` gives.
    assert [path for path in SOURCE.rglob("__init__.py") if path.stat().st_size] == [SOURCE / "__init__.py"]


def test_every_package_of_ours_is_a_package():
    bare = {path.parent for path in SOURCE.rglob("*.py") if not (path.parent / "__init__.py").exists()}
    assert bare == set()


def test_every_setting_is_described():
    described = set(re.findall(r"^## `([A-Z_]+)`", (ROOT / "docs/operate/settings.md").read_text(), re.MULTILINE))
    read = {
        name
        for path, text in readable_files().items()
        if path.startswith("src/") and path.endswith(".py")
        for name in re.findall(
            r"\b(?:EWTP_[A-Z_]*[A-Z]|DATABASE_URL|(?:MIMALLOC|MALLOC|PROMETHEUS)_[A-Z_]*[A-Z])\b", text
        )
    }
    assert read - described == set(), "described nowhere"
    assert described - read - {"PORT"} == set(), "described, but nothing reads it"


# Modules besides the one of the settings that touch the environment, each with the reason.
ENVIRONMENT = {
    "gateways/configuration.py": "reads every setting",
    "gateways/installation/memory_allocators.py": "sets variables of Arrow and of the C library, which read them once",
    "gateways/installation/metrics_folder.py": "sets the variable that the metrics library reads when it is imported",
    "gateways/database/dump.py": "hands PostgreSQL's programs the address of the database, which others must not see",
    "gateways/spark/lines.py": "reads and sets the variables of Java and of Spark, also in Spark's workers",
    "apps/batches/actions/spark_job.py": "hands the environment of this process to Spark's workers",
    "library/installation.py": "names the home that a program opens, for this process and what it starts",
    "web/django_setup.py": "names the settings module to Django, as its commands do",
    "web/wsgi.py": "names the settings module to Django, as its servers do",
}


def test_the_environment_is_read_in_one_place():
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bos\.(environ|getenv|putenv)\b|\bimport (environ|getenv)\b", path.read_text())
    }
    assert found == ENVIRONMENT.keys()


def test_nothing_names_a_package_registry():
    named = [name for name, text in readable_files().items() if any(host in text for host in REGISTRY_HOSTS)]
    assert named == []


def test_nothing_depends_on_one_machine():
    found = {
        name: match.group()
        for name, text in readable_files().items()
        if (match := MACHINE_PATHS.search(text)) is not None
    }
    assert found == {}


def test_decisions_are_numbered_without_gaps_and_fit_a_page():
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    assert {path.name for path in records if path.read_text().count("\n") > 80} == set()


@pytest.mark.django_db
def test_migrations_are_up_to_date(capsys):
    from django.core.management import call_command  # noqa: PLC0415 - commands load the apps, which needs the settings

    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    assert "No changes detected" in capsys.readouterr().out
