#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures operations on real clusters in turns with redis-cli --cluster and with a plain pipeline in C. Prints tab-separated rows
# for scripts/bench.sh.
#   operations.sh BUILD-FOLDER REPEATS [big]      big: also a third of the slots of a million keys, with replicas
set -euo pipefail
cd "$(dirname "$0")/../.."
cli=$PWD/$1/app/cli/slotscope-cli mover=$PWD/$1/tests/bench/bench_mover repeats=$2 big=${3:-}
folder=$(mktemp -d)
export SLOTSCOPE_JOURNAL=$folder/journal
demo= pids=()
cleanup() {
    [ -z "$demo" ] || { kill "$demo" 2>/dev/null && wait "$demo" 2>/dev/null || true; }
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
elapsed() { # elapsed FILE COMMAND…: runs the command and appends its duration in milliseconds to the file
    local file=$1 begun
    shift
    begun=$(date +%s%N)
    "$@" >"$folder/out" 2>&1 || { echo "operations.sh: $* failed:" >&2; tail -n 5 "$folder/out" >&2; exit 1; }
    echo $((($(date +%s%N) - begun) / 1000000)) >>"$file"
}

start_demo() { # start_demo PRIMARIES REPLICAS [SERVER]: sets uri and nodes
    [ -z "$demo" ] || { kill "$demo" && wait "$demo" 2>/dev/null || true; }
    : >"$folder/demo"
    "$cli" demo --primaries "$1" --replicas "$2" --thousands 0 ${3:+--server "$3"} >"$folder/demo" 2>/dev/null &
    demo=$!
    local deadline=$((SECONDS + 60))
    until [ -s "$folder/demo" ]; do
        [ $SECONDS -lt $deadline ] || { echo "operations.sh: no cluster" >&2; exit 1; }
        sleep 0.1
    done
    uri=$(head -n 1 "$folder/demo")
    IFS=, read -r -a nodes <<<"${uri#redis://}"
}
id_of() { redis-cli -p "${1#*:}" cluster myid; }
ours() { "$cli" --uri "$uri" reshard --from "$1" --to "$2" --slots "$3" --yes "${@:4}"; }
theirs() { redis-cli --cluster reshard "$1" --cluster-from "$(id_of "$1")" --cluster-to "$(id_of "$2")" --cluster-slots "$3" --cluster-yes --cluster-pipeline "$4"; }

# Moves slots there with slotscope-cli and back with redis-cli, in turns. The first round only warms up.
compare() { # compare NAME SLOTS PIPELINE…
    local name=$1 count=$2 turn pipeline
    shift 2
    rm -f "$folder"/ms.*
    for turn in $(seq $((repeats + 1))); do
        for pipeline in "$@"; do
            elapsed "$folder/ms.ours" ours "${nodes[0]}" "${nodes[1]}" "$count" --classic
            sleep 2 # Redis 7 may lose a slot that redis-cli moves back before the nodes have pinged each other
            elapsed "$folder/ms.$pipeline" theirs "${nodes[1]}" "${nodes[0]}" "$count" "$pipeline"
            sleep 2
            elapsed "$folder/ms.bare" "$mover" "${nodes[0]##*:}" "${nodes[1]##*:}" "${nodes[2]##*:}" "$count"
            sleep 2
            ours "${nodes[1]}" "${nodes[0]}" "$count" --classic >/dev/null
        done
        [ "$turn" = 1 ] && rm -f "$folder"/ms.*
    done
    local mine
    mine=$(median <"$folder/ms.ours")
    for pipeline in "$@"; do
        local peer
        peer=$(median <"$folder/ms.$pipeline")
        printf '%s, redis-cli pipeline %s (ms)\t%s\t%s\t%s\n' "$name" "$pipeline" "$mine" "$peer" \
            "$(awk "BEGIN {printf \"%.2f\", $peer / $mine}")"
    done
    local bare
    bare=$(median <"$folder/ms.bare")
    printf '%s, bare pipeline in C (ms)\t%s\t%s\t%s\n' "$name" "$mine" "$bare" "$(awk "BEGIN {printf \"%.2f\", $bare / $mine}")"
}

start_demo 3 0
tests/bench/fillslots.py "${nodes[0]##*:}" 61
compare "reshard 1000 slots, 61 keys each" 1000 10 100
start_demo 3 0
tests/bench/fillslots.py "${nodes[0]##*:}" 610
compare "reshard 1000 slots, 610 keys each" 1000 10 100 1000
valkey=${SLOTSCOPE_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/servers}/valkey-9.1/bin/valkey-server
if [ -x "$valkey" ]; then
    start_demo 3 0 "$valkey"
    tests/bench/fillslots.py "${nodes[0]##*:}" 61
    for _ in $(seq "$repeats"); do
        elapsed "$folder/ms.atomic" ours "${nodes[0]}" "${nodes[1]}" 1000 --atomic
        elapsed "$folder/ms.back" ours "${nodes[1]}" "${nodes[0]}" 1000 --atomic
    done
    printf 'reshard 1000 slots, 61 keys each, Valkey 9.1 atomic (ms)\t%s\t-\t-\n' "$(median <"$folder/ms.atomic")"
fi
start_demo 3 1
for replica in "${nodes[@]:3}"; do # each shard once, because a shard needs a pause between two failovers
    elapsed "$folder/ms.failover" "$cli" --uri "$uri" failover "$replica" --yes
done
printf 'failover, from start to verified on all nodes (ms)\t%s\t-\t-\n' "$(median <"$folder/ms.failover")"
# Forms a cluster of six primaries and six replicas from twelve nodes, with slotscope-cli and redis-cli in turns.
empty=()
for i in $(seq 12); do
    port=$(python3 -c 'import random, socket
while True:
    p = random.randint(12000, 29999)
    with socket.socket() as s:
        try: s.bind(("127.0.0.1", p))
        except OSError: continue
    print(p); break')
    mkdir "$folder/node-$i"
    redis-server --port "$port" --bind 127.0.0.1 --dir "$folder/node-$i" --cluster-enabled yes --save '' --daemonize no >/dev/null &
    pids+=($!)
    empty+=("127.0.0.1:$port")
done
emptied() { # resets all nodes to empty ones outside any cluster
    local node deadline=$((SECONDS + 20))
    for node in "${empty[@]}"; do
        until redis-cli -p "${node#*:}" ping >/dev/null 2>&1 || [ $SECONDS -gt $deadline ]; do sleep 0.1; done
        redis-cli -p "${node#*:}" flushall >/dev/null || true # a replica refuses this, but the reset empties it
        redis-cli -p "${node#*:}" cluster reset hard >/dev/null
    done
}
rm -f "$folder"/ms.*
for _ in $(seq "$repeats"); do
    emptied
    elapsed "$folder/ms.ours" "$cli" create "${empty[@]}" --replicas 1 --yes
    emptied
    elapsed "$folder/ms.peer" redis-cli --cluster create "${empty[@]}" --cluster-replicas 1 --cluster-yes
done
kill "${pids[@]}"
wait "${pids[@]}" 2>/dev/null || true
pids=()
mine=$(median <"$folder/ms.ours") peer=$(median <"$folder/ms.peer")
printf 'create a cluster of 12 nodes, ours until all agree and replicate (ms)\t%s\t%s\t%s\n' "$mine" "$peer" \
    "$(awk "BEGIN {printf \"%.2f\", $peer / $mine}")"
if [ -n "$big" ]; then
    start_demo 3 1 # a new cluster, in which the first nodes are the primaries
    tests/bench/fillslots.py "${nodes[0]##*:}" 61
    repeats=1 compare "reshard 5461 slots of 1,000,000 keys, 3+3 nodes" 5460 10 100
fi
