// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/recentconnections.h"
#include "ui/palette/paletteentry.h"

namespace slotscope {

class MainWindow;
class Theme;

/// Functions that the palette's commands call.
struct PaletteActions
{
    std::function<void()> connect, startDemo, showHealth;
    std::function<void(const RecentConnection &)> useRecent;
};

/// Returns all pages and commands that are available now.
[[nodiscard]] QList<PaletteEntry> paletteEntries(MainWindow &window, const Theme &theme,
                                                 const RecentConnections &recents, const PaletteActions &actions);
/// Returns an entry if the search text itself names slots or a key.
[[nodiscard]] std::optional<PaletteEntry> paletteAnswer(MainWindow &window, const QString &words);

/// Navigate to what a finding or the palette names.
void goToNode(MainWindow &window, const QByteArray &id);
void goToSlots(MainWindow &window, const SlotSet &slotSet);

} // namespace slotscope
