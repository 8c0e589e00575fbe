// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

namespace slotscope {

/// The first reading of a file with connections: its content, or encrypted bytes.
struct ImportFile
{
    QByteArray sealed; ///< encrypted export, for openImport(); empty: `read` has the content
    Result<ImportedConnections> read;
};

/// Reads an export of this program or another, or a Compose file. At most 16 MB. Any thread except the GUI thread.
[[nodiscard]] ImportFile readImportFile(const QString &path);

/// The decrypted content. If `isOpen` is false, decrypting failed; InvalidArgument then means a wrong passphrase.
struct OpenedImport
{
    bool isOpen = false;
    Result<ImportedConnections> read;
};
[[nodiscard]] OpenedImport openImport(const QByteArray &sealed, const QString &passphrase); ///< takes about a second

} // namespace slotscope
