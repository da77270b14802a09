#!/bin/bash
# The official image's contract: POSTGRES_* create the cluster once, /docker-entrypoint-initdb.d runs once, then the server.
set -Eeo pipefail

# NAME, or the contents of the file that NAME_FILE names.
from_env() {
  local file="${1}_FILE"
  if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then
    echo "error: both $1 and $file are set; set one of them" >&2
    exit 1
  fi
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-${2:-}}"; fi
}

initialise() {
  local user password database method
  user="$(from_env POSTGRES_USER postgres)"
  password="$(from_env POSTGRES_PASSWORD)"
  database="$(from_env POSTGRES_DB "$user")"
  method="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo "error: the database is uninitialised and POSTGRES_PASSWORD is not set; set it to a non-empty value" >&2
    exit 1
  fi

  eval "initdb --username=\"\$user\" --pwfile=<(printf '%s\n' \"\$password\") --auth-local=trust --auth-host=\"\$method\" $POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Reached by its socket alone until the scripts have run: nobody sees a half-made database.
  pg_ctl -D "$PGDATA" -w start -o "$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")"
  local psql=(psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$user")
  if [ "$database" != postgres ]; then
    "${psql[@]}" --dbname postgres --set db="$database" <<< 'CREATE DATABASE :"db";'
  fi
  psql+=(--dbname "$database")
  export POSTGRES_USER="$user" POSTGRES_DB="$database" PGPASSWORD="$password"
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    echo "running $script"
    case "$script" in
      *.sh) if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
      *.sql) "${psql[@]}" -f "$script" ;;
      *.sql.gz) gunzip -c "$script" | "${psql[@]}" ;;
    esac
  done
  unset PGPASSWORD
  pg_ctl -D "$PGDATA" -m fast -w stop
}

case "${1:-}" in -*) set -- postgres "$@" ;; esac
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /var/run/postgresql
    chown -R postgres:postgres "$PGDATA" /var/run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
  fi
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true
  if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise "$@"; fi
fi
exec "$@"
