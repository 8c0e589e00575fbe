// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/groupending.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QMutex>
#include <QProcess>
#include <QThread>

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace slotscope {

namespace {

/// Whether a child process has ended. Until we wait for it, its process id cannot be reused.
bool hasEnded(pid_t process)
{
    siginfo_t info{};
    return ::waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == process;
}

/// All GroupEnding objects in progress, of any thread.
class Endings
{
    Q_DISABLE_COPY_MOVE(Endings)
public:
    Endings() = default;
    /// Called when the program exits and no event loop runs any more.
    void finish()
    {
        const QMutexLocker locked(&m_lock);
        QDeadlineTimer patience(GroupEnding::endingMs);
        for (auto each = m_all.cbegin(); each != m_all.cend(); ++each)
            while (!hasEnded(each->group) && !patience.hasExpired())
                QThread::msleep(2);
        for (auto each = m_all.cbegin(); each != m_all.cend(); ++each)
            ::kill(-each->group, SIGKILL);
        for (auto each = m_all.cbegin(); each != m_all.cend(); ++each)
            if (each->watcher > 0)
                ::kill(each->watcher, SIGKILL);
    }
    void add(GroupEnding *ending, pid_t group, pid_t watcher)
    {
        const QMutexLocker locked(&m_lock);
        m_all.insert(ending, {group, watcher});
    }
    void remove(GroupEnding *ending)
    {
        const QMutexLocker locked(&m_lock);
        m_all.remove(ending);
    }

private:
    struct Numbers
    {
        pid_t group = 0, watcher = 0;
    };
    QMutex m_lock;
    QHash<GroupEnding *, Numbers> m_all; ///< the objects are not deleted, because the destructor of QProcess would wait
};

Endings &endings()
{
    static Endings *all = [] { // leaked on purpose: it is needed by endings that happen late
        static Endings *made = new Endings;
        std::atexit([] { made->finish(); });
        return made;
    }();
    return *all;
}

} // namespace

void GroupEnding::begin(QProcess *process, QProcess *watcher, qint64 group)
{
    if (process || watcher)
        new GroupEnding(process, watcher, group); // deletes itself
}

GroupEnding::GroupEnding(QProcess *process, QProcess *watcher, qint64 group)
    : m_process(process), m_watcher(watcher), m_group(group)
{
    const bool isStarting = m_process && m_group == 0 && m_process->state() != QProcess::NotRunning;
    if (isStarting)
        m_group = m_process->processId();
    for (QProcess *each : {m_process, m_watcher})
        if (each) {
            each->setParent(this);
            connect(each, &QProcess::stateChanged, this, &GroupEnding::lookForEnd);
        }
    if (m_process && m_process->state() != QProcess::NotRunning && m_group > 0) {
        endings().add(this, pid_t(m_group), m_watcher ? pid_t(m_watcher->processId()) : 0);
        ::kill(pid_t(-m_group), isStarting ? SIGKILL : SIGTERM);
        if (isStarting) // it may not have its own process group yet
            m_process->kill();
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, &GroupEnding::force);
        m_patience.start(endingMs);
    }
    lookForEnd();
}

void GroupEnding::force()
{
    ::kill(pid_t(-m_group), SIGKILL);
}

void GroupEnding::lookForEnd()
{
    if (m_process && m_process->state() != QProcess::NotRunning)
        return;
    if (m_patience.isActive() || m_group > 0) {
        m_patience.stop();
        force(); // kill what the process left behind; if nothing is left, there is no such group
        m_group = 0;
        endings().remove(this);
    }
    if (m_watcher && m_watcher->state() != QProcess::NotRunning)
        return m_watcher->kill();
    deleteLater();
}

} // namespace slotscope
