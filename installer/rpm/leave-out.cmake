# SPDX-License-Identifier: GPL-3.0-or-later
# CPack runs this before it packs. An rpm leaves out Debian's own documents and includes the licence, because the system may not
# have a shared copy.
if(CPACK_GENERATOR STREQUAL "RPM")
    file(GLOB_RECURSE documents ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/changelog.Debian.gz)
    foreach(document IN LISTS documents)
        cmake_path(GET document PARENT_PATH folder)
        file(COPY ${CMAKE_CURRENT_LIST_DIR}/../../LICENSE DESTINATION ${folder} FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
        file(REMOVE ${document})
    endforeach()
    # rpm replaces the times of files that are newer than SOURCE_DATE_EPOCH, so all files are touched to make them newer.
    file(GLOB_RECURSE all ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*)
    file(TOUCH ${all})
endif()
