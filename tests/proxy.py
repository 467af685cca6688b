"""A line to a PostgreSQL server that can be cut at a chosen moment: a proxy in a thread.

    with Proxy(server_address) as line:
        store = open_store(line.address("crm"))
        line.cut = "after"          # the next COMMIT reaches the server, its answer nobody
        leads.create(session, "Acme")

How a line is cut (`CUTS`):

* ``before``: COMMIT does not reach the server, which is told that its client has gone;
* ``silent``: the same, and the server is told nothing: it waits, its transaction open;
* ``after``: COMMIT is done, and the answer is lost;
* ``late``: COMMIT arrives some time after the client has lost its line.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import threading
from types import TracebackType

from psycopg.conninfo import conninfo_to_dict

CUTS = ("before", "silent", "after", "late")
LATE = 0.3  # seconds


class Proxy:
    """``cut`` is how the next COMMIT is cut off; empty: not at all. With ``down`` new connections
    are refused. ``commits`` counts those seen, ``cuts`` the lines cut."""

    def __init__(self, server: str) -> None:
        given = conninfo_to_dict(server)
        self._host, self._port = str(given.get("host") or "localhost"), str(given.get("port") or "")
        self._user = str(given.get("user") or "postgres")
        self.cut, self.down = "", False
        self.commits = self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def address(self, database: str) -> str:
        """The address of a database by way of this line."""
        port = self._listening.getsockname()[1]
        options = "sslmode=disable&gssencmode=disable"
        return f"postgresql://{self._user}@127.0.0.1:{port}/{database}?{options}"

    def drop(self) -> None:
        """Cut every line at once."""
        for one in self._open:
            _close(one)
        self._open.clear()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        _close(self._listening)
        self.drop()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            if self.down:
                _close(client)
                continue
            server = self._connect()
            self._open += [client, server]
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, int(self._port or 5432)))
        server = socket.socket(socket.AF_UNIX)
        server.connect(os.path.join(self._host, f".s.PGSQL.{self._port or 5432}"))
        return server

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        prepared: set[bytes] = set()  # names under which this connection's COMMIT is prepared
        with contextlib.suppress(OSError, ValueError):
            while not self._ended.is_set():
                ready, _w, _x = select.select([client, server], [], [], 0.5)
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return self._end(client, server)
                    if one is client and _commits(data, prepared):
                        self.commits += 1
                        if self.cut:
                            return self._cut_at(data, client, server)
                    (server if one is client else client).sendall(data)
        self._end(client, server)

    def _cut_at(self, data: bytes, client: socket.socket, server: socket.socket) -> None:
        how, self.cut = self.cut, ""
        self.cuts += 1
        if how == "after":
            server.sendall(data)
            server.recv(65536)  # done, and nobody hears of it
        _close(client)
        if how == "late":
            self._ended.wait(LATE)
            with contextlib.suppress(OSError):
                server.sendall(data)
                server.recv(65536)
        if how != "silent":
            _close(server)

    def _end(self, client: socket.socket, server: socket.socket) -> None:
        _close(client)
        _close(server)


def _commits(data: bytes, prepared: set[bytes]) -> bool:
    """Whether what a client sends is a COMMIT: as text, or by the name that it was prepared under
    (psycopg prepares what it sends often)."""
    if found := re.search(rb"P.{4}(_pg3_\w+)\x00COMMIT\x00", data, re.DOTALL):
        prepared.add(found[1])
        return b"\x00" + found[1] + b"\x00" in data[found.end() :]
    return b"COMMIT" in data or any(b"\x00" + name + b"\x00" in data for name in prepared)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
