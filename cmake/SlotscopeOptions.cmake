# SPDX-License-Identifier: GPL-3.0-or-later
# Defines slotscope_options, which every target links: language level, warnings and Qt's strict macros.
add_library(slotscope_options INTERFACE)
target_compile_features(slotscope_options INTERFACE cxx_std_20)
target_include_directories(slotscope_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(slotscope_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400
    SLOTSCOPE_VERSION="${PROJECT_VERSION}")
target_compile_options(slotscope_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wcast-qual
        -Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wsuggest-override>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Clang's -Wconversion includes -Wsign-conversion, GCC's does not.
    target_compile_options(slotscope_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-sign-conversion>)
endif()
if(CMAKE_UNITY_BUILD)
    # In a unity build source files are included by another file, and GCC then takes them for headers.
    target_compile_options(slotscope_options INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
if(SLOTSCOPE_WERROR)
    target_compile_options(slotscope_options INTERFACE -Werror)
endif()
if(SLOTSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${SLOTSCOPE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SLOTSCOPE_SANITIZE})
endif()
# Uses the fastest installed linker, except for link-time optimisation, which needs the compiler's default linker.
find_program(SLOTSCOPE_MOLD mold)
find_program(SLOTSCOPE_LLD ld.lld)
if(NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    if(SLOTSCOPE_MOLD)
        add_link_options(-fuse-ld=mold)
    elseif(SLOTSCOPE_LLD)
        add_link_options(-fuse-ld=lld)
    endif()
endif()
