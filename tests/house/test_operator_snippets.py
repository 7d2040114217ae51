"""Blocks that an operator copies to set up a computer: run where a test can, else read as their program would."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ewtp.gateways.configuration import SETTINGS, read_configuration
from tests.house.snippets import OPERATOR_PAGES, blocks

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in OPERATOR_PAGES]
# Blocks that a test elsewhere runs.
RUN_ELSEWHERE = {"CREATE ROLE ewtp_owner LOGIN PASSWORD '…';": "tests/gateways/database/test_plain_owner.py"}
# Directives of nginx that the page uses, with how many words each may take.
_NGINX = {
    "listen": (1, 2),
    "server_name": (1, 9),
    "ssl_certificate": (1, 1),
    "ssl_certificate_key": (1, 1),
    "client_max_body_size": (1, 1),
    "client_header_timeout": (1, 1),
    "client_body_timeout": (1, 1),
    "proxy_pass": (1, 1),
    "proxy_set_header": (2, 2),
    "proxy_read_timeout": (1, 1),
    "deny": (1, 1),
}


class _Unit(configparser.ConfigParser):
    """A file of systemd, which tells capital letters from small ones."""

    def optionxform(self, optionstr: str) -> str:
        """The name as it is written."""
        return optionstr


def read_settings(text: str, _: Path) -> None:
    """Every line is a setting that the program has, with a value that it takes."""
    given = dict(line.split("=", 1) for line in text.splitlines())
    assert set(given) - set(SETTINGS) == set()
    made = read_configuration(given)
    assert (made.https, made.hosts, made.origins) == (True, ("trade.example",), ("https://trade.example",))


def read_unit(text: str, folder: Path) -> None:
    """The unit starts a command that the page has installed; systemd reads it where there is one."""
    unit = _Unit(strict=True, interpolation=None)
    unit.read_string(text)
    assert unit.sections() == ["Unit", "Service", "Install"]
    service = unit["Service"]
    assert service["ExecStart"] == "/srv/ewtp/bin/ewtp serve"
    assert service["Environment"] == f"EWTP_HOME=/var/lib/{service['StateDirectory']}"
    verify = shutil.which("systemd-analyze")
    if verify:
        # The command is not installed where the page says.
        path = folder / "ewtp.service"
        path.write_text(re.sub(r"(?m)^ExecStart=.*$", "ExecStart=/bin/true", text))
        found = subprocess.run([verify, "verify", "--man=no", path], capture_output=True, text=True, check=False)
        assert str(path) not in found.stderr, found.stderr


def read_account(text: str, folder: Path) -> None:
    """The account that is made is that of the unit, with its folder as home; tried on files of accounts."""
    words = text.split()
    assert words[0] == "useradd"
    unit = (ROOT / "docs/operate/service.md").read_text()
    assert f"\nUser={words[-1]}\n" in unit
    assert f"\nEnvironment=EWTP_HOME={words[words.index('--home-dir') + 1]}\n" in unit
    if shutil.which("useradd") and os.geteuid() == 0:
        (folder / "etc").mkdir()
        for name in ("passwd", "shadow", "group", "gshadow"):
            (folder / "etc" / name).touch()
        subprocess.run([*words, "--prefix", folder], check=True, capture_output=True)
        assert (folder / "etc/passwd").read_text().startswith("ewtp:")


def run_commands(text: str, folder: Path) -> None:
    """Each command is run as the service's account, in its folder and with its settings."""
    (folder / "ewtp.env").write_text("DATABASE_URL='postgresql://a@b/c?d=e&f=g h'\n")
    stub = """runuser() { echo "$*|$PWD|$EWTP_HOME|$DATABASE_URL"; }\n"""
    script = stub + text.replace("/etc/ewtp.env", f"{folder}/ewtp.env").replace("/var/lib/ewtp", str(folder))
    ran = subprocess.run(["bash", "-e", "-c", script], check=True, capture_output=True, text=True)  # noqa: S607 - the shell found first on the path
    place = f"|{folder}|{folder}|postgresql://a@b/c?d=e&f=g h"
    program = "-u ewtp -- /srv/ewtp/bin/ewtp"
    said = ["doctor", "token create --name price list --scope read", f"backup {folder}/ewtp.backup"]
    assert ran.stdout.splitlines() == [f"{program} {words}{place}" for words in said]


def read_nginx(text: str, folder: Path) -> None:
    """Every statement is a directive with words and a semicolon, or opens a block that is closed."""
    depth = 0
    for statement in re.findall(r"[^;{}]+[;{]|\}", text):
        depth += {"{": 1, "}": -1}.get(statement[-1], 0)
        assert depth >= 0, statement
        name, *words = statement[:-1].split() or ["}"]
        if statement[-1] == "{":
            assert (name, len(words)) in {("server", 0), ("location", 1), ("location", 2)}, statement
        elif statement != "}":
            least, most = _NGINX[name]
            assert least <= len(words) <= most, statement
    assert depth == 0
    assert "proxy_pass http://127.0.0.1:8000;" in text
    nginx = shutil.which("nginx")
    if nginx:
        # Its certificate is not here, and a port below 1024 may not be.
        plain = re.sub(r"(?m)^ +ssl_.*\n", "", text).replace("listen 443 ssl;", "listen 8443;")
        (folder / "nginx.conf").write_text(f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{plain}}}\n")
        subprocess.run([nginx, "-t", "-p", folder, "-c", folder / "nginx.conf"], check=True, capture_output=True)


def read_caddyfile(text: str, folder: Path) -> None:
    """One site with the two directives, to the port that is served; Caddy reads it where there is one."""
    site, *directives, end = (line.split() for line in text.splitlines())
    assert (site, end) == (["trade.example", "{"], ["}"])
    assert directives == [["respond", "/metrics", "404"], ["reverse_proxy", "127.0.0.1:8000"]]
    caddy = shutil.which("caddy")
    if caddy:
        (folder / "Caddyfile").write_text(text)
        subprocess.run([caddy, "adapt", "--config", folder / "Caddyfile"], check=True, capture_output=True)


def read_installation(text: str, folder: Path) -> None:
    """The versions are taken from the lock; making the environment is left out, which fetches half a gigabyte."""
    made, versions, installed = text.splitlines()
    assert made == "python3.11 -m venv /srv/ewtp"
    (folder / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
    subprocess.run(["bash", "-e", "-c", versions], cwd=folder, check=True)  # noqa: S607 - the shell found first on the path
    constraints = (folder / "constraints.txt").read_text().splitlines()
    assert len(constraints) > 50
    assert [line for line in constraints if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+( ; .+)?", line)] == []
    assert installed == "/srv/ewtp/bin/pip install --constraint constraints.txt dist/ewtp-*.whl"


def read_container(text: str, _: Path) -> None:
    """What the container publishes and keeps is what its description declares; building it needs a registry."""
    make, build, run = text.splitlines()
    subprocess.run([*make.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True)
    assert build == "podman build --tag ewtp ."
    described = (ROOT / "Containerfile").read_text()
    published = re.search(r"--publish \S+:(\d+) ", run)
    kept = re.search(r"--volume \w+:(\S+) ", run)
    assert published is not None
    assert kept is not None
    assert f"EXPOSE {published[1]}\n" in described
    assert f"VOLUME {kept[1]}\n" in described


# By the first line of a block. Not executed, but read: the unit, both proxies, the container, and pip's part of an
# installation, since they need an operating system, a certificate or a registry of their own.
CHECKS: dict[str, Callable[[str, Path], None]] = {
    "EWTP_HTTPS=1": read_settings,
    "# /etc/systemd/system/ewtp.service": read_unit,
    "useradd --system --home-dir /var/lib/ewtp --no-create-home --shell /usr/sbin/nologin ewtp": read_account,
    "ewtp() (": run_commands,
    "server {": read_nginx,
    "trade.example {": read_caddyfile,
    "python3.11 -m venv /srv/ewtp": read_installation,
    "make wheel": read_container,
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_an_operator_copies_is_in_order(path: Path, tmp_path: Path) -> None:
    for block in blocks(path.read_text()):
        if block.first_line not in RUN_ELSEWHERE:
            CHECKS[block.first_line](block.text, tmp_path)


def test_every_check_has_its_block() -> None:
    first_lines = {block.first_line for path in PAGES for block in blocks(path.read_text())}
    assert first_lines == CHECKS.keys() | RUN_ELSEWHERE.keys()
    assert [name for name in RUN_ELSEWHERE.values() if not (ROOT / name).exists()] == []
