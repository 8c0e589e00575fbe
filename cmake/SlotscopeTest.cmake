# SPDX-License-Identifier: GPL-3.0-or-later
# slotscope_add_test(<class> [SOURCES …] LIBS … LABELS … [TIMEOUT seconds] [EACH_SERVER]): builds tst_<class>, registers it with
# ctest, and adds it to the target tests_<label> of each of its labels. EACH_SERVER: a ctest of its own for each server, so that
# long ones run side by side; one whose server was not unpacked says that it was skipped.
set(slotscope_servers debian redis-8.0 valkey-8.1 valkey-9.1)
function(slotscope_add_test name)
    cmake_parse_arguments(ARG "EACH_SERVER" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
    if(NOT ARG_SOURCES)
        set(ARG_SOURCES tst_${name}.cpp)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(tst_${name} ${ARG_SOURCES})
    target_link_libraries(tst_${name} PRIVATE ${ARG_LIBS} Qt6::Test slotscope_options)
    set(environment "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;SLOTSCOPE_CLI=${CMAKE_BINARY_DIR}/app/cli/slotscope-cli")
    if(ARG_EACH_SERVER)
        set(tests "")
        foreach(server ${slotscope_servers})
            add_test(NAME ${name}-${server} COMMAND tst_${name})
            list(APPEND tests ${name}-${server})
            set_tests_properties(${name}-${server} PROPERTIES ENVIRONMENT "${environment};SLOTSCOPE_SERVER=${server}"
                SKIP_REGULAR_EXPRESSION "SKIP[^\n]*initTestCase[^\n]*was not unpacked")
        endforeach()
    else()
        set(tests ${name})
        add_test(NAME ${name} COMMAND tst_${name})
        set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}")
    endif()
    set_tests_properties(${tests} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        COST ${ARG_TIMEOUT}) # the long ones begin first
    foreach(label ${ARG_LABELS})
        if(NOT TARGET tests_${label})
            add_custom_target(tests_${label})
        endif()
        add_dependencies(tests_${label} tst_${name})
    endforeach()
endfunction()
