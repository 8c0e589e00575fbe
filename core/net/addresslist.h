// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace slotscope {

/// Splits a list of addresses as typed by the user, separated by blanks, commas or semicolons. "10.0.0.1:7001 :7002",
/// "host:7001-7006" and "30204-30206" each name several addresses of one host. A port alone belongs to the preceding
/// host, or to 127.0.0.1 if there is none. Words that are no addresses, and ranges of more than a thousand ports, are
/// returned unchanged for the user to see.
[[nodiscard]] QStringList addressesIn(const QString &text);

} // namespace slotscope
