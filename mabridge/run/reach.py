"""Whether anything answers at a Ray cluster's address, before Ray is asked, which waits for minutes."""

from __future__ import annotations

import os
import queue
import re
import socket
import threading

from mabridge.errors import UnsupportedOptionError

#: Seconds for the name, and for the connection and its first answer together.
PATIENCE = 10.0
#: What a gRPC client says first (HTTP/2's preface and an empty SETTINGS frame), and the type of the frame that a server answers with.
_HELLO, _SETTINGS = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]), 4
_PLACE = re.compile(r"(?:ray://)?(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/?#@\s]+)):(\d{1,5})")


def check_reachable(address: str) -> None:
    """Connect to a cluster's address and wait for what a gRPC server says first.

    Args:
        address: `host:port` or `ray://host:port`. Names that Ray looks up itself ("auto", "local", another scheme) are taken on trust.

    Raises:
        UnsupportedOptionError: it is no address, its name is not known, nothing accepts the connection, or what does is no Ray.
    """
    if address in ("auto", "local") or ("://" in address and not address.startswith("ray://")):
        return
    found = _PLACE.fullmatch(address)
    if found is None or not 0 < int(found[3]) < 65_536:
        raise UnsupportedOptionError(f"{address!r} is not the address of a Ray cluster; write host:6379, ray://host:10001 or auto.")
    try:
        with socket.create_connection((_resolved(found[1] or found[2]), int(found[3])), timeout=PATIENCE) as connection:
            # Under TLS a server says nothing to a stranger.
            if os.environ.get("RAY_USE_TLS", "0") in ("0", ""):
                connection.sendall(_HELLO)
                if not _answers(connection):
                    raise UnsupportedOptionError(f"Ray could not be reached at {address}: what answers there is not a Ray cluster.")
    except OSError as error:
        reason = "nothing answers there" if isinstance(error, TimeoutError) else error.strerror or str(error)
        raise UnsupportedOptionError(f"Ray could not be reached at {address}: {reason}.") from error


def _answers(connection: socket.socket) -> bool:
    """Whether the first frame is SETTINGS: three bytes of length, one of type."""
    head = b""
    while len(head) < 4:
        more = connection.recv(4 - len(head))
        if not more:
            return False
        head += more
    return head[3] == _SETTINGS


def _resolved(host: str) -> str:
    """The host's first address; a thread of its own, as a resolver cannot be told how long to try.

    Raises:
        OSError: the name is not known, or nobody says so in time.
    """
    answers: queue.Queue[str | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            answers.put(str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0]))
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(f"{host!r} is no host name"))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except queue.Empty:
        raise OSError(f"the name {host} was not resolved in {PATIENCE:.0f} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
