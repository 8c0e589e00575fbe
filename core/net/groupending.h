// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QProcess;

namespace slotscope {

/// Ends a process group without blocking: sends SIGTERM at once, SIGKILL after a moment, and deletes itself when no
/// process is left. Groups still running when the program exits are waited for together, for at most endingMs, then
/// killed. Lives on the thread it was made on, and needs its event loop.
class GroupEnding final : public QObject
{
    Q_DISABLE_COPY_MOVE(GroupEnding)
public:
    static constexpr int endingMs = 150; ///< time between SIGTERM and SIGKILL

    /// Takes ownership of both processes; each may be null or have ended. `group`: the process group to end, 0 if the
    /// process has not reported yet that it runs. If this program is killed meanwhile, the watcher ends the group.
    static void begin(QProcess *process, QProcess *watcher, qint64 group);

private:
    GroupEnding(QProcess *process, QProcess *watcher, qint64 group);
    void force();
    void lookForEnd();

    QProcess *m_process, *m_watcher;
    qint64 m_group;
    QTimer m_patience;
};

} // namespace slotscope
