"""A client that opens too many connections loses its oldest ones."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from ewtp.web.gate.connection_bound import ConnectionBound
from ewtp.web.gate.gate_limits import GateLimits


def is_closed(client: socket.socket) -> bool:
    client.setblocking(False)  # noqa: FBT003 - the standard library's
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False


def opened(stack: ExitStack, listener: socket.socket, source: str) -> socket.socket:
    client = stack.enter_context(
        socket.create_connection(("127.0.0.1", listener.getsockname()[1]), source_address=(source, 0))
    )
    accepted, _ = listener.accept()
    stack.enter_context(accepted)
    return client


def test_the_oldest_connections_of_a_client_and_of_all_are_closed():
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        limits = GateLimits(connections_of_client=3, connections=5)
        bound = ConnectionBound(limits, port=port, proxied=False)
        many = [opened(stack, listener, "127.0.0.2") for _ in range(2)]
        assert bound.look() == 0
        many += [opened(stack, listener, "127.0.0.2") for _ in range(3)]
        others = [opened(stack, listener, "127.0.0.3") for _ in range(2)]
        assert bound.look() == 2
        assert [is_closed(client) for client in many] == [True, True, False, False, False]
        assert not any(map(is_closed, others))
        # Peers that are gone no longer count; a third client makes one too many of all.
        for client in many[:2]:
            client.close()
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000


def test_behind_a_proxy_only_the_bound_on_all_holds():
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        limits = GateLimits(connections_of_client=1, connections=3)
        bound = ConnectionBound(limits, port=listener.getsockname()[1], proxied=True)
        clients = [opened(stack, listener, "127.0.0.2") for _ in range(4)]
        # They were seen for the first time together, so any one of them is the oldest.
        assert bound.look() == 1
        assert sum(map(is_closed, clients)) == 1


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this system has no IPv6")
def test_at_an_address_of_both_families_each_client_over_ipv4_is_one():
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True))
        bound = ConnectionBound(
            GateLimits(connections_of_client=1, connections=9), port=listener.getsockname()[1], proxied=False
        )
        clients = [opened(stack, listener, source) for source in ("127.0.0.2", "127.0.0.3", "127.0.0.2")]
        assert bound.look() == 1
        assert sum(map(is_closed, clients)) == 1
        assert not is_closed(clients[1])
