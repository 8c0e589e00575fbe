// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/clustersession.h"
#include "core/session/keptpromise.h"
#include "core/session/sessiondoor.h"

#include <QPointer>

#include <memory>

namespace slotscope {

/// A service of a session, for the GUI thread: what a feature does on the core thread (counting keys, scanning, tailing
/// the slow log, …) is a class of its own, made from a session, called there, deleted there. `Service` has a
/// constructor that takes a QPointer<ClusterSession>; it is made on the core thread once the session stands, and goes
/// when this object does, or when the core thread ends. Use on the thread that made it.
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

    /// Runs `work` (Service & -> Task<Result<T>>) on the core thread. The future is always finished with a value:
    /// Error::Code::Cancelled where the service goes first.
    template <typename T, typename Work>
    [[nodiscard]] QFuture<Result<T>> call(Work work)
    {
        return onThreadOf<T>(m_home, [work = std::move(work)](Home *home) { return run<T>(home, work); });
    }
    /// Runs `work` (Service &) on the core thread; nobody hears of it.
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
        std::unique_ptr<Service> service; ///< null before the session stands
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
