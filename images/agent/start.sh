#!/bin/sh
# Gateway and admin: waits for the data stores, migrates, serves. Workers and migrations bypass this.
# Redis is asked with the scheme of its URL, which is TLS at AWS, and without its password: that would be in the log.
set -eu
python -m common.wait "postgres=${POSTGRES_HOST:-postgres}:${POSTGRES_PORT:-5432}" "redis=${SA01_REDIS_URL%%:*}://${REDIS_HOST:-redis}:${REDIS_PORT:-6379}"
python manage.py migrate --noinput
exec python -m uvicorn services.gateway.asgi:application --host 0.0.0.0 --port "${SAGENTA_PORT:-9000}" \
  --log-config common/logging.json --no-access-log --timeout-graceful-shutdown 20
