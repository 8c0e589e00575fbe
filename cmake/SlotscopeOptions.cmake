# SPDX-License-Identifier: GPL-3.0-or-later
# The one place for language level, warnings and Qt's strict defines: every target links slotscope_options.
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
    # QCoro 0.8 takes coroutines from the experimental header with clang 14 + libstdc++ 12 otherwise
    target_compile_options(slotscope_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-sign-conversion>)
endif()
if(CMAKE_UNITY_BUILD)
    # a file that is included into another is no header, though GCC takes it for one
    target_compile_options(slotscope_options INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
endif()
if(SLOTSCOPE_WERROR)
    target_compile_options(slotscope_options INTERFACE -Werror)
endif()
if(SLOTSCOPE_SANITIZE)
    add_compile_options(-fsanitize=${SLOTSCOPE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SLOTSCOPE_SANITIZE})
endif()
# the fastest linker that is here; link-time optimisation keeps the compiler's own
find_program(SLOTSCOPE_MOLD mold)
find_program(SLOTSCOPE_LLD ld.lld)
if(NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    if(SLOTSCOPE_MOLD)
        add_link_options(-fuse-ld=mold)
    elseif(SLOTSCOPE_LLD)
        add_link_options(-fuse-ld=lld)
    endif()
endif()
