#!/bin/sh
# Migrates, then serves. The migration job bypasses this.
set -eu
python -m common.wait "postgres=${SOMA_DB_HOST:?is required}:${SOMA_DB_PORT:?is required}"
python manage.py migrate --noinput
exec python -m gunicorn somafractalmemory.config.wsgi --config common/gunicorn_conf.py --bind "0.0.0.0:${SOMA_API_PORT:-10101}"
