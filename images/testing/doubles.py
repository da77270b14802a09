"""Doubles of Keycloak, OPA and SpiceDB: the few answers that the applications ask for, with faults on demand."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
import jwt
from authzed.api.v1 import DiffSchemaResponse, ReadSchemaResponse, ReflectionSchemaDiff, WriteSchemaResponse
from authzed.api.v1.schema_service_pb2_grpc import SchemaServiceServicer, add_SchemaServiceServicer_to_server
from cryptography.hazmat.primitives.asymmetric import rsa
from grpc_health.v1 import health, health_pb2, health_pb2_grpc


class HttpDouble:
    """Answers from a table {(method, path): (status, body)}; what it was sent is in `requests`."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.requests: list[tuple[str, str, bytes, dict[str, str]]] = []
        double = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                double.requests.append((self.command, self.path, body, dict(self.headers)))
                status, document = double.answers.get((self.command, self.path.split("?")[0]), (404, {"error": "not here"}))
                payload = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @contextlib.contextmanager
    def running(self) -> Iterator["HttpDouble"]:
        """Serves while the context lasts."""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        yield self
        self.server.shutdown()
        self.server.server_close()


class KeycloakDouble(HttpDouble):
    """Discovery, keys and tokens of one realm."""

    def __init__(self, realm: str = "somastack") -> None:
        super().__init__()
        self.issuer = f"{self.url}/realms/{realm}"
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        jwk = {
            **json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key())),
            "kid": "one",
            "use": "sig",
            "alg": "RS256",
        }
        discovery = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/certs"}
        self.answers[("GET", f"/realms/{realm}/.well-known/openid-configuration")] = (200, discovery)
        self.answers[("GET", f"/realms/{realm}/certs")] = (200, {"keys": [jwk]})

    def token(self, **changes: Any) -> str:
        """A good token of client soma-agent, with the given claims changed."""
        claims = {"iss": self.issuer, "sub": "user-1", "azp": "soma-agent", "aud": "account", "exp": time.time() + 60, **changes}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "one"})


class SpiceDbDouble(SchemaServiceServicer):
    """Keeps a schema for those who know the key, and answers gRPC health."""

    def __init__(self, key: str, schema: str = "") -> None:
        self.key, self.schema = key, schema

    def _authorise(self, context: grpc.ServicerContext) -> None:
        if dict(context.invocation_metadata()).get("authorization") != f"Bearer {self.key}":
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "invalid preshared key")

    def ReadSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._authorise(context)
        if not self.schema:
            context.abort(grpc.StatusCode.NOT_FOUND, "No schema has been defined")
        return ReadSchemaResponse(schema_text=self.schema)

    def WriteSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._authorise(context)
        if "definition" not in request.schema:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "parse error in schema")
        self.schema = request.schema
        return WriteSchemaResponse()

    def DiffSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._authorise(context)
        same = request.comparison_schema == self.schema
        return DiffSchemaResponse(diffs=[] if same else [ReflectionSchemaDiff()])

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Serves while the context lasts; the address."""
        server = grpc.server(ThreadPoolExecutor(4))
        add_SchemaServiceServicer_to_server(self, server)
        state = health.HealthServicer()
        state.set("", health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(state, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(None)
