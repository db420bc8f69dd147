#!/usr/bin/env bash
# curl: claims a session, shows where to look at it, releases it.
set -euo pipefail

call() {
  curl --silent --show-error --fail --retry 5 \
    --header "X-BB-API-Key: $HEARTH_API_KEY" --header 'Content-Type: application/json' "$@"
}

session=$(call --data '{"keepAlive": true, "timeout": 120}' "$HEARTH_URL/v1/sessions")
id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$session")
echo "session $id"
call "$HEARTH_URL/v1/sessions/$id/debug?readOnly=true&expiresIn=60"
echo
call --data '{"status": "REQUEST_RELEASE"}' "$HEARTH_URL/v1/sessions/$id" >/dev/null
call "$HEARTH_URL/v1/sessions?status=RUNNING&limit=10" >/dev/null
