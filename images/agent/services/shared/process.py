"""Starts a worker: settings, logging, traces, and the refusal of a mode that has no message bus."""

import os
import sys

from common import logs, tracing
from common.worker import Handler, Worker
from services.shared.config import CLUSTER_MODE, Runtime, runtime, software_mode


def prepare(name: str) -> Runtime:
    """The variables of a worker's process, with Django ready. Ends the process with one line when it cannot work."""
    if software_mode() != CLUSTER_MODE:
        sys.exit(f"{name}: workers need SOMASTACK_SOFTWARE_MODE={CLUSTER_MODE}; StandAlone has no message bus.")
    stack = runtime()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "services.gateway.settings")
    import django

    django.setup()
    logs.configure()
    tracing.configure(name)
    return stack


def run(name: str, topic: str, handler: Handler, metrics_port: int) -> None:
    """Consumes until SIGTERM."""
    Worker(name, runtime().kafka, topic, handler, metrics_port).run()
