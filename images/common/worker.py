"""A Kafka consumer process: at least once, graceful on SIGTERM, with metrics and a real health answer.

A message that is not a JSON object, or that its handler refuses with ValueError, is reported on
`degradation.events` and passed over. Any other failure is tried five times; then the process ends with
exit code 1 without a commit, so that its restart sees the message again.
"""

import json
import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message
from opentelemetry import propagate, trace
from prometheus_client import Counter, Histogram
from tenacity import RetryCallState, Retrying, retry_if_not_exception_type, stop_after_attempt, wait_exponential

from common import probes
from common.http_server import serve_in_background
from common.kafka import Publisher, client_log, security
from common.probe import ProbeError

log = logging.getLogger("worker")

Handler = Callable[[dict[str, Any], Publisher], None]

MESSAGES = Counter("somastack_worker_messages", "Messages by topic and outcome", ["topic", "outcome"])
SECONDS = Histogram("somastack_worker_seconds", "Time spent on one message", ["topic"])
POLL_SECONDS = 1.0
STALE_SECONDS = 90.0
DEGRADED = "degradation.events"


class Worker:
    """Consumes one topic in one group and gives each message to the handler."""

    def __init__(self, name: str, bootstrap: str, topic: str, handler: Handler, metrics_port: int) -> None:
        self.name, self.bootstrap, self.topic, self.handler, self.metrics_port = name, bootstrap, topic, handler, metrics_port
        self._stop = threading.Event()
        self._last_poll = time.monotonic()
        self._publisher = Publisher(bootstrap)
        self._tracer = trace.get_tracer(name)
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": name,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "allow.auto.create.topics": False,
                "reconnect.backoff.max.ms": 1000,
                **security(),
            },
            logger=client_log,
        )

    def run(self) -> None:
        """Runs until SIGTERM or SIGINT. Raises the handler's error after its last try."""
        signal.signal(signal.SIGTERM, lambda *_: self._stop.set())
        signal.signal(signal.SIGINT, lambda *_: self._stop.set())
        serve_in_background(self.metrics_port, self.check)
        self._consumer.subscribe([self.topic])
        log.info("%s consumes %s", self.name, self.topic)
        try:
            while not self._stop.is_set():
                self._last_poll = time.monotonic()
                message = self._consumer.poll(POLL_SECONDS)
                if message is not None:
                    self._take(message)
        finally:
            self._consumer.close()
            self._publisher.close()
        log.info("%s stopped", self.name)

    def check(self) -> None:
        """Raises ProbeError when the loop hangs or the cluster does not answer."""
        age = time.monotonic() - self._last_poll
        if age > STALE_SECONDS:
            raise ProbeError(f"the consumer loop has not polled for {age:.0f} s")
        probes.kafka(self.bootstrap, security())

    def _take(self, message: Message) -> None:
        error = message.error()
        if error:
            if error.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._ALL_BROKERS_DOWN) or error.retriable():
                log.warning("%s: %s", self.topic, error.str())
                return
            raise KafkaException(error)
        carrier = {key: value.decode() for key, value in message.headers() or [] if value}
        with self._tracer.start_as_current_span(self.topic, propagate.extract(carrier)), SECONDS.labels(self.topic).time():
            outcome = self._handle(message)
        MESSAGES.labels(self.topic, outcome).inc()
        self._consumer.commit(message, asynchronous=False)

    def _report_try(self, state: RetryCallState) -> None:
        reason = state.outcome.exception() if state.outcome else None
        log.warning("%s: try %d failed: %r", self.name, state.attempt_number, reason)

    def _handle(self, message: Message) -> str:
        retrying = Retrying(
            stop=stop_after_attempt(5),
            wait=wait_exponential(multiplier=0.5, max=8),
            retry=retry_if_not_exception_type(ValueError),
            before_sleep=self._report_try,
            sleep=self._stop.wait,
            reraise=True,
        )
        try:
            payload = json.loads(message.value() or b"")
            if not isinstance(payload, dict):
                raise ValueError("the message is not a JSON object")
            retrying(self.handler, payload, self._publisher)
            return "done"
        except ValueError as error:
            log.error("%s refused offset %s of %s: %s", self.name, message.offset(), self.topic, error)
            report = {"source": self.name, "topic": self.topic, "partition": message.partition(), "offset": message.offset()}
            self._publisher.publish(DEGRADED, self.name, {**report, "reason": str(error)})
            return "refused"
