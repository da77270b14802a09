"""The ASGI application: HTTP by Django, WebSockets by channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "services.gateway.settings")

from common import tracing

tracing.configure_django("gateway")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

from services.shared.config import runtime

django_application = get_asgi_application()
runtime()

from services.gateway.chat import ChatConsumer
from services.gateway.origin import OriginValidator

chat = ChatConsumer.as_asgi()
application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": OriginValidator(
            URLRouter([path("ws/v2/chat", chat), re_path(r"^ws/v2/chat/[\w-]+$", chat)]), settings.ALLOWED_HOSTS
        ),
    }
)
