"""conversation.inbound -> an answer in the database and on conversation.outbound; metrics on 9091."""

import uuid
from typing import Any

from common.kafka import Publisher
from services.shared.cognition import Cognition, cognition
from services.shared.config import features
from services.shared.process import prepare, run

NAME, INBOUND, OUTBOUND, TOOLS, WAL = (
    "conversation-worker",
    "conversation.inbound",
    "conversation.outbound",
    "tool.requests",
    "memory.wal",
)
# The answer's id follows from the question's, so that a message handled twice is answered once.
ANSWERS = uuid.UUID("6f1d7a52-3c1e-4b0a-9b3d-0f6b8d2f7a11")


class Answerer:
    """Answers with what it recalls; `/tool NAME ARGUMENT` asks the tool executor instead."""

    def __init__(self, mind: Cognition, remembers: bool) -> None:
        self._mind, self._remembers = mind, remembers

    def handle(self, payload: dict[str, Any], publisher: Publisher) -> None:
        """Raises ValueError on a message of another shape."""
        try:
            message_id, conversation, text = (
                uuid.UUID(payload["message_id"]),
                uuid.UUID(payload["conversation_id"]),
                str(payload["text"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a conversation message: {error!r}") from None
        if text.startswith("/tool "):
            _, tool, argument = (*text.split(" ", 2), "")[:3]
            request = {"request_id": str(message_id), "conversation_id": str(conversation), "tool": tool, "argument": argument}
            publisher.publish(TOOLS, str(conversation), request)
            reply = f"asked the tool {tool}"
        else:
            memories = self._mind.recall(str(conversation), text) if self._remembers else []
            reply = f"You said: {text}" + (f" (I recall: {'; '.join(memories)})" if memories else "")
            if self._remembers:
                publisher.publish(WAL, str(conversation), {"id": str(message_id), "text": text})
        answer = uuid.uuid5(ANSWERS, str(message_id))
        store(answer, conversation, reply)
        outbound = {
            "message_id": str(answer),
            "in_reply_to": str(message_id),
            "conversation_id": str(conversation),
            "text": reply,
        }
        publisher.publish(OUTBOUND, str(conversation), outbound)


def store(answer: uuid.UUID, conversation: uuid.UUID, text: str) -> None:
    """The answer joins its conversation. Raises ValueError when there is none."""
    from services.gateway.models import Conversation, Message

    if not Conversation.objects.filter(id=conversation).exists():
        raise ValueError(f"there is no conversation {conversation}")
    Message.objects.get_or_create(id=answer, defaults={"conversation_id": conversation, "role": "assistant", "text": text})


if __name__ == "__main__":
    answerer = Answerer(cognition(prepare(NAME)), features()["MEMORY_ENABLED"])
    run(NAME, INBOUND, answerer.handle, metrics_port=9091)
