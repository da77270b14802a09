"""Kafka topics, made or given more partitions."""

import logging
from concurrent.futures import Future
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from ops.config import JobConfig, Strict, secret
from ops.job import JobError, NotThereYet, retry, say

REQUEST_SECONDS = 30


class Topic(Strict):
    """A topic; `partitions` is a minimum, `replication` is used when it is made."""

    name: str
    partitions: int = 3
    replication: int = 1


class Config(JobConfig):
    """The cluster and its topics. `security` takes librdkafka's options, `security_env` names variables for the secret ones."""

    bootstrap: str
    topics: list[Topic]
    security: dict[str, str] = {}
    security_env: dict[str, str] = {}


def run(config: Config) -> None:
    """Raises JobError naming every topic that could not be brought about."""
    quiet = logging.getLogger("ops.kafka")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    secrets = {option: secret(name) for option, name in config.security_env.items()}
    settings = {"bootstrap.servers": config.bootstrap, "reconnect.backoff.max.ms": 1000, **config.security, **secrets}
    client = AdminClient(settings, logger=quiet)
    existing = retry(lambda: partitions_of(client, config.bootstrap))

    missing = [topic for topic in config.topics if topic.name not in existing]
    small = [topic for topic in config.topics if existing.get(topic.name, topic.partitions) < topic.partitions]
    faults: list[str] = []
    if missing:
        wanted = [NewTopic(topic.name, topic.partitions, topic.replication) for topic in missing]
        created = client.create_topics(wanted, operation_timeout=REQUEST_SECONDS)
        faults += finish(created, "created", tolerate=KafkaError.TOPIC_ALREADY_EXISTS)
    if small:
        wanted = [NewPartitions(topic.name, topic.partitions) for topic in small]
        faults += finish(client.create_partitions(wanted, operation_timeout=REQUEST_SECONDS), "given more partitions")
    if faults:
        raise JobError("; ".join(faults))
    touched = {topic.name for topic in [*missing, *small]}
    for topic in config.topics:
        if topic.name not in touched:
            say(f"topic {topic.name}: present with {existing[topic.name]} partitions")


def partitions_of(client: AdminClient, bootstrap: str) -> dict[str, int]:
    """Number of partitions of each topic of the cluster. Raises NotThereYet while no broker answers."""
    try:
        metadata = client.list_topics(timeout=2)
    except KafkaException as error:
        if error.args[0].code() in (KafkaError._TRANSPORT, KafkaError._TIMED_OUT, KafkaError._ALL_BROKERS_DOWN):
            raise NotThereYet(f"kafka at {bootstrap}: {error.args[0].str()}") from None
        raise JobError(f"kafka at {bootstrap}: {error.args[0].str()}") from None
    return {name: len(topic.partitions) for name, topic in metadata.topics.items()}


def finish(futures: dict[str, "Future[Any]"], done: str, tolerate: int | None = None) -> list[str]:
    """Awaits each topic's outcome; the faults that are left, one text each."""
    faults = []
    for name, future in futures.items():
        try:
            future.result(REQUEST_SECONDS)
            say(f"topic {name}: {done}")
        except KafkaException as error:
            if tolerate is not None and error.args[0].code() == tolerate:
                say(f"topic {name}: present")
            else:
                faults.append(f"topic {name}: {error.args[0].str()}")
        except TimeoutError:
            faults.append(f"topic {name}: no answer within {REQUEST_SECONDS} s")
    return faults
