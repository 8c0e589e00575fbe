# SPDX-License-Identifier: GPL-3.0-or-later
# slotscope_add_test(<class> [SOURCES …] LIBS … LABELS … [TIMEOUT seconds]): builds tst_<class>, registers it with ctest, and adds
# it to the target tests_<label> of each of its labels.
function(slotscope_add_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
    if(NOT ARG_SOURCES)
        set(ARG_SOURCES tst_${name}.cpp)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(tst_${name} ${ARG_SOURCES})
    target_link_libraries(tst_${name} PRIVATE ${ARG_LIBS} Qt6::Test slotscope_options)
    add_test(NAME ${name} COMMAND tst_${name})
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        COST ${ARG_TIMEOUT} # the long ones begin first
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;SLOTSCOPE_CLI=${CMAKE_BINARY_DIR}/app/cli/slotscope-cli")
    foreach(label ${ARG_LABELS})
        if(NOT TARGET tests_${label})
            add_custom_target(tests_${label})
        endif()
        add_dependencies(tests_${label} tst_${name})
    endforeach()
endfunction()
