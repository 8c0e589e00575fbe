// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/composeservices.h"

namespace slotscope {

/// A service as its file has it, variables put in.
struct ComposeService
{
    QString name, image;
    QStringList command; ///< entrypoint and command, in words
    QStringList ports; ///< in the short form
    ComposeVariables environment;
    bool usesHostNetwork = false;
    QStringList notes;
};

struct ComposeFile
{
    QString name; ///< of the project; empty: the file tells none
    QList<ComposeService> services;
};

/// The only reader of YAML: nothing it throws gets out of here. Anchors and merges (<<) are followed; how many nodes
/// are looked at in all is bounded, however often an alias stands for others.
[[nodiscard]] Result<ComposeFile> readComposeYaml(const QByteArray &yaml, const ComposeVariables &variables);

} // namespace slotscope
