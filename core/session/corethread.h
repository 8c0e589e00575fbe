// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>

namespace slotscope {

/// The thread that owns every socket, parser and session. The program's main function makes it, and it outlives all
/// SessionDoors.
class CoreThread final
{
    Q_DISABLE_COPY_MOVE(CoreThread)
public:
    CoreThread();
    /// Ends the thread and waits for it. Work that is still in progress (see Underway) gets five seconds to finish.
    ~CoreThread();

    /// Returns an object that lives on the core thread, as context for QMetaObject::invokeMethod.
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
