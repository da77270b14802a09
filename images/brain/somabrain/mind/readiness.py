"""Readiness: database, cache, Kafka and OPA."""

import os

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from common import probes
from common.kafka import security
from common.probe import http_probe
from common.readiness import run_checks


def ready(request: HttpRequest) -> JsonResponse:
    """200 when all four answer, else 503."""
    database = settings.DATABASES["default"]
    healthy, report = run_checks({
        "postgres": lambda: probes.postgres(
            database["HOST"], int(database["PORT"]), database["USER"], database["NAME"], database["PASSWORD"]
        ),
        "redis": lambda: probes.redis(os.environ["SOMABRAIN_REDIS_URL"]),
        "kafka": lambda: probes.kafka(os.environ["SOMABRAIN_KAFKA_URL"], security()),
        "opa": lambda: http_probe(f"{os.environ['SOMABRAIN_OPA_URL'].rstrip('/')}/health"),
    })  # fmt: skip
    return JsonResponse({"status": "ready" if healthy else "not ready", "checks": report}, status=200 if healthy else 503)
