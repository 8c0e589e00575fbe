#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what Slotscope needs to build and run, on Debian 12 or newer and Ubuntu 24.04 or newer. Does nothing if everything is
# installed.
#   setup.sh [--yes] [--tests] [--packages]      --yes: do not ask before sudo; --tests: also what scripts/test.sh needs;
#                                                --packages: also what scripts/package.sh and scripts/try-packages.sh need
set -euo pipefail
cd "$(dirname "$0")/.."

build="g++ cmake ninja-build mold ccache pkg-config qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qcoro-qt6-dev libssl-dev qtkeychain-qt6-dev libexpected-dev libqcustomplot-dev libgl-dev zlib1g-dev libzstd-dev liblz4-dev libsnappy-dev libbrotli-dev liblzf-dev libyaml-cpp-dev libprotoc-dev"
run="redis-server redis-tools fonts-inter fonts-dejavu-core qt6-qpa-plugins libqt6svg6 qt6-translations-l10n"
headless="xvfb xauth"
tests="clang-tidy-14 clazy git openssl python3 clang-format-14 iproute2 socat procps prometheus prometheus-redis-exporter gnome-keyring dbus-daemon fonts-nanum openssh-client openssh-server"
packages="dpkg-dev lintian rpm patchelf xz-utils qt6-wayland binutils python3 mmdebstrap nsis flatpak-builder desktop-file-utils appstream librsvg2-bin"
yes=
wanted="$build $run"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || wanted="$wanted $headless"
for word in "$@"; do
    case $word in
    --yes) yes=1 ;;
    --tests) wanted="$wanted $headless $tests" ;;
    --packages) wanted="$wanted $packages" ;;
    *) echo "usage: setup.sh [--yes] [--tests] [--packages]" >&2; exit 2 ;;
    esac
done

fail() { echo "setup.sh: $*" >&2; exit 1; }
listed() { fail "$1. Slotscope needs these (Debian's names): $wanted, and hiredis 1.1 or newer"; }
command -v apt-get >/dev/null || listed "this is neither Debian nor Ubuntu"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing=
lists_fresh() { find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' 2>/dev/null | grep -q .; }
for package in $wanted; do
    # Packages that this release does not have, or has under another name, are left out. CMake reports if one was needed.
    installed "$package" || { lists_fresh && ! apt-cache show "$package" >/dev/null 2>&1; } || missing="$missing $package"
done

as_root=
if [ -n "$missing" ] && [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || listed "installing packages needs root, and there is no sudo"
    as_root=sudo
fi
if [ -n "$missing" ]; then
    echo "setup.sh will install:$missing"
    if [ -n "$as_root" ] && [ -z "$yes" ]; then
        [ -t 0 ] || fail "run it with --yes, or install by hand:$missing"
        read -r -p "Install these packages with sudo? [Y/n] " answer
        case $answer in "" | y | Y | yes) ;; *) fail "nothing was installed" ;; esac
    fi
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    export DEBIAN_FRONTEND=noninteractive
    lists_fresh || $as_root apt-get update -qq >"$log" 2>&1 || { tail -n 3 "$log" >&2; fail "apt-get update failed (no network?)"; }
    known=
    for package in $missing; do
        if apt-cache show "$package" >/dev/null 2>&1; then known="$known $package"; fi
    done
    [ -n "$known" ] || listed "none of the missing packages is known to apt here"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $known >"$log" 2>&1 ||
        { $as_root apt-get update -qq >"$log" 2>&1 && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $known >>"$log" 2>&1; } ||
        { grep -E '^E:' "$log" | head -n 3 >&2 || true; fail "apt-get could not install the packages (no network?)"; }
    # The tests start their own servers, so services that were just installed with a package are switched off.
    for service in prometheus prometheus-redis-exporter ssh; do
        [[ " $known " == *" $service "* && -d /run/systemd/system ]] || continue
        $as_root systemctl disable --now "$service" >/dev/null 2>&1 || echo "setup.sh: the service $service could not be switched off" >&2
    done
fi

# hiredis: the system's package if it is new enough
candidate=$(apt-cache policy libhiredis-dev 2>/dev/null | sed -n 's/^  Candidate: \([0-9]*:\)\?//p')
if dpkg --compare-versions "${candidate:-0}" ge 1.1 2>/dev/null; then
    installed libhiredis-dev || { [ "$(id -u)" = 0 ] || as_root=sudo; $as_root apt-get install -y -qq --no-install-recommends libhiredis-dev >/dev/null || fail "apt-get could not install libhiredis-dev"; }
else
    lists_fresh || { [ "$(id -u)" = 0 ] && apt-get update -qq >/dev/null 2>&1; } || true
    scripts/hiredis.sh >/dev/null || exit 1
fi
