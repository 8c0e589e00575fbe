// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

class QProcess;

namespace slotscope {

/// The end of a group of processes: all are asked to end at once, and made to after a moment. Nobody waits for it: it
/// deletes itself when none is left. What still runs when this program ends is waited for then, all together for at
/// most endingMs, and made to end. Lives on the thread that it was made on, and needs its event loop.
class GroupEnding final : public QObject
{
    Q_DISABLE_COPY_MOVE(GroupEnding)
public:
    static constexpr int endingMs = 150; ///< from the wish to end until it is made to

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
