// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/bulktask.h"

#include <QObject>

namespace slotscope {

/// One run of a BulkTask, with its progress. It keeps the task's sessions open until the end, so that it goes on when
/// the tab that began it is closed. GUI thread.
class KeyJobRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobRun)
public:
    /// `connection`: the title of the connection whose keys the job works on.
    KeyJobRun(BulkTask task, QString connection);
    ~KeyJobRun() override; ///< stops the job if it runs

    /// Starts the job. If the connection wants the user's consent first, consentWanted() is emitted and nothing runs.
    void begin(UserConsent consent);
    void pause();
    void goOn();
    void stop(); ///< keys whose commands were sent are waited for

    [[nodiscard]] const QString &title() const { return m_task.title; } ///< "Delete 48,210 keys"
    [[nodiscard]] const QString &connection() const { return m_connection; }
    [[nodiscard]] const BulkTask &task() const { return m_task; }
    [[nodiscard]] const BulkProgress &progress() const { return m_progress; }
    [[nodiscard]] const QString &problem() const { return m_problem; } ///< why the job could not start; empty: it could
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
    bool m_isBegun = false; ///< the servers hear of the job
    BulkProgress m_progress;
    QString m_problem;
};
using KeyJobRunPtr = std::shared_ptr<KeyJobRun>;

/// The jobs with many keys of all tabs: those that run, and the latest that ended and were not dismissed. GUI thread.
class KeyJobBook final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobBook)
public:
    explicit KeyJobBook(QObject *parent = nullptr) : QObject(parent) { }

    void add(const KeyJobRunPtr &run);
    void dismiss(const KeyJobRunPtr &run); ///< nothing happens while it runs
    [[nodiscard]] const QList<KeyJobRunPtr> &runs() const { return m_runs; } ///< oldest first
    [[nodiscard]] QList<KeyJobRunPtr> running() const;

Q_SIGNALS:
    void changed(); ///< a job was added, began, ended or was dismissed

private:
    QList<KeyJobRunPtr> m_runs;
};

} // namespace slotscope
