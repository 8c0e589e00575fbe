// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/operations/journal/journalformat.h"

namespace slotscope {

/// The append-only file of one run (<id>.jsonl in the user's data folder): one JSON object per line, written before and
/// after each step. It contains no secrets, because plans contain none. It is locked while its program executes the
/// run. Only plain files of this user are read, because resuming executes their content.
class Journal final
{
    Q_DISABLE_COPY_MOVE(Journal)
public:
    Journal() = default;

    [[nodiscard]] static QString defaultFolder();
    /// Creates a file, or appends to that of an interrupted run, and takes the lock of the nodes concerned. Error if
    /// another run on this computer holds one of them, Outdated if another program has continued this run.
    [[nodiscard]] Result<> open(const QString &folder, const RunSnapshot &run, const QList<QByteArray> &nodeIds);
    /// Appends one event. With `durable`, it is on disk (fsync) when this returns.
    [[nodiscard]] Result<> append(const QJsonObject &event, bool durable);
    void close();
    /// Records in a run's journal that its changes were rolled back. If `folder` is empty, the default is used.
    [[nodiscard]] static Result<> tellRolledBack(const QString &folder, const QString &id);
    [[nodiscard]] const QString &path() const { return m_file.path(); }
    [[nodiscard]] bool isOpen() const { return m_file.isOpen(); } ///< the lock is held, too

    /// The run on this computer that is changing one of these nodes now.
    [[nodiscard]] static std::optional<RunSnapshot> workingOn(const QString &folder, const QList<QByteArray> &nodeIds);
    /// Reads a run from its journal. It is Interrupted if it has no end and its program is no longer running.
    [[nodiscard]] static Result<RunSnapshot> read(const QString &path);
    /// Reads the run with this id. If `folder` is empty, the default is used.
    [[nodiscard]] static Result<RunSnapshot> readRun(const QString &folder, const QString &id);
    /// Reads the runs in a folder, newest first, at most `limit` (-1: all). Unreadable files are left out and listed in
    /// `unread`.
    [[nodiscard]] static QList<RunSnapshot> readAll(const QString &folder, QStringList *unread = nullptr,
                                                    int limit = -1);
    /// Formats a run as text: plan, steps, log, outcome.
    [[nodiscard]] static QString report(const RunSnapshot &run);

private:
    OwnFile m_file;
};

} // namespace slotscope
