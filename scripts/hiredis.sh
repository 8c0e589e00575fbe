#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds hiredis 1.2.0 from Debian 13's source package in a folder of the user's cache, downloaded from the mirror that this
# machine's apt uses, and prints that folder. Does nothing if it is already built.
#   hiredis.sh [--prefix-only]      --prefix-only: only print the folder, build nothing
set -euo pipefail
version=1.2.0
prefix=${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/hiredis-$version
[ "${1:-}" = --prefix-only ] && { echo "$prefix"; exit 0; }
[ -e "$prefix/lib/libhiredis.a" ] && { echo "$prefix"; exit 0; }

tarball=hiredis_$version.orig.tar.gz
sha256=82ad632d31ee05da13b537c124f819eb88e18851d9cb0c30ae0552084811588c
pool=pool/main/h/hiredis/$tarball
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | sort -u | grep -v security | head -n 1); mirror=${mirror%/}
[ -n "$mirror" ] || { echo "hiredis.sh: no Debian mirror in apt's lists; install libhiredis-dev 1.1 or newer by hand" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/lib/apt/apt-helper download-file -o APT::Sandbox::User=root "$mirror/$pool" "$work/$tarball" "SHA256:$sha256" >"$work/log" 2>&1 ||
    { tail -n 3 "$work/log" >&2; echo "hiredis.sh: could not fetch $tarball with the expected checksum (no network?)" >&2; exit 1; }
tar -xzf "$work/$tarball" -C "$work"
cmake -G Ninja -S "$work"/hiredis-* -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DDISABLE_TESTS=ON \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib >"$work/log" 2>&1 &&
    cmake --build "$work/build" --target install >>"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; echo "hiredis.sh: the build failed" >&2; exit 1; }
echo "$prefix"
