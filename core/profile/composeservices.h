// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/importing.h"

#include <QHash>

namespace slotscope {

using ComposeVariables = QHash<QString, QString>;

constexpr qint64 mostComposeBytes = 1 << 20; ///< of a file

/// The redis, valkey and keydb services of a file of Docker Compose (YAML) with the ports that they publish, as they
/// are reached from the computer they run on; those with cluster mode become one connection. InvalidArgument where it
/// is no such file or holds none; LimitExceeded where it is too large, or its aliases multiply without bound. Any
/// thread.
[[nodiscard]] Result<ImportedConnections> readCompose(const QByteArray &yaml, const ComposeVariables &variables,
                                                      const QString &project);
/// A file on disk, with `.env` beside it. This program's own environment is not asked: a file could name any of it.
[[nodiscard]] Result<ImportedConnections> readComposeFile(const QString &path);
[[nodiscard]] bool isComposePath(const QString &path); ///< .yml or .yaml

/// Lines of NAME=VALUE; quotes around a value are taken off.
[[nodiscard]] ComposeVariables readEnvFile(const QByteArray &text);
/// ${NAME}, $NAME, ${NAME:-default}, ${NAME-default}, ${NAME:+other}, ${NAME:?why} and $$, as Compose reads them; names
/// without a value go to `missing`.
[[nodiscard]] QString expandVariables(const QString &text, const ComposeVariables &variables, QStringList *missing,
                                      int depth = 0);

} // namespace slotscope
