#!/bin/bash
# The official image's contract without its `autosetup`: schema and namespaces are jobs of their own.
set -euo pipefail

own="$(getent hosts "$(hostname)" | awk '{print $1; exit}')"
export BIND_ON_IP="${BIND_ON_IP:-$own}"
case "$BIND_ON_IP" in 0.0.0.0 | ::0) export TEMPORAL_BROADCAST_ADDRESS="${TEMPORAL_BROADCAST_ADDRESS:-$own}" ;; esac
export TEMPORAL_ADDRESS="${TEMPORAL_ADDRESS:-${TEMPORAL_BROADCAST_ADDRESS:-$BIND_ON_IP}:7233}"

case "${1:-}" in
  autosetup) echo 'autosetup is not part of this substitute; set the schema up with temporal-sql-tool first' >&2; exit 1 ;;
  bash) exec bash ;;
esac
services=()
IFS=: read -r -a names <<< "${SERVICES:-}"
for name in "${names[@]}"; do services+=(--service "$name"); done
exec temporal-server --root /etc/temporal --config config --env docker --allow-no-auth start "${services[@]}"
