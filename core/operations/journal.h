// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/operations/journalformat.h"

namespace slotscope {

/// The append-only file of one run: a line of JSON each, written before and after each step. No secrets: plans hold
/// none. One file a run, <id>.jsonl, in the user's data folder; locked as long as its program goes on with the run.
/// Only plain files of this user are read: what stands there is carried out when it is resumed.
class Journal final
{
    Q_DISABLE_COPY_MOVE(Journal)
public:
    Journal() = default;

    [[nodiscard]] static QString defaultFolder();
    /// Begins a file, or appends to that of an interrupted run. Also takes the lock of the nodes concerned: Error where
    /// another run of this machine holds one of them, Outdated where another program has gone on with this one.
    [[nodiscard]] Result<> open(const QString &folder, const RunSnapshot &run, const QList<QByteArray> &nodeIds);
    /// One event; on disk (fsync) when it returns where `durable`.
    [[nodiscard]] Result<> append(const QJsonObject &event, bool durable);
    void close();
    /// Notes in the journal of a run that what it changed was taken back. `folder` empty: the default one.
    [[nodiscard]] static Result<> tellRolledBack(const QString &folder, const QString &id);
    [[nodiscard]] const QString &path() const { return m_file.path(); }
    [[nodiscard]] bool isOpen() const { return m_file.isOpen(); } ///< and the lock is held

    /// The run of this machine that works on one of these nodes now.
    [[nodiscard]] static std::optional<RunSnapshot> workingOn(const QString &folder, const QList<QByteArray> &nodeIds);
    /// A run as its journal tells it; Interrupted where it has no end and its program does not run any more.
    [[nodiscard]] static Result<RunSnapshot> read(const QString &path);
    /// The same by its id. `folder` empty: the default one.
    [[nodiscard]] static Result<RunSnapshot> readRun(const QString &folder, const QString &id);
    /// The runs of a folder, newest first, at most `limit` (-1: all); files that do not read are left out and named in
    /// `unread`.
    [[nodiscard]] static QList<RunSnapshot> readAll(const QString &folder, QStringList *unread = nullptr,
                                                    int limit = -1);
    /// As text for people: plan, steps, log, outcome.
    [[nodiscard]] static QString report(const RunSnapshot &run);

private:
    OwnFile m_file;
};

} // namespace slotscope
