"""The checks of the combined health endpoint, as the configuration states them."""

from typing import Annotated, Literal

from pydantic import Field

from common import probes
from common.probe import http_probe
from ops.config import Strict, secret


class Base(Strict):
    """What every check has; `layer` groups the services."""

    service: str
    layer: Literal["control", "cognitive", "memory", "infrastructure", "observability"]

    def probe(self, timeout: float) -> None:
        """Asks the service. Raises ProbeError when it is not healthy."""
        raise NotImplementedError(type(self).__name__)

    def secret_names(self) -> list[str]:
        """The environment variables whose values the check needs."""
        return []


class HttpCheck(Base):
    """A GET that must answer one of the expected statuses."""

    protocol: Literal["http"]
    url: Annotated[str, Field(pattern=r"^https?://[^/]+")]
    headers: dict[str, str] = {}
    expect: list[int] = [200]

    def probe(self, timeout: float) -> None:
        http_probe(self.url, self.headers, tuple(self.expect), timeout)


class PostgresCheck(Base):
    """A log-in and a query."""

    protocol: Literal["postgres"]
    host: str
    port: int = 5432
    user: str
    database: str
    password_env: str

    def probe(self, timeout: float) -> None:
        probes.postgres(self.host, self.port, self.user, self.database, secret(self.password_env), timeout)

    def secret_names(self) -> list[str]:
        return [self.password_env]


class RedisCheck(Base):
    """A PING with the password."""

    protocol: Literal["redis"]
    host: str
    port: int = 6379
    password_env: str | None = None
    tls: bool = False

    def probe(self, timeout: float) -> None:
        password = secret(self.password_env) if self.password_env else None
        probes.redis(f"{'rediss' if self.tls else 'redis'}://{self.host}:{self.port}", password, timeout)

    def secret_names(self) -> list[str]:
        return [self.password_env] if self.password_env else []


class KafkaCheck(Base):
    """A metadata request; `security` holds librdkafka's options, `security_env` names variables for the secret ones."""

    protocol: Literal["kafka"]
    bootstrap: str
    security: dict[str, str] = {}
    security_env: dict[str, str] = {}

    def probe(self, timeout: float) -> None:
        secrets = {option: secret(name) for option, name in self.security_env.items()}
        probes.kafka(self.bootstrap, {**self.security, **secrets}, timeout)

    def secret_names(self) -> list[str]:
        return list(self.security_env.values())


class GrpcCheck(Base):
    """The standard gRPC health protocol."""

    protocol: Literal["grpc"]
    target: str
    service_name: str = ""
    tls: bool = False

    def probe(self, timeout: float) -> None:
        probes.grpc_health(self.target, self.service_name, self.tls, timeout)


Check = Annotated[
    HttpCheck | PostgresCheck | RedisCheck | KafkaCheck | GrpcCheck,
    Field(discriminator="protocol"),
]
