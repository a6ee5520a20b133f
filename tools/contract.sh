#!/bin/sh
# Holds the running program against its OpenAPI document with Schemathesis: values that the document permits and values
# that it does not, of every operation, signed in as the owner.
#
#   tools/contract.sh [SECONDS]     how long, 300 where nothing is said; at most 500, as long as an access token lasts
#
# Needs Python 3.10 or newer and, for the first run, PyPI. DEVMENTOR names the program (target/debug/devmentor).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${DEVMENTOR:-$root/target/debug/devmentor}")
python=$root/target/contract
seconds=${1:-300}
[ -x "$program" ] || { echo "error: $program is missing: cargo build -p devmentor" >&2; exit 2; }
[ -x "$python/bin/schemathesis" ] || {
    python3 -m venv "$python"
    "$python/bin/pip" --quiet install schemathesis==4.32.5
}

home=$(mktemp -d)
server=
clear_away() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$home"
}
trap clear_away EXIT
trap 'exit 130' INT TERM

# Without limits, which would answer for everything else.
env -i HOME="$home" PATH="$PATH" DEVMENTOR_LIMITS__APPLY=never DEVMENTOR_LOG__FILTER=error \
    "$program" --quiet --data-dir "$home/data" serve --listen 127.0.0.1:0 >"$home/out" 2>"$home/log" &
server=$!
waited=0
until grep -q '/enter#' "$home/out"; do
    kill -0 "$server" 2>/dev/null && [ "$waited" -lt 120 ] || { cat "$home/log" >&2; exit 1; }
    sleep 0.5
    waited=$((waited + 1))
done
link=$(grep -o 'http[^ ]*/enter#[0-9a-f]*' "$home/out")
origin=${link%/enter#*}
answer=$(printf '{"token":"%s","hand_over":"token"}' "${link#*#}" |
    curl --silent --fail --header 'Content-Type: application/json' --data @- "$origin/api/v1/session")
CONTRACT_TOKEN=$(printf '%s' "$answer" | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
export CONTRACT_TOKEN
curl --silent --fail "$origin/api/v1/openapi.json" >"$home/openapi.json"

# Left out is what ends the session or the workspace that everything else needs, and the live channels, which never end.
# Not asked is that every value a schema permits is taken: a name that is known, a code that was sent, or an address
# that has a mail server are in no schema.
cd "$home"
"$python/bin/schemathesis" --config-file "$root/tools/contract.toml" run "$home/openapi.json" --url "$origin" \
    --phases coverage,fuzzing --max-examples 15 --seed 1 --max-time "$seconds" --workers 2 \
    --continue-on-failure --no-shrink --generation-database none --request-timeout 30 \
    --exclude-checks positive_data_acceptance \
    --exclude-path /api/v1/session --exclude-path /api/v1/me --exclude-path '/api/v1/w/{workspace}/membership' \
    --exclude-path '/api/v1/w/{workspace}/workspace' \
    --exclude-path-regex '/auth/(sign-out|refresh)|/me/password|/me/sessions|/live|/events' --warnings off || failed=$?

if grep -q panicked "$home/log"; then
    grep panicked "$home/log" >&2
    exit 1
fi
exit "${failed:-0}"
