// SPDX-License-Identifier: GPL-3.0-or-later
// The tabs of the connections: which is shown, where they stand, what their menu does.
#include "ui/shell/connectiontabs.h"
#include "ui/shell/mainwindow.h"

#include <QInputDialog>
#include <QMenu>
#include <QPointer>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void MainWindow::openTabMenu(int index, const QPoint &position)
{
    ConnectionView *view = connection(index);
    if (!view)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillTabMenu(menu, view);
    menu->popup(position);
}

/// The servers of a demo belong to a single tab, so it cannot be duplicated.
void MainWindow::fillTabMenu(QMenu *menu, ConnectionView *view)
{
    const auto add = [menu, this](const QString &text, const QString &name, bool isPossible, const auto &act) {
        QAction *action = menu->addAction(text, this, act);
        action->setObjectName(name);
        action->setEnabled(isPossible);
    };
    const bool isOwn = view->door() && !view->endsServers();
    const QPointer<ConnectionView> tab(view);
    add(tr("Rename…"), u"renameTab"_s, isOwn, [this, tab] {
        if (tab)
            askForName(tab);
    });
    add(tr("Duplicate"), u"duplicateTab"_s, isOwn, [this, tab] {
        if (tab)
            Q_EMIT duplicateRequested(tab);
    });
    add(tr("Reconnect"), u"reconnectTab"_s, isOwn, [this, tab] {
        if (tab)
            askToReconnect(tab);
    });
    menu->addSeparator();
    add(tr("Close\tCtrl+W"), u"closeTab"_s, true, [this, tab] {
        if (tab)
            askToClose(tab);
    });
    add(tr("Close the others"), u"closeOtherTabs"_s, connectionCount() > 1, [this, tab] {
        if (tab)
            askToCloseOthers(tab);
    });
}

/// Asks first if unsaved changes would be lost. Jobs on many keys keep the old session until they have ended.
void MainWindow::askToReconnect(ConnectionView *view)
{
    const QStringList unsaved = view->unsaved();
    if (unsaved.isEmpty()) {
        Q_EMIT reconnectRequested(view);
        return;
    }
    askToLose(unsaved, tr("Reconnect"), [this, tab = QPointer(view)] {
        if (tab)
            Q_EMIT reconnectRequested(tab);
    });
}

/// Asks once for all of them; a demo on which an operation is running has a question of its own.
void MainWindow::askToCloseOthers(const ConnectionView *kept)
{
    QStringList unsaved;
    for (const ConnectionView *view : std::as_const(m_connections)) {
        QStringList all = view == kept ? QStringList() : view->unsaved();
        if (view != kept && view->endsServers())
            all += jobsOn(view);
        for (const QString &words : all)
            unsaved.append(view->title() + u": "_s + words);
    }
    const auto closeAll = [this, tab = QPointer(kept)] {
        const QList<ConnectionView *> all = m_connections; // a copy, because the list shrinks in the loop
        for (ConnectionView *view : all) {
            if (!tab || view == tab || !m_connections.contains(view))
                continue;
            if (runOnOwnServers(view))
                askToClose(view);
            else
                closeView(view);
        }
    };
    if (unsaved.isEmpty())
        closeAll();
    else
        askToLose(unsaved, tr("Close the others"), closeAll);
}

void MainWindow::askForName(ConnectionView *view)
{
    auto *question = new QInputDialog(this);
    question->setObjectName(u"renameQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Rename"));
    question->setLabelText(tr("New name of this cluster, used at every address at which it is opened:"));
    question->setTextValue(view->title());
    connect(question, &QInputDialog::textValueSelected, this, [this, tab = QPointer(view)](const QString &text) {
        const QString name = text.simplified();
        if (tab && !name.isEmpty() && name != tab->title())
            Q_EMIT renameRequested(tab, name);
    });
    question->open();
}

/// Open connections stay; their tabs and the pages of the rail lead back to them.
void MainWindow::showStart()
{
    m_isAtStart = true;
    updateFrame();
    m_startShown->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::leaveStart()
{
    m_isAtStart = false;
    updateFrame();
}

/// Continues at the other end.
void MainWindow::stepConnection(int step)
{
    const int count = m_tabs->count();
    if (count > 1)
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + step + count) % count);
    if (count > 1)
        currentConnection()->focusCurrent();
}

ConnectionView *MainWindow::openSessionInstead(ConnectionView *failed, std::unique_ptr<SessionDoor> door)
{
    const int index = int(m_connections.indexOf(failed));
    const QString page = failed->currentPageId();
    closeConnection(index);
    ConnectionView *view = openSession(std::move(door));
    view->showPage(page);
    moveConnection(view, index);
    return view;
}

void MainWindow::moveConnection(ConnectionView *view, int to)
{
    const int from = int(m_connections.indexOf(view));
    if (from == to || to < 0 || to >= m_connections.size())
        return;
    m_connections.move(from, to);
    m_tabs->moveTab(from, to);
    updateFrame();
}

void MainWindow::closeView(const ConnectionView *view)
{
    for (int i = 0; i < connectionCount(); ++i) {
        if (connection(i) == view) {
            closeConnection(i);
            return;
        }
    }
}

void MainWindow::showConnection(const ConnectionView *view)
{
    for (int i = 0; i < connectionCount(); ++i) {
        if (connection(i) != view)
            continue;
        m_tabs->setCurrentIndex(i);
        leaveStart();
    }
}

} // namespace slotscope
