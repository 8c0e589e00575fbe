// SPDX-License-Identifier: GPL-3.0-or-later
// What the program keeps from one start to the next, and how it ends.
#include "application.h"
#include "demotab.h"

#include "core/base/errortext.h"

#include <QApplication>
#include <QDateTime>
#include <QMessageBox>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString openPagesKey = u"connections/pages"_s; ///< pages of the tabs, in tab order

} // namespace

/// As on the command line: SIGTERM lets operations finish their current step, a second SIGTERM does not.
void Application::endWithSignals()
{
    m_signals = std::make_unique<Signals>([this] { m_ending.request(); });
    connect(&m_ending, &Ending::reached, this, [this] {
        m_window->close();
        QApplication::quit();
    });
}

/// Shown once per program run, not at each connection.
void Application::tellNotKept(const Error &reason)
{
    if (std::exchange(m_toldNotKept, true))
        return;
    auto *told = new QMessageBox(QMessageBox::Warning, tr("Settings"),
                                 tr("Connections and settings are not saved for the next start."), QMessageBox::Close,
                                 m_window.get());
    told->setTextFormat(Qt::PlainText);
    told->setAttribute(Qt::WA_DeleteOnClose);
    told->setInformativeText(describe(reason));
    told->open();
}

/// Called when a tab has found its cluster: applies what is saved about that cluster, whatever address was used.
void Application::recognise(ConnectionView *view)
{
    if (!view->door() || !view->view() || view->state() != SessionState::Ready || m_demo->owns(view))
        return;
    const QSet<QByteArray> ids = nodeIdsOf(*view->view());
    if (m_recognised.value(view) == ids && m_recognised.contains(view))
        return;
    const bool isFirst = !m_recognised.contains(view);
    m_recognised.insert(view, ids);
    const ConnectionTarget marked =
        ids.isEmpty() ? m_recents.marked(view->target()) : m_marks.marked(view->target(), ids);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_marks.learn(marked, ids, now);
    m_window->setMarks(view, marked);
    if (isFirst)
        m_recents.add(marked, now);
    if (m_keeps)
        keepOpen();
}

/// Renames the cluster for every address at which it is opened; a server without a node id is identified by its
/// address.
void Application::rename(ConnectionView *view, const QString &name)
{
    ConnectionTarget target = view->target();
    target.name = name;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (const ClusterViewPtr seen = view->view())
        m_marks.learn(target, nodeIdsOf(*seen), now);
    m_recents.add(target, now);
    m_window->setMarks(view, target);
    if (m_keeps)
        keepOpen();
}

/// A restored tab that needs a password asks for it in the tab, so that no dialogs appear before the window.
void Application::openAgain()
{
    const OpenConnections before = OpenConnections::load(*m_settings);
    m_pagesBefore = m_settings->value(openPagesKey).toStringList();
    for (int place = 0; place < before.list.size(); ++place) {
        const RecentConnection &kept = before.list[place];
        const auto isIt = [&kept](const SavedConnection &saved) {
            return (saved.keepsSecrets || !saved.target.credentials.command.isEmpty())
                && samePlace(saved.target, kept.target);
        };
        const auto saved = std::find_if(m_saved.list().cbegin(), m_saved.list().cend(), isIt);
        if (saved != m_saved.list().cend())
            useSaved(saved->id, false, place);
        else
            putBack(open(kept.target), place);
    }
    m_currentBefore = before.current;
    for (int i = 0; i < m_window->connectionCount(); ++i)
        if (m_placeOf.value(m_window->connection(i)) <= before.current)
            m_shownAgain = m_window->connection(i);
    m_window->showConnection(m_shownAgain);
}

void Application::putBack(ConnectionView *view, int place)
{
    if (place < 0)
        return;
    int to = 0;
    for (int i = 0; i < m_window->connectionCount(); ++i) {
        const auto other = m_placeOf.constFind(m_window->connection(i));
        if (other != m_placeOf.cend() && *other < place)
            to = i + 1;
    }
    m_placeOf.insert(view, place);
    if (const QString page = m_pagesBefore.value(place); !page.isEmpty())
        view->showPage(page);
    m_window->moveConnection(view, to);
}

void Application::keepOpen()
{
    if (m_restoring > 0) // not all restored tabs are back yet
        return;
    QList<ConnectionTarget> targets;
    QStringList pages;
    int current = 0;
    for (int i = 0; i < m_window->connectionCount(); ++i) {
        const ConnectionView *view = m_window->connection(i);
        if (!view->door() || m_demo->owns(view))
            continue;
        if (view == m_window->currentConnection())
            current = int(targets.size());
        targets.append(view->target());
        pages.append(view->currentPageId());
    }
    OpenConnections::save(*m_settings, targets, current);
    m_settings->setValue(openPagesKey, pages);
}

} // namespace slotscope
