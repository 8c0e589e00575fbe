#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests the packages in build/package in clean Debian root folders, as root, and prints a table of the results. Exit code 1 if
# something failed.
#   try-packages.sh [deb|portable|rpm]… [bookworm|trixie]…     without arguments: deb and portable in both
# deb: installs it with apt, starts the programs, upgrades and purges it, and checks that nothing is left. portable: starts it
# without Qt installed. rpm: unpacks it with rpm next to Debian's libraries, which rpm does not know (--nodeps), starts the
# programs and erases it.
# The root folders are created once in ~/.cache/slotscope/roots, from the mirror that this machine's apt uses. Delete them there
# to get fresh ones.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "try-packages.sh: $*" >&2; exit 1; }
kinds='' suites=''
for word in "$@"; do
    case $word in
    deb | portable | rpm) kinds="$kinds $word" ;;
    bookworm | trixie) suites="$suites $word" ;;
    *) echo "usage: try-packages.sh [deb|portable|rpm]… [bookworm|trixie]…" >&2; exit 2 ;;
    esac
done
[ "$(id -u)" = 0 ] || fail "needs root: it makes roots and changes into them"
command -v mmdebstrap >/dev/null || fail "needs mmdebstrap: scripts/setup.sh --packages"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/slotscope/roots
mkdir -p "$cache"
work=$(mktemp -d "$cache/try-XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0

newest() { find build/package -maxdepth 1 -name "$1" -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-; }

# The mirror and network settings of this machine's apt. They are only written into the root folders.
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | grep -v security | sort -u | head -n 1; }
apt_words() { apt-config dump | grep -E '^Acquire::(Check-|https?::|Retries)' || true; }

make_root() { # make_root SUITE: creates $cache/SUITE.tar
    [ -e "$cache/$1.tar" ] && return
    local from; from=$(mirror)
    [ -n "$from" ] || fail "no Debian mirror in apt's lists (apt-get update)"
    apt_words >"$work/apt.conf"
    mmdebstrap --quiet --variant=apt --mode=root --aptopt="$work/apt.conf" "$1" "$cache/$1.part.tar" "$from" >"$work/log" 2>&1 ||
        { tail -n 5 "$work/log" >&2; fail "could not make a root of $1"; }
    mv "$cache/$1.part.tar" "$cache/$1.tar"
}

# Runs a command in the root folder. Its processes and mounts end with it.
in_root() {
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child bash -c '
        root=$1; shift
        mount -t proc proc "$root/proc" && mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" &&
            exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' \
        in_root "$root" "$@"
}
as_user() { in_root setpriv --reuid 1234 --regid 1234 --clear-groups env HOME=/home/someone XDG_RUNTIME_DIR=/home/someone/run "$@"; }

fresh_root() { # fresh_root SUITE PACKAGE…: unpacks $root and installs these packages in it
    root=$work/$1
    mkdir "$root"
    tar -xf "$cache/$1.tar" -C "$root"
    shift
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no service is started by its package
    chmod 755 "$root/usr/sbin/policy-rc.d"
    install -d -o 1234 -g 1234 -m 700 "$root/home/someone" "$root/home/someone/run"
    in_root apt-get update -qq >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; fail "apt-get update failed in the root"; }
    add_packages "$@"
}
add_packages() {
    in_root apt-get install -y -qq --no-install-recommends "$@" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; fail "could not prepare the root"; }
}

row() { printf '%-10s %-10s %-34s %s\n' "$@"; }
try() { # try WHAT COMMAND…: runs a test and prints its row of the table with the last line of the output
    local what=$1 code=0; shift
    "$@" >"$work/out" 2>&1 || code=$?
    if [ $code = 0 ]; then
        row "$kind" "$suite" "$what" "ok  $(tail -n 1 "$work/out" | cut -c1-90)"
    else
        row "$kind" "$suite" "$what" "FAILED ($code)"
        tail -n 12 "$work/out" | sed 's/^/    /'
        failed=1
    fi
}

# Starts the programs. $1: path of slotscope, $2: path of slotscope-cli
start() {
    try "slotscope-cli --version" as_user "$2" --version
    try "slotscope --version" as_user "$1" --version
    try "slotscope-cli demo, topology" as_user bash -c "$(declare -f demo_topology); demo_topology $2"
    try "window: --tour under Xvfb" as_user bash -c "
        cd; rm -rf tour; timeout 600 xvfb-run -a -s '-screen 0 1920x1080x24' $1 --demo --tour tour >log 2>&1 || { tail -n 5 log; exit 1; }
        count=\$(ls tour/*.png | wc -l); echo \"\$count pictures\"; [ \$count -ge 20 ]"
}
# Starts slotscope ($1) on a system that only has Wayland.
start_wayland() {
    try "window: --tour under Wayland" as_user bash -c "
        cd; rm -rf tour; chmod 700 run
        weston --backend=headless-backend.so --width=1920 --height=1080 --socket=try --idle-time=0 >weston.log 2>&1 & weston=\$!
        for _ in \$(seq 100); do [ -e run/try ] && break; sleep 0.1; done
        env -u DISPLAY WAYLAND_DISPLAY=try QT_QPA_PLATFORM=wayland $1 --demo --tour tour >log 2>&1; code=\$?
        kill \$weston
        [ \$code = 0 ] || { tail -n 5 weston.log log; exit 1; }
        count=\$(ls tour/*.png | wc -l); echo \"\$count pictures\"; [ \$count -ge 20 ]"
}
demo_topology() { # demo_topology CLI: starts a demo cluster, reads its topology and ends it
    cd
    "$1" demo --thousands 1 >demo.log 2>&1 &
    local demo=$! uri=''
    for _ in $(seq 300); do
        uri=$(grep -om1 'redis://[^ ]*' demo.log || true)
        [ -n "$uri" ] && break
        kill -0 $demo 2>/dev/null || { cat demo.log; return 1; }
        sleep 0.1
    done
    "$1" --uri "$uri" topology || return 1
    kill $demo
    wait $demo || true
    "$1" --uri "$uri" --timeout 1 topology >/dev/null 2>&1 && { echo "the demo did not end"; return 1; }
    echo "six servers came and went"
}

files() { # all files in the root folder except caches, logs, apt's lists and dpkg's database, and the list of packages
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./home -o -path ./var/cache -o -path ./var/log \
        -o -path ./var/lib/apt \
        -o -path ./var/lib/dpkg -o -path ./var/lib/rpm -o -name .rpmdb -o -path ./run \) -prune -o -print | sort)
    in_root dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sort
}
same_files() { diff "$work/before" "$work/after" && echo "$(wc -l <"$work/before") files and packages as before"; }

try_deb() {
    local deb; deb=$(newest '*.deb')
    [ -n "$deb" ] || fail "no deb in build/package: scripts/package.sh"
    fresh_root "$suite" xvfb xauth redis-server desktop-file-utils appstream
    files >"$work/before"
    cp "$deb" "$root/tmp/slotscope.deb"
    # the same package with a higher version
    dpkg-deb -R "$deb" "$work/higher"
    sed -i 's/^Version: .*/&+higher/' "$work/higher/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/higher" "$root/tmp/higher.deb" >/dev/null
    rm -rf "$work/higher"
    if command -v lintian >/dev/null; then try "lintian: errors" lintian --allow-root --fail-on error "$deb"; fi
    try "apt install" in_root apt-get install -y -qq --no-install-recommends /tmp/slotscope.deb
    try "files as packed" in_root bash -c 'dpkg --verify slotscope && dpkg -L slotscope | grep -c .'
    try "desktop file, handler of redis:" in_root bash -c 'desktop-file-validate /usr/share/applications/slotscope.desktop &&
        grep x-scheme-handler/redis= /usr/share/applications/mimeinfo.cache'
    try "AppStream" in_root appstreamcli validate --no-net /usr/share/metainfo/io.github.slotscope.Slotscope.metainfo.xml
    start slotscope slotscope-cli
    try "apt upgrade to a higher version" in_root bash -c 'apt-get install -y -qq --no-install-recommends /tmp/higher.deb >/dev/null &&
        dpkg-query -W -f "\${Version}\n" slotscope | grep higher'
    try "slotscope-cli after the upgrade" as_user slotscope-cli --version
    try "apt purge, autoremove" in_root bash -c 'apt-get purge -y -qq slotscope && apt-get autoremove -y -qq --purge'
    files >"$work/after"
    try "nothing left" same_files
}

try_rpm() {
    local rpm deb; rpm=$(newest '*.rpm') deb=$(newest '*.deb')
    [ -n "$rpm" ] && [ -n "$deb" ] || fail "no rpm, or no deb for its libraries, in build/package: scripts/package.sh deb rpm"
    fresh_root "$suite" rpm xvfb xauth redis-server
    in_root apt-get satisfy -y -qq --no-install-recommends "$(dpkg-deb -f "$deb" Depends)" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; fail "could not prepare the root"; }
    # folders that other packages provide on systems with rpm
    mkdir -p "$root"/usr/share/{applications,metainfo,icons/hicolor/scalable/apps}
    files >"$work/before"
    cp "$rpm" "$root/tmp/slotscope.rpm"
    try "rpm -i" in_root rpm -i --nodeps /tmp/slotscope.rpm
    try "rpm -V" in_root rpm -V --nodeps slotscope
    try "every library that it names" in_root bash -c '
        known=$(ldconfig -p); lost=0
        for name in $(rpm -qR slotscope | sed -n "s/^\(lib[^(]*\.so[^(]*\)()(64bit)$/\1/p"); do
            [[ $known == *"$name "* ]] || { echo "there is no $name"; lost=1; }
        done
        rpm -qR slotscope | grep -c "^lib.*()(64bit)$"; exit $lost'
    start slotscope slotscope-cli
    try "rpm -e" in_root rpm -e slotscope
    files >"$work/after"
    try "nothing left" same_files
}

libraries_found() { # libraries_found FOLDER: each library that the loader does not find is in spare, or is Wayland's, which may be missing
    local file name lost=0
    while read -r file; do
        while read -r name; do
            [[ -e $1/spare/$name/$name || $name == libwayland-* ]] || { echo "${file#"$1/"} lacks $name"; lost=1; }
        done < <(ldd "$file" | sed -n 's/^\t\(.*\) => not found/\1/p')
    done < <(find "$1/bin" "$1/lib" "$1/plugins" -type f -not -name qt.conf)
    return $lost
}

try_portable() {
    local archive folder; archive=$(newest '*-linux-*.tar.xz')
    [ -n "$archive" ] || fail "no archive in build/package: scripts/package.sh portable"
    fresh_root "$suite" xz-utils
    mkdir "$root/opt/it" && tar -xJf "$archive" -C "$root/opt/it" --no-same-owner
    folder=/opt/it/$(ls "$root/opt/it")
    try "slotscope-cli where nothing else is" as_user "$folder/slotscope-cli" --version
    add_packages xvfb xauth redis-server libfontconfig1 libx11-xcb1 libsm6
    try "no Qt in the root" in_root bash -c '! find / -xdev -name "libQt*" -not -path "/opt/*" | grep . && echo "none"'
    try "every library is found" in_root bash -c "$(declare -f libraries_found); libraries_found $folder"
    start "$folder/slotscope" "$folder/slotscope-cli"
    add_packages weston
    start_wayland "$folder/slotscope"
    rm -rf "$root/opt/it"
}

row package root what result
for suite in ${suites:-bookworm trixie}; do
    make_root "$suite"
    for kind in ${kinds:-deb portable}; do
        "try_$kind"
        rm -rf "$root"
    done
done
exit $failed
