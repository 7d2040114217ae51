"""A lock that others cannot open cannot be held by them."""

from __future__ import annotations

import os
import stat

from ewtp.gateways.compiled_store.compile_lock import compile_lock, digest_compiling
from ewtp.gateways.installation.private_file import open_private


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_opened_for_its_owner_alone_whatever_the_mask(tmp_path):
    before = os.umask(0)
    try:
        with open_private(tmp_path / "new", "ab") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "new") == 0o600


def test_a_file_that_was_open_to_all_is_closed_to_them(tmp_path):
    old = tmp_path / "old"
    old.write_text("kept")
    old.chmod(0o666)
    with open_private(old, "a+") as file:
        file.seek(0)
        assert file.read() == "kept"
    assert mode_of(old) == 0o600


def test_the_lock_on_compiling_is_private(tmp_path):
    with compile_lock(tmp_path, "abc"):
        assert mode_of(tmp_path / "compiled/compiling") == 0o600
        assert digest_compiling(tmp_path) == "abc"
