#!/bin/sh
set -e
# As in the official image: options alone mean the server, and root hands over to the redis user.
case "${1:-}" in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis:redis {} +
  exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
fi
if [ "$1" = redis-server ]; then
  # The container's network is the boundary; the official image turns the loopback guard off too.
  shift
  set -- redis-server "$@" --protected-mode no
fi
exec "$@"
