// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>

namespace slotscope {

/// The one thread that owns every socket, parser and session. Made by the program's main function, outlives all doors.
class CoreThread final
{
    Q_DISABLE_COPY_MOVE(CoreThread)
public:
    CoreThread();
    /// Ends the thread and waits for it. What is still under way there (see Underway) is given five seconds.
    ~CoreThread();

    /// Something that lives on the core thread: the context for QMetaObject::invokeMethod.
    [[nodiscard]] QObject *context() const { return m_context; }
    [[nodiscard]] QThread *thread() { return &m_thread; }

private:
    class Loop final : public QThread
    {
    protected:
        void run() override;
    };

    Loop m_thread;
    QObject *m_context = nullptr;
};

} // namespace slotscope
