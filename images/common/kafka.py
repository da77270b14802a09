"""Kafka for the samples: a publisher that reports failures, and the security settings of the client."""

import json
import logging
import os
from typing import Any

from confluent_kafka import KafkaException, Producer
from opentelemetry import propagate

# librdkafka's own messages; without a logger it writes to stderr in a format of its own.
client_log = logging.getLogger("kafka")


class PublishError(Exception):
    """A message that the cluster did not take."""


def security() -> dict[str, str]:
    """The client's security settings from KAFKA_SECURITY_PROTOCOL and SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD."""
    protocol = os.environ.get("KAFKA_SECURITY_PROTOCOL", "")
    if not protocol or protocol == "PLAINTEXT":
        return {}
    names = {"sasl.mechanism": "SASL_MECHANISM", "sasl.username": "SASL_USERNAME", "sasl.password": "SASL_PASSWORD"}
    sasl = {key: os.environ[name] for key, name in names.items() if os.environ.get(name)}
    return {"security.protocol": protocol, **sasl}


class Publisher:
    """Publishes JSON messages, each acknowledged by all replicas before publish() returns."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "enable.idempotence": True,
                "linger.ms": 5,
                "delivery.timeout.ms": 10_000,
                "request.timeout.ms": 5_000,
                "reconnect.backoff.max.ms": 1000,
                **security(),
            },
            logger=client_log,
        )

    def publish(self, topic: str, key: str, payload: dict[str, Any]) -> None:
        """Sends one message with the current trace in its headers. Raises PublishError when it is not acknowledged in 10 s."""
        outcome: list[str] = []
        carrier: dict[str, str] = {}
        propagate.inject(carrier)

        def delivered(error: Any, _message: Any) -> None:
            outcome.append(error.str() if error else "")

        try:
            self._producer.produce(topic, json.dumps(payload).encode(), key, on_delivery=delivered, headers=list(carrier.items()))
        except (KafkaException, BufferError) as error:
            raise PublishError(f"{topic}: {error}") from None
        while not outcome:
            self._producer.poll(0.1)
        if outcome[0]:
            raise PublishError(f"{topic}: {outcome[0]}")

    def close(self) -> None:
        """Waits for what is still under way."""
        self._producer.flush(10)
