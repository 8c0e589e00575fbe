// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyscanner.h"

#include "core/keys/scanrun.h"

namespace slotscope {

namespace {

constexpr int batchesUnderWay = 48; // about 48,000 keys: limit of unprocessed keys if the receiver is slower

/// Passes batches to another thread, each at once, but no more than the receiver takes.
class StreamOutlet final : public KeyOutlet
{
public:
    explicit StreamOutlet(std::shared_ptr<BatchSink<KeyBatch>> sink) : m_sink(std::move(sink)) { }
    void put(KeyBatch batch) override
    {
        ++m_state->underWay;
        Batch<KeyBatch> one;
        one.items.push_back(std::move(batch));
        auto carried = std::make_shared<Batch<KeyBatch>>(std::move(one));
        crossBorder();
        QMetaObject::invokeMethod(
            m_sink->door(),
            [carried, sink = m_sink, state = m_state, home = m_home] {
                crossBorder();
                sink->take(std::move(*carried));
                QMetaObject::invokeMethod(
                    home.get(), [state] { taken(*state); }, Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
    }
    [[nodiscard]] bool isFull() const override { return m_state->underWay >= batchesUnderWay; }
    void whenRoom(std::function<void()> goOn) override { m_state->goOn = std::move(goOn); }

private:
    struct State
    {
        int underWay = 0;
        std::function<void()> goOn;
    };
    static void taken(State &state)
    {
        if (--state.underWay == batchesUnderWay / 2 && state.goOn)
            state.goOn();
    }
    std::shared_ptr<BatchSink<KeyBatch>> m_sink;
    std::shared_ptr<State> m_state{new State};
    std::shared_ptr<QObject> m_home{new QObject, DeleteOnItsThread()}; ///< context object for callbacks to this thread
};

} // namespace

KeyScanner::~KeyScanner()
{
    stop();
}

QCoro::Task<Result<ScanProgress>> KeyScanner::scan(ScanRequest request, std::shared_ptr<KeyOutlet> outlet,
                                                   Report report)
{
    stop();
    m_run = std::make_shared<ScanRun>(m_session, std::move(request), std::move(outlet), std::move(report));
    co_return co_await ScanRun::run(m_run);
}

QCoro::Task<Result<ScanProgress>> KeyScanner::scan(ScanRequest request, std::shared_ptr<BatchSink<KeyBatch>> keys,
                                                   std::shared_ptr<BatchSink<ScanProgress>> progress)
{
    const auto outlet = std::make_shared<StreamOutlet>(std::move(keys));
    const std::shared_ptr<BatchStream<ScanProgress>> told(new BatchStream<ScanProgress>(std::move(progress), 2),
                                                          [](QObject *stream) { stream->deleteLater(); });
    Report report = [told](const ScanProgress &now) {
        if (!told->isFull()) // if it is full, the receiver has not even read an earlier report
            std::ignore = told->push(now);
    };
    co_return co_await scan(std::move(request), outlet, std::move(report));
}

void KeyScanner::pause()
{
    if (m_run)
        m_run->pause();
}

void KeyScanner::goOn()
{
    if (m_run)
        m_run->goOn();
}

void KeyScanner::stop()
{
    if (m_run)
        m_run->stop();
}

} // namespace slotscope
