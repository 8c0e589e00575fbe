#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the libraries of sources.txt into the folder PREFIX, for CMAKE_PREFIX_PATH: build.sh PREFIX [FOLDER]
# FOLDER contains downloaded archives (NAME-VERSION.tar.gz). Missing ones are downloaded into it. Every archive must have the
# checksum in the list.
# On Windows this runs in Git's bash with Qt and a compiler set up.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: build.sh PREFIX [FOLDER]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1
mkdir -p "${2:-downloads}"
archives=$(cd "${2:-downloads}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }
words() { # CMake options for the library NAME
    case $1 in
    hiredis) echo -DDISABLE_TESTS=ON ;;
    tl-expected) echo -DEXPECTED_BUILD_TESTS=OFF ;;
    qcoro) echo -DQCORO_BUILD_EXAMPLES=OFF -DBUILD_TESTING=OFF -DQCORO_WITH_QTDBUS=OFF -DQCORO_WITH_QML=OFF -DQCORO_WITH_QTQUICK=OFF \
        -DQCORO_WITH_QTWEBSOCKETS=OFF -DQCORO_WITH_QTTEST=OFF -DUSE_QT_VERSION=6 ;;
    qtkeychain) echo -DBUILD_WITH_QT6=ON -DBUILD_TEST_APPLICATION=OFF -DBUILD_TRANSLATIONS=OFF ;;
    esac
}
while read -r name version checksum address; do
    case $name in "#"* | "") continue ;; esac
    archive=$archives/$name-$version.tar.gz
    [ -e "$archive" ] || curl -fsSL -o "$archive" "$address"
    [ "$(sum "$archive")" = "$checksum" ] || { echo "build.sh: $archive is not what was expected" >&2; exit 1; }
    mkdir "$work/$name"
    tar -xzf "$archive" -C "$work/$name" --strip-components=1
    [ ! -e "$here/$name.cmake" ] || cp "$here/$name.cmake" "$work/$name/CMakeLists.txt"
    # shellcheck disable=SC2046
    cmake -G Ninja -S "$work/$name" -B "$work/$name/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_PREFIX_PATH="$prefix" $(words "$name") >"$work/log" &&
        cmake --build "$work/$name/build" --target install >>"$work/log" || { tail -n 30 "$work/log" >&2; echo "build.sh: $name did not build" >&2; exit 1; }
    echo "$name $version"
done <"$here/sources.txt"
