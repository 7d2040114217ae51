"""A wheel of the product answers by itself, installed in a new environment without a checkout, settings or an index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[3]
QUESTION = (
    *("assess", "--from", "ZA", "--to", "GB", "--hs", "6109100010", "--date", "2026-06-30"),
    *("--value", "1000", "--currency", "GBP", "--json"),
)
# The packs that the answer reads.
ASKED_PACKS = {"gb", "vat", "exchange_rates"}
# The server of the answer would linger for some seconds over a folder that is gone by then.
STOP = (
    "from ewtp.gateways.database.server import database_stop;"
    "from ewtp.gateways.installation.home import home_path;"
    "database_stop(home_path())"
)

pytestmark = pytest.mark.seed


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_seed_and_the_translations_and_no_tools(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for path in (CHECKOUT / "rulebook").rglob("*"):
            if path.is_file():
                name = f"ewtp/rulebook_seed/{path.relative_to(CHECKOUT / 'rulebook')}"
                assert archive.read(name) == path.read_bytes(), name
    for catalogue in (CHECKOUT / "src").rglob("*.po"):
        assert str(catalogue.relative_to(CHECKOUT / "src").with_suffix(".mo")) in names
    assert {name.split("/")[0] for name in names} == {"ewtp", next(n for n in names if "/METADATA" in n).split("/")[0]}


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the wheel in it, whose dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    uv = shutil.which("uv") or str(CHECKOUT / ".tools" / "bin" / "uv")
    own = {**os.environ, "PYTHONPATH": str(CHECKOUT / ".tools"), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([uv, "venv", "--quiet", "--offline", "--python", sys.executable, str(folder)], env=own, check=True)
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(folder / "bin" / "python")]
    subprocess.run([*install, str(wheel)], env=own, check=True)
    # The product itself is only linked from the folder of this environment's packages, by a file that is not read here.
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    # Whole, the seed takes a minute to load, as other tests do; the sources of all packs are named by territories.
    for path in (packages / "ewtp" / "rulebook_seed").glob("*/*/*"):
        if path.name != "source.yaml" and path.parts[-3] not in ASKED_PACKS:
            path.unlink()
    return folder / "bin"


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """A folder that the account of the database server can reach, which pytest's own folders need not be."""
    with tempfile.TemporaryDirectory(prefix="ewtp-wheel-") as folder:
        yield Path(folder)


def test_an_installed_wheel_answers_in_an_empty_folder(environment: Path, empty_folder: Path) -> None:
    settings = {
        name: value for name, value in os.environ.items() if not name.startswith(("EWTP_", "DJANGO_", "PYTHON"))
    }
    settings.pop("DATABASE_URL", None)

    def run(*command: str | Path) -> bytes:
        made = subprocess.run(command, cwd=empty_folder, env=settings, capture_output=True, check=False, timeout=600)
        assert made.returncode == 0, made.stderr.decode()
        return made.stdout

    root = run(environment / "python", "-c", "from ewtp.gateways.seed.root import seed_root; print(seed_root())")
    assert root.decode().strip().endswith("site-packages/ewtp/rulebook_seed")
    answer = orjson.loads(run(environment / "ewtp", *QUESTION))
    (duty, tax) = answer["lines"][0]["charges"]
    assert (duty["kind"], duty["expression"], duty["amount"]["amount"]) == ("duty", "12.0%", "120.00")
    assert (tax["kind"], tax["amount"]["amount"]) == ("tax", "224.00")
    assert duty["citation"]["retrieved"] == "2026-11-24"
    run(environment / "python", "-c", STOP)
