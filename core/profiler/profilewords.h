// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiler/profilertypes.h"

#include <QJsonObject>

namespace slotscope {

/// A line for a file or a terminal, with its line end: the time, the node, "[database client]" and the quoted words.
[[nodiscard]] QByteArray textLineOf(const MonitorLine &line, const QString &node);
/// The same as an object of JSON; `arguments` that the command had, where some were left out.
[[nodiscard]] QJsonObject jsonOf(const MonitorLine &line, const QString &node, qsizetype arguments);
[[nodiscard]] QByteArray jsonLineOf(const MonitorLine &line, const QString &node, qsizetype arguments);
/// Why a profile ended, in a sentence; empty for None.
[[nodiscard]] QString endText(const ProfileSnapshot &profile, const ProfileOrder &order);
/// A group's name for people; `nodes` for groups by node.
[[nodiscard]] QString groupText(const ProfileGroup &group, ProfileBy by, const std::vector<ProfileNode> &nodes);

} // namespace slotscope
