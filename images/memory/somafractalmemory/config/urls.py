"""Routes of the memory."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django_prometheus.exports import ExportToDjangoView

from somafractalmemory.memories.api import api
from somafractalmemory.memories.health import health


def ping(request: HttpRequest) -> JsonResponse:
    """Liveness: this process serves."""
    return JsonResponse({"status": "ok", "service": "memory"})


urlpatterns = [path("ping", ping), path("healthz", health), path("metrics", ExportToDjangoView), path("", api.urls)]
