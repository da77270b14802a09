"""The memory as a process on a real database. Milvus itself is met in the end-to-end run; here it is away, or a stand-in."""

import json
from collections.abc import Iterator

import pytest

from common.probe import http_request
from common.vectors import DIMENSIONS, cosine, embed
from testing.doubles import SpiceDbDouble
from testing.ports import eventually, free_port
from testing.processes import Running, run, running
from testing.servers import PASSWORD, new_database

Variables = dict[str, str]
TOKEN = "service-token"


@pytest.fixture(scope="module")
def base(postgres_port: int) -> Variables:
    """What a migration needs, and it is done."""
    new_database(postgres_port, "somafractalmemory")
    name = "somafractalmemory"
    variables = {
        "SOMA_DB_HOST": "127.0.0.1", "SOMA_DB_PORT": str(postgres_port), "SOMA_DB_NAME": name,
        "SOMA_DB_USER": name, "SOMA_DB_PASSWORD": PASSWORD,
    }  # fmt: skip
    migrated = run("memory", ["python", "manage.py", "migrate", "--noinput"], variables)
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return variables


@pytest.fixture
def memory(base: Variables, spicedb: tuple[SpiceDbDouble, str], tmp_path: object) -> Iterator[tuple[str, Running, Variables]]:
    """The memory as its entrypoint starts it. The stand-in for Milvus answers gRPC health, and nothing else."""
    port = free_port()
    host, milvus = spicedb[1].split(":")
    variables = {
        **base,
        "SOMA_API_PORT": str(port),
        "SOMA_API_TOKEN": TOKEN,
        "SOMA_SECRET_KEY": "of-the-tests",
        "SOMA_ALLOWED_HOSTS": "memory",
        "SOMA_MILVUS_HOST": host,
        "SOMA_MILVUS_PORT": milvus,
        "WEB_CONCURRENCY": "1",
        "PROMETHEUS_MULTIPROC_DIR": f"{tmp_path}/metrics",
    }
    with running("memory", ["./bootstrap.sh"], variables) as process:
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: ask("GET", f"{url}/ping")[0] == 200, seconds=20)
        yield url, process, variables


def ask(method: str, url: str, token: str = "", body: object = None) -> tuple[int, bytes]:
    """A request to the memory."""
    headers = {"Host": "memory", "Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    return http_request(method, url, json.dumps(body).encode() if body else None, headers, timeout=20)


def test_missing_variables_are_named(base: Variables) -> None:
    ended = run("memory", ["python", "manage.py", "check"], {"SOMA_DB_HOST": "x"})
    assert ended.returncode == 1 and "SOMA_DB_PORT, SOMA_DB_NAME, SOMA_DB_USER, SOMA_DB_PASSWORD" in ended.stderr
    ended = run("memory", ["python", "-c", "import somafractalmemory.config.wsgi"], base)
    assert "SOMA_API_TOKEN, SOMA_SECRET_KEY, SOMA_MILVUS_HOST, SOMA_MILVUS_PORT, SOMA_ALLOWED_HOSTS" in ended.stderr


def test_health_token_and_a_store_that_fails(memory: tuple[str, Running, Variables]) -> None:
    url, process, _ = memory
    assert ask("GET", f"{url}/healthz")[0] == 200
    assert b"django_http" in ask("GET", f"{url}/metrics")[1]
    assert ask("POST", f"{url}/memories", "", {"text": "a"})[0] == 401
    assert ask("POST", f"{url}/memories", "wrong", {"text": "a"})[0] == 401
    assert ask("GET", f"{url}/memories/search?query=a")[0] == 401
    assert ask("GET", f"{url}/memories/search", TOKEN)[0] == 422
    status, answer = ask("GET", f"{url}/memories/search?query=a", TOKEN)
    assert status == 503 and b"vector store" in answer
    assert PASSWORD not in process.output and TOKEN not in process.output


def test_health_is_503_without_milvus(memory: tuple[str, Running, Variables], base: Variables) -> None:
    _, _, variables = memory
    code = (
        "import django; django.setup(); from django.test import Client;"
        "print(Client().get('/healthz', headers={'host': 'memory'}).status_code)"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "somafractalmemory.config.settings", "SOMA_MILVUS_PORT": str(free_port())}
    ended = run("memory", ["python", "-c", code], {**variables, **settings})
    assert ended.stdout.splitlines()[-1] == "503", ended.stdout + ended.stderr


def test_vectors_are_deterministic_and_near_for_shared_words() -> None:
    sea = embed("The sea is blue")
    assert len(sea) == DIMENSIONS and sea == embed("the SEA is blue!")
    assert cosine(sea, embed("a blue sea")) > cosine(sea, embed("quarterly tax form"))
    assert cosine(embed(""), embed("")) == 1.0
