"""The texts; their vectors are in Milvus under the same id."""

import uuid

from django.db import models


class Memory(models.Model):
    """One text to be remembered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
