"""Fixtures of all images' tests: one server of each kind a session."""

from collections.abc import Iterator

import pytest

from testing import servers
from testing.doubles import HttpDouble, KeycloakDouble, SpiceDbDouble


@pytest.fixture(scope="session")
def postgres_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A real PostgreSQL."""
    with servers.postgres(tmp_path_factory.mktemp("postgres")) as port:
        yield port


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis."""
    with servers.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """A broker that speaks Kafka's protocol."""
    with servers.kafka() as address:
        yield address


@pytest.fixture
def http() -> Iterator[HttpDouble]:
    """An HTTP server that answers as told."""
    with HttpDouble().running() as double:
        yield double


@pytest.fixture(scope="session")
def keycloak() -> Iterator[KeycloakDouble]:
    """A realm."""
    with KeycloakDouble().running() as double:
        yield double


@pytest.fixture
def spicedb() -> Iterator[tuple[SpiceDbDouble, str]]:
    """SpiceDB without a schema, and its address."""
    double = SpiceDbDouble("key-of-the-tests")
    with double.running() as address:
        yield double, address
