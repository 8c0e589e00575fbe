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

/// A place within the pages of a connection, to which a finding, the palette or another page links. Fields that do not
/// concern the page are empty.
struct Place
{
    QString page = {}; ///< PageInfo::id
    QByteArray node = {}; ///< id of a node
    SlotSet slots = {};
    QByteArray key = {}; ///< name of a database key; a pattern of names if `part` begins with "pattern"
    int database = -1; ///< database of `key`; -1: the one that the browser shows
    QString run = {}; ///< id of an operation's run
    /// Part of a page: "audit", "sent", "hotkeys". For the browser, what it does with a pattern: "pattern",
    /// "pattern-without-ttl", "pattern-expire" (asks for their time to live), "pattern-by-memory[-strings]".
    QString part = {};
    QByteArray setting = {}; ///< name of a server setting
    qint64 moment = 0; ///< moment on a time axis, in ms since 1970
    std::optional<Error> problem = {}; ///< why a requested action on `run` failed
};

/// A connection in another tab.
struct OtherConnection
{
    std::weak_ptr<SessionDoor> door;
    QString title;
    bool readOnly = false;
};

/// A limit set by the user that is exceeded now.
struct NodeAlert
{
    QByteArray node; ///< id of the node; empty: the limit is for the cluster
    QString title; ///< such as "Memory"
    QString words; ///< such as "Memory above 100 MB: 127.0.0.1:7001"
    friend bool operator==(const NodeAlert &, const NodeAlert &) = default;
};

/// Everything that a page gets from its connection. It is passed to each page when it is created, and outlives the
/// pages. GUI thread.
class PageContext final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PageContext)
public:
    explicit PageContext(const Theme &theme, QObject *parent = nullptr) : QObject(parent), m_theme(theme) { }

    [[nodiscard]] const Theme &theme() const { return m_theme; }
    /// The session; null before there is one. A page creates its services (Remote) for it.
    [[nodiscard]] SessionDoor *door() const { return m_door.get(); }
    [[nodiscard]] const std::shared_ptr<SessionDoor> &sharedDoor() const
    {
        return m_door;
    } ///< for jobs that outlive the tab
    /// operations of all connections; null: not set yet
    [[nodiscard]] OperationsDoor *operations() const { return m_operations; }
    [[nodiscard]] KeyJobBook *keyJobs() const { return m_keyJobs; } ///< bulk jobs of all tabs; null: not set yet
    [[nodiscard]] AuditLog *audit() const { return m_audit; } ///< audit log; null: nothing is recorded
    /// How the cluster is reached, with the name and environment saved for it; empty without a session.
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }
    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] const Environment &environment() const { return m_environment; }
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; } ///< no change is allowed over this connection
    /// the view that the pages show; null before the first one
    [[nodiscard]] const ClusterViewPtr &view() const { return m_view; }

    /// The connections of other tabs that have a session.
    [[nodiscard]] QList<OtherConnection> others() const { return m_others ? m_others() : QList<OtherConnection>(); }

    /// limits exceeded now, as reported by the Metrics page
    [[nodiscard]] const QList<NodeAlert> &alerts() const { return m_alerts; }
    void setAlerts(const QList<NodeAlert> &alerts);
    /// Recent events, newest first, at most `most`. The Metrics page records and supplies them.
    using Changes = std::function<QList<MetricEvent>(qsizetype most)>;
    [[nodiscard]] QList<MetricEvent> latestChanges(qsizetype most) const;
    void setLatestChanges(Changes changes) { m_changes = std::move(changes); }
    /// The record of all nodes' metrics, which the Metrics page keeps; null before there is a session.
    [[nodiscard]] const std::shared_ptr<MetricsBook> &metricsBook() const { return m_metricsBook; }
    void setMetricsBook(const std::shared_ptr<MetricsBook> &book);
    /// Ids of pages on which a task runs that the user started; the rail marks them.
    [[nodiscard]] const QSet<QString> &busyPages() const { return m_busyPages; }
    void setBusy(const QString &page, bool busy);
    /// Notifies the user, whichever page or window is in front; through the desktop if possible.
    void tellUser(const QString &title, const QString &text) { Q_EMIT noticeRaised(title, text); }

    void setOthers(std::function<QList<OtherConnection>()> others) { m_others = std::move(others); }
    void setDoor(const std::shared_ptr<SessionDoor> &door);
    void setOperations(OperationsDoor *operations);
    void setAudit(AuditLog *audit); ///< must outlive this object
    void setKeyJobs(KeyJobBook *jobs); ///< must outlive this object
    void setConnection(const ConnectionTarget &target, const QString &title, const Environment &environment);
    void setReadOnly(bool readOnly);
    void setView(const slotscope::ClusterViewPtr &view) { m_view = view; }
    void goTo(const slotscope::Place &place) { Q_EMIT placeRequested(place); } ///< shows the page with this place
    /// Requests the dialog with the nodes' addresses, with this node selected (empty: none).
    void showAddresses(const QByteArray &node = {}) { Q_EMIT addressesRequested(node); }

Q_SIGNALS:
    void doorChanged(); ///< another session is used, or none
    void operationsChanged();
    void auditChanged();
    void keyJobsChanged();
    void connectionChanged(); ///< title, environment or target has changed
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
