"""The brain and its outbox as processes."""

import json
import re
import time
import uuid
from collections.abc import Iterator

import jwt
import pytest

from common.probe import http_request
from testing.doubles import HttpDouble
from testing.ports import eventually, free_port
from testing.processes import Running, run, running
from testing.servers import first_message, new_database

Variables = dict[str, str]
TOKEN, SECRET = "service-token", "a-secret-of-more-than-thirty-two-bytes"


@pytest.fixture(scope="module")
def base(postgres_port: int) -> Variables:
    """What a migration needs, and it is done."""
    dsn = new_database(postgres_port, "somabrain")
    variables = {"SOMABRAIN_POSTGRES_DSN": dsn, "SOMABRAIN_JWT_SECRET": SECRET, "SOMABRAIN_MEMORY_HTTP_TOKEN": TOKEN}
    migrated = run("brain", ["./entrypoint.sh", "python", "manage.py", "migrate", "--noinput"], variables)
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return variables


@pytest.fixture
def serving(base: Variables, http: HttpDouble, kafka: str, redis_url: str) -> Variables:
    """What serving needs; the double is memory and OPA."""
    http.answers[("GET", "/health")] = (200, {})
    http.answers[("GET", "/memories/search")] = (200, [{"id": "1", "text": "blue"}])
    addresses = {"SOMABRAIN_MEMORY_HTTP_ENDPOINT": http.url, "SOMABRAIN_OPA_URL": http.url}
    return {**base, **addresses, "SOMABRAIN_KAFKA_URL": kafka, "SOMABRAIN_REDIS_URL": redis_url, "ALLOWED_HOSTS": "somabrain"}


@pytest.fixture
def brain(serving: Variables, tmp_path: object) -> Iterator[tuple[str, Running]]:
    """The program that the entrypoint serves with, on a port of its own."""
    port = free_port()
    command = ["python", "-m", "gunicorn", "somabrain.config.wsgi", "--config", "common/gunicorn_conf.py"]
    variables = {**serving, "PROMETHEUS_MULTIPROC_DIR": f"{tmp_path}/metrics"}
    with running("brain", [*command, "--bind", f"127.0.0.1:{port}"], variables) as process:
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: ask("GET", f"{url}/healthz")[0] == 200)
        yield url, process


def ask(method: str, url: str, token: str = "", body: object = None) -> tuple[int, bytes]:
    """A request to the brain."""
    headers = {"Host": "somabrain", "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return http_request(method, url, json.dumps(body).encode() if body else None, headers, timeout=10)


def test_missing_variables_are_named(base: Variables) -> None:
    ended = run("brain", ["python", "manage.py", "check"], {})
    assert ended.returncode == 1
    assert "SOMABRAIN_POSTGRES_DSN, SOMABRAIN_JWT_SECRET, SOMABRAIN_MEMORY_HTTP_TOKEN" in ended.stderr
    ended = run("brain", ["python", "-c", "import somabrain.config.wsgi"], base)
    assert "SOMABRAIN_KAFKA_URL, SOMABRAIN_REDIS_URL, SOMABRAIN_OPA_URL" in ended.stderr


def test_entrypoint_without_kafka_gives_up(base: Variables) -> None:
    addresses = {"SOMABRAIN_KAFKA_URL": f"127.0.0.1:{free_port()}", "SOMABRAIN_OPA_URL": "http://127.0.0.1:1"}
    ended = run("brain", ["./entrypoint.sh"], {**base, **addresses, "WAIT_TIMEOUT_SECONDS": "1"})
    assert ended.returncode == 1 and "kafka does not answer within 1 s" in ended.stderr


def test_readiness_and_metrics(brain: tuple[str, Running], http: HttpDouble) -> None:
    url, _ = brain
    status, report = ask("GET", f"{url}/readyz")
    assert status == 200 and set(json.loads(report)["checks"]) == {"postgres", "redis", "kafka", "opa"}
    http.answers[("GET", "/health")] = (500, {})
    status, report = ask("GET", f"{url}/readyz")
    assert status == 503 and json.loads(report)["checks"]["opa"]["status"] == "unhealthy"
    assert ask("GET", f"{url}/healthz")[0] == 200
    metrics = ask("GET", f"{url}/metrics")[1].decode()
    assert "django_http_requests_total_by_method_total" in metrics and "NaN" not in metrics


def test_evaluation_and_its_event(brain: tuple[str, Running], serving: Variables, http: HttpDouble, kafka: str) -> None:
    url, question = f"{brain[0]}/context/evaluate", {"session_id": "s1", "query": str(uuid.uuid4())}
    assert ask("POST", url, "wrong", question)[0] == 401
    signed = jwt.encode({"sub": "someone", "exp": time.time() + 60}, SECRET, algorithm="HS256")
    for token in (TOKEN, signed):
        status, answer = ask("POST", url, token, question)
        assert status == 200 and json.loads(answer)["memories"] == ["blue"]
    searches = [request for request in http.requests if request[1].startswith("/memories/search")]
    assert len(searches) == 1 and searches[0][3]["Authorization"] == f"Bearer {TOKEN}"

    with running("brain", ["python", "-m", "somabrain.workers.outbox_publisher"], serving) as publisher:
        eventually(lambda: re.search(r"published 2 events", publisher.output))
        assert publisher.stop() == 0
    assert first_message(kafka, "cog.next_event")["session_id"] == "s1"


def test_memory_that_is_down_is_said(brain: tuple[str, Running], http: HttpDouble) -> None:
    http.answers[("GET", "/memories/search")] = (503, {})
    status, answer = ask("POST", f"{brain[0]}/context/evaluate", TOKEN, {"session_id": "s", "query": str(uuid.uuid4())})
    assert status == 503 and b"memory: HTTPStatusError" in answer
