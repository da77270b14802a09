"""Conversations with their messages, and memories for the mode that keeps them in process."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Conversation(models.Model):
    """A thread of messages that belongs to one subject (the `sub` of a token)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=255, db_index=True)
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)


class Message(models.Model):
    """One utterance; `id` is chosen by the sender's side, so that a message handled twice is stored once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    role = models.CharField(max_length=16, choices=[("user", "user"), ("assistant", "assistant")])
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]


class MemoryEntry(models.Model):
    """A memory kept in the agent's own database (SOMA_SAAS_MODE=true)."""

    id = models.UUIDField(primary_key=True)
    text = models.TextField()
    vector = ArrayField(models.FloatField())
    created_at = models.DateTimeField(auto_now_add=True)
