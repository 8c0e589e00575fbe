#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Static analysis of core, ui and app with clang-tidy (settings in .clang-tidy) and clazy, which knows Qt. Exit code 1 if either
# reports an error.
#   lint.sh            files changed in the last 30 commits or not committed yet
#   lint.sh --all      all files
#   lint.sh FILE…      these files
set -euo pipefail
cd "$(dirname "$0")/.."
commits=30
case "${1:-}" in
--all) mapfile -t files < <(git ls-files 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp') ;;
'')
    depth=$(($(git rev-list --count HEAD) - 1))
    mapfile -t files < <(git diff --name-only --diff-filter=d "HEAD~$((depth < commits ? depth : commits))" -- 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp')
    ;;
-*) echo "usage: lint.sh [--all | FILE…]" >&2; exit 2 ;;
*) files=("$@") ;;
esac
[ ${#files[@]} -gt 0 ] || exit 0
build=build/lint
# without unity builds, and without GCC's precompiled headers, which clang cannot read
cmake -G Ninja -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_UNITY_BUILD=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$build.log" 2>&1 && cmake --build "$build" --target \
    slotscope_core_autogen >>"$build.log" 2>&1 ||
    { tail -n 20 "$build.log" >&2; echo "lint.sh: configuring failed" >&2; exit 1; }
status=0
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-14 -p "$build" --quiet --header-filter="$PWD/(core|ui|app)/" 2>/dev/null || status=1
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clazy-standalone -p "$build" -checks=level0,no-qstring-ref 2>&1 |
    grep -E 'warning: .*\[-Wclazy' | sort -u && status=1
[ $status = 0 ] && echo "lint.sh: ${#files[@]} files, nothing found"
exit $status
