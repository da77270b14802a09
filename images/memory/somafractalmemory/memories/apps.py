"""The Django application of the memory."""

from django.apps import AppConfig


class MemoriesConfig(AppConfig):
    """Memories."""

    name = "somafractalmemory.memories"
    label = "memories"
