// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/recentconnections.h"

#include <QWidget>

namespace slotscope {

class EmptyState;
class RecentList;
class Theme;

/// What the window shows without a connection: two ways to begin, and what was used before.
class StartPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartPage)
public:
    StartPage(const Theme &theme, RecentConnections &recents, QWidget *parent = nullptr);
    [[nodiscard]] RecentList *recents() const { return m_recents; }

Q_SIGNALS:
    void connectRequested();
    void demoRequested();
    void createRequested(); ///< a cluster of empty nodes
    void recentChosen(const slotscope::RecentConnection &recent);

private:
    EmptyState *m_words;
    RecentList *m_recents;
};

} // namespace slotscope
