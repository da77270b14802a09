"""Brain and memory as the workers see them: remote services, or the same in process (SOMA_SAAS_MODE=true)."""

import uuid
from typing import Protocol

import httpx

from common.vectors import cosine, embed
from services.shared.config import Runtime


class Cognition(Protocol):
    """What the workers need of brain and memory."""

    def recall(self, session: str, query: str) -> list[str]:
        """Texts that belong to the query, the nearest first."""

    def remember(self, identity: str, text: str) -> None:
        """Keeps a text; the same identity again changes nothing."""


class RemoteCognition:
    """Over HTTP with the shared token. Methods raise httpx.HTTPError."""

    def __init__(self, stack: Runtime) -> None:
        self._stack = stack
        self._client = httpx.Client(headers={"Authorization": f"Bearer {stack.service_token}"}, timeout=10, trust_env=False)

    def recall(self, session: str, query: str) -> list[str]:
        answer = self._client.post(f"{self._stack.brain_url}/context/evaluate", json={"session_id": session, "query": query})
        return list(answer.raise_for_status().json()["memories"])

    def remember(self, identity: str, text: str) -> None:
        self._client.post(f"{self._stack.memory_url}/memories", json={"id": identity, "text": text}).raise_for_status()


class InProcessCognition:
    """In the agent's own database; for the amounts of one process."""

    NEAREST, CONSIDERED = 5, 1000

    def recall(self, session: str, query: str) -> list[str]:
        from services.gateway.models import MemoryEntry

        wanted = embed(query)
        entries = MemoryEntry.objects.order_by("-created_at")[: self.CONSIDERED]
        nearest = sorted(entries, key=lambda entry: cosine(wanted, entry.vector), reverse=True)
        return [entry.text for entry in nearest[: self.NEAREST]]

    def remember(self, identity: str, text: str) -> None:
        from services.gateway.models import MemoryEntry

        MemoryEntry.objects.get_or_create(id=uuid.UUID(identity), defaults={"text": text, "vector": embed(text)})


def cognition(stack: Runtime) -> Cognition:
    """The one that the mode asks for."""
    return InProcessCognition() if stack.in_process else RemoteCognition(stack)
