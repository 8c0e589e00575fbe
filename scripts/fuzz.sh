#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the libFuzzer targets (clang 14, ASan and UBSan) and runs each:  fuzz.sh [seconds=60] [target…]
# Failing inputs stay in build/fuzz/found/. Add them to tests/fuzz/corpus/<target>/ together with the fix.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(reader commandline redirect nodes info replies slotset uri formats rdb report protobuf)
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" -- -j2
mkdir -p build/fuzz/found
status=0
for target in "${targets[@]}"; do
    mkdir -p "build/fuzz/corpus/$target"
    log=build/fuzz/$target.log
    if UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" \
        -max_len=65536 -rss_limit_mb=2048 -timeout=10 -artifact_prefix="build/fuzz/found/$target-" \
        "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
        echo "$target: clean, $(tail -n 1 "$log")"
    else
        echo "$target: FAILED, see $log" >&2
        status=1
    fi
done
exit $status
