"""Real PostgreSQL (from the package pgserver), real Redis (from PATH), and librdkafka's own broker for Kafka."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from common.wait import postgres_accepts
from testing.ports import eventually, free_port

PASSWORD = "Secret0of0the0tests"
# PostgreSQL refuses to run as root.
UNPRIVILEGED = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[int]:
    """A server whose superuser is postgres/PASSWORD; its port."""
    from pgserver._commands import POSTGRES_BIN_PATH

    port, data, password = free_port(), folder / "data", folder / "password"
    data.mkdir()
    password.write_text(PASSWORD)
    if UNPRIVILEGED:
        for path in (folder, data, password):
            os.chown(path, 65534, 65534)
        for parent in folder.parents:
            if parent.stat().st_mode & 0o005 != 0o005 and parent.is_relative_to("/tmp") and parent != Path("/tmp"):
                parent.chmod(0o755)
    binaries = Path(POSTGRES_BIN_PATH)
    initdb = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        f"--pwfile={password}",
        "-N",
        "--no-locale",
        "-E",
        "UTF8",
    ]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **UNPRIVILEGED)
    command = [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
    process = subprocess.Popen(command, cwd=folder, stderr=(folder / "log").open("w"), **UNPRIVILEGED)
    try:
        eventually(lambda: postgres_accepts(f"127.0.0.1:{port}") is None)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def new_database(port: int, name: str) -> str:
    """Makes an empty database with an owner of the same name and PASSWORD; its DSN."""
    with psycopg.connect(host="127.0.0.1", port=port, user="postgres", password=PASSWORD, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"CREATE DATABASE {name} OWNER {name}")
    return f"postgresql://{name}:{PASSWORD}@127.0.0.1:{port}/{name}"


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A server with PASSWORD; its URL."""
    program = shutil.which("redis-server")
    assert program, "the tests need redis-server on PATH (Debian: apt-get install redis-server)"
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    try:
        eventually(lambda: redis.Redis.from_url(url).ping())
        yield url
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def kafka() -> Iterator[str]:
    """A broker that lives in this process and speaks the real protocol to others; its address."""
    broker = Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1, "log_level": 0})
    address = next(iter(broker.list_topics(timeout=10).brokers.values()))
    yield f"{address.host}:{address.port}"
    broker.flush(1)


def first_message(bootstrap: str, topic: str) -> dict[str, Any]:
    """The first message of a topic, waited for; read without a group, whose joining takes seconds."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "tests", "enable.auto.commit": False, "log_level": 0})

    def read() -> dict[str, Any] | None:
        partitions = consumer.list_topics(topic, timeout=5).topics[topic].partitions
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
        message = consumer.poll(0.5) if partitions else None
        return json.loads(message.value()) if message is not None and not message.error() else None

    try:
        return dict(eventually(read))
    finally:
        consumer.close()
