#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks the package definitions without building packages: the version is given in one place, all systems open the same URI
# schemes, the Flatpak manifest downloads the same sources as the other systems, and each file is well-formed. Checks whose tool
# is not installed are skipped and reported.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
breach() { echo "packaging: $*" >&2; status=1; }
have() { command -v "$1" >/dev/null || { echo "packaging: without $1"; return 1; }; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(sed -n 's/^project(slotscope VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ -n "$version" ] || breach "CMakeLists.txt names no version"
if grep -rnwF "$version" installer cmake scripts docs/man app core ui resources/themes .github; then
    breach "the version is of CMakeLists.txt alone: @PROJECT_VERSION@"
fi

for scheme in redis rediss valkey valkeys redis+sentinel rediss+sentinel; do
    grep -qF "x-scheme-handler/$scheme;" installer/slotscope.desktop || breach "slotscope.desktop does not open $scheme:"
    grep -qxF "    !insertmacro handle $scheme" installer/windows/slotscope.nsi || breach "slotscope.nsi does not open $scheme:"
    grep -qxF "    !insertmacro unhandle $scheme" installer/windows/slotscope.nsi || breach "slotscope.nsi leaves $scheme: behind"
    grep -qF "<string>$scheme</string>" installer/macos/Info.plist.in || breach "Info.plist.in does not open $scheme:"
done

manifest=installer/flatpak/io.github.slotscope.Slotscope.yaml
while read -r name _ checksum address; do
    case $name in "#"* | "") continue ;; esac
    grep -A1 -F "url: $address" $manifest | grep -qF "sha256: $checksum" || breach "$manifest does not fetch $name as installer/parts/sources.txt does"
done <installer/parts/sources.txt

sed "s/@PROJECT_VERSION@/$version/" installer/io.github.slotscope.Slotscope.metainfo.xml.in >"$work/io.github.slotscope.Slotscope.metainfo.xml"
if have appstreamcli; then
    appstreamcli validate --no-net "$work"/*.metainfo.xml >"$work/log" || { cat "$work/log"; breach "the AppStream file is not well-formed"; }
fi
if have desktop-file-validate; then desktop-file-validate installer/slotscope.desktop || breach "the desktop file is not well-formed"; fi
if have python3; then
    python3 -c 'import plistlib, sys; plistlib.load(open(sys.argv[1], "rb"))' installer/macos/Info.plist.in || breach "Info.plist.in is not well-formed"
fi
if have flatpak-builder; then
    (root=$PWD && cd "$work" && flatpak-builder --show-manifest "$root/$manifest" >/dev/null) || breach "flatpak-builder does not take $manifest"
fi
if have makensis; then
    mkdir -p "$work/stage/bin" # replaces the folder that cmake --install would fill on Windows
    : >"$work/stage/bin/slotscope.exe"
    (cd installer/windows && makensis -WX -V1 "-DVERSION=$version" "-DSTAGE=$work/stage" "-DOUT=$work/slotscope.exe" slotscope.nsi) ||
        breach "makensis does not take slotscope.nsi"
fi
[ $status = 0 ] && echo "packaging: no breach"
exit $status
