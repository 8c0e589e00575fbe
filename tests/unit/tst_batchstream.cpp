// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/batchstream.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QThread>

using namespace slotscope;

namespace {

/// Produces a number of items in its own thread.
class Producer final : public QObject
{
public:
    Producer(std::shared_ptr<BatchSink<int>> sink, size_t most) : m_sink(std::move(sink)), m_most(most) { }
    /// Pushes all items at once, even when the stream has no room.
    void flood(int count)
    {
        make();
        for (int i = 0; i < count; ++i)
            std::ignore = m_stream->push(i);
        m_stream->finish();
    }
    /// Pushes items and waits whenever the stream is full.
    void trickle(int count)
    {
        make();
        m_stream->whenRoom([this, count] { goOn(count); });
        goOn(count);
    }

private:
    void make()
    {
        m_stream = new BatchStream<int>(m_sink, m_most, this);
        m_next = 0;
    }
    void goOn(int count)
    {
        while (m_next < count && !m_stream->isFull())
            std::ignore = m_stream->push(m_next++);
        if (m_next == count)
            m_stream->finish();
    }
    std::shared_ptr<BatchSink<int>> m_sink;
    size_t m_most;
    BatchStream<int> *m_stream = nullptr;
    int m_next = 0;
};

} // namespace

class TestBatchStream final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_thread = std::make_unique<QThread>();
        m_thread->start();
    }
    void cleanup()
    {
        m_thread->quit();
        m_thread->wait();
    }
    void countsWhatFindsNoRoom();
    void holdsTheProducerBack();
    void outlivesItsReceiver();

private:
    Producer *producer(std::shared_ptr<BatchSink<int>> sink, size_t most)
    {
        auto *made = new Producer(std::move(sink), most);
        made->moveToThread(m_thread.get());
        connect(m_thread.get(), &QThread::finished, made, &QObject::deleteLater);
        return made;
    }
    std::unique_ptr<QThread> m_thread;
};

void TestBatchStream::countsWhatFindsNoRoom()
{
    constexpr int made = 100'000;
    quint64 shown = 0, dropped = 0;
    int last = -1;
    bool inOrder = true;
    const auto sink = std::make_shared<BatchSink<int>>(this, [&](Batch<int> batch) {
        for (const int item : batch.items) {
            inOrder = inOrder && item > last;
            last = item;
        }
        shown += batch.items.size();
        dropped += batch.dropped;
    });
    Producer *home = producer(sink, 1000);
    QMetaObject::invokeMethod(home, [home] { home->flood(made); });
    QTRY_COMPARE(shown + dropped, quint64(made));
    QCOMPARE(shown, quint64(1000));
    QVERIFY(inOrder);
}

void TestBatchStream::holdsTheProducerBack()
{
    constexpr int made = 5000;
    std::vector<int> shown;
    size_t largest = 0;
    quint64 dropped = 0;
    const auto sink = std::make_shared<BatchSink<int>>(this, [&](Batch<int> batch) {
        largest = std::max(largest, batch.items.size());
        dropped += batch.dropped;
        shown.insert(shown.end(), batch.items.begin(), batch.items.end());
    });
    Producer *home = producer(sink, 500);
    QMetaObject::invokeMethod(home, [home] { home->trickle(made); });
    QTRY_COMPARE(shown.size(), size_t(made));
    QCOMPARE(dropped, quint64(0));
    QVERIFY(largest <= 500);
    for (int i = 0; i < made; ++i)
        QCOMPARE(shown[size_t(i)], i);
}

void TestBatchStream::outlivesItsReceiver()
{
    auto receiver = std::make_unique<QObject>();
    int batches = 0;
    const auto sink = std::make_shared<BatchSink<int>>(receiver.get(), [&](const Batch<int> &) { ++batches; });
    Producer *home = producer(sink, 100);
    receiver.reset();
    QMetaObject::invokeMethod(home, [home] { home->trickle(1000); });
    bool ended = false; // set by a task in the producer's thread that runs after the stream was emptied
    QMetaObject::invokeMethod(home, [&ended, this] {
        QMetaObject::invokeMethod(
            this, [&ended] { ended = true; }, Qt::QueuedConnection);
    });
    QTRY_VERIFY(ended);
    QCOMPARE(batches, 0);
}

SLOTSCOPE_TEST(TestBatchStream)
#include "tst_batchstream.moc"
