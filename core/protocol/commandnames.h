// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

#include <QHash>

namespace slotscope {

/// The command by its own name where it stands by the one that a server's rename-command gave it. `renamed`: upper case
/// -> the server's name.
[[nodiscard]] Command asKnown(const Command &command, const QHash<QByteArray, QByteArray> &renamed);
/// The command as these servers know it; inside ACL DRYRUN and COMMAND INFO, DOCS and GETKEYS too.
[[nodiscard]] Command asSent(const Command &command, const QHash<QByteArray, QByteArray> &renamed);

/// From now on secretsIn() looks for secrets in what is called by these names, too. Any thread.
void rememberNames(const QHash<QByteArray, QByteArray> &renamed);
/// Upper case: the own name behind one that rememberNames() was told of, else the word itself. Any thread.
[[nodiscard]] QByteArray ownNameOf(const QByteArray &word);

/// Whether Redis 7.0 or 8.0, Valkey 8.1 or 9.1, or a Sentinel has a command of this name.
[[nodiscard]] bool isServersCommand(QByteArrayView name);

/// A command that every server since Redis 4 has: if one lacks it, its administrator probably renamed it or took
/// it away.
[[nodiscard]] bool isInEveryServer(QByteArrayView name);

} // namespace slotscope
