// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/run.h"
#include "core/profile/recentconnections.h"
#include "core/profile/savedconnections.h"

#include <QWidget>

class QFrame;
class QListWidget;
class QStackedWidget;

namespace slotscope {

class ConnectionsPage;
class EmptyState;
class RecentList;
class Theme;
class UnfinishedList;

/// Content of the window without a connection: the saved connections or, if there are none, ways to start, unfinished
/// operations, and recent connections.
class StartPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartPage)
public:
    /// All must outlive the page.
    StartPage(const Theme &theme, RecentConnections &recents, SavedConnections &saved, QWidget *parent = nullptr);
    [[nodiscard]] ConnectionsPage *connections() const { return m_connections; }
    [[nodiscard]] RecentList *recents() const { return m_recents; }
    [[nodiscard]] UnfinishedList *unfinished() const { return m_unfinished; }
    /// Operations that did not finish; the card is hidden if there are none.
    void setUnfinished(const QList<RunSnapshotPtr> &runs);

Q_SIGNALS:
    void connectRequested();
    void demoRequested();
    void createRequested(); ///< create a cluster of empty nodes
    void recentChosen(const slotscope::RecentConnection &recent);
    void unfinishedChosen(const QString &id);
    void unfinishedDismissed(const QString &id);

private:
    [[nodiscard]] QWidget *makeBeginning(RecentConnections &recents);
    [[nodiscard]] QFrame *addCard(const QString &title, QListWidget *list);
    void fitCards();

    QStackedWidget *m_stack;
    ConnectionsPage *m_connections;
    EmptyState *m_words;
    UnfinishedList *m_unfinished;
    RecentList *m_recents;
    QFrame *m_unfinishedCard;
    QFrame *m_recentCard;
};

} // namespace slotscope
