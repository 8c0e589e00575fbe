// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/protoschema.h"

#include <stop_token>

namespace slotscope {

/// Limits for reading .proto files.
struct ProtoLimits
{
    int files = 5000;
    qint64 bytesOfFile = 4 * 1024 * 1024;
    qint64 bytes = 64 * 1024 * 1024;
    int entries = 200'000; ///< files of any kind that are looked at
    int depth = 32; ///< folders in folders
};

/// Reads all .proto files in the folders, and in folders within them. Imports count from each of the folders; of two
/// files with the same name, that of the first folder is used. A path of a single file is accepted too. Blocks, so it
/// is called in another thread than the GUI's.
[[nodiscard]] ProtoSchemaPtr readProtoFolders(const QStringList &folders, const ProtoLimits &limits = {},
                                              std::stop_token stop = {});

} // namespace slotscope
