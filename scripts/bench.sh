#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures speed and prints one line per value: name, our value, the peer's value (usually of a plain C loop with hiredis), and
# the ratio of both.
#   bench.sh [--quick]      --quick: fewer repetitions
# The window is measured on the current display, or on Xvfb if there is none, or else offscreen.
set -euo pipefail
cd "$(dirname "$0")/.."
repeats=7 commands=500000 seconds=20
[ "${1:-}" = --quick ] && repeats=3 commands=200000 seconds=6
scripts/setup.sh --yes --tests >/dev/null || { echo "bench.sh: scripts/setup.sh failed; run it to see why" >&2; exit 1; }
preset=${SLOTSCOPE_BENCH_PRESET:-release}
build=build/$preset
mkdir -p build
cmake --preset "$preset" >build/bench.log 2>&1 && cmake --build --preset "$preset" -j "$(nproc)" --target benches slotscope slotscope-cli >>build/bench.log 2>&1 ||
    { grep -E -A6 'error:|FAILED|CMake Error' build/bench.log | head -n 40 >&2 || true; echo "bench.sh: building failed, see build/bench.log" >&2; exit 1; }
bench=$build/tests/bench
folder=$(mktemp -d)
pids=()
cleanup() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
ulimit -n "$(ulimit -Hn)" # a thousand servers need a thousand sockets
export XDG_CONFIG_HOME=$folder/config

row() { printf '%-52s %12s %12s %8s\n' "$@"; }
rows() { while IFS=$'\t' read -r name ours peer ratio; do row "$name" "$ours" "$peer" "$ratio"; done; }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
await_line() { # await_line FILE PATTERN SECONDS PID: waits for a line while the process runs
    local deadline=$((SECONDS + $3))
    until grep -q "$2" "$1" 2>/dev/null; do
        [ $SECONDS -lt $deadline ] && kill -0 "$4" 2>/dev/null || return 1
        sleep 0.05
    done
}

start_server() { # starts a Redis server and sets `port`
    local try
    for try in $(seq 20); do
        port=$((20000 + RANDOM % 30000))
        redis-server --port $port --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" >"$folder/server.log" 2>&1 &
        local pid=$!
        if await_line "$folder/server.log" 'Ready to accept' 10 $pid; then
            pids+=($pid)
            return
        fi
        wait $pid || true
    done
    echo "bench.sh: redis-server does not start, see its words:" >&2
    tail -n 3 "$folder/server.log" >&2
    exit 1
}

against_peer() { # against_peer NAME WORD…: runs ours and the peer in turns, so that other load affects both
    local name=$1 i
    shift
    : >"$folder/ours"
    : >"$folder/peer"
    for i in $(seq $((repeats + 1))); do
        "$bench/bench_peer" "$port" "$@" >"$folder/p"
        "$bench/bench_client" "$port" "$@" >"$folder/o"
        [ "$i" = 1 ] && continue # the first round only warms up
        cat "$folder/p" >>"$folder/peer"
        cat "$folder/o" >>"$folder/ours"
    done
    local ours peer
    ours=$(median <"$folder/ours")
    peer=$(median <"$folder/peer")
    row "$name" "$ours" "$peer" "$(awk "BEGIN {printf \"%.2f\", $ours / $peer}")"
}

find_display() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] && return
    if command -v Xvfb >/dev/null; then
        Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$folder/display" >/dev/null 2>&1 &
        pids+=($!)
        if await_line "$folder/display" . 10 $!; then
            DISPLAY=:$(cat "$folder/display")
            export DISPLAY
            return
        fi
    fi
    export QT_QPA_PLATFORM=offscreen
}

start_to_frame() {
    local i pid
    : >"$folder/frames"
    for i in $(seq "$repeats"); do
        SLOTSCOPE_FRAME_LOG=1 "$build/app/gui/slotscope" >"$folder/frame" 2>/dev/null &
        pid=$!
        await_line "$folder/frame" first-frame 20 $pid || { echo "bench.sh: slotscope shows no frame" >&2; exit 1; }
        kill $pid
        wait $pid 2>/dev/null || true
        awk '/first-frame/ {print $2}' "$folder/frame" >>"$folder/frames"
    done
    row "start to first frame (ms)" "$(median <"$folder/frames")" - -
    SLOTSCOPE_FRAME_LOG=1 "$build/app/gui/slotscope" --demo >"$folder/frame" 2>/dev/null &
    pid=$!
    await_line "$folder/frame" resident 60 $pid || { echo "bench.sh: the demo does not show" >&2; kill $pid; exit 1; }
    row "start to the demo's first page (ms)" "$(awk '/filled/ {print $2}' "$folder/frame")" - -
    row "resident memory of the window on the demo (MB)" "$(awk '/resident/ {print $2}' "$folder/frame")" - -
    kill $pid
    wait $pid 2>/dev/null || true
}

monitor_floods() { # monitor_floods URI PORT…: MONITOR of all nodes in the window, and redis-cli that discards one node's lines
    local uri=$1 port load
    shift
    for port in "$@"; do
        redis-benchmark -p "$port" -t ping -c 20 -P 16 -l -q >/dev/null 2>&1 &
        pids+=($!)
        load+=" $!"
    done
    sleep 1
    "$bench/bench_floods" monitor "$uri" "$seconds" | rows
    for port in $load; do kill "$port" && wait "$port" 2>/dev/null || true; done
    redis-benchmark -p "$1" -t ping -c 20 -P 16 -l -q >/dev/null 2>&1 &
    load=$!
    pids+=($load)
    row "lines/s that redis-cli monitor counts, one node" "$(timeout "$seconds" redis-cli -p "$1" monitor | wc -l | awk "{print int(\$1 / $seconds)}")" - -
    kill "$load" && wait "$load" 2>/dev/null || true
}

scan_cluster() { # lists a million keys of three primaries as a tree, compared with a loop that only counts them
    local uri ports i
    "$build/app/cli/slotscope-cli" demo --replicas 0 --thousands 950 >"$folder/demo" 2>&1 &
    local pid=$!
    pids+=($pid)
    await_line "$folder/demo" written 300 $pid || { echo "bench.sh: the demo does not start" >&2; exit 1; }
    uri=$(head -n 1 "$folder/demo")
    read -ra ports <<<"$(grep -oE ':[0-9]+' <<<"$uri" | tr -d ':' | tr '\n' ' ')"
    : >"$folder/ours"
    : >"$folder/peer"
    for i in $(seq "$repeats"); do
        "$bench/bench_scanner" 1000 "${ports[@]}" >>"$folder/peer"
        "$bench/bench_keys" "$uri" >>"$folder/ours"
    done
    local ours peer
    ours=$(awk '{print $1}' "$folder/ours" | median)
    peer=$(awk '{print $1}' "$folder/peer" | median)
    row "1,000,000 keys on 3 primaries to the tree (ms)" "$ours" "$peer" "$(awk "BEGIN {printf \"%.2f\", $ours / $peer}")"
    row "resident memory of these keys (KB)" "$(awk '{print $3}' "$folder/ours" | median)" - -
    row "longest stall of the window's thread meanwhile (ms)" "$(awk '{print $5}' "$folder/ours" | median)" - -
    "$bench/bench_floods" keys "$uri" | rows
    monitor_floods "$uri" "${ports[@]}"
    kill $pid
    wait $pid 2>/dev/null || true
}

row name ours peer ratio
find_display
scan_cluster
start_server
"$bench/bench_peer" "$port" fill 500000 100
against_peer "pipelined GET, batches of 1000 (commands/s)" get 500000 "$commands" 1000
against_peer "pipelined GET, batches of 10000 (commands/s)" get 500000 "$commands" 10000
against_peer "SCAN COUNT 1000, 500000 keys (keys/s)" scan 1000
"$bench/bench_pure" | rows
"$bench/bench_window" slotmap | rows
"$bench/bench_window" metrics | rows
start_to_frame
"$bench/bench_fakecluster" 1000 >"$folder/fake" &
pids+=($!)
await_line "$folder/fake" : 20 $! || { echo "bench.sh: the fake cluster does not start" >&2; exit 1; }
"$bench/bench_window" watch "redis://$(cat "$folder/fake")" "$seconds" | rows
big=big
[ "${1:-}" = --quick ] && big=
tests/bench/load.sh "$build" "$repeats" | rows
tests/bench/operations.sh "$build" "$repeats" $big | rows
