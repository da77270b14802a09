"""WebSocket /ws/v2/chat: each message is decided on, stored, handed to the workers, and acknowledged with an echo."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.http import Http404
from jwt import PyJWKClientConnectionError
from opentelemetry import trace

from common.kafka import PublishError
from common.probe import ProbeError
from services.gateway.auth import Denied, verify
from services.gateway.conversations import take
from services.gateway.policy import PolicyDenied

UNAUTHENTICATED, UNAVAILABLE = 4401, 4503
tracer = trace.get_tracer("gateway.chat")


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """The token comes as `Authorization: Bearer`, or for browsers as the subprotocols `bearer, TOKEN`."""

    async def connect(self) -> None:
        """Accepts first, so that the close code reaches the client."""
        protocols = self.scope.get("subprotocols", [])
        headers = dict(self.scope["headers"])
        token = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
        if protocols[:1] == ["bearer"] and len(protocols) == 2:
            token = protocols[1]
        await self.accept("bearer" if protocols[:1] == ["bearer"] else None)
        try:
            self.subject = (await sync_to_async(verify, thread_sensitive=False)(token))["sub"]
        except Denied as error:
            await self.refuse(UNAUTHENTICATED, str(error))
        except (ProbeError, PyJWKClientConnectionError) as error:
            await self.refuse(UNAVAILABLE, f"authentication is not available: {error}")
        else:
            await self.send_json({"type": "ready"})

    async def refuse(self, code: int, reason: str) -> None:
        """Says why, then closes."""
        await self.send_json({"type": "error", "code": code, "detail": reason})
        await self.close(code)

    async def receive_json(self, content: Any, **_: Any) -> None:
        """Takes {"text", "conversation_id"?}; answers {"type": "stored", ...} or {"type": "error", "detail"}."""
        try:
            text, conversation = parse(content)
            with tracer.start_as_current_span("chat.message"):
                message = await sync_to_async(take, thread_sensitive=False)(self.subject, text, conversation)
        except (ValueError, PolicyDenied, PublishError) as error:
            await self.send_json({"type": "error", "detail": str(error)})
        except Http404:
            await self.send_json({"type": "error", "detail": "there is no such conversation"})
        else:
            await self.send_json({
                "type": "stored", "message_id": str(message.id),
                "conversation_id": str(message.conversation_id), "echo": message.text,
            })  # fmt: skip

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        """Text that is not JSON becomes None, which parse refuses politely."""
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None


def parse(content: Any) -> tuple[str, uuid.UUID | None]:
    """Text and conversation of a message. Raises ValueError that says what is expected."""
    if not isinstance(content, dict) or not isinstance(content.get("text"), str) or not content["text"].strip():
        raise ValueError('expected {"text": "...", "conversation_id": "..." or none}')
    given = content.get("conversation_id")
    try:
        return content["text"], uuid.UUID(str(given)) if given else None
    except ValueError:
        raise ValueError(f"conversation_id {given!r} is not a UUID") from None
