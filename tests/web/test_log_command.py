"""``ewtp log``: proofs are checked without an installation."""

from __future__ import annotations

import base64
import json

import pytest
from click.testing import CliRunner

from ewtp.core.log.hash_tree import leaf_hash, node_hash
from ewtp.web.command_line.main import main
from tests.apps.conftest import write_seed

FIRST, SECOND = leaf_hash(b"a"), leaf_hash(b"b")
ROOT = node_hash(FIRST, SECOND)


def text(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode()


def run(*words):
    return CliRunner().invoke(main, ["log", "check", *words])


def inclusion(index: int, size: int, proof: list[str], *more: str):
    given = ["--index", str(index), "--size", str(size), "--leaf-hash", text(SECOND), "--root", text(ROOT)]
    return run("inclusion", *given, *(word for each in proof for word in ("--proof", each)), *more)


def consistency(first: int, second: int, root: bytes, proof: list[str], *more: str):
    given = ["--from", str(first), "--to", str(second), "--from-root", text(root), "--to-root", text(ROOT)]
    return run("consistency", *given, *(word for each in proof for word in ("--proof", each)), *more)


def test_an_inclusion_holds_or_does_not():
    held = inclusion(1, 2, [text(FIRST)])
    assert (held.exit_code, held.output) == (0, "The proof holds.\n")
    for broken in (
        inclusion(0, 2, [text(FIRST)]),
        inclusion(1, 0, [text(FIRST)]),
        inclusion(2**64 - 1, 2, [text(FIRST)]),
        inclusion(1, 2, []),
        inclusion(1, 2, [text(FIRST), text(FIRST)]),
        inclusion(1, 2, [text(FIRST[:-1])]),
        inclusion(1, 2, [""]),
    ):
        assert (broken.exit_code, broken.output) == (1, "The proof does not hold.\n")
    assert json.loads(inclusion(1, 2, [text(FIRST)], "--json").output) == {"holds": True}


def test_a_consistency_holds_or_does_not():
    held = consistency(1, 2, FIRST, [text(SECOND)], "--json")
    assert (held.exit_code, json.loads(held.output)) == (0, {"holds": True})
    assert consistency(2, 2, ROOT, []).exit_code == 0
    for broken in (
        consistency(0, 2, FIRST, [text(SECOND)]),
        consistency(0, 0, ROOT, []),
        consistency(2, 1, FIRST, [text(SECOND)]),
        consistency(2, 2, ROOT, [text(SECOND)]),
        consistency(1, 2, SECOND, [text(SECOND)]),
    ):
        assert (broken.exit_code, broken.output) == (1, "The proof does not hold.\n")


@pytest.mark.parametrize("proof", ["é", "a", "ab=c", "AAA", "====", "AAAA AAAA"])
def test_what_is_not_base64_is_refused(proof):
    refused = inclusion(1, 2, [proof], "--json")
    assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (2, "base64_unreadable")


@pytest.fixture
def log_home(tmp_path, monkeypatch, db):
    """An installation with a small rulebook, whose log and key are the test's own."""
    del db
    write_seed(tmp_path / "seed", "12%")
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path / "seed"))
    monkeypatch.setattr("ewtp.apps.log.actions.sequencer.home_path", lambda: tmp_path)
    return tmp_path


def of_log(*words: object):
    return CliRunner().invoke(main, ["log", *map(str, words)])


def test_a_log_is_exported_and_verified_and_its_growth_as_well(log_home):
    bundle, kept = log_home / "a.bundle", log_home / "kept"
    said = json.loads(of_log("export", bundle, "--json").output)
    assert (said["since"], said["size"], said["bytes"]) == (0, 2, bundle.stat().st_size)
    kept.write_text(of_log("head").output)
    key = said["key"]
    held = of_log("verify", bundle, "--key", key, "--since", kept)
    assert held.exit_code == 0, held.output
    assert held.output.splitlines() == [
        "signature      localhost/log, 2 entries",
        f"               {key}",
        "growth         compared with the checkpoint that you kept (size 2)",
        "hashes         2 of 2 entries",
        "not checked    the content of 2 entries of other kinds: nothing in the bundle contradicts or confirms it",
        "Everything holds.",
    ]
    CliRunner().invoke(main, ["token", "create", "--json"])
    more = log_home / "b.bundle"
    assert json.loads(of_log("export", more, "--since", 2, "--json").output)["size"] == 3
    report = json.loads(of_log("verify", more, "--key", key, "--since", kept, "--json").output)
    assert (report["holds"], report["entries"], report["kept"]) == (True, 1, 2)
    assert sorted(path.name for path in log_home.iterdir()) == ["a.bundle", "b.bundle", "kept", "log_key", "seed"]


def test_a_bundle_that_was_changed_is_named_with_status_1(log_home):
    bundle = log_home / "a.bundle"
    of_log("export", bundle)
    lines = bundle.read_bytes().splitlines(keepends=True)
    edited = [line.replace(b'"number":1', b'"number":2') for line in lines]
    bundle.write_bytes(b"".join(edited))
    broken = of_log("verify", bundle)
    assert broken.exit_code == 1
    assert "Entry 1 is not the one that was logged. [bundle_entry_changed]" in broken.output
    removed = [line for line in lines if b'"index":1' not in line]
    bundle.write_bytes(b"".join(removed))
    assert [fault["code"] for fault in json.loads(of_log("verify", bundle, "--json").output)["faults"]] == [
        "bundle_entry_missing"
    ]


def test_what_cannot_be_read_has_status_2(log_home):
    bundle, kept = log_home / "a.bundle", log_home / "kept"
    of_log("export", bundle)
    kept.write_text("not a checkpoint")
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    for words, code in (
        (("verify", log_home / "none"), "file_missing"),
        (("verify", log_home), "file_missing"),
        (("verify", kept), "bundle_unreadable"),
        (("verify", bundle, "--key", "nobody"), "key_unreadable"),
        (("verify", bundle, "--since", kept), "note_unreadable"),
        (("verify", bundle, "--since", log_home / "none"), "file_missing"),
        (("export", log_home / "none" / "bundle"), "target_unwritable"),
        (("export", bundle, "--since", 99), "log_size_unknown"),
    ):
        refused = of_log(*words, "--json")
        assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (2, code), words
    kept.write_text(of_log("head").output)
    refused = of_log("verify", bundle, "--key", other, "--since", kept, "--json")
    assert json.loads(refused.output)["error"]["code"] == "checkpoint_unsigned"
    assert of_log("verify", bundle, "--key", other).exit_code == 1


def test_an_entry_is_erased_by_its_number(log_home):
    bundle = log_home / "a.bundle"
    of_log("export", bundle)
    assert json.loads(of_log("erase", 1, "--reason", "asked", "--json").output)["erased"] == 1
    # Its event has a number at once.
    assert of_log("check", "stored").exit_code == 0
    again = of_log("erase", 1, "--reason", "asked", "--json")
    assert (again.exit_code, json.loads(again.output)["error"]["code"]) == (2, "log_entry_erased")
    of_log("export", bundle)
    report = json.loads(of_log("verify", bundle, "--json").output)
    assert (report["holds"], report["erased"], report["size"]) == (True, 1, 3)
    (erasure,) = report["erasures"]
    assert (erasure["index"], erasure["noted"], erasure["reason"]) == (1, 2, "asked")
    assert erasure["kind"] == "rulebook:version:published"
    assert 'erased         entry 1, noted by entry 2: "asked"\n' in of_log("verify", bundle).output


def test_a_witness_cosigns_the_log_and_the_bundle_shows_it(log_home):
    folder, asked, cosigned, bundle = (log_home / name for name in ("w", "asked", "cosigned", "b.bundle"))
    witness = of_log("witness", "key", "--folder", folder, "--name", "witness.example/w1").output.strip()
    assert of_log("witness", "key", "--folder", folder).output.strip() == witness
    assert (folder / "witness_key").stat().st_mode & 0o077 == 0
    assert json.loads(of_log("head", "--cosigned", "--json").output)["error"]["code"] == "cosignature_absent"
    key = json.loads(of_log("head", "--json").output)["key"]
    asked.write_text(of_log("witness", "request").output)
    signed = of_log("witness", "sign", asked, "--folder", folder, "--key", key)
    assert signed.exit_code == 0, signed.output
    cosigned.write_text(signed.output)
    assert of_log("witness", "import", cosigned, "--key", witness).output == (
        "witness.example/w1 cosigned the checkpoint of 2 entries.\n"
    )
    # A second time changes nothing.
    assert of_log("witness", "import", cosigned, "--key", witness).exit_code == 0
    assert of_log("head").output == signed.output
    # The log continues, and the witness is asked again from where it was.
    CliRunner().invoke(main, ["token", "create", "--json"])
    asked.write_text(of_log("witness", "request").output)
    refused = of_log("witness", "sign", asked, "--folder", folder, "--key", key, "--json")
    assert json.loads(refused.output)["error"]["code"] == "witness_size_differs"
    asked.write_text(of_log("witness", "request", "--old", 2).output)
    later = json.loads(of_log("witness", "sign", asked, "--folder", folder, "--key", key, "--json").output)
    assert (later["size"], of_log("head", "--cosigned").output) == (3, signed.output)
    of_log("export", bundle)
    held = of_log("verify", bundle, "--key", key, "--witness", witness)
    assert held.exit_code == 0, held.output
    assert "witness        witness.example/w1 cosigned 2 entries on 20" in held.output
    cosigned.write_text(later["note"])
    of_log("witness", "import", cosigned, "--key", witness)
    of_log("export", bundle, "--since", 3)
    (stated,) = json.loads(of_log("verify", bundle, "--witness", witness, "--json").output)["witnesses"]
    assert (stated["key"], stated["size"]) == (witness, 3)


def test_a_witness_refuses_what_it_must_and_so_does_the_import(log_home):
    folder, file = log_home / "w", log_home / "file"
    witness = of_log("witness", "key", "--folder", folder, "--name", "witness.example/w1").output.strip()
    key = json.loads(of_log("head", "--json").output)["key"]
    request = of_log("witness", "request").output
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    def error(text: str, *words: object) -> str:
        file.write_text(text)
        refused = of_log("witness", *words, "--json")
        assert refused.exit_code == 2, refused.output
        return str(json.loads(refused.output)["error"]["code"])

    sign, keep = ("sign", file, "--folder", folder, "--key"), ("import", file, "--key")
    assert error("old", *sign, key) == "witness_request_unreadable"
    assert error(request, *sign, "nobody") == "key_unreadable"
    assert error(request, *sign, other) == "witness_log_unknown"
    assert error(request, "sign", file, "--folder", log_home / "none", "--key", key) == "witness_folder_unreadable"
    assert error(request, "sign", log_home / "no", "--folder", folder, "--key", key) == "file_missing"
    assert error("", "key", "--folder", folder, "--name", "a b") == "witness_name_unusable"
    assert error("", "request", "--old", 99) == "log_size_unknown"
    assert error(request, *keep, key) == "witness_key_unreadable"
    assert error("x", *keep, witness) == "note_unreadable"
    note = request.partition("\n\n")[2]
    assert error(note, *keep, witness) == "cosignature_wrong"
    assert error(note.replace("\n2\n", "\n1\n"), *keep, witness) == "cosignature_unknown"
    # A witness that lost what it saw does not begin again by itself.
    file.write_text(request)
    assert of_log("witness", "sign", file, "--folder", folder, "--key", key).exit_code == 0
    (seen,) = folder.glob("*.checkpoint")
    seen.write_text("damaged")
    assert error(request, *sign, key) == "witness_folder_unreadable"


def test_a_key_is_replaced_and_whoever_kept_the_old_one_can_go_on(log_home):
    bundle, kept = log_home / "a.bundle", log_home / "kept"
    kept.write_text(of_log("head").output)
    old = json.loads(of_log("head", "--json").output)["key"]
    said = json.loads(of_log("key", "rotate", "--json").output)
    assert (said["size"], said["checkpoint"].count("— localhost/log ")) == (3, 2)
    assert of_log("key", "list").output == f"0 to 3   {old}\n3 to now   {said['key']}\n"
    keys = json.loads(of_log("key", "list", "--json").output)["keys"]
    assert [(each["first"], each["last"], each["handed_on"]) for each in keys] == [(0, 3, False), (3, None, True)]
    CliRunner().invoke(main, ["token", "create", "--json"])
    of_log("export", bundle, "--since", 2)
    for key in (old, said["key"]):
        # The checkpoint that was kept is one of the old key, which the new one does not vouch for.
        report = of_log("verify", bundle, "--key", key, "--since", kept, "--json")
        assert report.exit_code == (0 if key == old else 2), report.output
    assert f"\n               {said['key']}\n" in of_log("verify", bundle, "--key", old).output
    assert json.loads(of_log("key", "rotate", "--lost", "--json").output)["error"]["code"] == "log_key_present"
    again = of_log("key", "rotate")
    assert again.output.startswith("From size 5 on the log is signed with localhost/log+")
