"""A database's address: every parameter of DATABASE_URL is used, or the address is refused in one sentence."""

from __future__ import annotations

import socket
import struct
from contextlib import contextmanager
from threading import Thread

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.address import Address, read_address
from ewtp.gateways.database.base import DatabaseWrapper
from ewtp.gateways.database.server import database_url

SSL_REQUEST = 80_877_103


def read(url):
    address = read_address(url)
    assert isinstance(address, Address), address
    return address


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        (
            "postgresql://me:p%40s%2Fs@db.example:5433/trade",
            {"user": "me", "password": "p@s/s", "host": "db.example", "port": "5433", "dbname": "trade"},
        ),
        ("postgres://me@db/", {"user": "me", "host": "db", "dbname": "ewtp"}),
        ("postgresql:///trade", {"dbname": "trade"}),
        (
            "postgresql://me@/trade?host=%2Frun%2Fpg&port=5433",
            {"user": "me", "host": "/run/pg", "port": "5433", "dbname": "trade"},
        ),
        ("postgresql://%2Frun%2Fpg/trade", {"host": "/run/pg", "dbname": "trade"}),
        ("postgresql://[::1]:5433/x", {"host": "::1", "port": "5433", "dbname": "x"}),
        (
            "postgresql://a:5432,b:5433/x?target_session_attrs=read-write",
            {"host": "a,b", "port": "5432,5433", "dbname": "x", "target_session_attrs": "read-write"},
        ),
        (
            "postgresql://h/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&connect_timeout=3&options=-c%20x.y%3D5s",
            {
                "host": "h",
                "dbname": "x",
                "sslmode": "verify-full",
                "sslrootcert": "/etc/ca.pem",
                "connect_timeout": "3",
                "options": "-c x.y=5s",
            },
        ),
        (
            "postgresql://h/x?application_name=two%20words",
            {"host": "h", "dbname": "x", "application_name": "two words"},
        ),
        ("postgresql:///?service=trade", {"service": "trade"}),
    ],
)
def test_every_parameter_is_read_as_libpq_reads_it(url, parameters):
    address = read(url)
    assert dict(address.parameters) == parameters
    assert read(address.url()) == address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://h/x", "does not begin"),
        ("host=h dbname=x", "does not begin"),
        ("postgresql://u:hidden%zz@h/x", "a % is not followed"),
        ("postgresql://u:hidden%00@h/x", "a % is not followed"),
        ("postgresql://u:hid den@h/x", "a space"),
        ("postgresql://u:hidden@h/x?sslmod=require", "no parameter sslmod"),
        ("postgresql://u:hidden@h/x?sslmode=always", "sslmode is one of"),
        ("postgresql://u:hidden@h/x?sslmode=require&sslmode=disable", "sslmode is given twice"),
        ("postgresql://u:hidden@h/x?connect_timeout=soon", "connect_timeout is a whole number"),
        ("postgresql://u:hidden@h/x?connect_timeout=" + "9" * 5_000, "connect_timeout is a whole number"),
        ("postgresql://u:hidden@h/x?client_encoding=latin1", "client_encoding is one of"),
        ("postgresql://u:hidden@h/x?replication=database", "replication is one of"),
        ("postgresql://u:hidden@h:port/x", "the port is not"),
        ("postgresql://u:hidden@h:0/x", "the port is not"),
        ("postgresql://u:hidden@h:99999/x", "the port is not"),
        ("postgresql://u:hidden@a,b,c/x?port=1,2", "not one port for each host"),
        ("postgresql://[::1", "cannot be told from one another"),
        # A password with a sign that had to be written as a code ends up in other parts of the address.
        ("postgresql://u:hidden/word@h/x", "the port is not"),
        ("postgresql://u:@h/x?hidden", "cannot be told from one another"),
    ],
)
def test_what_cannot_be_used_is_refused_without_the_password(url, reason):
    refusal = read_address(url)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == "database_url_unreadable"
    assert reason in refusal.message
    assert "hidden" not in refusal.message
    assert refusal.message.count(". ") == 0


TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), min_size=1)


@given(st.fixed_dictionaries({"user": TEXT, "password": TEXT, "dbname": TEXT, "host": st.just("/run/x")}))
def test_any_text_survives_the_writing_of_an_address(parameters):
    address = Address.of(**parameters)
    assert read(address.url()) == address


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    for url in (text, f"postgresql://{text}", f"postgresql://u:p@h/x?{text}"):
        assert isinstance(read_address(url), Address | Refusal)


def test_django_connects_with_every_parameter():
    url = "postgresql://me:secret@a:5432,b:5433/trade?sslmode=verify-full&options=-c%20x.y%3D1&connect_timeout=3"
    settings = read(url).as_django({"application_name": "ewtp", "connect_timeout": "10"})
    wrapper = DatabaseWrapper({**settings, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False})
    parameters = wrapper.get_connection_params()
    assert {
        "dbname": "trade",
        "user": "me",
        "password": "secret",
        "host": "a,b",
        "port": "5432,5433",
        "sslmode": "verify-full",
        "options": "-c x.y=1",
        "connect_timeout": "3",
        "application_name": "ewtp",
    }.items() <= parameters.items()


@contextmanager
def server_without_tls():
    """A server that declines TLS, and the bytes that it was sent afterwards."""
    heard = []

    def answer(listening):
        connection, _ = listening.accept()
        with connection:
            assert struct.unpack("!II", connection.recv(8)) == (8, SSL_REQUEST)
            connection.sendall(b"N")
            heard.append(connection.recv(1_000))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        thread = Thread(target=answer, args=(listening,))
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(20)


@pytest.mark.parametrize(("mode", "is_told"), [("verify-full", False), ("require", False), ("prefer", True)])
def test_a_server_without_the_demanded_encryption_is_told_nothing(mode, is_told, monkeypatch, tmp_path):
    with server_without_tls() as (port, heard):
        url = f"postgresql://me:secret@127.0.0.1:{port}/trade?sslmode={mode}&gssencmode=disable"
        monkeypatch.setenv("DATABASE_URL", url)
        refusal = database_url(tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "database_unreachable"
    assert bool(heard[0]) is is_told


def test_a_wrong_value_that_only_libpq_knows_is_reported_in_the_refusal(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/x?ssl_min_protocol_version=never")
    refusal = database_url(tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "database_unreachable"
    assert "ssl_min_protocol_version" in refusal.message
    assert psycopg.pq.version() >= 160_000
