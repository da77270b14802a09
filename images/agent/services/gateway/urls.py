"""Routes of the agent."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from services.gateway.api import api


def alive(request: HttpRequest) -> JsonResponse:
    """Liveness: this process serves. It must not depend on anything else, or an outage would restart everything."""
    return JsonResponse({"status": "ok", "service": "agent"})


urlpatterns = [path("api/health/", alive), path("api/v2/", api.urls)]
