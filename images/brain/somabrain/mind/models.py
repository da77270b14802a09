"""The outbox: events are written with the work that they tell of, and published afterwards."""

import uuid

from django.db import models


class OutboxEvent(models.Model):
    """An event for a cog.* topic; `published_at` is empty until Kafka has acknowledged it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=models.Q(published_at__isnull=True), name="outbox_unpublished")]
