"""Django settings of the memory. The database is required always, the rest by what serves."""

import os

from common.django_base import BASE, database
from common.environment import flag, require, words

require(("SOMA_DB_HOST", "SOMA_DB_PORT", "SOMA_DB_NAME", "SOMA_DB_USER", "SOMA_DB_PASSWORD"), "memory")
SERVING = ("SOMA_API_TOKEN", "SOMA_SECRET_KEY", "SOMA_MILVUS_HOST", "SOMA_MILVUS_PORT", "SOMA_ALLOWED_HOSTS")

globals().update(BASE)
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    *BASE["MIDDLEWARE"],
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

# Without one (a migration) nothing can be signed, and Django says so when something tries.
SECRET_KEY = os.environ.get("SOMA_SECRET_KEY", "")
DEBUG = flag("SOMA_DEBUG", False)
ALLOWED_HOSTS = words("SOMA_ALLOWED_HOSTS")
ROOT_URLCONF = "somafractalmemory.config.urls"
WSGI_APPLICATION = "somafractalmemory.config.wsgi.application"
INSTALLED_APPS = ["django_prometheus", "somafractalmemory.memories.apps.MemoriesConfig"]
DATABASES = database(*(os.environ[f"SOMA_DB_{part}"] for part in ("HOST", "PORT", "NAME", "USER", "PASSWORD")))
