// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run.h"
#include "core/profile/recentconnections.h"

#include <QWidget>

class QFrame;
class QListWidget;

namespace slotscope {

class EmptyState;
class RecentList;
class Theme;
class UnfinishedList;

/// What the window shows without a connection: ways to begin, what was left unfinished, and what was used before.
class StartPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartPage)
public:
    StartPage(const Theme &theme, RecentConnections &recents, QWidget *parent = nullptr);
    [[nodiscard]] RecentList *recents() const { return m_recents; }
    [[nodiscard]] UnfinishedList *unfinished() const { return m_unfinished; }
    /// Operations that ended before their end; none: they take no room.
    void setUnfinished(const QList<RunSnapshotPtr> &runs);

Q_SIGNALS:
    void connectRequested();
    void demoRequested();
    void createRequested(); ///< a cluster of empty nodes
    void recentChosen(const slotscope::RecentConnection &recent);
    void unfinishedChosen(const QString &id);
    void unfinishedDismissed(const QString &id);

private:
    [[nodiscard]] QFrame *addCard(const QString &title, QListWidget *list);
    void fitCards();

    EmptyState *m_words;
    UnfinishedList *m_unfinished;
    RecentList *m_recents;
    QFrame *m_unfinishedCard;
    QFrame *m_recentCard;
};

} // namespace slotscope
