// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

namespace slotscope {

/// Converts connections to a file for readConnections() and readProfileFile(): docs/profile-files.md. Secrets in the
/// targets are included only on request; such bytes must be sealed() before they are stored or sent.
[[nodiscard]] QByteArray exportedConnections(const QList<SavedConnection> &list, bool withSecrets);

class SavedExport
{
public:
    /// Whether the file is of this kind, and not another tool's.
    [[nodiscard]] static bool isOne(const QJsonObject &root);
    /// Reads the connections, each with secrets in the target. Password commands are separate, and must be confirmed by
    /// the user.
    [[nodiscard]] static ImportedConnections read(const QJsonObject &root);
};

} // namespace slotscope
