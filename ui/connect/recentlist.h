// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/recentconnections.h"

#include <QListWidget>

namespace slotscope {

class Theme;

/// List of recent connections: name, servers, last use. Enter or a double click connects, Delete removes an entry.
class RecentList final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecentList)
public:
    /// Both must outlive the list.
    RecentList(const Theme &theme, RecentConnections &recents, QWidget *parent = nullptr);

Q_SIGNALS:
    void picked(const slotscope::RecentConnection &recent); ///< selected: fill the form with it
    void chosen(const slotscope::RecentConnection &recent); ///< connect to it

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void fill();
    void removeRow(int row);
    [[nodiscard]] const RecentConnection *at(int row) const;

    RecentConnections &m_recents;
};

} // namespace slotscope
