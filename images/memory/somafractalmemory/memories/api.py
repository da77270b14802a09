"""Writing and searching memories, with the shared service token."""

import os
import secrets
import uuid
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.security import HttpBearer
from pymilvus import MilvusException

from somafractalmemory.memories.models import Memory
from somafractalmemory.memories.vector_store import store


class ServiceToken(HttpBearer):
    """The one token that the services of a stack share (SOMA_API_TOKEN)."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        return "service" if secrets.compare_digest(token.encode(), os.environ["SOMA_API_TOKEN"].encode()) else None


api = NinjaAPI(title="SomaFractalMemory (sample)", version="1", auth=ServiceToken(), docs_url=None)


class NewMemory(Schema):
    """A text; with an `id`, writing it again changes nothing."""

    id: uuid.UUID | None = None
    text: str = Field(min_length=1, max_length=50_000)


class MemoryOut(Schema):
    """A memory; `score` is the similarity to the query, from -1 to 1."""

    id: uuid.UUID
    text: str
    score: float | None = None


class Search(Schema):
    """A search."""

    query: str = Field(min_length=1)
    limit: int = Field(5, ge=1, le=100)


@api.post("/memories", response={201: MemoryOut})
def remember(request: HttpRequest, body: NewMemory) -> Any:
    """Keeps a text. The text is written first: a vector without a text could not be answered with."""
    memory, _ = Memory.objects.get_or_create(id=body.id or uuid.uuid4(), defaults={"text": body.text})
    store.put(str(memory.id), memory.text)
    return 201, memory


@api.get("/memories/search", response=list[MemoryOut])
def search(request: HttpRequest, parameters: Query[Search]) -> Any:
    """The nearest memories to a query, the nearest first."""
    hits = store.nearest(parameters.query, parameters.limit)
    texts = {str(memory.id): memory.text for memory in Memory.objects.filter(id__in=[identity for identity, _ in hits])}
    return [{"id": identity, "text": texts[identity], "score": score} for identity, score in hits if identity in texts]


@api.exception_handler(MilvusException)
def store_down(request: HttpRequest, error: MilvusException) -> JsonResponse:
    """503: what was to be kept is not searchable, and the caller must try again."""
    return JsonResponse({"detail": f"vector store: {error.message}"}, status=503)
