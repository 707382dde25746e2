"""The address to listen on, and the other options of the main job."""

from __future__ import annotations

import socket
import threading

import pytest
from django.core.management import CommandError

from bookingoffice.database.server.trouble import ServerTrouble
from bookingoffice.serving import ports
from bookingoffice.serving.management.commands.up import Command
from tests.serving import free_port


def test_a_port_in_use_is_refused_with_another_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "PATIENCE", 0)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(ServerTrouble, match=rf"^Port {port} on 127.0.0.1 is in use\..*--port {port + 1}$"):
            ports.refuse_taken_port("127.0.0.1", port)


def test_a_port_that_is_let_go_of_is_taken() -> None:
    """By the workers of a server that was killed, say."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.listen()
    port = held.getsockname()[1]
    threading.Timer(0.5, held.close).start()

    with ports.listener("127.0.0.1", port, patience=10) as bound:
        assert bound.getsockname()[1] == port
        assert not ports.listens("127.0.0.1", port)


def test_a_free_port_is_left_free() -> None:
    port = free_port()

    ports.refuse_taken_port("127.0.0.1", port)

    assert not ports.listens("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_an_address_of_no_machine_or_another_is_refused(host: str) -> None:
    with pytest.raises(ServerTrouble, match=host):
        ports.refuse_taken_port(host, free_port())


def test_listening_everywhere_is_printed_as_this_machine() -> None:
    assert ports.url("0.0.0.0", 8000) == "http://127.0.0.1:8000"
    assert ports.url("::", 8000) == "http://[::1]:8000"


@pytest.mark.parametrize("odd", [["--port", "0"], ["--port", "70000"], ["--port", "80a"], ["--workers", "0"]])
def test_odd_options_are_refused(odd: list[str]) -> None:
    with pytest.raises(CommandError, match=odd[1]):
        Command().create_parser("manage.py", "up").parse_args(odd)
