#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Reshards under live writers while slotscope-cli, sources, targets and replicas are killed and frozen at random, until this
# number of kills is reached. Then it checks every acknowledged write and every slot. Meant for a night before a release.
#   soak.sh [KILLS] [ROUNDS]      by default 1000 kills and a fresh cluster every 40 rounds
# SLOTSCOPE_SERVER chooses the server (debian, redis-8.0, …), SLOTSCOPE_PRESET the build (dev). Exit code 1 if data was lost or a
# slot left open: then the output of that run is kept, its path is printed, and its seed repeats it (SLOTSCOPE_CHAOS_SEED). Needs
# a finished build.
set -uo pipefail
cd "$(dirname "$0")/.."
[ $# -le 2 ] || { echo "usage: soak.sh [KILLS] [ROUNDS]" >&2; exit 2; }
wanted=${1:-1000} rounds=${2:-40}
build=build/${SLOTSCOPE_PRESET:-dev}
program=$build/tests/integration/tst_integration_plain
[ -x "$program" ] || { echo "soak.sh: no $program: build it first (scripts/test.sh does)" >&2; exit 2; }
export SLOTSCOPE_SERVERS=${SLOTSCOPE_SERVERS-${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/servers} SLOTSCOPE_SERVER=${SLOTSCOPE_SERVER:-debian}
export SLOTSCOPE_CLI=$PWD/$build/app/cli/slotscope-cli QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 SLOTSCOPE_CHAOS_ROUNDS=$rounds
export QTEST_FUNCTION_TIMEOUT=$((rounds * 120000))
kept=$(mktemp -d)
killed=0 run=0 writes=0 missing=0 twice=0 named=0 open=0
count() { grep -cE "round [0-9]+: kill -9 $1" "$kept"/*.log | awk -F: '{sum += $NF} END {print sum + 0}'; }
while [ "$killed" -lt "$wanted" ]; do
    run=$((run + 1)) log=$kept/$run.log
    "$program" chaos "survives:$SLOTSCOPE_SERVER" >"$log" 2>&1
    code=$?
    killed=$(count '.*')
    line=$(grep -m1 'writes acknowledged' "$log" || true)
    figure() { sed -nE "s/.*[^0-9]([0-9]+) $1.*/\1/p" <<<"$line"; }
    writes=$((writes + $(figure 'writes acknowledged' | grep . || echo 0)))
    missing=$((missing + $(figure 'missing' | grep . || echo 0))) twice=$((twice + $(figure 'twice' | grep . || echo 0)))
    named=$((named + $(figure 'keys with two values' | grep . || echo 0)))
    open=$((open + $(sed -nE 's/.*open slots left ([0-9]+).*/\1/p' <<<"$line" | grep . || echo 0)))
    echo "run $run: $killed of $wanted kills · $writes writes acknowledged, $missing missing, $twice twice · $open slots open"
    if [ $code -ne 0 ]; then
        echo "failed: $log: $(grep -m1 -A2 '^FAIL!' "$log")" >&2
        exit 1
    fi
done
echo "killed: slotscope-cli $(count 'slotscope-cli'), source $(count 'the source'), target $(count 'the target'), replica $(count 'a replica')"
echo "$writes writes acknowledged: $missing missing, $twice twice ($named keys with two values were named by the tool); $open slots open"
rm -rf "$kept"
