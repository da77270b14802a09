"""Django settings of the agent."""

import os

from common.django_base import BASE, database_from_dsn
from common.environment import flag, require, words
from services.shared.config import ALWAYS, software_mode

require(ALWAYS, "agent")
software_mode()

globals().update(BASE)

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = flag("DEBUG", False)
ALLOWED_HOSTS = words("SA01_ALLOWED_HOSTS")
ROOT_URLCONF = "services.gateway.urls"
ASGI_APPLICATION = "services.gateway.asgi.application"
INSTALLED_APPS = ["services.gateway.apps.GatewayConfig"]

DATABASES = database_from_dsn("SA01_DB_DSN")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["SA01_REDIS_URL"]}}
