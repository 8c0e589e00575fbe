// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

#include <QHash>

namespace slotscope {

using ComposeVariables = QHash<QString, QString>;

constexpr qint64 mostComposeBytes = 1 << 20; ///< limit for a file

/// Finds the redis, valkey and keydb services in a Docker Compose file (YAML), with their published ports as reached
/// from the same computer. Services with cluster mode become one connection. InvalidArgument if it is no such file or
/// contains none, LimitExceeded if it is too large or its aliases expand too much. Any thread.
[[nodiscard]] Result<ImportedConnections> readCompose(const QByteArray &yaml, const ComposeVariables &variables,
                                                      const QString &project);
/// Reads a file on disk, with the `.env` next to it. Our own environment is not used, because a file could name any
/// variable.
[[nodiscard]] Result<ImportedConnections> readComposeFile(const QString &path);
[[nodiscard]] bool isComposePath(const QString &path); ///< whether it ends in .yml or .yaml

/// Parses lines NAME=VALUE and removes quotes around values.
[[nodiscard]] ComposeVariables readEnvFile(const QByteArray &text);
/// Expands ${NAME}, $NAME, ${NAME:-default}, ${NAME-default}, ${NAME:+other}, ${NAME:?why} and $$ as Compose does.
/// Names without a value are added to `missing`.
[[nodiscard]] QString expandVariables(const QString &text, const ComposeVariables &variables, QStringList *missing,
                                      int depth = 0);

} // namespace slotscope
