"""What the agent needs to do its work, asked for real."""

from collections.abc import Callable
from typing import Any

import grpc
from django.conf import settings

from common import probes
from common.kafka import security
from common.probe import ProbeError, http_probe
from common.readiness import run_checks
from common.spicedb import open_spicedb
from services.gateway import policy
from services.shared.config import runtime


def ready() -> tuple[bool, dict[str, Any]]:
    """Whether every dependency of the mode answers, and each one's state."""
    return run_checks(checks())


def checks() -> dict[str, Callable[[], Any]]:
    """In cluster mode the brain, the memory and Kafka count too: the agent fails closed without them."""
    stack = runtime()
    base: dict[str, Callable[[], Any]] = {
        "postgres": _postgres,
        "redis": lambda: probes.redis(stack.redis_url),
        "keycloak": lambda: probes.oidc(stack.keycloak_url, stack.keycloak_realm),
        "spicedb": _spicedb,
        "opa": lambda: policy.decide("gateway", "health.ready", "health"),
    }
    if not stack.cluster:
        return base
    base["kafka"] = lambda: probes.kafka(stack.kafka, security())
    if not stack.in_process:
        token = {"Authorization": f"Bearer {stack.service_token}"}
        base["brain"] = lambda: http_probe(f"{stack.brain_url}/readyz")
        # A search, not the health page: it also proves that the shared token is the right one.
        base["memory"] = lambda: http_probe(f"{stack.memory_url}/memories/search?query=ready&limit=1", token)
    return base


def _postgres() -> None:
    database = settings.DATABASES["default"]
    probes.postgres(database["HOST"], int(database["PORT"]), database["USER"], database["NAME"], database["PASSWORD"])


def _spicedb() -> None:
    """Proves the preshared key and that a schema was written."""
    stack = runtime()
    try:
        with open_spicedb(stack.spicedb_target, stack.spicedb_token, stack.spicedb_tls) as client:
            if client.read_schema() is None:
                raise ProbeError(f"{stack.spicedb_target}: no schema was written")
    except grpc.RpcError as error:
        raise ProbeError(f"{stack.spicedb_target}: {error.code().name} {error.details()}") from None
