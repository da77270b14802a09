"""The WSGI application of the memory."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "somafractalmemory.config.settings")

from common import tracing
from common.environment import require

tracing.configure_django("somafractalmemory")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from somafractalmemory.config.settings import SERVING

require(SERVING, "memory")
