#!/bin/bash
# Turns `[minio] server FOLDER [--address A] [--console-address A]` into the gateway's own options.
set -euo pipefail

[ "${1:-}" != minio ] || shift
if [ "${1:-}" != server ]; then
  if [ $# -gt 0 ]; then exec "$@"; fi
  echo 'usage: server FOLDER [--address HOST:PORT] [--console-address HOST:PORT]' >&2
  exit 1
fi
shift

folder= address=:9000 console=
while [ $# -gt 0 ]; do
  case "$1" in
    --address=*) address="${1#*=}" ;;
    --console-address=*) console="${1#*=}" ;;
    --address) address="$2"; shift ;;
    --console-address) console="$2"; shift ;;
    -*) echo "option $1 is not known to this substitute; known: --address, --console-address" >&2; exit 1 ;;
    *) folder="$1" ;;
  esac
  shift
done
if [ -z "$folder" ]; then
  echo 'server: no folder given' >&2
  exit 1
fi

export ROOT_ACCESS_KEY="${MINIO_ROOT_USER:-minioadmin}" ROOT_SECRET_KEY="${MINIO_ROOT_PASSWORD:-minioadmin}"
mkdir -p "$folder"
# The page asks the S3 port from the browser; requests are signed, so any origin may ask.
exec versitygw --port "$address" ${console:+--webui "$console" --cors-allow-origin '*'} --health /minio/health/live --quiet posix "$folder"
