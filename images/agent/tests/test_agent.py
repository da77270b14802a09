"""Gateway and workers as processes, on a real database, cache and broker protocol."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from common.kafka import Publisher
from common.probe import http_request
from testing.doubles import HttpDouble, KeycloakDouble, SpiceDbDouble
from testing.ports import eventually, free_port
from testing.processes import Running, run, running
from testing.servers import PASSWORD, first_message, new_database

Variables = dict[str, str]
HOST = {"Host": "gateway"}
POLICY = "/v1/data/soma/policy/allow"


@pytest.fixture(scope="module")
def base(postgres_port: int, redis_url: str, keycloak: KeycloakDouble) -> Variables:
    """What the settings require, with a migrated database."""
    variables = {
        "SA01_DB_DSN": new_database(postgres_port, "somaagent01"),
        "SA01_REDIS_URL": redis_url,
        "SA01_KEYCLOAK_URL": keycloak.url,
        "SA01_KEYCLOAK_REALM": "somastack",
        "SA01_KEYCLOAK_CLIENT_ID": "soma-agent",
        "SECRET_KEY": "of-the-tests",
        "SA01_ALLOWED_HOSTS": "gateway,localhost",
    }
    migrated = run("agent", ["python", "manage.py", "migrate", "--noinput"], variables)
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return variables


@pytest.fixture(scope="module")
def opa() -> Iterator[HttpDouble]:
    """Decides as told."""
    with HttpDouble().running() as double:
        yield double


@pytest.fixture(scope="module")
def schemas() -> Iterator[tuple[SpiceDbDouble, str]]:
    """SpiceDB and its address."""
    double = SpiceDbDouble("key-of-the-tests")
    with double.running() as address:
        yield double, address


@pytest.fixture(autouse=True)
def good_weather(opa: HttpDouble, schemas: tuple[SpiceDbDouble, str]) -> None:
    """OPA says yes and SpiceDB has a schema, until a test changes that."""
    opa.answers[("POST", POLICY)] = (200, {"result": True})
    schemas[0].schema = "definition user {}"


@pytest.fixture(scope="module")
def serving(base: Variables, opa: HttpDouble, schemas: tuple[SpiceDbDouble, str]) -> Variables:
    """What serving requires besides."""
    host, port = schemas[1].split(":")
    more = {"SPICEDB_HOST": host, "SPICEDB_PORT": port, "SPICEDB_TOKEN": schemas[0].key, "SA01_POLICY_URL": opa.url}
    return {**base, **more}


@pytest.fixture
def cluster(serving: Variables, kafka: str) -> Variables:
    """Cluster mode with brain and memory in process."""
    publisher = Publisher(kafka)
    for topic in ("conversation.inbound", "tool.requests", "memory.wal"):
        publisher.publish(topic, "made", {"by": "the tests"})
    mode = {"SOMASTACK_SOFTWARE_MODE": "SomaStackClusterMode", "SOMA_SAAS_MODE": "true"}
    return {**serving, **mode, "SA01_KAFKA_BOOTSTRAP_SERVERS": kafka}


def gateway(variables: Variables) -> Iterator[tuple[str, Running]]:
    """A gateway that answers, started by its entrypoint."""
    port = free_port()
    database = variables["SA01_DB_DSN"].split("@")[1].split("/")[0].split(":")
    cache = variables["SA01_REDIS_URL"].split("@")[1].split("/")[0].split(":")
    waits = {"POSTGRES_HOST": database[0], "POSTGRES_PORT": database[1], "REDIS_HOST": cache[0], "REDIS_PORT": cache[1]}
    with running("agent", ["./start.sh"], {**variables, **waits, "SAGENTA_PORT": str(port)}) as process:
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: http_request("GET", f"{url}/api/health/", headers=HOST)[0] == 200)
        yield url, process


@pytest.fixture(scope="module")
def standalone(serving: Variables) -> Iterator[tuple[str, Running]]:
    """A gateway alone."""
    yield from gateway(serving)


@pytest.fixture
def clustered(cluster: Variables) -> Iterator[tuple[str, Running]]:
    """A gateway in cluster mode."""
    yield from gateway(cluster)


def ask(method: str, url: str, token: str = "", body: object = None) -> tuple[int, object]:
    """Status and JSON of a request to the gateway."""
    headers = {**HOST, "Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    status, answer = http_request(method, url, json.dumps(body).encode() if body else None, headers)
    return status, json.loads(answer)


def test_missing_variables_are_named_at_once() -> None:
    ended = run("agent", ["python", "manage.py", "migrate"], {"SECRET_KEY": "x"})
    assert ended.returncode == 1
    assert "SA01_DB_DSN, SA01_REDIS_URL, SA01_KEYCLOAK_URL" in ended.stderr and "SECRET_KEY" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_serving_asks_for_more_than_migrating(base: Variables) -> None:
    command = ["python", "-m", "uvicorn", "services.gateway.asgi:application"]
    ended = run("agent", command, {**base, "SOMASTACK_SOFTWARE_MODE": "SomaStackClusterMode"})
    assert ended.returncode == 1
    for name in (
        "SPICEDB_TOKEN",
        "SA01_POLICY_URL",
        "SA01_KAFKA_BOOTSTRAP_SERVERS",
        "SA01_SOMA_BASE_URL",
        "SOMA_MEMORY_API_TOKEN",
    ):
        assert name in ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("SOMASTACK_SOFTWARE_MODE", "Standalone", "allowed are StandAlone and"), ("SA01_DB_DSN", "postgres://x", "must look like")],
)
def test_values_that_are_not_allowed(base: Variables, name: str, value: str, reason: str) -> None:
    ended = run("agent", ["python", "manage.py", "check"], {**base, name: value})
    assert ended.returncode == 1 and reason in ended.stderr


def test_health_hosts_and_features(standalone: tuple[str, Running]) -> None:
    url, process = standalone
    assert http_request("GET", f"{url}/api/health/", headers={"Host": "elsewhere"})[0] == 400
    status, report = ask("GET", f"{url}/api/v2/core/health/ready")
    assert status == 200, report
    assert set(report["checks"]) == {"postgres", "redis", "keycloak", "spicedb", "opa"}
    assert ask("GET", f"{url}/api/v2/core/features")[1]["features"] == {
        "MEMORY_ENABLED": True, "VOICE_ENABLED": False, "MCP_ENABLED": True, "CODE_EXECUTION_ENABLED": False,
    }  # fmt: skip
    assert PASSWORD not in process.output


def test_readiness_falls_with_a_dependency(
    standalone: tuple[str, Running], opa: HttpDouble, schemas: tuple[SpiceDbDouble, str]
) -> None:
    url, _ = standalone
    opa.answers[("POST", POLICY)] = (200, {})
    schemas[0].schema = ""
    status, report = ask("GET", f"{url}/api/v2/core/health/ready")
    assert status == 503
    assert "the policy is not loaded" in report["checks"]["opa"]["error"]
    assert "no schema was written" in report["checks"]["spicedb"]["error"]
    assert report["checks"]["postgres"]["status"] == "healthy"
    assert ask("GET", f"{url}/api/health/")[0] == 200


def test_tokens(standalone: tuple[str, Running], keycloak: KeycloakDouble) -> None:
    url = f"{standalone[0]}/api/v2/conversations"
    assert ask("GET", url)[0] == 401
    for bad in ({"exp": 1}, {"iss": "http://elsewhere/realms/somastack"}, {"azp": "other"}):
        assert ask("GET", url, keycloak.token(**bad))[0] == 401
    assert ask("GET", url, KeycloakDouble().token(iss=keycloak.issuer))[0] == 401
    assert ask("GET", url, keycloak.token()) == (200, [])


def test_conversations_belong_to_their_subject_and_to_policy(
    standalone: tuple[str, Running], keycloak: KeycloakDouble, opa: HttpDouble
) -> None:
    url, mine, other = f"{standalone[0]}/api/v2/conversations", keycloak.token(sub="me"), keycloak.token(sub="you")
    status, conversation = ask("POST", url, mine, {"title": "first"})
    assert status == 201
    messages = f"{url}/{conversation['id']}/messages"
    assert ask("POST", messages, mine, {"text": "hello"})[0] == 201
    assert [message["text"] for message in ask("GET", messages, mine)[1]] == ["hello"]
    assert ask("GET", messages, other)[0] == 404
    assert json.loads(opa.requests[-1][2])["input"] == {
        "subject": "me",
        "action": "conversation.send",
        "resource": "conversation",
    }
    opa.answers[("POST", POLICY)] = (200, {"result": False})
    assert ask("POST", url, mine, {"title": "second"})[0] == 403


def test_chat(standalone: tuple[str, Running], keycloak: KeycloakDouble) -> None:
    url = standalone[0].replace("http", "ws") + "/ws/v2/chat"
    with pytest.raises(InvalidStatus):
        connect(url, origin="http://elsewhere")
    with connect(url) as socket:
        assert json.loads(socket.recv())["code"] == 4401
    with connect(url, subprotocols=["bearer", keycloak.token(sub="chatter")]) as socket:
        assert json.loads(socket.recv()) == {"type": "ready"}
        socket.send("nonsense")
        assert json.loads(socket.recv())["type"] == "error"
        socket.send(json.dumps({"text": "hello"}))
        stored = json.loads(socket.recv())
        assert (stored["type"], stored["echo"]) == ("stored", "hello")


def test_workers_answer_and_remember(
    clustered: tuple[str, Running], cluster: Variables, keycloak: KeycloakDouble, kafka: str
) -> None:
    url, token = f"{clustered[0]}/api/v2/conversations", keycloak.token(sub="worker-test")
    assert "kafka" in ask("GET", f"{clustered[0]}/api/v2/core/health/ready")[1]["checks"]
    with (
        running("agent", ["python", "-m", "services.conversation_worker.main"], cluster) as answers,
        running("agent", ["python", "-m", "services.memory_replicator.main"], cluster) as replicator,
        running("agent", ["python", "-m", "services.tool_executor.main"], cluster) as tools,
    ):
        messages = f"{url}/{ask('POST', url, token, {'title': 'work'})[1]['id']}/messages"
        ask("POST", messages, token, {"text": "the sea is blue"})
        eventually(lambda: len(ask("GET", messages, token)[1]) == 2)
        with psycopg.connect(cluster["SA01_DB_DSN"], autocommit=True) as connection:
            eventually(lambda: connection.execute("SELECT 1 FROM gateway_memoryentry WHERE text = 'the sea is blue'").fetchone())
        ask("POST", messages, token, {"text": "what is blue"})
        ask("POST", messages, token, {"text": "/tool count one two three"})
        eventually(lambda: len(ask("GET", messages, token)[1]) == 6)
        texts = [message["text"] for message in ask("GET", messages, token)[1] if message["role"] == "assistant"]
        assert texts[1] == "You said: what is blue (I recall: the sea is blue)"
        assert first_message(kafka, "tool.results")["result"] == "3 words"
        assert http_request("GET", "http://127.0.0.1:9091/healthz")[0] == 200
        metrics = http_request("GET", "http://127.0.0.1:9091/metrics")[1].decode()
        assert 'somastack_worker_messages_total{outcome="done",topic="conversation.inbound"}' in metrics
        # Of what made the topics, no worker could make anything.
        assert first_message(kafka, "degradation.events")["reason"].startswith("not a")
        assert [process.stop() for process in (answers, replicator, tools)] == [0, 0, 0]


def test_workers_refuse_standalone(serving: Variables) -> None:
    ended = run("agent", ["python", "-m", "services.tool_executor.main"], serving)
    assert ended.returncode == 1 and "StandAlone has no message bus" in ended.stderr
