// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"

#include <QListWidget>

namespace slotscope {

class Theme;

/// Operations that ended before their end, for where no connection is open: what each was, how far it is, over which
/// connection. Enter or a double click chooses one, Delete takes it off the list.
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
