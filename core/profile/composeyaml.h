// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/composeservices.h"

namespace slotscope {

/// A service in the file, with variables expanded.
struct ComposeService
{
    QString name, image;
    QStringList command; ///< words of entrypoint and command
    QStringList ports; ///< in the short form
    ComposeVariables environment;
    bool usesHostNetwork = false;
    QStringList notes;
};

struct ComposeFile
{
    QString name; ///< name of the project; empty: not in the file
    QList<ComposeService> services;
};

/// The only code that reads YAML: no exception escapes it. Anchors and merges (<<) are followed. The total number of
/// visited nodes is limited, however often aliases repeat them.
[[nodiscard]] Result<ComposeFile> readComposeYaml(const QByteArray &yaml, const ComposeVariables &variables);

} // namespace slotscope
