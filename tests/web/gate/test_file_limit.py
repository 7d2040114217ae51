"""A process that answers asks the system for the files that its connections need."""

from __future__ import annotations

import resource

import pytest

from ewtp.web.gate.file_limit import within_file_limit
from ewtp.web.gate.gate_limits import GateLimits


@pytest.fixture
def file_limit():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_soft_limit_is_raised(file_limit):
    soft, hard = file_limit
    limits = GateLimits(connections=64)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 300), hard))
    assert within_file_limit(limits) == limits
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (384, hard)


def test_where_the_system_has_fewer_files_there_are_fewer_connections(file_limit, monkeypatch):
    soft, _ = file_limit
    # The hard limit itself could not be raised again by the tests that follow.
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    limits = within_file_limit(GateLimits(connections=soft))
    assert limits.connections == (soft - 256) // 2


def test_enough_files_are_left_alone(file_limit):
    limits = GateLimits(connections=1)
    assert within_file_limit(limits) == limits
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == file_limit
