"""memory.wal -> the memory service (or the memory in process); metrics on 9403."""

import uuid
from typing import Any

from common.kafka import Publisher
from services.shared.cognition import Cognition, cognition
from services.shared.process import prepare, run

NAME, WAL = "memory-replicator", "memory.wal"


class Replicator:
    """Gives each entry of the log to the memory; an entry seen twice is kept once."""

    def __init__(self, mind: Cognition) -> None:
        self._mind = mind

    def handle(self, payload: dict[str, Any], _publisher: Publisher) -> None:
        """Raises ValueError on an entry of another shape."""
        try:
            identity, text = str(uuid.UUID(payload["id"])), payload["text"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(f"not a memory entry: {error!r}") from None
        if not isinstance(text, str) or not text:
            raise ValueError("not a memory entry: text must be a text")
        self._mind.remember(identity, text)


if __name__ == "__main__":
    run_with = Replicator(cognition(prepare(NAME)))
    run(NAME, WAL, run_with.handle, metrics_port=9403)
