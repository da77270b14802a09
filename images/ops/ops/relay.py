"""Answers health questions for an application that insists on a Host header, which load balancers cannot send."""

import http.client
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated

from pydantic import Field

from ops.config import Strict


class Config(Strict):
    """Which question is passed on, to a process of the same task unless another host is named; timeout in seconds."""

    port: int = 8099
    target_host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")] = "127.0.0.1"
    target_port: int
    path: Annotated[str, Field(pattern=r"^/")]
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
    timeout_seconds: Annotated[float, Field(gt=0)] = 4


def ask(config: Config) -> int:
    """The application's status; 503 when it does not answer."""
    connection = http.client.HTTPConnection(config.target_host, config.target_port, timeout=config.timeout_seconds)
    try:
        connection.request("GET", config.path, headers={"Host": config.host, "Connection": "close"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 503
    finally:
        connection.close()


def make_server(config: Config, address: str = "0.0.0.0") -> ThreadingHTTPServer:
    """A server that answers `/` with the application's status and without its text."""

    class Handler(BaseHTTPRequestHandler):
        timeout = config.timeout_seconds * 2
        server_version = "relay"
        sys_version = ""

        def do_GET(self) -> None:
            self.send_response(ask(config) if self.path == "/" else 404)
            self.send_header("Content-Length", "0")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """A question every few seconds is no news."""

    return ThreadingHTTPServer((address, config.port), Handler)


def run(config: Config) -> None:
    """Serves until SIGTERM, of which the first process of a container knows nothing by itself."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    make_server(config).serve_forever()
