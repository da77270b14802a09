"""Readiness: PostgreSQL and Milvus."""

import os

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from common import probes
from common.readiness import run_checks


def health(request: HttpRequest) -> JsonResponse:
    """200 when both answer, else 503."""
    database = settings.DATABASES["default"]
    milvus = f"{os.environ['SOMA_MILVUS_HOST']}:{os.environ['SOMA_MILVUS_PORT']}"
    healthy, report = run_checks({
        "postgres": lambda: probes.postgres(
            database["HOST"], int(database["PORT"]), database["USER"], database["NAME"], database["PASSWORD"]
        ),
        "milvus": lambda: probes.grpc_health(milvus),
    })  # fmt: skip
    return JsonResponse({"status": "ok" if healthy else "unhealthy", "checks": report}, status=200 if healthy else 503)
