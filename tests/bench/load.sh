#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures the request rate of a load test and of redis-benchmark in turns, with the same number of clients, pipeline, value size
# and keys. Prints tab-separated rows for scripts/bench.sh. Each measurement takes about three seconds after a warm-up.
#   load.sh BUILD-FOLDER REPEATS
set -euo pipefail
cd "$(dirname "$0")/../.."
cli=$PWD/$1/app/cli/slotscope-cli repeats=$2
folder=$(mktemp -d)
export SLOTSCOPE_LOADS=$folder/loads
pids=()
cleanup() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

beside() { # beside NAME URI PIPELINE REQUESTS PEER-OPTION…
    local name=$1 uri=$2 pipeline=$3 requests=$4 ours peer
    shift 4
    : >"$folder/ours"
    : >"$folder/peer"
    for _ in $(seq "$repeats"); do
        "$cli" --uri "$uri" --json load --mix set --keys 100000 --ttl 0 --pipeline "$pipeline" --warm-up 1 --duration 3 2>/dev/null |
            python3 -c 'import json, sys; print(round(json.load(sys.stdin)["rate"]))' >>"$folder/ours"
        redis-benchmark "$@" -c 50 -P "$pipeline" -n "$requests" -d 64 -r 100000 -t set -q 2>/dev/null |
            tr '\r' '\n' | sed -n 's/.*SET: \([0-9]*\)[.0-9]* requests per second.*/\1/p' | tail -n 1 >>"$folder/peer"
    done
    ours=$(median <"$folder/ours") peer=$(median <"$folder/peer")
    printf '%s\t%s\t%s\t%s\n' "$name" "$ours" "$peer" "$(awk "BEGIN {printf \"%.2f\", $ours / $peer}")"
}

"$cli" demo --primaries 3 --replicas 0 --thousands 0 >"$folder/demo" 2>/dev/null &
pids+=($!)
deadline=$((SECONDS + 60))
until [ -s "$folder/demo" ]; do
    [ $SECONDS -lt $deadline ] || { echo "load.sh: no cluster" >&2; exit 1; }
    sleep 0.1
done
uri=$(head -n 1 "$folder/demo")
first=${uri#redis://}
first=${first%%,*}
port=$((20000 + RANDOM % 30000))
redis-server --port $port --bind 127.0.0.1 --save '' --dir "$folder" >"$folder/server" 2>&1 &
pids+=($!)
deadline=$((SECONDS + 10))
until grep -q 'Ready to accept' "$folder/server"; do
    [ $SECONDS -lt $deadline ] || { echo "load.sh: no server" >&2; exit 1; }
    sleep 0.1
done
beside "load test, one server, 50 clients (SET/s)" "redis://127.0.0.1:$port" 1 200000 -p $port
beside "load test, one server, pipeline 16 (SET/s)" "redis://127.0.0.1:$port" 16 1200000 -p $port
beside "load test, 3 primaries, 50 clients (SET/s)" "$uri" 1 200000 --cluster -h "${first%:*}" -p "${first#*:}"
