// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/session/keptpromise.h"
#include "core/session/sessiondoor.h"

#include <QPointer>

#include <memory>

namespace slotscope {

/// Lets the GUI thread use a service of a session. A service is a class that does a feature's work on the core thread
/// (counting keys, scanning, tailing the slow log, …). `Service` has a constructor that takes a
/// QPointer<ClusterSession>. It is created on the core thread once the session exists, and deleted with this object or
/// when the core thread ends. Use only on the thread that created this object.
template <typename Service>
class Remote final
{
    Q_DISABLE_COPY_MOVE(Remote)
public:
    explicit Remote(SessionDoor &door) : m_home(new Home)
    {
        door.moveToCoreThread(m_home);
        door.withSession([home = QPointer<Home>(m_home)](ClusterSession &session) {
            if (home)
                home->service = std::make_unique<Service>(QPointer<ClusterSession>(&session));
        });
    }
    ~Remote() { m_home->deleteLater(); }

    /// Runs `work`, which takes the service and returns a Task<Result<T>>, on the core thread. The future always
    /// finishes with a value: Error::Code::Cancelled if the service is deleted first.
    template <typename T, typename Work>
    [[nodiscard]] QFuture<Result<T>> call(Work work)
    {
        return onThreadOf<T>(m_home, [work = std::move(work)](Home *home) { return run<T>(home, work); });
    }
    /// Runs `work` with the service on the core thread; the caller gets no result.
    template <typename Work>
    void tell(Work work)
    {
        QMetaObject::invokeMethod(
            m_home,
            [home = m_home, work = std::move(work)] {
                crossBorder();
                if (home->service)
                    work(*home->service);
            },
            Qt::QueuedConnection);
    }

private:
    struct Home final : QObject
    {
        std::unique_ptr<Service> service; ///< null before the session exists
    };

    template <typename T, typename Work>
    static QCoro::Task<Result<T>> run(QPointer<Home> home, Work work)
    {
        if (!home || !home->service)
            co_return failure(Error::Code::Cancelled);
        co_return co_await work(*home->service);
    }

    Home *m_home; ///< lives on the core thread
};

} // namespace slotscope
