#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up and builds Slotscope and runs it with a temporary demo cluster of six servers. Without a display it saves screenshots of
# every page instead and prints where.
#   run.sh [ARGUMENT…]      arguments for slotscope, by default --demo
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --yes
echo "Building…"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ cmake --preset run && cmake --build --preset run --target slotscope slotscope-cli; } >"$log" 2>&1 ||
    { grep -E 'error|FAILED|CMake Error' "$log" | head -n 20 >&2 || true; echo "run.sh: the build failed" >&2; exit 1; }
program=build/run/app/gui/slotscope
[ $# -gt 0 ] || set -- --demo
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    rm -f "$log"
    exec "$program" "$@"
fi
pictures=$PWD/build/tour
mkdir -p "$pictures"
export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$(mktemp -d)}
chmod 700 "$XDG_RUNTIME_DIR"
echo "There is no display: walking through every page on the demo cluster…"
xvfb-run -a -s "-screen 0 1920x1080x24" "$program" "$@" --tour "$pictures" >"$log" 2>&1 ||
    { cat "$log" >&2; echo "run.sh: the tour failed" >&2; exit 1; }
echo "The pictures are in $pictures:"
ls "$pictures"
