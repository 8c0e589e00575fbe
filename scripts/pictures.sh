#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Saves screenshots of every page of the demo, dark and light: pictures.sh [--guide] [FOLDER]      without arguments:
# build/pictures
# --guide copies the screenshots that the guide uses unchanged to docs/pictures. The guide's other pictures show clusters with
# more data, and wizards, which build/dev/tests/ui/wizardgrab saves. SLOTSCOPE names an already built program to use.
set -euo pipefail
cd "$(dirname "$0")/.."
guide='' folder=build/pictures
for word in "$@"; do
    case $word in
    --guide) guide=1 ;;
    -*) echo "usage: pictures.sh [--guide] [FOLDER]" >&2; exit 2 ;;
    *) folder=$word ;;
    esac
done
program=${SLOTSCOPE:-}
if [ -z "$program" ]; then
    scripts/setup.sh --yes
    cmake --preset run >/dev/null
    cmake --build --preset run -j "$(nproc)" --target slotscope >/dev/null
    program=build/run/app/gui/slotscope
fi
home=$(mktemp -d) # an empty home folder without tabs, connections and records
trap 'rm -rf "$home"' EXIT
HOME=$home XDG_CONFIG_HOME=$home XDG_DATA_HOME=$home XDG_CACHE_HOME=$home LC_ALL=C.UTF-8 \
    timeout 600 xvfb-run -a -s "-screen 0 1920x1080x24" "$program" --demo --tour "$folder" >"$home/log" 2>&1 || { tail -n 5 "$home/log" >&2; exit 1; }
if [ -n "$guide" ]; then
    for page in clients latency profiler pubsub; do cp "$folder/$page-dark.png" docs/pictures/; done
fi
echo "$(find "$folder" -name '*.png' | wc -l) pictures in $folder"
