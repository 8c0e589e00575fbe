#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Packs the portable archive from the folder of a cmake --install. Called by package.sh: portable.sh STAGE ARCHIVE VERSION STATIC
# STATIC is a file with the arguments for sbom.py that describe the statically linked libraries.
# The archive contains Qt and all other libraries except those that must be the system's own. Its README.txt lists these.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 4 ] || { echo "usage: portable.sh STAGE ARCHIVE VERSION STATIC" >&2; exit 2; }
stage=$1 archive=$2 version=$3
for tool in patchelf objdump xz; do
    command -v $tool >/dev/null || { echo "portable.sh: needs $tool: scripts/setup.sh --packages" >&2; exit 1; }
done
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:?}
qt_plugins=$(qtpaths6 --query QT_INSTALL_PLUGINS)
qt_words=$(qtpaths6 --query QT_INSTALL_TRANSLATIONS)
name=slotscope-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$work/$name
mkdir -p "$top"/{bin,lib,plugins,spare,translations}

# Always the system's: the C library and what is built with it, what the graphics driver provides, the client libraries of the
# display server, and font libraries, whose settings have the format of the installed version.
of_the_system() {
    [[ $1 =~ ^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|anl|gcc_s|stdc\+\+|drm|gbm|vulkan)|lib(X.*|xcb|ICE|SM|wayland-.*)|lib(fontconfig|freetype|expat))\.so\. ]]
}
# The system's if it has them: its keychain library needs its own GLib, and its graphics driver its own GL. Only the launchers
# know these folders.
in_spare() { [[ $1 =~ ^lib(glib-2\.0|gthread-2\.0|pcre2-8|EGL|GLX|OpenGL|GLdispatch)\.so\. ]]; }

wanted_plugins="platforms/libqxcb.so platforms/libqoffscreen.so platforms/libqwayland-egl.so platforms/libqwayland-generic.so
    wayland-shell-integration/libxdg-shell.so wayland-decoration-client/libbradient.so wayland-graphics-integration-client/libqt-plugin-wayland-egl.so
    xcbglintegrations/libqxcb-egl-integration.so xcbglintegrations/libqxcb-glx-integration.so imageformats/libqsvg.so imageformats/libqico.so
    iconengines/libqsvgicon.so tls/libqopensslbackend.so platforminputcontexts/libibusplatforminputcontextplugin.so
    platforminputcontexts/libcomposeplatforminputcontextplugin.so"
cp "$stage"/usr/bin/{slotscope,slotscope-cli} "$top/bin/"
cp -r "$stage/usr/share" "$top/share"
: >"$work/held"
for plugin in $wanted_plugins; do
    if [ ! -e "$qt_plugins/$plugin" ]; then
        case $plugin in
        platforms/libqxcb.so | platforms/libqwayland-generic.so | tls/*) echo "portable.sh: Qt plugin $plugin not found" >&2; exit 1 ;;
        esac
        echo "portable.sh: Qt plugin $plugin not found, left out" >&2
        continue
    fi
    mkdir -p "$top/plugins/${plugin%/*}"
    cp "$qt_plugins/$plugin" "$top/plugins/$plugin"
    echo "$qt_plugins/$plugin" >>"$work/held"
done

# ldd lists all libraries that the loader would use, including indirect ones
find "$top/bin" "$top/plugins" -type f -exec ldd {} + | sed -n 's/^\t\(\S*\) => \(\/\S*\) (0x.*/\1 \2/p' | sort -u >"$work/libraries"
: >"$work/system"
while read -r library path; do
    if of_the_system "$library"; then
        echo "$library" >>"$work/system"
        continue
    fi
    folder=lib
    if in_spare "$library"; then folder=spare/$library; fi
    mkdir -p "$top/$folder"
    cp -L "$path" "$top/$folder/$library"
    readlink -f "$path" >>"$work/held"
done <"$work/libraries"
find "$top/lib" "$top/spare" -type f -exec chmod 644 {} +
find "$top/bin" -type f -exec patchelf --set-rpath '$ORIGIN/../lib' {} \;
find "$top/lib" -type f -exec patchelf --set-rpath '$ORIGIN' {} \;
find "$top/plugins" -type f -exec patchelf --set-rpath '$ORIGIN/../../lib' {} \;

printf '[Paths]\nPrefix = ..\nPlugins = plugins\nTranslations = translations\n' >"$top/bin/qt.conf"
cp "$qt_words"/qtbase_ko.qm "$top/translations/" 2>/dev/null || echo "portable.sh: qtbase_ko.qm not found: Qt's own texts stay English" >&2
glibc=$(find "$top" -type f \( -name '*.so*' -o -path '*/bin/slotscope*' \) -exec objdump -T {} + 2>/dev/null |
    grep -o 'GLIBC_2\.[0-9]*' | sort -Vu | tail -n 1 | sed 's/GLIBC_//')
sed -e "s/@VERSION@/$version/; s/@GLIBC@/$glibc/" -e "/@SYSTEM@/{
r $work/system
d
}" installer/portable/README.txt >"$top/README.txt"
for program in slotscope slotscope-cli; do
    sed "s/@PROGRAM@/$program/" installer/portable/launcher.sh >"$top/$program"
    chmod 755 "$top/$program"
done
cp LICENSE "$top/"
# adds the licence of each included library
while read -r path; do
    package=$({ dpkg-query -S "$path" "${path#/usr}" 2>/dev/null || true; } | grep -v '^diversion ' | head -n 1 | cut -d: -f1)
    mkdir -p "$top/share/doc/slotscope/licences"
    cp -L "/usr/share/doc/$package/copyright" "$top/share/doc/slotscope/licences/$package"
done < <(sort -u "$work/held")
# this archive gets its own list of what it consists of
rm -f "$top"/share/doc/slotscope/slotscope.spdx.json
mapfile -t plugins < <(cd "$qt_plugins" && for plugin in $wanted_plugins; do [ ! -e "$plugin" ] || echo "$qt_plugins/$plugin"; done)
IFS=';' read -r -a static <"$4" || true # read fails because the file has no final newline
scripts/sbom.py make "$version" "$top/slotscope.spdx.json" --held "$work/held" "${static[@]}" \
    "$stage/usr/bin/slotscope" "$stage/usr/bin/slotscope-cli" "${plugins[@]}"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -C "$work" -c "$name" |
    xz -6 -T1 >"$archive.part"
mv "$archive.part" "$archive"
echo "portable.sh: glibc $glibc or newer, $(find "$top/lib" -type f | wc -l) libraries brought, $(wc -l <"$work/system") of the system" >&2
