"""The Django application of the agent."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Conversations, and the memories that are kept in process."""

    name = "services.gateway"
    label = "gateway"
