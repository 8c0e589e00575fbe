// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/border.h"

#include <QObject>
#include <QPointer>
#include <QThread>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace slotscope {

/// The items collected since the last batch was delivered.
template <typename T>
struct Batch
{
    std::vector<T> items; ///< in the order in which they were produced
    quint64 dropped = 0; ///< number of items discarded because the buffer was full; they are not in `items`
};

/// Deletes a QObject on the thread it lives on. On that thread, or if the thread has ended, the object is deleted at
/// once, because no event loop may be left to do so.
struct DeleteOnItsThread
{
    void operator()(QObject *object) const
    {
        if (!object->thread() || object->thread() == QThread::currentThread())
            delete object;
        else
            object->deleteLater();
    }
};

/// The receiving end of a BatchStream. It is made on the receiver's thread and handed to the stream, which may outlive
/// the receiver.
template <typename T>
class BatchSink final
{
    Q_DISABLE_COPY_MOVE(BatchSink)
public:
    using Receive = std::function<void(Batch<T>)>;
    /// Calls `receive` on the current thread for each batch, as long as `receiver` exists.
    BatchSink(QObject *receiver, Receive receive)
        : m_receiver(receiver), m_receive(std::move(receive)), m_door(new QObject, DeleteOnItsThread())
    { }
    /// Returns the object to which batches are posted; callable from any thread.
    [[nodiscard]] QObject *door() const { return m_door.get(); }
    /// Returns the same object for shared ownership. A receiver on its own thread should keep it until that thread has
    /// ended, otherwise its deferred deletion may never run.
    [[nodiscard]] std::shared_ptr<QObject> sharedDoor() const { return m_door; }
    /// Passes a batch to the callback. Call on the receiver's thread.
    void take(Batch<T> batch) const
    {
        if (m_receiver)
            m_receive(std::move(batch));
    }

private:
    QPointer<QObject> m_receiver;
    Receive m_receive;
    std::shared_ptr<QObject> m_door;
};

/// Sends items from the core thread to the window in batches, at most 60 per second. The next batch is sent only when
/// the receiver has taken the previous one. If the buffer is full, an item is dropped and counted, or the producer
/// waits for room. Lives on the producer's thread, which creates and deletes it. The receiver may be deleted at any
/// time.
template <typename T>
class BatchStream final : public QObject
{
    Q_DISABLE_COPY_MOVE(BatchStream)
public:
    static constexpr int handOverMs = 1000 / 60 + 1;

    /// `most` is the largest number of items buffered at one time.
    explicit BatchStream(std::shared_ptr<BatchSink<T>> sink, size_t most = 10'000, QObject *parent = nullptr)
        : QObject(parent), m_sink(std::move(sink)), m_most(most)
    {
        m_timer.setSingleShot(true);
        m_timer.setInterval(handOverMs);
        connect(&m_timer, &QTimer::timeout, this, &BatchStream::handOver);
    }

    /// Appends an item. Returns false if the buffer is full; the item is then counted as dropped.
    bool push(T item)
    {
        if (isFull()) {
            ++m_waiting.dropped;
            return false;
        }
        m_waiting.items.push_back(std::move(item));
        schedule();
        return true;
    }
    /// Whether the buffer is full. A producer that can wait checks this before it makes the next item, and continues
    /// when the whenRoom() callback is called.
    [[nodiscard]] bool isFull() const { return m_waiting.items.size() >= m_most; }
    /// Sets the function called after a batch was sent, when the buffer has room again.
    void whenRoom(std::function<void()> goOn) { m_goOn = std::move(goOn); }
    /// Sends the last batch without waiting for the timer, so that the receiver also learns the number of dropped
    /// items.
    void finish()
    {
        m_finishing = true;
        if (!m_underway)
            handOver();
    }

private:
    void schedule()
    {
        if (!m_underway && !m_timer.isActive())
            m_timer.start();
    }
    void handOver()
    {
        if (m_waiting.items.empty() && m_waiting.dropped == 0)
            return;
        m_underway = true;
        auto batch = std::make_shared<Batch<T>>(std::exchange(m_waiting, {}));
        crossBorder();
        QMetaObject::invokeMethod(
            m_sink->door(),
            [batch = std::move(batch), sink = m_sink, back = QPointer<BatchStream>(this), home = m_home] {
                crossBorder();
                sink->take(std::move(*batch));
                QMetaObject::invokeMethod(
                    home.get(),
                    [back] {
                        if (back)
                            back->taken();
                    },
                    Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
        if (m_goOn && !isFull())
            m_goOn();
    }
    void taken()
    {
        m_underway = false;
        if (m_finishing)
            handOver();
        else if (!m_waiting.items.empty() || m_waiting.dropped > 0)
            m_timer.start();
    }

    std::shared_ptr<BatchSink<T>> m_sink;
    /// Context object for callbacks to the producer's thread. It outlives the stream if a receiver's confirmation is
    /// still pending.
    std::shared_ptr<QObject> m_home{new QObject, DeleteOnItsThread()};
    size_t m_most;
    Batch<T> m_waiting;
    bool m_underway = false; ///< a batch was sent, and the receiver has not taken it yet
    bool m_finishing = false;
    std::function<void()> m_goOn;
    QTimer m_timer;
};

} // namespace slotscope
