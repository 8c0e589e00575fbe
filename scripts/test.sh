#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and runs the tests: unit and selected integration tests under ASan and UBSan, tests that cross threads under
# TSan, then all tests in the development build. The output ends with ctest's summary of the last part.
#   test.sh [--quick | --long]      --quick: only the last part
#                                   --long: also tests that take long (each server, 30 rounds of chaos, all integration tests
# under ASan)
set -euo pipefail
cd "$(dirname "$0")/.."
quick='' long=''
case "${1:-}" in
'') ;;
--quick) quick=1 ;;
--long) long=1 ;;
*) echo "usage: test.sh [--quick | --long]" >&2; exit 2 ;;
esac
scripts/setup.sh --yes --tests
export SLOTSCOPE_SERVERS=${SLOTSCOPE_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/servers}
tests/support/servers.sh "$SLOTSCOPE_SERVERS" || echo "test.sh: newer servers could not be had; testing with $(redis-server --version | cut -d' ' -f1-3) only" >&2
jobs=$(nproc)

build() { # build PRESET TARGET… [-- CMAKE-OPTION…]
    local preset=$1 targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do targets+=("$1"); shift; done
    [ $# -gt 0 ] && shift
    echo "== building $preset ($(date +%T))"
    cmake --preset "$preset" "$@" >build-"$preset".log 2>&1 && cmake --build --preset "$preset" -j "$jobs" --target "${targets[@]}" >>build-"$preset".log 2>&1 ||
        { grep -E -A6 'error:|FAILED|CMake Error' build-"$preset".log | head -n 60 >&2 || true; echo "test.sh: building $preset failed" >&2; exit 1; }
    rm -f build-"$preset".log
}

# Most tests wait for servers most of the time, so more tests than processors run in parallel.
side_by_side=$((jobs + jobs / 2))
leave_out=(-LE long)
[ -n "$long" ] && leave_out=()
if [ -z "$quick" ]; then
    build asan tests_unit tests_asan
    export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp
    # Only with the distribution's server. The newer ones are tested in the last part.
    SLOTSCOPE_SERVERS='' SLOTSCOPE_CHAOS_ROUNDS=7 ctest --preset asan -j "$side_by_side" -L "unit|asan${long:+|integration}" "${leave_out[@]}"
    build tsan tests_border
    export TSAN_OPTIONS=suppressions=$PWD/tests/support/tsan.supp:halt_on_error=1:history_size=5:die_after_fork=0
    ctest --preset tsan -j "$jobs" -L border
fi
build dev all -- -DSLOTSCOPE_WERROR=ON # not with sanitizers, with which GCC 12 falsely warns about uninitialised values
[ -n "$long" ] || export SLOTSCOPE_CHAOS_ROUNDS=${SLOTSCOPE_CHAOS_ROUNDS:-3}
echo "== testing ($(date +%T))"
# Failed tests are repeated once, because other load on the machine may delay real servers. The output shows both tries.
# HACKING.md says what to do then.
ctest --preset dev -j "$side_by_side" --repeat until-pass:2 "${leave_out[@]}"
