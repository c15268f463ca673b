"""A wrong cluster address ends in one sentence, and soon."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from jobs import indexer, letters

from compat_tests.extras import needed
from mabridge.cli import main
from mabridge.errors import UnsupportedOptionError
from mabridge.run import reach
from mabridge.run.reach import check_reachable


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which each connection gets an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                held.append(connection)
                answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)
        for connection in held:
            connection.close()


@pytest.mark.parametrize("address", ["nowhere", "", "host:", "host:0", "host:70000", "ray://host", "ray://a b:1", "ray://u@host:1", "[::1", "host:1/x"])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(UnsupportedOptionError, match=r"is not the address of a Ray cluster; write host:6379, ray://host:10001 or auto\."):
        check_reachable(address)


@pytest.mark.parametrize("address", ["auto", "local", "other://cluster"])
def test_what_ray_looks_up_itself_is_taken_on_trust(address: str) -> None:
    check_reachable(address)


@pytest.mark.parametrize("address", ["nowhere.invalid:6379", "ray://nowhere.invalid:10001", "[::1]:1", "ray://127.0.0.1:1"])
def test_a_name_or_port_that_is_not_there_is_named(address: str) -> None:
    with pytest.raises(UnsupportedOptionError) as refused:
        check_reachable(address)
    assert str(refused.value).startswith(f"Ray could not be reached at {address}: ")
    assert str(refused.value).endswith(".")


def test_a_host_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "PATIENCE", 0.3)
    with server(lambda connection: None) as port, pytest.raises(UnsupportedOptionError, match=r"nothing answers there\."):
        check_reachable(f"127.0.0.1:{port}")


def test_a_resolver_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "PATIENCE", 0.2)
    done = threading.Event()

    def waits(*args: object, **options: object) -> None:
        done.wait(30)
        raise OSError("too late")

    monkeypatch.setattr(reach.socket, "getaddrinfo", waits)
    try:
        with pytest.raises(UnsupportedOptionError, match="the name slow was not resolved in"):
            check_reachable("slow:6379")
    finally:
        done.set()


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 ftp\r\n"])
def test_another_server_is_no_ray(said: bytes) -> None:
    with server(lambda connection: connection.sendall(said)) as port, pytest.raises(UnsupportedOptionError, match="what answers there is not a Ray cluster"):
        check_reachable(f"127.0.0.1:{port}")


def test_a_server_that_hangs_up_is_no_ray() -> None:
    with server(lambda connection: connection.shutdown(socket.SHUT_WR)) as port, pytest.raises(UnsupportedOptionError, match="not a Ray cluster"):
        check_reachable(f"127.0.0.1:{port}")


def test_a_server_that_begins_as_grpc_does_is_let_through() -> None:
    with server(lambda connection: connection.sendall(bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))) as port:
        check_reachable(f"127.0.0.1:{port}")
        check_reachable(f"ray://localhost:{port}")


@pytest.mark.parametrize("address", ["ray://nowhere.invalid:10001", "127.0.0.1:1", pytest.param("10.255.255.1:6379", marks=pytest.mark.heavy)])
def test_predict_says_soon_that_no_cluster_answers(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needed("ray")
    pq.write_table(letters(10), tmp_path / "data.parquet")
    indexer().save(tmp_path / "model")
    started = time.monotonic()
    command = ["predict", str(tmp_path / "model"), str(tmp_path / "data.parquet"), str(tmp_path / "out"), "--engine", "ray", "--address", address, "--quiet"]
    assert main(command) == 2
    assert time.monotonic() - started < 30
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"mabridge: Ray could not be reached at {address}: ")
    assert len(said.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
