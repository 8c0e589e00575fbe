// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace slotscope {

/// The addresses that a user lists, with blanks, commas or semicolons between: "10.0.0.1:7001 :7002", "host:7001-7006"
/// and "30204-30206" are several of one host; ports alone are of the host before them, else of 127.0.0.1. Words that
/// are no addresses come back as they are, for the user to see; so does a range of more than a thousand ports.
[[nodiscard]] QStringList addressesIn(const QString &text);

} // namespace slotscope
