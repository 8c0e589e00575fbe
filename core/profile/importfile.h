// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

namespace slotscope {

/// A file of connections as it is read first: what it holds, or the bytes that only a passphrase opens.
struct ImportFile
{
    QByteArray sealed; ///< of an export with secrets, for openImport(); empty: `read` tells what the file holds
    Result<ImportedConnections> read;
};

/// Reads an export of this program or another, or a file of Compose. At most 16 MB; any thread, off the GUI's.
[[nodiscard]] ImportFile readImportFile(const QString &path);

/// What the sealed bytes hold. `isOpen` false: they could not be opened, where InvalidArgument is about the passphrase.
struct OpenedImport
{
    bool isOpen = false;
    Result<ImportedConnections> read;
};
[[nodiscard]] OpenedImport openImport(const QByteArray &sealed, const QString &passphrase); ///< takes a second or so

} // namespace slotscope
