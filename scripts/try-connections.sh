#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests with real servers, Sentinels and sshd on loopback which connections are accepted and which refused, and prints a table:
# TLS certificates for each kind of server, SSH settings, and operations over TLS and SSH. Exit code 1 if a cell is wrong.
#   scripts/try-connections.sh [tls|ssh|operations]   BUILD=DIR names another build than build/dev
set -u
cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build/dev}
program=$build/tests/integration/tst_integration_plain
if [ ! -x "$program" ]; then
    cmake --preset dev >/dev/null && cmake --build "$build" --target tst_integration_plain slotscope-cli >/dev/null || exit 2
fi
SLOTSCOPE_CLI=$PWD/$build/app/cli/slotscope-cli
SLOTSCOPE_SERVERS=${SLOTSCOPE_SERVERS:-$HOME/.cache/slotscope/servers}
export SLOTSCOPE_CLI SLOTSCOPE_SERVERS QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
cells=$(mktemp) || exit 2
trap 'rm -f "$cells"' EXIT
# shellcheck disable=SC2086 # each word is the name of a test function
"$program" connectiontable ${*:-} >"$cells" 2>&1
code=$?
awk -F '\t' '
$1 == "CELL" {
    if ($2 != group) {
        group = $2
        printf "%s%s\n", seen ? "\n" : "", group
        seen = 1
    }
    all++
    if ($5 == "not tried") untried++
    else if ($5 != "ok") wrong++
    printf "  %-11s%-19s%-17s%s\n", $5 == "ok" ? "right" : $5 == "not tried" ? $5 : "WRONG", $3, $4, $6
}
END { printf "\n%d cells, %d wrong, %d not tried\n", all, wrong, untried; exit all == 0 || wrong > 0 }' "$cells"
table=$?
if [ "$code" -ne 0 ] || [ "$table" -ne 0 ]; then
    grep -E '^(FAIL|   Loc|Totals)' "$cells" >&2
    exit 1
fi
