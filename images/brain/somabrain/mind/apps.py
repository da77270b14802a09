"""The Django application of the brain."""

from django.apps import AppConfig


class MindConfig(AppConfig):
    """Evaluations, and the outbox of their events."""

    name = "somabrain.mind"
    label = "mind"
