// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiler/profilertypes.h"

#include <QJsonObject>

namespace slotscope {

/// A line for a file or terminal, with line end: time, node, "[database client]" and the quoted arguments.
[[nodiscard]] QByteArray textLineOf(const MonitorLine &line, const QString &node);
/// The same as a JSON object; `arguments` is the number of arguments, if some were left out.
[[nodiscard]] QJsonObject jsonOf(const MonitorLine &line, const QString &node, qsizetype arguments);
[[nodiscard]] QByteArray jsonLineOf(const MonitorLine &line, const QString &node, qsizetype arguments);
/// One sentence about why a profile ended; empty for None.
[[nodiscard]] QString endText(const ProfileSnapshot &profile, const ProfileOrder &order);
/// Display name of a group; `nodes` are needed for groups by node.
[[nodiscard]] QString groupText(const ProfileGroup &group, ProfileBy by, const std::vector<ProfileNode> &nodes);

} // namespace slotscope
