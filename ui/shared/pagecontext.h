// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/cluster/clusterview.h"
#include "core/metrics/metricevent.h"
#include "core/net/uri.h"
#include "core/session/sessiondoor.h"
#include "ui/shared/environment.h"

#include <QObject>
#include <QPointer>
#include <QSet>

#include <functional>
#include <optional>

namespace slotscope {

class AuditLog;
class KeyJobBook;
class MetricsBook;
class OperationsDoor;
class Theme;

/// Somewhere in a connection's pages: what a finding, the palette or another page leads to. What does not concern a
/// page is empty.
struct Place
{
    QString page = {}; ///< PageInfo::id
    QByteArray node = {}; ///< a node's id
    SlotSet slots = {};
    QByteArray key = {}; ///< a key's name; a pattern of names where `part` begins with "pattern"
    int database = -1; ///< of the key; -1: the one that the browser shows
    QString run = {}; ///< an operation's id
    /// Of a page: "audit", "sent", "hotkeys". Of the browser, what it does with a pattern: "pattern",
    /// "pattern-without-ttl", "pattern-expire" (asks for their time to live), "pattern-by-memory[-strings]".
    QString part = {};
    QByteArray setting = {}; ///< of the configuration
    qint64 moment = 0; ///< on a time axis, ms since 1970
    std::optional<Error> problem = {}; ///< why what was asked of the run could not be done
};

/// A connection of another tab.
struct OtherConnection
{
    std::weak_ptr<SessionDoor> door;
    QString title;
    bool readOnly = false;
};

/// A limit of the user's that is passed now.
struct NodeAlert
{
    QByteArray node; ///< its id; empty: of the cluster
    QString title; ///< "Memory"
    QString words; ///< "Memory above 100 MB: 127.0.0.1:7001"
    friend bool operator==(const NodeAlert &, const NodeAlert &) = default;
};

/// All that a page is given of its connection, when it is made. It outlives the pages. GUI thread.
class PageContext final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PageContext)
public:
    explicit PageContext(const Theme &theme, QObject *parent = nullptr) : QObject(parent), m_theme(theme) { }

    [[nodiscard]] const Theme &theme() const { return m_theme; }
    /// The session; null before there is one. A page makes its services (Remote) of it.
    [[nodiscard]] SessionDoor *door() const { return m_door.get(); }
    [[nodiscard]] const std::shared_ptr<SessionDoor> &sharedDoor() const
    {
        return m_door;
    } ///< for what outlives the tab
    [[nodiscard]] OperationsDoor *operations() const { return m_operations; } ///< of all; null before they are known
    [[nodiscard]] KeyJobBook *keyJobs() const { return m_keyJobs; } ///< of all tabs; null before they are known
    [[nodiscard]] AuditLog *audit() const { return m_audit; } ///< null: nothing is recorded
    /// How the connection is reached, with what is known of the cluster there; empty without a session.
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] const Environment &environment() const { return m_environment; }
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; } ///< nothing may be changed over this connection
    [[nodiscard]] const ClusterViewPtr &view() const { return m_view; } ///< as it is shown; null before the first

    /// Those of the other tabs that have a session.
    [[nodiscard]] QList<OtherConnection> others() const { return m_others ? m_others() : QList<OtherConnection>(); }

    [[nodiscard]] const QList<NodeAlert> &alerts() const { return m_alerts; } ///< now, told by the Metrics page
    void setAlerts(const QList<NodeAlert> &alerts);
    /// What happened lately, newest first, `most` at most; from the Metrics page, which records it.
    using Changes = std::function<QList<MetricEvent>(qsizetype most)>;
    [[nodiscard]] QList<MetricEvent> latestChanges(qsizetype most) const;
    void setLatestChanges(Changes changes) { m_changes = std::move(changes); }
    /// The record of all nodes' figures, which the Metrics page keeps; null before there is a session.
    [[nodiscard]] const std::shared_ptr<MetricsBook> &metricsBook() const { return m_metricsBook; }
    void setMetricsBook(const std::shared_ptr<MetricsBook> &book);
    /// Pages, by id, where something runs that the user began: the rail marks them.
    [[nodiscard]] const QSet<QString> &busyPages() const { return m_busyPages; }
    void setBusy(const QString &page, bool busy);
    /// The user is told, whatever he looks at; by the desktop where it can.
    void tellUser(const QString &title, const QString &text) { Q_EMIT noticeRaised(title, text); }

    void setOthers(std::function<QList<OtherConnection>()> others) { m_others = std::move(others); }
    void setDoor(const std::shared_ptr<SessionDoor> &door);
    void setOperations(OperationsDoor *operations);
    void setAudit(AuditLog *audit); ///< outlives this
    void setKeyJobs(KeyJobBook *jobs); ///< outlives this
    void setConnection(const ConnectionTarget &target, const QString &title, const Environment &environment);
    void setReadOnly(bool readOnly);
    void setView(const slotscope::ClusterViewPtr &view) { m_view = view; }
    void goTo(const slotscope::Place &place) { Q_EMIT placeRequested(place); } ///< the page is shown, and told
    /// Where the nodes are reached is to be shown, with this one chosen (empty: none).
    void showAddresses(const QByteArray &node = {}) { Q_EMIT addressesRequested(node); }

Q_SIGNALS:
    void doorChanged(); ///< another session, or none
    void operationsChanged();
    void auditChanged();
    void keyJobsChanged();
    void connectionChanged(); ///< title, environment or target
    void readOnlyChanged(bool readOnly);
    void alertsChanged();
    void metricsBookChanged();
    void busyPagesChanged();
    void noticeRaised(const QString &title, const QString &text);
    void placeRequested(const slotscope::Place &place);
    void addressesRequested(const QByteArray &node);

private:
    const Theme &m_theme;
    std::shared_ptr<SessionDoor> m_door;
    OperationsDoor *m_operations = nullptr;
    KeyJobBook *m_keyJobs = nullptr;
    AuditLog *m_audit = nullptr;
    ConnectionTarget m_target;
    QString m_title;
    Environment m_environment;
    bool m_readOnly = false;
    ClusterViewPtr m_view;
    QList<NodeAlert> m_alerts;
    QSet<QString> m_busyPages;
    std::function<QList<OtherConnection>()> m_others;
    Changes m_changes;
    std::shared_ptr<MetricsBook> m_metricsBook;
};

} // namespace slotscope
