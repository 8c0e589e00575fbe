// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/run.h"

#include <QListWidget>

namespace slotscope {

class Theme;

/// List of unfinished operations, used while no connection is open: title, progress and connection. Enter or a double
/// click chooses one, Delete removes it from the list.
class UnfinishedList final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UnfinishedList)
public:
    explicit UnfinishedList(const Theme &theme, QWidget *parent = nullptr);
    void setRuns(const QList<RunSnapshotPtr> &runs);

Q_SIGNALS:
    void chosen(const QString &id);
    void dismissed(const QString &id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
};

} // namespace slotscope
