# SPDX-License-Identifier: GPL-3.0-or-later
# slotscope_test_program(<name> SOURCES … LIBS … [WIDGETS] [HEADERS_OF program]): defines a program of many test classes. <name>
# <class> runs one of them. HEADERS_OF names another program with the same options whose precompiled headers are reused.
#
# slotscope_add_test(<class> PROGRAM … [LABELS …] [TIMEOUT seconds] [EACH_SERVER] [ARGUMENTS …]): registers a class with ctest.
# The target tests_<label> builds what the tests with this label need. EACH_SERVER registers one ctest per server, so that long
# tests of several servers run in parallel. If a server is not installed, its test is reported as skipped.
#
# Labels: unit, integration, ui, border (tests that cross threads, for TSan), asan (integration tests that also run under ASan),
# long (left out of the short run).
set(slotscope_servers debian redis-8.0 valkey-8.1 valkey-9.1)

function(slotscope_test_program name)
    cmake_parse_arguments(ARG "WIDGETS" "HEADERS_OF" "SOURCES;LIBS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/support/testmain.cpp ${CMAKE_SOURCE_DIR}/tests/support/testmain.h)
    target_link_libraries(${name} PRIVATE ${ARG_LIBS} Qt6::Test slotscope_options)

    if(ARG_HEADERS_OF)
        target_precompile_headers(${name} REUSE_FROM ${ARG_HEADERS_OF})
    elseif(ARG_WIDGETS)
        target_compile_definitions(${name} PRIVATE SLOTSCOPE_TEST_WIDGETS)
        target_precompile_headers(${name} PRIVATE <QtWidgets> <QtTest> <tl/expected.hpp>)
    else()
        target_precompile_headers(${name} PRIVATE <QtCore> <QtTest> <QCoro/QCoroTask> <tl/expected.hpp>)
    endif()
endfunction()

function(slotscope_add_test class)
    cmake_parse_arguments(ARG "EACH_SERVER" "PROGRAM;TIMEOUT" "LABELS;ARGUMENTS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    set(environment "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;SLOTSCOPE_CLI=$<TARGET_FILE:slotscope-cli>")
    if(ARG_EACH_SERVER)
        set(tests "")
        foreach(server ${slotscope_servers})
            add_test(NAME ${class}-${server} COMMAND ${ARG_PROGRAM} ${class} ${ARG_ARGUMENTS})
            list(APPEND tests ${class}-${server})
            set_tests_properties(${class}-${server} PROPERTIES ENVIRONMENT "${environment};SLOTSCOPE_SERVER=${server}"
                SKIP_REGULAR_EXPRESSION "SKIP[^\n]*initTestCase[^\n]*was not unpacked")
        endforeach()
    else()
        set(tests ${class})
        add_test(NAME ${class} COMMAND ${ARG_PROGRAM} ${class} ${ARG_ARGUMENTS})
        set_tests_properties(${class} PROPERTIES ENVIRONMENT "${environment}")
    endif()
    set_tests_properties(${tests} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        COST ${ARG_TIMEOUT}) # ctest starts long tests first
    if(ARG_EACH_SERVER) # every run tests the oldest and the newest server, the long run also the others
        set_tests_properties(${class}-redis-8.0 ${class}-valkey-8.1 PROPERTIES LABELS "${ARG_LABELS};long")
    endif()
    foreach(label ${ARG_LABELS})
        if(NOT TARGET tests_${label})
            add_custom_target(tests_${label})
        endif()
        add_dependencies(tests_${label} ${ARG_PROGRAM})
    endforeach()
endfunction()
