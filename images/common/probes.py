"""Probes that speak each service's own protocol. Each returns on success and raises ProbeError otherwise.

All block for at most `timeout` seconds. Client libraries are imported where they are used: an image that
never probes Kafka does not pay for its client.
"""

import json
import logging
from functools import lru_cache
from typing import Any

from common.probe import ProbeError, describe, http_probe, http_request

quiet = logging.getLogger("common.probes.quiet")
quiet.addHandler(logging.NullHandler())
quiet.propagate = False


def postgres(host: str, port: int, user: str, database: str, password: str, timeout: float = 4.0) -> None:
    """A log-in and a query."""
    import psycopg

    try:
        with psycopg.connect(
            host=host, port=port, user=user, dbname=database, password=password,
            connect_timeout=max(2, int(timeout)), options=f"-c statement_timeout={int(timeout * 1000)}",
        ) as connection:  # fmt: skip
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        raise ProbeError(describe(error)) from None


def redis(url: str, password: str | None = None, timeout: float = 4.0) -> None:
    """A PING; `url` may carry the password, else it is given apart."""
    import redis as client_library

    extra: dict[str, Any] = {"password": password} if password else {}
    client = client_library.Redis.from_url(
        url, protocol=2, socket_timeout=timeout, socket_connect_timeout=timeout, retry=None, **extra
    )
    try:
        client.ping()
    except (client_library.RedisError, OSError) as error:
        raise ProbeError(describe(error)) from None
    finally:
        client.close()


@lru_cache(maxsize=8)
def _kafka_client(bootstrap: str, security: tuple[tuple[str, str], ...]) -> Any:
    """One client a cluster: making one starts threads, and this one comes back after an outage by itself."""
    from confluent_kafka.admin import AdminClient

    settings = {"bootstrap.servers": bootstrap, "reconnect.backoff.max.ms": 1000, **dict(security)}
    return AdminClient(settings, logger=quiet)


def kafka(bootstrap: str, security: dict[str, str] | None = None, timeout: float = 4.0) -> None:
    """A metadata request; the cluster must name at least one broker."""
    from confluent_kafka import KafkaException

    try:
        client = _kafka_client(bootstrap, tuple(sorted((security or {}).items())))
        brokers = client.list_topics(timeout=timeout).brokers
    except KafkaException as error:
        raise ProbeError(f"{bootstrap}: {error.args[0].str()}") from None
    if not brokers:
        raise ProbeError(f"{bootstrap}: the cluster names no broker")


def grpc_health(target: str, service_name: str = "", tls: bool = False, timeout: float = 4.0) -> None:
    """The standard gRPC health protocol; the answer must be SERVING."""
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    # A pool of its own: a shared channel would answer from its back-off after an outage.
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
    make = grpc.secure_channel if tls else grpc.insecure_channel
    channel = make(target, *([grpc.ssl_channel_credentials()] if tls else []), options=options)
    try:
        request = health_pb2.HealthCheckRequest(service=service_name)
        answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=timeout, wait_for_ready=False)
    except grpc.RpcError as error:
        raise ProbeError(f"{target}: {error.code().name} {describe(Exception(error.details()))}") from None
    finally:
        channel.close()
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        raise ProbeError(f"{target}: {health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)}")


def opa_decision(url: str, document: dict[str, Any], timeout: float = 4.0) -> bool:
    """OPA's decision at a data URL for an input. Raises ProbeError when the policy is not loaded or not boolean."""
    body = json.dumps({"input": document}).encode()
    status, answer = http_request("POST", url, body, {"Content-Type": "application/json"}, timeout)
    if status != 200:
        raise ProbeError(f"{url} answered {status}, expected 200")
    decision = json.loads(answer).get("result")
    if not isinstance(decision, bool):
        raise ProbeError(f"{url} has no boolean decision: the policy is not loaded")
    return decision


def oidc(url: str, realm: str, timeout: float = 4.0) -> dict[str, Any]:
    """The OIDC discovery document of a Keycloak realm."""
    document = json.loads(http_probe(f"{url.rstrip('/')}/realms/{realm}/.well-known/openid-configuration", timeout=timeout))
    if not document.get("jwks_uri"):
        raise ProbeError(f"realm {realm} at {url} names no jwks_uri")
    return document
