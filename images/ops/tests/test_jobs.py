"""The jobs as processes: what they bring about, what a second run does, how they fail."""

import json
import subprocess
from typing import Any

import psycopg
import pytest

from common.kafka import Publisher
from testing.doubles import SpiceDbDouble
from testing.ports import free_port
from testing.processes import run
from testing.servers import PASSWORD

SCHEMA = "definition user {}"


def job(command: str, config: dict[str, Any], **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs one job."""
    return run("ops", ["python", "-m", "ops", command], {"OPS_CONFIG": json.dumps(config), **variables})


def roles(port: int, **more: Any) -> dict[str, Any]:
    """A configuration of the roles job."""
    wanted = [{"role": "thinker", "database": "thoughts", "password_env": "P_THINKER", "extensions": ["vector"]}]
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": "postgres",
        "database": "postgres",
        "password_env": "P_ADMIN",
        "roles": wanted,
        **more,
    }


def test_roles_are_made_then_kept_and_passwords_follow(postgres_port: int) -> None:
    def log_in(password: str, user: str = "thinker") -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=postgres_port, user=user, password=password, dbname="thoughts")

    first = job("roles", roles(postgres_port), P_ADMIN=PASSWORD, P_THINKER="one")
    assert first.returncode == 0, first.stderr
    assert "role thinker: created" in first.stdout and "database thoughts: created" in first.stdout
    with log_in("one") as connection:
        connection.execute("CREATE TABLE kept (id int)")

    second = job("roles", roles(postgres_port), P_ADMIN=PASSWORD, P_THINKER="two")
    assert second.returncode == 0 and "database thoughts: present" in second.stdout
    with log_in("two") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        access = "SELECT has_database_privilege('public', 'thoughts', 'connect')"
        assert connection.execute(access).fetchone() == (False,)
    with pytest.raises(psycopg.OperationalError):
        log_in("one")
    assert "two" not in second.stdout + second.stderr


def test_roles_do_not_retry_a_wrong_password(postgres_port: int) -> None:
    ended = job("roles", roles(postgres_port), P_ADMIN="wrong", P_THINKER="one")
    assert ended.returncode == 1
    assert "password authentication failed" in ended.stderr and ended.stderr.count("\n") == 1


def test_a_server_that_never_comes_is_given_up_on() -> None:
    ended = job("roles", roles(free_port(), timeout_seconds=1), P_ADMIN="a", P_THINKER="b")
    assert ended.returncode == 1
    assert "not finished within 1 s; last seen: postgres at 127.0.0.1" in ended.stderr and "NO_RESPONSE" in ended.stderr


def test_a_secret_that_is_missing_is_named(postgres_port: int) -> None:
    ended = job("roles", roles(postgres_port), P_ADMIN=PASSWORD)
    assert (ended.returncode, ended.stderr) == (2, "roles: the secret P_THINKER is not set in the environment\n")


def test_schema_is_written_once(spicedb: tuple[SpiceDbDouble, str]) -> None:
    double, target = spicedb
    config = {"target": target, "key_env": "KEY", "insecure": True}
    first = job("schema", config, KEY=double.key, OPS_SCHEMA=SCHEMA)
    assert first.returncode == 0, first.stderr
    assert "written and verified" in first.stdout and double.schema == SCHEMA
    assert "present" in job("schema", config, KEY=double.key, OPS_SCHEMA=SCHEMA).stdout


def test_schema_fails_with_the_servers_reason(spicedb: tuple[SpiceDbDouble, str]) -> None:
    double, target = spicedb
    config = {"target": target, "key_env": "KEY", "insecure": True}
    assert "PERMISSION_DENIED: invalid preshared key" in job("schema", config, KEY="no", OPS_SCHEMA=SCHEMA).stderr
    assert "parse error" in job("schema", config, KEY=double.key, OPS_SCHEMA="nonsense").stderr


def test_topics_that_are_there_are_left_alone(kafka: str) -> None:
    Publisher(kafka).publish("there", "key", {})
    ended = job("topics", {"bootstrap": kafka, "topics": [{"name": "there", "partitions": 1}]})
    assert ended.returncode == 0, ended.stderr
    assert "topic there: present with" in ended.stdout


def test_topics_give_up_without_a_broker() -> None:
    config = {"bootstrap": f"127.0.0.1:{free_port()}", "topics": [{"name": "a"}], "timeout_seconds": 2}
    ended = job("topics", config)
    assert ended.returncode == 1 and "not finished within 2 s" in ended.stderr
