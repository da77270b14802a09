"""The REST endpoints under /api/v2."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Field, NinjaAPI, Schema

from common.kafka import PublishError
from services.gateway import conversations
from services.gateway.auth import Bearer
from services.gateway.models import Conversation
from services.gateway.policy import PolicyDenied
from services.gateway.readiness import ready
from services.shared.config import features, runtime, software_mode

api = NinjaAPI(title="SomaAgent01 (sample)", version="2", auth=Bearer(), docs_url=None)


class NewConversation(Schema):
    """A conversation to be started."""

    title: str = Field(min_length=1, max_length=200)


class NewMessage(Schema):
    """A message to a conversation."""

    text: str = Field(min_length=1, max_length=20_000)


class ConversationOut(Schema):
    """A conversation."""

    id: uuid.UUID
    title: str
    created_at: datetime


class MessageOut(Schema):
    """A message."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    role: str
    text: str
    created_at: datetime


@api.get("/core/health/ready", auth=None)
def health_ready(request: HttpRequest) -> JsonResponse:
    """200 when every dependency of the mode answers, else 503."""
    healthy, report = ready()
    return JsonResponse({"status": "ready" if healthy else "not ready", "checks": report}, status=200 if healthy else 503)


@api.get("/core/features", auth=None)
def show_features(request: HttpRequest) -> dict[str, Any]:
    """The feature flags and the mode."""
    return {"features": features(), "software_mode": software_mode(), "in_process": runtime().in_process}


@api.get("/conversations", response=list[ConversationOut])
def list_conversations(request: HttpRequest) -> Any:
    """The caller's conversations, the newest first, at most a hundred."""
    return Conversation.objects.filter(subject=request.auth["sub"]).order_by("-created_at")[:100]


@api.post("/conversations", response={201: ConversationOut})
def start_conversation(request: HttpRequest, body: NewConversation) -> Any:
    """Starts a conversation."""
    return 201, conversations.start(request.auth["sub"], body.title)


@api.get("/conversations/{uuid:conversation_id}/messages", response=list[MessageOut])
def list_messages(request: HttpRequest, conversation_id: uuid.UUID) -> Any:
    """The messages of one of the caller's conversations."""
    return conversations.get_object_or_404(Conversation, id=conversation_id, subject=request.auth["sub"]).messages.all()


@api.post("/conversations/{uuid:conversation_id}/messages", response={201: MessageOut})
def send_message(request: HttpRequest, conversation_id: uuid.UUID, body: NewMessage) -> Any:
    """Adds a message; in cluster mode the workers answer it."""
    return 201, conversations.take(request.auth["sub"], body.text, conversation_id)


@api.exception_handler(PolicyDenied)
def policy_denied(request: HttpRequest, error: PolicyDenied) -> JsonResponse:
    """403 with the reason."""
    return JsonResponse({"detail": str(error)}, status=403)


@api.exception_handler(PublishError)
def bus_down(request: HttpRequest, error: PublishError) -> JsonResponse:
    """503 with the reason: the message is stored and will not be answered."""
    return JsonResponse({"detail": f"message bus: {error}"}, status=503)
