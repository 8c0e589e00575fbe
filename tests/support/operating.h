// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planners/planning.h"
#include "core/operations/run/run.h"
#include "support/testcluster.h"

#include <QTemporaryDir>

namespace slotscope::test {

/// Plans and runs operations on a test cluster, with its own journal folder.
class Operator
{
public:
    explicit Operator(ConnectionTarget target);

    [[nodiscard]] bool connect(); ///< returns false on failure, failure() then gives the reason
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] ClusterSession &session() { return *m_session; }
    [[nodiscard]] const std::shared_ptr<ClusterSession> &sharedSession() const { return m_session; }
    [[nodiscard]] QString journalFolder() const { return m_folder.path(); }
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }

    [[nodiscard]] Result<OperationPlan> plan(const OperationRequest &request);
    /// Plans and runs an operation. Returns the run's last snapshot, or nullptr if no plan could be made.
    [[nodiscard]] RunSnapshotPtr run(const OperationRequest &request, bool acceptDataLoss = false);
    [[nodiscard]] RunSnapshotPtr run(const OperationPlan &plan, bool acceptDataLoss = false);
    /// Returns the id of the node at this "host:port".
    [[nodiscard]] QByteArray idAt(const QString &address);
    [[nodiscard]] ClusterViewPtr look(); ///< makes a full check of the cluster and returns its view

private:
    ConnectionTarget m_target;
    std::shared_ptr<ClusterSession> m_session;
    QTemporaryDir m_folder;
    QString m_failure;
};

/// Titles and details of the plan's checks that refuse the operation.
[[nodiscard]] QStringList refusals(const OperationPlan &plan);
[[nodiscard]] QStringList warnings(const OperationPlan &plan);

/// Returns why a run did not end successfully, as a message for QVERIFY2, or an empty text if the run is done.
[[nodiscard]] QByteArray complaint(const RunSnapshotPtr &run);
#define VERIFY_DONE(run)                                                                                               \
    do {                                                                                                               \
        const QByteArray whyNot = complaint(run);                                                                      \
        QVERIFY2(whyNot.isEmpty(), whyNot.constData());                                                                \
    } while (false)

/// Clients that increment counter keys without pause, each through its own session, and record which writes the cluster
/// acknowledged.
class LiveWriters final : public QObject
{
    Q_OBJECT
public:
    LiveWriters(ConnectionTarget target, int writers, int keys, QObject *parent = nullptr);
    ~LiveWriters() override;

    void start();
    /// Ends the write loops. Returns true once all have ended.
    [[nodiscard]] bool stop();
    [[nodiscard]] qint64 acknowledged() const { return m_acknowledged; }
    [[nodiscard]] const QStringList &errors() const { return m_errors; } ///< errors that the clients received
    /// Reads every counter and checks that each acknowledged write is there exactly once. Returns what is wrong, or an
    /// empty list.
    [[nodiscard]] QStringList verify(ClusterSession &session) const;
    /// Numbers of acknowledged writes that are missing, of writes that were executed twice, and of counters that could
    /// not be read.
    struct Sums
    {
        qint64 missing = 0, surplus = 0, unreadable = 0;
    };
    [[nodiscard]] Sums sums(ClusterSession &session, QStringList *texts = nullptr) const;

private:
    struct Counter
    {
        QByteArray key;
        qint64 acknowledged = 0, uncertain = 0;
    };
    QCoro::Task<> write(std::shared_ptr<ClusterSession> session, int first);

    ConnectionTarget m_target;
    int m_writers;
    std::vector<Counter> m_counters;
    std::vector<std::shared_ptr<ClusterSession>> m_sessions;
    QStringList m_errors;
    qint64 m_acknowledged = 0;
    int m_running = 0;
    bool m_stopping = false;
};

} // namespace slotscope::test
