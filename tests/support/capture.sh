#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Captures the replies that the parsers read, from a temporary cluster of three primaries and three replicas:
#   capture.sh SERVER-BINARY OUTPUT-FOLDER [FIRST-PORT]
# Needs redis-cli in PATH. Texts are written to *.txt, other replies as RESP2 and RESP3 bytes to *.resp.
set -euo pipefail
server=$(command -v "$1") # symbolic links stay, because Debian's redis-server is a link to a program that acts by the name it is started with
mkdir -p "$2"
out=$(realpath "$2")
first=${3:-23100}
work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

nodes=()
for i in 0 1 2 3 4 5; do
    port=$((first + i))
    mkdir "$work/$port"
    (cd "$work/$port" && exec "$server" --port "$port" --bind 127.0.0.1 --cluster-enabled yes --cluster-node-timeout 2000 \
        --save "" --appendonly no --enable-debug-command yes >log 2>&1) &
    pids+=($!)
    nodes+=("127.0.0.1:$port")
done
for node in "${nodes[@]}"; do
    until redis-cli -p "${node#*:}" ping >/dev/null 2>&1; do sleep 0.1; done
done
redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >/dev/null
for _ in $(seq 100); do
    [ "$(redis-cli -p "$((first + 5))" info replication | grep -c master_link_status:up)" = 1 ] &&
        [ "$(redis-cli -p "$first" cluster nodes | grep -c slave)" = 3 ] && break
    sleep 0.2
done

ask() { redis-cli -p "$first" "$@"; }
wire() { # wire PROTOCOL WORD…: prints the reply's bytes until the server sends no more
    exec 3<>"/dev/tcp/127.0.0.1/$first"
    local protocol=$1
    shift
    [ "$protocol" = 2 ] || { printf 'HELLO 3\r\n' >&3; timeout 0.3 cat <&3 >/dev/null || true; }
    printf '%s\r\n' "$*" >&3
    timeout 0.6 cat <&3 || true
    exec 3>&-
}
ask cluster info >"$out/info-cluster.txt"
ask info everything >"$out/info.txt"
redis-cli -p "$((first + 5))" info everything >"$out/info-replica.txt"
target=$(redis-cli -p "$((first + 1))" cluster myid)
source=$(ask cluster myid)
ask cluster setslot 5 migrating "$target" >/dev/null
redis-cli -p "$((first + 1))" cluster setslot 5 importing "$source" >/dev/null
ask cluster nodes >"$out/nodes.txt"
ask config set latency-monitor-threshold 5 >/dev/null
ask debug sleep 0.05 >/dev/null
redis-cli -p "$((first + 1))" cluster nodes >"$out/nodes-importing.txt"
for protocol in 2 3; do
    wire "$protocol" cluster slots >"$out/slots-$protocol.resp"
    wire "$protocol" cluster shards >"$out/shards-$protocol.resp"
    wire "$protocol" cluster links >"$out/links-$protocol.resp"
    wire "$protocol" command >"$out/command-$protocol.resp"
    wire "$protocol" latency latest >"$out/latency-latest-$protocol.resp"
    wire "$protocol" latency history command >"$out/latency-history-$protocol.resp"
    wire "$protocol" latency histogram >"$out/latency-histogram-$protocol.resp"
done
ask info latencystats >"$out/info-latencystats.txt"
ask client list >"$out/client-list.txt"
kill -9 "${pids[2]}"
for _ in $(seq 50); do ask cluster nodes | grep -q 'fail?' && break; sleep 0.1; done
ask cluster nodes >"$out/nodes-maybe-failed.txt"
for _ in $(seq 100); do ask cluster nodes | grep -q 'master,fail ' && break; sleep 0.1; done
sleep 2
ask cluster nodes >"$out/nodes-failed.txt"
