"""Publishes the outbox to the cog.* topics, in order, at least once; several of it may run."""

import logging
import os
import signal
import threading

import django

from common import logs, tracing
from common.environment import require
from common.kafka import Publisher, PublishError

NAME, BATCH, IDLE_SECONDS, FAILED_SECONDS = "brain-outbox", 100, 1.0, 5.0

log = logging.getLogger(NAME)


def publish_batch(publisher: Publisher) -> int:
    """How many events were published. Raises PublishError; what came before it stays marked."""
    from django.db import transaction
    from django.utils import timezone

    from somabrain.mind.models import OutboxEvent

    done: list[OutboxEvent] = []
    failure: PublishError | None = None
    with transaction.atomic():
        waiting = OutboxEvent.objects.select_for_update(skip_locked=True).filter(published_at__isnull=True)
        for event in waiting.order_by("created_at")[:BATCH]:
            try:
                publisher.publish(event.topic, event.key, {"event_id": str(event.id), **event.payload})
            except PublishError as error:
                failure = error
                break
            done.append(event)
        OutboxEvent.objects.filter(id__in=[event.id for event in done]).update(published_at=timezone.now())
    if failure:
        raise failure
    return len(done)


def main() -> None:
    """Runs until SIGTERM; an outage of Kafka or PostgreSQL is waited out."""
    bootstrap = require(("SOMABRAIN_KAFKA_URL",), NAME)["SOMABRAIN_KAFKA_URL"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "somabrain.config.settings")
    django.setup()
    logs.configure()
    tracing.configure(NAME)
    from django.db import OperationalError, close_old_connections

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    publisher = Publisher(bootstrap)
    log.info("publishes the outbox to %s", bootstrap)
    while not stop.is_set():
        try:
            count, pause = publish_batch(publisher), IDLE_SECONDS
            if count:
                log.info("published %d events", count)
        except (PublishError, OperationalError) as error:
            count, pause = 0, FAILED_SECONDS
            log.warning("not published: %s", " ".join(str(error).split()))
            close_old_connections()
        if count < BATCH:
            stop.wait(pause)
    publisher.close()
    log.info("stopped")


if __name__ == "__main__":
    main()
