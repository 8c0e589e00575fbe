#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Unpacks newer servers for the tests in one folder, without installing anything:
#   servers.sh DIR   ->   DIR/redis-8.0/bin/redis-server   DIR/valkey-8.1/bin/valkey-server   DIR/valkey-9.1/bin/valkey-server
# They come from newer Debian releases on the mirror that this machine's apt uses. A wrapper starts each with the C library of its
# own release. What is already there is not changed. Exit code 1, with the reason, if a server cannot be downloaded.
set -euo pipefail
[ $# = 1 ] || { echo "usage: servers.sh DIR" >&2; exit 2; }
mkdir -p "$1"
top=$(cd "$1" && pwd)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
libraries="libc6 libssl3t64 libjemalloc2 libstdc++6 libgcc-s1 libsystemd0 libatomic1 liblzf1 zlib1g libzstd1 libcap2 libgcrypt20 libgpg-error0 liblz4-1 liblzma5"

fail() { echo "servers.sh: $*" >&2; exit 1; }

# if all servers are there, no network is needed
complete=1
for server in redis-8.0/bin/redis-server valkey-8.1/bin/valkey-server valkey-9.1/bin/valkey-server; do [ -x "$top/$server" ] || complete=; done
[ -z "$complete" ] || exit 0
[ "$(dpkg --print-architecture)" = amd64 ] || fail "only amd64 is supported"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null | sort -u | grep -v security | head -n 1)
[ -n "$mirror" ] || fail "no Debian mirror in apt's lists (apt-get update first)"

fetch() { # fetch SUITE ROOT PACKAGE…: downloads the packages with separate apt settings and unpacks them
    local suite=$1 root=$2 state=$top/.apt-$1
    shift 2
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/debs"
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$state/sources.list"
    local options=(-o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::Lists=$state/lists"
        -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false -qq)
    [ -e "$state/updated" ] || { apt-get "${options[@]}" update && touch "$state/updated"; } || return 1
    (cd "$state/debs" && apt-get "${options[@]}" download "$@") || { rm -f "$state/updated"; return 1; } # package lists may be outdated
    mkdir -p "$root"
    local deb
    for deb in "$state"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
    rm -rf "$state/debs"
}

offer() { # offer NAME SUITE redis|valkey: downloads this server and writes its wrappers
    local name=$1 suite=$2 kind=$3 home=$top/$1 tool
    [ -x "$home/bin/$kind-server" ] && return 0
    rm -rf "$home"
    # shellcheck disable=SC2086
    fetch "$suite" "$home/root" "$kind-server" "$kind-tools" $libraries || fail "$name could not be fetched from $suite"
    mkdir -p "$home/bin"
    for tool in cli benchmark server; do
        cat >"$home/bin/$kind-$tool" <<WRAPPER
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")/root
exec "\$root/usr/lib64/ld-linux-x86-64.so.2" --argv0 "$kind-$tool" --library-path "\$root/usr/lib/x86_64-linux-gnu:\$root/lib/x86_64-linux-gnu" "\$root/usr/bin/$kind-$tool" "\$@"
WRAPPER
        chmod +x "$home/bin/$kind-$tool"
    done
    "$home/bin/$kind-server" --version >/dev/null || fail "$name does not start"
}

offer redis-8.0 trixie redis
offer valkey-8.1 trixie valkey
offer valkey-9.1 forky valkey
