"""Takes a person's message in: policy, database, message bus."""

import uuid
from functools import lru_cache

from django.shortcuts import get_object_or_404

from common.kafka import Publisher
from services.gateway import policy
from services.gateway.models import Conversation, Message
from services.shared.config import runtime

INBOUND = "conversation.inbound"


@lru_cache(maxsize=1)
def publisher() -> Publisher:
    """One producer a process."""
    return Publisher(runtime().kafka)


def start(subject: str, title: str) -> Conversation:
    """A new conversation of the subject. Raises PolicyDenied."""
    policy.enforce(subject, "conversation.send", "conversation")
    return Conversation.objects.create(subject=subject, title=title)


def take(subject: str, text: str, conversation_id: uuid.UUID | None) -> Message:
    """Stores the message and, in cluster mode, hands it to the workers. Raises PolicyDenied, Http404, PublishError."""
    policy.enforce(subject, "conversation.send", "conversation")
    if conversation_id is None:
        conversation = Conversation.objects.create(subject=subject, title=text[:200])
    else:
        conversation = get_object_or_404(Conversation, id=conversation_id, subject=subject)
    message = Message.objects.create(conversation=conversation, role="user", text=text)
    if runtime().cluster:
        payload = {"message_id": str(message.id), "conversation_id": str(conversation.id), "subject": subject, "text": text}
        publisher().publish(INBOUND, str(conversation.id), payload)
    return message
