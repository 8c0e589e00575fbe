// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/border.h"
#include "core/base/result.h"
#include "core/base/task.h"
#include "core/base/underway.h"

#include <QFuture>
#include <QPromise>

#include <memory>

namespace slotscope {

/// A promise that always gets a value: if its owner is destroyed first, the value is Error::Code::Cancelled.
template <typename T>
class KeptPromise
{
    Q_DISABLE_COPY_MOVE(KeptPromise)
public:
    KeptPromise() { m_promise.start(); }
    ~KeptPromise() { give(failure(Error::Code::Cancelled)); }
    void give(Result<T> result)
    {
        if (m_promise.future().isFinished())
            return;
        crossBorder();
        m_promise.addResult(std::move(result));
        m_promise.finish();
    }
    [[nodiscard]] QFuture<Result<T>> future() const { return m_promise.future(); }

private:
    QPromise<Result<T>> m_promise;
};

/// Fulfils the promise with the result of the task.
template <typename T>
QCoro::Task<> fulfil(QCoro::Task<Result<T>> task, std::shared_ptr<KeptPromise<T>> promise)
{
    const Underway underway;
    promise->give(co_await task);
}

/// Runs `work`, which takes the bridge and returns a Task<Result<T>>, on the thread of `bridge`, and returns a future
/// for its result.
template <typename T, typename Bridge, typename Work>
QFuture<Result<T>> onThreadOf(Bridge *bridge, Work work)
{
    auto promise = std::make_shared<KeptPromise<T>>();
    QFuture<Result<T>> future = promise->future();
    crossBorder();
    QMetaObject::invokeMethod(
        bridge,
        [bridge, promise = std::move(promise), work = std::move(work)] {
            crossBorder();
            fulfil<T>(work(bridge), promise);
        },
        Qt::QueuedConnection);
    return future;
}

} // namespace slotscope
