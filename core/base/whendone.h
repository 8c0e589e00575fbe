// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <type_traits>
#include <utility>

namespace slotscope {

/// Calls `use` with the future's result when it is available, on the thread of `context` and from its event loop. Does
/// nothing if `context` is deleted first, or the future is cancelled. Call on the thread of `context`.
///
/// Used instead of QFuture::then(context, …), which in Qt 6.4 runs a continuation twice and crashes if another thread
/// finishes the future at the same moment (setContinuation() concurrently with reportFinished()).
template <typename T, typename Use>
void whenDone(const QFuture<T> &future, QObject *context, Use use)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, use = std::move(use)]() mutable {
        const QFuture<T> done = watcher->future();
        watcher->deleteLater();
        if constexpr (std::is_void_v<T>) {
            if (!done.isCanceled())
                use();
        } else {
            if (done.resultCount() > 0)
                use(done.result());
        }
    });
    watcher->setFuture(future);
}

} // namespace slotscope
