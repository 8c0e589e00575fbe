# SPDX-License-Identifier: GPL-3.0-or-later
# Finds hiredis 1.1 or newer: the system's, or the one that scripts/hiredis.sh has built in the user's cache. Defines the target
# hiredis::hiredis.
find_path(_hiredis_system_include hiredis/read.h)
set(_hiredis_version "")
if(_hiredis_system_include)
    file(STRINGS ${_hiredis_system_include}/hiredis/hiredis.h _lines REGEX "#define HIREDIS_(MAJOR|MINOR) ")
    string(REGEX REPLACE ".*MAJOR ([0-9]+).*MINOR ([0-9]+).*" "\\1.\\2" _hiredis_version "${_lines}")
endif()
if(_hiredis_version VERSION_GREATER_EQUAL 1.1)
    find_library(_hiredis_library hiredis REQUIRED)
    set(_hiredis_include ${_hiredis_system_include})
else()
    execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/hiredis.sh --prefix-only
        OUTPUT_VARIABLE _hiredis_prefix OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(_hiredis_library ${_hiredis_prefix}/lib/libhiredis.a)
    set(_hiredis_include ${_hiredis_prefix}/include)
    if(NOT EXISTS ${_hiredis_library})
        message(FATAL_ERROR "hiredis 1.1 or newer is missing: run scripts/setup.sh")
    endif()
    string(REGEX REPLACE ".*hiredis-" "" hiredis_version_built ${_hiredis_prefix}) # for the packages' list of statically linked parts
endif()
add_library(hiredis::hiredis UNKNOWN IMPORTED)
set_target_properties(hiredis::hiredis PROPERTIES
    IMPORTED_LOCATION ${_hiredis_library} INTERFACE_INCLUDE_DIRECTORIES ${_hiredis_include})
message(STATUS "hiredis: ${_hiredis_library}")
