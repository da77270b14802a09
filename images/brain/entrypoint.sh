#!/bin/sh
# Given a command, runs it and nothing else. Without one: checks Kafka and OPA, migrates, serves.
set -eu
if [ "$#" -gt 0 ]; then
  exec "$@"
fi
python -m common.wait "kafka=${SOMABRAIN_KAFKA_URL:?is required}" "http=${SOMABRAIN_OPA_URL:?is required}/health"
python manage.py migrate --noinput
exec python -m gunicorn somabrain.config.wsgi --config common/gunicorn_conf.py --bind "0.0.0.0:30101"
