"""The combined health endpoint against real servers, as a process."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from common.probe import http_get
from testing.doubles import HttpDouble, SpiceDbDouble
from testing.ports import eventually, free_port
from testing.processes import Running, run, running
from testing.servers import PASSWORD

JSON, HTML = {"Accept": "application/json"}, {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def stack(
    postgres_port: int, redis_url: str, kafka: str, spicedb: tuple[SpiceDbDouble, str], http: HttpDouble
) -> Iterator[tuple[str, HttpDouble, Running]]:
    """The endpoint's URL over five healthy services, the HTTP one of which can be made sick."""
    http.answers[("GET", "/ready")] = (200, {})
    port = free_port()
    config = {
        "stack": "dev",
        "interval_seconds": 0.5,
        "timeout_seconds": 2,
        "port": port,
        "checks": [
            {
                "service": "gateway",
                "layer": "control",
                "protocol": "http",
                "url": f"{http.url}/ready",
                "headers": {"Host": "gateway"},
            },
            {
                "service": "postgres",
                "layer": "infrastructure",
                "protocol": "postgres",
                "host": "127.0.0.1",
                "port": postgres_port,
                "user": "postgres",
                "database": "postgres",
                "password_env": "OPS_SECRET_PG",
            },
            {
                "service": "redis",
                "layer": "infrastructure",
                "protocol": "redis",
                "host": "127.0.0.1",
                "port": urlsplit(redis_url).port,
                "password_env": "OPS_SECRET_REDIS",
            },
            {"service": "kafka", "layer": "infrastructure", "protocol": "kafka", "bootstrap": kafka},
            {"service": "spicedb", "layer": "control", "protocol": "grpc", "target": spicedb[1]},
        ],
    }
    variables = {"OPS_CONFIG": json.dumps(config), "OPS_SECRET_PG": PASSWORD, "OPS_SECRET_REDIS": PASSWORD}
    url = f"http://127.0.0.1:{port}"
    with running("ops", ["python", "-m", "ops", "serve"], variables) as process:
        eventually(lambda: http_get(f"{url}/live")[0] == 200)
        yield url, http, process


def test_healthy_stack_then_one_sick_service(stack: tuple[str, HttpDouble, Running]) -> None:
    url, http, _ = stack
    eventually(lambda: http_get(f"{url}/health", JSON)[0] == 200)
    status, body = http_get(f"{url}/health", JSON)
    answer = json.loads(body)
    assert (status, answer["status"], answer["stack"]) == (200, "healthy", "dev")
    assert set(answer["services"]) == {"gateway", "postgres", "redis", "kafka", "spicedb"}
    for entry in answer["services"].values():
        assert entry["status"] == "healthy" and entry["latency_ms"] > 0 and entry["age_seconds"] <= 0.6
    assert http.requests[-1][3]["Host"] == "gateway"

    http.answers[("GET", "/ready")] = (503, {})
    eventually(lambda: http_get(f"{url}/health", JSON)[0] == 503, seconds=3)
    answer = json.loads(http_get(f"{url}/health", JSON)[1])
    assert answer["services"]["gateway"]["error"].endswith("/ready answered 503, expected 200")
    assert answer["services"]["postgres"]["status"] == "healthy"

    http.answers[("GET", "/ready")] = (200, {})
    eventually(lambda: http_get(f"{url}/health", JSON)[0] == 200, seconds=3)


def test_a_service_that_came_up_counts_at_once(http: HttpDouble) -> None:
    port = free_port()
    http.answers[("GET", "/ready")] = (503, {})
    checks = [{"service": "gateway", "layer": "control", "protocol": "http", "url": f"{http.url}/ready"}]
    config = {"stack": "dev", "interval_seconds": 60, "port": port, "checks": checks}
    url = f"http://127.0.0.1:{port}/health"
    with running("ops", ["python", "-m", "ops", "serve"], {"OPS_CONFIG": json.dumps(config)}):
        eventually(lambda: json.loads(http_get(url, JSON)[1])["status"] == "unhealthy")
        http.answers[("GET", "/ready")] = (200, {})
        eventually(lambda: http_get(url, JSON)[0] == 200, seconds=3)
        asked = len(http.requests)
        assert http_get(url, JSON)[0] == 200
        assert len(http.requests) == asked, "a good answer counts for the interval"


def test_page_for_browsers_and_metrics(stack: tuple[str, HttpDouble, Running]) -> None:
    url, _, _ = stack
    eventually(lambda: http_get(f"{url}/health", JSON)[0] == 200)
    status, page = http_get(f"{url}/health", HTML)
    assert status == 200 and page.startswith(b"<!doctype html>") and b">postgres<" in page
    metrics = http_get(f"{url}/metrics")[1].decode()
    assert 'somastack_service_up{layer="control",service="spicedb"} 1.0' in metrics
    assert 'somastack_probe_duration_seconds_bucket{layer="infrastructure",le="' in metrics
    assert 'somastack_probe_failures_total{layer="control",service="gateway"} 0.0' in metrics
    assert 'somastack_health_build_info{services="5",stack="dev"} 1.0' in metrics


def test_secrets_never_show(stack: tuple[str, HttpDouble, Running]) -> None:
    url, _, process = stack
    eventually(lambda: http_get(f"{url}/health", JSON)[0] == 200)
    shown = http_get(f"{url}/health", JSON)[1] + http_get(f"{url}/health", HTML)[1] + http_get(f"{url}/metrics")[1]
    assert PASSWORD not in shown.decode() + process.output


def test_unknown_until_the_first_round_is_complete() -> None:
    port, silent = free_port(), free_port()
    checks = [{"service": "kafka", "layer": "infrastructure", "protocol": "kafka", "bootstrap": f"127.0.0.1:{silent}"}]
    config = {"stack": "dev", "timeout_seconds": 3, "port": port, "checks": checks}
    with running("ops", ["python", "-m", "ops", "serve"], {"OPS_CONFIG": json.dumps(config)}):
        status, body = eventually(lambda: http_get(f"http://127.0.0.1:{port}/health"))
    assert status == 503 and json.loads(body)["services"]["kafka"]["status"] == "unknown"


def test_bad_configuration_names_every_fault() -> None:
    config = {"stak": "dev", "checks": [{"service": "a", "layer": "control", "protocol": "tcp"}]}
    ended = run("ops", ["python", "-m", "ops", "serve"], {"OPS_CONFIG": json.dumps(config)})
    assert ended.returncode == 2
    assert all(part in ended.stderr for part in ("stack: Field required", "'tcp'", "stak: Extra inputs"))
    assert ended.stderr.count("\n") == 1
