# SPDX-License-Identifier: GPL-3.0-or-later
# Run by CPack before it packs: an rpm has no use for Debian's own documents, and brings the licence, as there may be no common one.
if(CPACK_GENERATOR STREQUAL "RPM")
    file(GLOB_RECURSE documents ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/changelog.Debian.gz)
    foreach(document IN LISTS documents)
        cmake_path(GET document PARENT_PATH folder)
        file(COPY ${CMAKE_CURRENT_LIST_DIR}/../../LICENSE DESTINATION ${folder} FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
        file(REMOVE ${document})
    endforeach()
    # rpm takes SOURCE_DATE_EPOCH for what is newer than that, and each file's own time for what is older
    file(GLOB_RECURSE all ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*)
    file(TOUCH ${all})
endif()
