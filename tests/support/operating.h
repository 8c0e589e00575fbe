// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/planning.h"
#include "core/operations/run.h"
#include "support/testcluster.h"

#include <QTemporaryDir>

namespace slotscope::test {

/// Plans and runs operations on a test's cluster, with a journal folder of its own.
class Operator
{
public:
    explicit Operator(ConnectionTarget target);

    [[nodiscard]] bool connect(); ///< failure() says why not
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] ClusterSession &session() { return *m_session; }
    [[nodiscard]] const std::shared_ptr<ClusterSession> &sharedSession() const { return m_session; }
    [[nodiscard]] QString journalFolder() const { return m_folder.path(); }
    [[nodiscard]] const ConnectionTarget &target() const { return m_target; }

    [[nodiscard]] Result<OperationPlan> plan(const OperationRequest &request);
    /// Plans and runs; the last snapshot, nullptr where there is no plan.
    [[nodiscard]] RunSnapshotPtr run(const OperationRequest &request, bool acceptDataLoss = false);
    [[nodiscard]] RunSnapshotPtr run(const OperationPlan &plan, bool acceptDataLoss = false);
    /// Node id at "host:port".
    [[nodiscard]] QByteArray idAt(const QString &address);
    [[nodiscard]] ClusterViewPtr look(); ///< a full check

private:
    ConnectionTarget m_target;
    std::shared_ptr<ClusterSession> m_session;
    QTemporaryDir m_folder;
    QString m_failure;
};

/// Title and detail of the checks that refuse, or warn.
[[nodiscard]] QStringList refusals(const OperationPlan &plan);
[[nodiscard]] QStringList warnings(const OperationPlan &plan);

/// Why a run did not end well, for QVERIFY2; empty where it is done.
[[nodiscard]] QByteArray complaint(const RunSnapshotPtr &run);
#define VERIFY_DONE(run)                                                                                               \
    do {                                                                                                               \
        const QByteArray whyNot = complaint(run);                                                                      \
        QVERIFY2(whyNot.isEmpty(), whyNot.constData());                                                                \
    } while (false)

/// Clients that count up keys all the time through sessions of their own, and know what was acknowledged.
class LiveWriters final : public QObject
{
    Q_OBJECT
public:
    LiveWriters(ConnectionTarget target, int writers, int keys, QObject *parent = nullptr);
    ~LiveWriters() override;

    void start();
    /// Ends the loops; true when all have ended.
    [[nodiscard]] bool stop();
    [[nodiscard]] qint64 acknowledged() const { return m_acknowledged; }
    [[nodiscard]] const QStringList &errors() const { return m_errors; } ///< what a client got to see beside OK
    /// Reads every counter: what was acknowledged must be there, exactly once. Empty, or what is wrong.
    [[nodiscard]] QStringList verify(ClusterSession &session) const;
    /// How many acknowledged writes are missing, and how many are there twice.
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
