"""The address to listen on, tried before anything is started."""

from __future__ import annotations

import socket
import time

from bookingoffice.database.server.trouble import ServerTrouble

PATIENCE = 3.0  # seconds in which the processes of a server that was just killed let go of the port


def refuse_taken_port(host: str, port: int) -> None:
    """A sentence before anything is started."""
    listener(host, port).close()


def listener(host: str, port: int, patience: float | None = None) -> socket.socket:
    """Bound, and not listening yet: nobody is let in before there is somebody to answer. A port in use is waited for."""
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    while (bound := _bound(host, port)) is None:
        if time.monotonic() > deadline:
            raise ServerTrouble(
                f"Port {port} on {host} is in use. Stop the program that listens there, or choose: --port {port % 65535 + 1}"
            )
        time.sleep(0.2)
    return bound


def listens(host: str, port: int) -> bool:
    family, address = _resolve(_reachable(host), port)
    with socket.socket(family) as caller:
        caller.settimeout(1)
        return caller.connect_ex(address) == 0


def url(host: str, port: int) -> str:
    """As a browser on this machine takes it."""
    name = _reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _reachable(host: str) -> str:
    """Listening everywhere includes this machine's own address, which is one that can be called."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 (compared, not bound)


def _bound(host: str, port: int) -> socket.socket | None:
    """None where somebody listens there already."""
    family, address = _resolve(host, port)
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        if isinstance(error, PermissionError):
            raise ServerTrouble(f"This account may not listen on port {port}: choose one above 1023.") from None
        if "in use" in str(error.strerror):
            return None
        raise ServerTrouble(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    return bound


def _resolve(host: str, port: int) -> tuple[int, tuple[object, ...]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise ServerTrouble(
            f"There is no address {host!r} to listen on: give --host a name or number of this machine."
        ) from None
    return family, address
