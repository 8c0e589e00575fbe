#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one test again and again in several parallel copies, to find race conditions.
#   stress.sh CLASS[:FUNCTION[:ROW]] [COPIES] [SECONDS]      by default 4 copies for 180 seconds
# SLOTSCOPE_SERVER chooses the server (debian, redis-8.0, …), SLOTSCOPE_PRESET the build (dev). The output of each failed run is
# kept and its path is printed. Exit code 1 if a run failed.
set -uo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] && [ $# -le 3 ] || { echo "usage: stress.sh CLASS[:FUNCTION[:ROW]] [COPIES] [SECONDS]" >&2; exit 2; }
class=${1%%:*} function=''
case $1 in *:*) function=${1#*:} ;; esac
copies=${2:-4} seconds=${3:-180}
build=build/${SLOTSCOPE_PRESET:-dev}
program=
for each in "$build"/tests/*/tst_*; do
    [ -f "$each" ] && [ -x "$each" ] || continue
    classes=$("$each" 2>&1 || true) # the program lists its classes with an error code, which must not end this script
    grep -qx "  $class" <<<"$classes" && program=$each
done
[ -n "$program" ] || { echo "stress.sh: no test class “$class” in $build (build it first)" >&2; exit 2; }
export SLOTSCOPE_SERVERS=${SLOTSCOPE_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/servers} SLOTSCOPE_SERVER=${SLOTSCOPE_SERVER:-debian}
export SLOTSCOPE_CLI=$PWD/$build/app/cli/slotscope-cli QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
kept=$(mktemp -d)
end=$((SECONDS + seconds))
copy() { # copy NUMBER: runs the test until the time is over
    local run=0 log
    while [ "$SECONDS" -lt "$end" ]; do
        run=$((run + 1)) log=$kept/$1-$run.log
        if "$program" "$class" ${function:+"$function"} >"$log" 2>&1; then
            rm -f "$log"
            echo passed >>"$kept/results"
        else
            echo failed >>"$kept/results"
            echo "failed: $log: $(grep -m1 '^FAIL!' "$log")"
        fi
    done
}
for number in $(seq "$copies"); do copy "$number" & done
wait
passed=$(grep -c passed "$kept/results") failed=$(grep -c failed "$kept/results")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && rm -rf "$kept"
[ "$failed" = 0 ]
