// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

namespace slotscope {

/// The connections as a file that readConnections and readProfileFile read: docs/profile-files.md. Secrets are those of
/// the targets, and left out unless asked for: then the bytes are to be sealed() before they go anywhere.
[[nodiscard]] QByteArray exportedConnections(const QList<SavedConnection> &list, bool withSecrets);

class SavedExport
{
public:
    /// Whether it is such a file, and not another tool's.
    [[nodiscard]] static bool isOne(const QJsonObject &root);
    /// Each with its secrets in the target, and without its command, which only the user takes over.
    [[nodiscard]] static ImportedConnections read(const QJsonObject &root);
};

} // namespace slotscope
