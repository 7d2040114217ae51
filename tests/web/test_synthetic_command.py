"""``ewtp synthetic``: a labelled file, repeated by its seed, and what is refused."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.apps.batches.reading import version_profile
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.synthetic.generator import METADATA_KEY
from ewtp.web.command_line.main import main
from tests.actors import OPERATOR
from tests.apps.conftest import write_seed


def run(*words):
    return CliRunner().invoke(main, ["synthetic", *map(str, words)])


@pytest.fixture
def target(transactional_db, tmp_path, monkeypatch):  # noqa: ARG001 - a batch answers in threads with connections of their own
    """Where to write; the command finds a small rulebook where it looks for the seed."""
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    write_seed(tmp_path / "seed", "12%")
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path / "seed"))
    read_cached_book().forget()
    yield tmp_path / "out.parquet"
    read_cached_book().forget()


def test_a_file_is_written_labelled_and_repeated(target):
    result = run(target, "--lines", 2_000, "--seed", 5)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("2000 synthetic lines of 2026")
    table = parquet.read_table(target)
    assert table.num_rows == 2_000
    label = json.loads(table.schema.metadata[METADATA_KEY])
    assert (label["synthetic"], label["seed"]) == (True, 5)
    assert set(table["to"].to_pylist()) == {"GB"}
    assert set(table["hs"].to_pylist()) == {"09011100", "61091000"}
    assert {"", "GB-TEST"} == set(table["claims"].to_pylist())
    first = target.read_bytes()
    assert run(target, "--lines", 2_000, "--seed", 5, "--overwrite").exit_code == 0
    assert target.read_bytes() == first
    said = json.loads(run(target, "--lines", 10, "--assume", "claim_share=0", "--overwrite", "--json").output)
    assert said["synthetic"] is True
    assert said["lines"] == parquet.read_metadata(target).num_rows == 10
    assert said["assumptions"]["claim_share"] == "0"
    assert said["bytes"] == target.stat().st_size
    assert sorted(path.name for path in target.parent.iterdir()) == ["out.parquet", "seed"]


@pytest.mark.kernel
def test_batch_answers_what_was_drawn(target):
    assert run(target, "--lines", 300, "--assume", "claim_share=0").exit_code == 0
    answers = target.with_name("answers.parquet")
    result = CliRunner().invoke(main, ["batch", str(target), str(answers), "--threads", "1", "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert (said["answered"], said["refused"]) == (300, 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--lines", "0"), "usage_wrong"),
        (("--lines", "many"), "usage_wrong"),
        (("--seed", "-1"), "usage_wrong"),
        (("--year", "1066"), "usage_wrong"),
        (("--assume", "claim_share"), "option_unreadable"),
        (("--assume", "claim_share=2"), "assumption_unreadable"),
        (("--assume", "luck=0.5"), "assumption_unknown"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tmp_path, words, code):
    result = run(tmp_path / "out.parquet", *words, "--json")
    assert result.exit_code == 2, result.output
    assert json.loads(result.output)["error"]["code"] == code
    assert not list(tmp_path.iterdir())


def test_a_file_that_exists_is_kept(tmp_path):
    target = tmp_path / "out.parquet"
    target.write_text("mine")
    result = run(target, "--lines", 10, "--json")
    assert result.exit_code == 2
    assert json.loads(result.output)["error"]["code"] == "target_exists"
    assert target.read_text() == "mine"


def test_a_folder_that_is_missing_is_refused(target):
    result = run(target.parent / "nowhere" / "out.parquet", "--lines", 10, "--json")
    assert result.exit_code == 2, result.output
    assert json.loads(result.output)["error"]["code"] == "target_unwritable"
    assert not os.path.lexists(target.parent / "nowhere")


def test_a_book_is_read_once_a_version_and_year(target, monkeypatch):
    read = []
    tariff = RulebookReader.tariff

    def counted(reader, code):
        read.append(code)
        return tariff(reader, code)

    monkeypatch.setattr(RulebookReader, "tariff", counted)
    monkeypatch.setattr(version_profile, "home_path", lambda: target.parent / "home")
    for _ in range(2):
        assert run(target, "--lines", 10, "--overwrite").exit_code == 0
    assert read == ["GB"]
    assert run(target, "--lines", 10, "--overwrite", "--year", 2027).exit_code == 0
    assert read == ["GB"] * 2
    write_seed(target.parent / "seed", "13%")
    seed_load(root=target.parent / "seed", actor=OPERATOR, now=datetime.now(UTC))
    said = json.loads(run(target, "--lines", 10, "--overwrite", "--json").output)
    assert read == ["GB"] * 3
    now = latest_version()
    assert now is not None
    assert said["rulebook_version"] == now.label
