"""Django settings of the brain. The first three variables are required always, the rest by what serves."""

import os

from common.django_base import BASE, database_from_dsn
from common.environment import flag, require, words

require(("SOMABRAIN_POSTGRES_DSN", "SOMABRAIN_JWT_SECRET", "SOMABRAIN_MEMORY_HTTP_TOKEN"), "brain")
SERVING = ("SOMABRAIN_MEMORY_HTTP_ENDPOINT", "SOMABRAIN_KAFKA_URL", "SOMABRAIN_REDIS_URL", "SOMABRAIN_OPA_URL", "ALLOWED_HOSTS")

globals().update(BASE)
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    *BASE["MIDDLEWARE"],
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

SECRET_KEY = os.environ["SOMABRAIN_JWT_SECRET"]
DEBUG = flag("DEBUG", False)
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
ROOT_URLCONF = "somabrain.config.urls"
WSGI_APPLICATION = "somabrain.config.wsgi.application"
INSTALLED_APPS = ["django_prometheus", "somabrain.mind.apps.MindConfig"]
DATABASES = database_from_dsn("SOMABRAIN_POSTGRES_DSN")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("SOMABRAIN_REDIS_URL", ""),
        "KEY_PREFIX": "brain",
    }
}
