# SPDX-License-Identifier: GPL-3.0-or-later
# Defines slotscope_compression: the libraries that core/formats uses: those that decompress values, and protobuf, which parses .proto
# files. docs/decisions/002-formats.md and 048-proto-files.md explain the choice.
find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Iconv REQUIRED)
pkg_check_modules(SLOTSCOPE_PACKED REQUIRED IMPORTED_TARGET libzstd liblz4 libbrotlidec libbrotlienc liblzf protobuf)
find_library(SLOTSCOPE_SNAPPY snappy REQUIRED) # has no pkg-config file
add_library(slotscope_compression INTERFACE)
target_link_libraries(slotscope_compression INTERFACE ZLIB::ZLIB Iconv::Iconv PkgConfig::SLOTSCOPE_PACKED ${SLOTSCOPE_SNAPPY})
