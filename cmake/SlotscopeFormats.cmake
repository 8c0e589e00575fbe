# SPDX-License-Identifier: GPL-3.0-or-later
# What core/formats decompresses with: slotscope_compression. Why each: docs/decisions/002-formats.md.
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Iconv REQUIRED)
pkg_check_modules(SLOTSCOPE_PACKED REQUIRED IMPORTED_TARGET libzstd liblz4 libbrotlidec libbrotlienc liblzf)
find_library(SLOTSCOPE_SNAPPY snappy REQUIRED) # comes without a pkg-config file
add_library(slotscope_compression INTERFACE)
target_link_libraries(slotscope_compression INTERFACE ZLIB::ZLIB Iconv::Iconv PkgConfig::SLOTSCOPE_PACKED ${SLOTSCOPE_SNAPPY})
