// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/bulktask.h"

#include <QObject>

namespace slotscope {

/// One run of a BulkTask, with its progress. It keeps the task's sessions open until the end, so that the job continues
/// when the tab that started it is closed. GUI thread.
class KeyJobRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobRun)
public:
    /// `connection`: title of the connection whose keys the job changes or reads.
    KeyJobRun(BulkTask task, QString connection);
    ~KeyJobRun() override; ///< stops the job if it is running

    /// Starts the job. If the connection requires the user's consent first, emits consentWanted() and starts nothing.
    void begin(UserConsent consent);
    void pause();
    void goOn();
    void stop(); ///< waits for replies to commands already sent

    [[nodiscard]] const QString &title() const { return m_task.title; } ///< such as "Delete 48,210 keys"
    [[nodiscard]] const QString &connection() const { return m_connection; }
    [[nodiscard]] const BulkTask &task() const { return m_task; }
    [[nodiscard]] const BulkProgress &progress() const { return m_progress; }
    /// why the job could not start; empty if it could
    [[nodiscard]] const QString &problem() const { return m_problem; }
    [[nodiscard]] bool isRunning() const { return m_isBegun && !m_progress.isOver(); }
    /// Whether the job reads or writes keys over this session.
    [[nodiscard]] bool uses(const SessionDoor *door) const;
    /// Whether the page that started the job is still there to replace the keys that the target already has.
    [[nodiscard]] bool canReplace() const { return m_task.owner && m_task.replace && !m_progress.conflicts.isEmpty(); }

Q_SIGNALS:
    void changed();
    void consentWanted(const slotscope::Error &why);

private:
    void take(const BulkProgress &progress);
    void finish(const Result<BulkProgress> &result);

    BulkTask m_task;
    QString m_connection;
    bool m_isBegun = false; ///< commands of the job may have been sent
    BulkProgress m_progress;
    QString m_problem;
};
using KeyJobRunPtr = std::shared_ptr<KeyJobRun>;

/// The bulk jobs of all tabs: running ones, and the latest finished ones that the user has not dismissed. GUI thread.
class KeyJobBook final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobBook)
public:
    explicit KeyJobBook(QObject *parent = nullptr) : QObject(parent) { }

    void add(const KeyJobRunPtr &run);
    void dismiss(const KeyJobRunPtr &run); ///< does nothing while the job runs
    [[nodiscard]] const QList<KeyJobRunPtr> &runs() const { return m_runs; } ///< oldest first
    [[nodiscard]] QList<KeyJobRunPtr> running() const;

Q_SIGNALS:
    void changed(); ///< a job was added, started, finished or dismissed

private:
    QList<KeyJobRunPtr> m_runs;
};

} // namespace slotscope
