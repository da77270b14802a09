"""The WSGI application of the brain."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "somabrain.config.settings")

from common import tracing
from common.environment import require

tracing.configure_django("somabrain")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from somabrain.config.settings import SERVING

require(SERVING, "brain")
