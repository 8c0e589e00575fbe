# SPDX-License-Identifier: GPL-3.0-or-later
# Builds liblzf and installs a pkg-config file like that of Debian's package.
cmake_minimum_required(VERSION 3.22)
project(lzf LANGUAGES C)
add_library(lzf STATIC lzf_c.c lzf_d.c)
set_target_properties(lzf PROPERTIES POSITION_INDEPENDENT_CODE ON)
install(TARGETS lzf DESTINATION lib)
install(FILES lzf.h DESTINATION include/liblzf)
file(WRITE ${CMAKE_BINARY_DIR}/liblzf.pc
    "prefix=${CMAKE_INSTALL_PREFIX}\nName: liblzf\nDescription: fast compression\nVersion: 3.6\nCflags: -I\${prefix}/include/liblzf\nLibs: -L\${prefix}/lib -llzf\n")
install(FILES ${CMAKE_BINARY_DIR}/liblzf.pc DESTINATION lib/pkgconfig)
