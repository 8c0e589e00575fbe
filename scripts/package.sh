#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the packages described in installer/README.md in build/package and prints their names and SHA-256 checksums.
#   package.sh [--twice] [deb] [rpm] [portable]      without arguments: deb and portable
# --twice builds the committed state a second time in another folder and fails unless both packages are identical.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
twice='' kinds=''
for word in "$@"; do
    case $word in
    --twice) twice=1 ;;
    deb | rpm | portable) kinds="$kinds $word" ;;
    *) echo "usage: package.sh [--twice] [deb] [rpm] [portable]" >&2; exit 2 ;;
    esac
done
kinds=${kinds:-deb portable}
fail() { echo "package.sh: $*" >&2; exit 1; }
commit=$(git rev-parse HEAD 2>/dev/null || true)
if [ -n "$twice" ] && [ -n "$(git status --porcelain)" ]; then fail "--twice wants everything committed: it compares two builds of one commit"; fi
scripts/setup.sh --yes
command -v dpkg-shlibdeps >/dev/null || fail "needs dpkg-dev: scripts/setup.sh --packages"
[[ $kinds != *rpm* ]] || command -v rpmbuild >/dev/null || fail "needs rpm: scripts/setup.sh --packages"
# so that packages contain no information about when, where and by whom they were built
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022
jobs=${SLOTSCOPE_JOBS:-$(nproc)}

# Builds the packages and prints their names.
packages() (
    exec 3>&1 >&2
    cmake --preset package >/dev/null
    cmake --build --preset package -j "$jobs" --target slotscope slotscope-cli slotscope_documents >build/package/build.log ||
        { tail -n 30 build/package/build.log; fail "the build failed"; }
    cmake --build --preset package --target slotscope_sbom >/dev/null
    version=$(sed -n 's/^CMAKE_PROJECT_VERSION:.*=//p' build/package/CMakeCache.txt)
    for kind in $kinds; do
        stage=$(mktemp -d)
        case $kind in
        deb | rpm) (cd build/package && cpack -G "${kind^^}" | sed -n 's/.*package: \(.*\) generated\./\1/p' >&3) ;;
        portable)
            DESTDIR=$stage cmake --install build/package --prefix /usr --strip >/dev/null
            archive=$PWD/build/package/slotscope-$version-linux-$(uname -m).tar.xz
            scripts/portable.sh "$stage" "$archive" "$version" build/package/installer/static
            echo "$archive" >&3 ;;
        esac
        rm -rf "$stage"
    done
)
made=$(packages)
# shellcheck disable=SC2086
sha256sum $made
[ -n "$twice" ] || exit 0

other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT
git archive "$commit" | tar -x -C "$other"
cd "$other"
again=$(packages)
# shellcheck disable=SC2086
sha256sum $again
different=0
for package in $made; do
    cmp "$package" "$other/build/package/${package##*/}" || different=1
done
[ $different = 0 ] || fail "two builds of one commit differ"
echo "two builds of one commit: the same bytes"
