"""Routes of the brain."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django_prometheus.exports import ExportToDjangoView

from somabrain.mind.api import api
from somabrain.mind.readiness import ready


def alive(request: HttpRequest) -> JsonResponse:
    """Liveness: this process serves."""
    return JsonResponse({"status": "ok", "service": "brain"})


urlpatterns = [path("healthz", alive), path("readyz", ready), path("metrics", ExportToDjangoView), path("", api.urls)]
