"""A new version's tables are answered from what changed since an earlier version, as if it were compiled in full."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from ewtp.apps.assessment.actions import compilation
from ewtp.apps.assessment.reading.compiled_state import find_compiled_damage
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import VersionRef
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.territory import Group, GroupMember, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import find_compiled_folder
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.seed.reader import write_pack
from ewtp.web.command_line.doctor import doctor
from tests.actors import OPERATOR
from tests.apps.batches.batch_lines import some_lines
from tests.apps.batches.replay_lines import GROUP_REFORMS
from tests.apps.conftest import SINCE, SOURCE

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from ewtp.core.compiled.table.assessor import TableAssessor
    from ewtp.core.rulebook.book import Book

FIRST, SECOND, THIRD = (datetime(2026, month, 1, tzinfo=UTC) for month in (2, 3, 4))


def pinned() -> VersionRef:
    version = pin_version()
    assert isinstance(version, VersionRef), version
    return version


def folder() -> Path:
    return find_compiled_folder(home_path(), pinned().digest)


def assessor() -> TableAssessor:
    return version_assessor(pinned())


def answers(lines: pa.Table) -> list[dict[str, object]]:
    found = assessor().assess_table(lines)
    assert not isinstance(found, Refusal), found
    rows: list[dict[str, object]] = found.to_pylist()
    return rows


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions that are compiled in full from now on."""
    labels: list[str] = []
    whole = RulebookReader.whole

    def noted(self: RulebookReader) -> Book:
        labels.append(self.version.label)
        return whole(self)

    monkeypatch.setattr(RulebookReader, "whole", noted)
    return labels


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without compiled rulebooks; a command in it uses the database of the run and starts no server."""
    url = database_url(home_path(), throwaway=True)
    assert isinstance(url, str)
    monkeypatch.setenv("DATABASE_URL", url)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("EWTP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.kernel
@pytest.mark.usefixtures("empty_home")
def test_a_version_that_changes_a_measure_is_inputs_digest_the_one_before(
    publish: Callable[[str, datetime], None], seeded: random.Random, compiles: list[str]
):
    lines = some_lines(seeded, 200)
    publish("12%", FIRST)
    before = answers(lines)
    earlier = folder()
    assert len(compiles) == 1
    publish("10%", SECOND)
    after = answers(lines)
    assert len(compiles) == 1
    assert after != before
    shared = "subheadings.npy"
    assert (folder() / shared).stat().st_ino == (earlier / shared).stat().st_ino
    assert assessor().book.names.version == pinned().label
    shutil.rmtree(earlier)
    shutil.rmtree(folder())
    assert answers(lines) == after
    assert len(compiles) == 2


@pytest.mark.kernel
@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("reform", GROUP_REFORMS.values(), ids=GROUP_REFORMS)
def test_a_version_with_other_groups_or_members_is_patched_from_the_one_before(
    publish: Callable[[str, datetime], None], seeded: random.Random, compiles: list[str], reform: Changeset[Any]
):
    lines = some_lines(seeded, 200)
    claims = pa.array([("GB-TEST", "GB-NEW", None)[place % 3] for place in range(200)])
    lines = lines.append_column("claims", claims)
    publish("12%", FIRST)
    before = answers(lines)
    assert len(compiles) == 1
    cited = ActCited("GB", "Act 7", "Parliament", "section 2")
    assert not isinstance(changeset_adopt(changeset=reform, cited=cited, actor=OPERATOR, now=SECOND), Refusal)
    after = answers(lines)
    assert len(compiles) == 1
    assert after != before
    assert assessor().book.names.version == pinned().label
    for each in folder().parent.glob("*/"):
        shutil.rmtree(each)
    assert answers(lines) == after
    assert len(compiles) == 2


@pytest.mark.usefixtures("empty_home")
def test_a_version_in_which_a_group_that_many_name_has_other_members_is_compiled_in_full(
    publish: Callable[[str, datetime], None], compiles: list[str], monkeypatch: pytest.MonkeyPatch
):
    publish("12%", FIRST)
    assessor()
    cited = ActCited("GB", "Act 7", "Parliament", "section 2")
    member = GroupMember("GB-TEST", "CN", SINCE, SOURCE, "accession")
    monkeypatch.setattr(compilation, "_MOST_REGROUPED", 0)
    for compiled, record in enumerate((Group("GB-NEW", "New", (), SOURCE), member), 1):
        reform: Changeset[Any] = Changeset("now", "after", added=(record,))
        now = SECOND + timedelta(hours=compiled)
        adopted = changeset_adopt(changeset=reform, cited=cited, actor=OPERATOR, now=now)
        assert not isinstance(adopted, Refusal), adopted
        assessor()
        # No rule names the new group yet.
        assert len(compiles) == compiled


@pytest.mark.usefixtures("empty_home")
def test_a_form_that_was_damaged_is_reported_and_compiled_again(
    publish: Callable[[str, datetime], None], compiles: list[str], caplog: pytest.LogCaptureFixture
):
    publish("12%", FIRST)
    version = pinned()
    assert find_compiled_damage(version) == ()
    path = find_compiled_folder(home_path(), version.digest) / "due_fields.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert find_compiled_damage(version) == ("due_fields.npy",)
    checks = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)["checks"]
    (found,) = [check for check in checks if check["name"] == "compiled rulebook"]
    assert not found["sound"]
    assert "was damaged on the disk (due_fields.npy)" in found["message"]
    assert compiles == [version.label]
    assert pinned() == version
    assert "is damaged (due_fields.npy)" in caplog.text
    assert compiles == [version.label] * 2
    assert find_compiled_damage(version) == ()


@pytest.mark.usefixtures("empty_home")
def test_a_version_that_changes_lines_is_compiled_in_full(
    publish: Callable[[str, datetime], None], tmp_path: Path, compiles: list[str]
):
    publish("12%", FIRST)
    assessor()
    write_pack(
        tmp_path / "gb" / "more",
        source=SOURCE,
        defaults={"territory": "GB", "nomenclature": "TEST", "currency": "GBP", "valid_from": "2026-01-01"},
        lines=[TariffLine("GB", "09011200", SINCE)],
    )
    publish("12%", SECOND)
    assessor()
    assert len(compiles) == 2


@pytest.mark.usefixtures("empty_home")
def test_another_edition_of_the_subheadings_is_compiled_in_full(
    publish: Callable[[str, datetime], None], monkeypatch: pytest.MonkeyPatch, compiles: list[str]
):
    publish("12%", FIRST)
    assessor()
    publish("11%", SECOND)
    monkeypatch.setattr(compilation, "subheadings", lambda: ("010121",))
    assessor()
    assert len(compiles) == 2
    publish("10%", THIRD)
    assessor()
    assert len(compiles) == 2
