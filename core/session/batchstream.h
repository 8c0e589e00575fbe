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

/// What came in since the last hand-over.
template <typename T>
struct Batch
{
    std::vector<T> items; ///< in the order in which they were made
    quint64 dropped = 0; ///< items that found no room meanwhile, and are not among these
};

/// For objects that stand for a thread: on that thread they go at once, since its event loop may have ended already; so
/// they do where the thread is no more.
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

/// The receiving end of a stream. Made on the receiver's thread; handed to the stream, which may outlive the receiver.
template <typename T>
class BatchSink final
{
    Q_DISABLE_COPY_MOVE(BatchSink)
public:
    using Receive = std::function<void(Batch<T>)>;
    /// `receive` is called on this thread, as long as `receiver` lives.
    BatchSink(QObject *receiver, Receive receive)
        : m_receiver(receiver), m_receive(std::move(receive)), m_door(new QObject, DeleteOnItsThread())
    { }
    /// Any thread: where a batch is posted to.
    [[nodiscard]] QObject *door() const { return m_door.get(); }
    /// For a receiver on a thread of its own: who keeps this until that thread is no more leaves no door behind whose
    /// deletion the thread did not live to see.
    [[nodiscard]] std::shared_ptr<QObject> sharedDoor() const { return m_door; }
    /// The receiver's thread.
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

/// Items on their way from the core thread to the window: in batches, at most 60 a second, and only as fast as the
/// receiver shows them: a further batch goes when the one before was taken. What finds no room is dropped and counted,
/// or its producer waits for room. Lives on the producer's thread, which makes and deletes it; the receiver may go at
/// any time.
template <typename T>
class BatchStream final : public QObject
{
    Q_DISABLE_COPY_MOVE(BatchStream)
public:
    static constexpr int handOverMs = 1000 / 60 + 1;

    /// `most`: items that wait at one time.
    explicit BatchStream(std::shared_ptr<BatchSink<T>> sink, size_t most = 10'000, QObject *parent = nullptr)
        : QObject(parent), m_sink(std::move(sink)), m_most(most)
    {
        m_timer.setSingleShot(true);
        m_timer.setInterval(handOverMs);
        connect(&m_timer, &QTimer::timeout, this, &BatchStream::handOver);
    }

    /// False where there was no room: the item is counted as dropped.
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
    /// A producer that can wait asks before it makes the next item, and goes on when it is told of room.
    [[nodiscard]] bool isFull() const { return m_waiting.items.size() >= m_most; }
    /// Called after a hand-over, when there is room again.
    void whenRoom(std::function<void()> goOn) { m_goOn = std::move(goOn); }
    /// The last batch goes at once, also where nothing waits: the receiver learns the number of dropped items.
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
    /// Stands for this thread, and outlives the stream where a receipt is still on its way.
    std::shared_ptr<QObject> m_home{new QObject, DeleteOnItsThread()};
    size_t m_most;
    Batch<T> m_waiting;
    bool m_underway = false; ///< a batch was handed over and is not taken yet
    bool m_finishing = false;
    std::function<void()> m_goOn;
    QTimer m_timer;
};

} // namespace slotscope
