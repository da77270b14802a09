"""The settings that the three samples share."""

import os
import re
from typing import Any

from common import logs

# As the real applications read it: nothing is URL-decoded, and whatever follows the last slash is the name.
DSN = re.compile(r"^postgres(?:ql)?://(?P<user>[^:]+):(?P<password>[^@]+)@(?P<host>[^:/]+):(?P<port>\d+)/(?P<name>.+)$")

BASE: dict[str, Any] = {
    "LOGGING": logs.config(),
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "USE_I18N": False,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "APPEND_SLASH": False,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "X_FRAME_OPTIONS": "DENY",
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        # It also is what answers 400 to a Host that ALLOWED_HOSTS does not hold.
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
}


def database(host: str, port: str | int, name: str, user: str, password: str) -> dict[str, Any]:
    """Django's DATABASES for one PostgreSQL with a bounded pool a process (DB_POOL_SIZE, default 4)."""
    pool = {"min_size": 1, "max_size": int(os.environ.get("DB_POOL_SIZE", "4")), "timeout": 4}
    default = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": str(port),
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": pool, "connect_timeout": 4},
    }
    return {"default": default}


def database_from_dsn(variable: str) -> dict[str, Any]:
    """As database, from the DSN in a variable. Ends the process with one line when the DSN has another shape."""
    match = DSN.match(os.environ[variable])
    if not match:
        raise SystemExit(f"{variable} must look like postgresql://user:password@host:port/database")
    return database(**match.groupdict())
