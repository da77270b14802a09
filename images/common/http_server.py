"""The side door of a process that serves no HTTP otherwise: /metrics for Prometheus, /healthz for its container."""

import json
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from common.readiness import run_checks


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Probes every few seconds are no news."""


def serve_in_background(port: int, check: Callable[[], None]) -> WSGIServer:
    """Serves on all interfaces of the container; /healthz answers 200 when `check` does not raise, else 503."""
    metrics = make_wsgi_app()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            return metrics(environ, start_response)
        healthy, report = run_checks({"worker": check})
        start_response("200 OK" if healthy else "503 Service Unavailable", [("Content-Type", "application/json")])
        return [json.dumps(report["worker"]).encode()]

    server = make_server("0.0.0.0", port, application, server_class=_Server, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
