// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/border.h"
#include "core/base/result.h"
#include "core/base/task.h"

#include <QFuture>
#include <QPromise>

#include <memory>

namespace slotscope {

/// A promise that always gets a value: where its giver goes first, the value is Error::Code::Cancelled.
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

/// Gives the promise what the task comes to.
template <typename T>
QCoro::Task<> fulfil(QCoro::Task<Result<T>> task, std::shared_ptr<KeptPromise<T>> promise)
{
    promise->give(co_await task);
}

} // namespace slotscope
