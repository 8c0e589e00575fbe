// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/command.h"

#include <QHash>

namespace slotscope {

/// Replaces a name given by rename-command with the original name. `renamed` maps the original name in upper case to
/// the server's name.
[[nodiscard]] Command asKnown(const Command &command, const QHash<QByteArray, QByteArray> &renamed);
/// Replaces the original name with that used by these servers, also inside ACL DRYRUN and COMMAND INFO, DOCS and
/// GETKEYS.
[[nodiscard]] Command asSent(const Command &command, const QHash<QByteArray, QByteArray> &renamed);

/// Makes secretsIn() also recognise commands under these names. Any thread.
void rememberNames(const QHash<QByteArray, QByteArray> &renamed);
/// The original name, in upper case, for a name passed to rememberNames(); otherwise the word itself, in upper case.
/// Any thread.
[[nodiscard]] QByteArray ownNameOf(const QByteArray &word);

/// Whether Redis 7.0 or 8.0, Valkey 8.1 or 9.1, or a Sentinel has a command of this name.
[[nodiscard]] bool isServersCommand(QByteArrayView name);

/// Whether every server since Redis 4 has this command. If one lacks it, its administrator probably renamed or disabled
/// it.
[[nodiscard]] bool isInEveryServer(QByteArrayView name);

} // namespace slotscope
