"""Evaluation of a context, for holders of the shared service token or of a JWT signed with the brain's secret."""

import os
import secrets
from typing import Any

import httpx
import jwt
from django.http import HttpRequest, JsonResponse
from ninja import Field, NinjaAPI, Schema
from ninja.security import HttpBearer
from redis import RedisError

from somabrain.mind.memory import recall
from somabrain.mind.models import OutboxEvent

NEXT_EVENT = "cog.next_event"


class Caller(HttpBearer):
    """request.auth is the caller's name."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        if secrets.compare_digest(token.encode(), os.environ["SOMABRAIN_MEMORY_HTTP_TOKEN"].encode()):
            return "service"
        try:
            claims = jwt.decode(
                token, os.environ["SOMABRAIN_JWT_SECRET"], algorithms=["HS256"], options={"require": ["exp", "sub"]}
            )
        except jwt.PyJWTError:
            return None
        return str(claims["sub"])


api = NinjaAPI(title="SomaBrain (sample)", version="1", auth=Caller(), docs_url=None)


class Context(Schema):
    """What is to be thought about."""

    session_id: str = Field(min_length=1, max_length=255)
    query: str = Field(min_length=1, max_length=20_000)


class Evaluation(Schema):
    """What came to mind, and the event that tells of it."""

    memories: list[str]
    event_id: str


@api.post("/context/evaluate", response=Evaluation)
def evaluate(request: HttpRequest, body: Context) -> dict[str, Any]:
    """Recalls what belongs to the query and leaves an event for cog.next_event in the outbox."""
    memories = recall(body.query)
    payload = {"session_id": body.session_id, "caller": request.auth, "memories": len(memories)}
    event = OutboxEvent.objects.create(topic=NEXT_EVENT, key=body.session_id, payload=payload)
    return {"memories": memories, "event_id": str(event.id)}


@api.exception_handler(httpx.HTTPError)
@api.exception_handler(RedisError)
def dependency_down(request: HttpRequest, error: Exception) -> JsonResponse:
    """503: without memory or cache there is no answer."""
    return JsonResponse({"detail": f"memory: {type(error).__name__}: {error}"}, status=503)
