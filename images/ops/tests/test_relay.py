"""The relay of health questions."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ops import relay
from testing.ports import free_port


class Strict(BaseHTTPRequestHandler):
    """An application that answers to one host name only, and can be told its status."""

    status = 200
    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(self.status if self.headers["Host"] == "gateway" else 400)
        self.end_headers()
        self.wfile.write(b"a text that nobody outside should read")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    """The port of a server that runs."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def config(target_port: int) -> relay.Config:
    """A relay to an application."""
    return relay.Config(port=free_port(), target_port=target_port, path="/ready", host="gateway", timeout_seconds=1)


def get(port: int, path: str = "/") -> tuple[int, bytes]:
    """Status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": "10.0.0.7"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_application_is_asked_with_its_host_name() -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Strict)) as target:
        with serving(relay.make_server(config(target), "127.0.0.1")) as port:
            Strict.status = 200
            assert get(port) == (200, b"")
            assert Strict.seen[-1] == "/ready"
            Strict.status = 503
            assert get(port) == (503, b"")


def test_other_paths_are_not_passed_on() -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Strict)) as target:
        with serving(relay.make_server(config(target), "127.0.0.1")) as port:
            before = len(Strict.seen)
            assert get(port, "/admin")[0] == 404
            assert len(Strict.seen) == before


def test_an_application_that_does_not_answer_is_unavailable() -> None:
    with serving(relay.make_server(config(free_port()), "127.0.0.1")) as port:
        assert get(port) == (503, b"")


def test_an_application_on_another_host_is_asked_where_one_is_named() -> None:
    with serving(ThreadingHTTPServer(("127.0.0.2", 0), Strict)) as target:
        Strict.status = 200
        elsewhere = config(target).model_copy(update={"target_host": "127.0.0.2"})
        with serving(relay.make_server(elsewhere, "127.0.0.1")) as port:
            assert get(port) == (200, b"")
        with serving(relay.make_server(config(target), "127.0.0.1")) as port:
            assert get(port) == (503, b"")
