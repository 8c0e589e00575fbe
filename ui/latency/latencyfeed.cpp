// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/latencyfeed.h"

#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {

LatencyFeed::LatencyFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    connect(&m_timer, &QTimer::timeout, this, [this] {
        readNow();
        Q_EMIT paced();
    });
    connect(&context, &PageContext::doorChanged, this, &LatencyFeed::takeDoor);
    takeDoor();
}

LatencyFeed::~LatencyFeed() = default;

void LatencyFeed::takeDoor()
{
    m_reader.reset();
    m_recorder.reset();
    m_underway.clear();
    m_commandsUnderway.clear();
    m_book.clear();
    ++m_serial;
    if (SessionDoor *door = m_context.door()) {
        m_reader = std::make_unique<Remote<LatencyReader>>(*door);
        m_recorder = std::make_unique<Remote<PingRecorder>>(*door);
        if (m_isPinging)
            startPinging();
    }
    Q_EMIT readerChanged();
}

void LatencyFeed::setPinging(bool pinging)
{
    if (std::exchange(m_isPinging, pinging) == pinging)
        return;
    ++m_pinging;
    if (pinging)
        startPinging();
    else if (m_recorder)
        m_recorder->tell([](PingRecorder &recorder) { recorder.stop(); });
}

void LatencyFeed::startPinging()
{
    if (!m_recorder)
        return;
    ++m_pinging;
    auto sink = std::make_shared<BatchSink<PingEvent>>(this, [this, serial = m_pinging](const Batch<PingEvent> &batch) {
        if (serial != m_pinging)
            return;
        m_dropped += batch.dropped;
        for (const PingEvent &event : batch.items)
            m_book.take(event);
    });
    m_recorder->tell([sink](PingRecorder &recorder) { recorder.start(sink, pingEveryMs); });
}

void LatencyFeed::setPace(int milliseconds)
{
    if (milliseconds == 0)
        m_timer.stop();
    else if (!m_timer.isActive() || m_timer.interval() != milliseconds)
        m_timer.start(milliseconds);
}

QByteArrayList LatencyFeed::nodes() const
{
    QByteArrayList ids;
    const ClusterViewPtr view = m_context.view();
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
            && node.condition != NodeCondition::NoAddress)
            ids.append(node.id);
    }
    return ids;
}

void LatencyFeed::readNow()
{
    if (!m_reader)
        return;
    for (const QByteArray &id : nodes()) {
        if (m_underway.contains(id))
            continue;
        m_underway.insert(id);
        whenDone(m_reader->call<NodeLatency>([id](LatencyReader &reader) { return reader.read(id); }), this,
                 [this, id, serial = m_serial](const Result<NodeLatency> &latency) {
                     if (serial != m_serial)
                         return;
                     m_underway.remove(id);
                     if (latency)
                         Q_EMIT heard(*latency);
                 });
    }
}

void LatencyFeed::readDoctors(const QByteArray &nodeId)
{
    if (!m_reader || nodeId.isEmpty())
        return;
    whenDone(m_reader->call<NodeDoctors>([nodeId](LatencyReader &reader) { return reader.doctors(nodeId); }), this,
             [this, nodeId, serial = m_serial](const Result<NodeDoctors> &doctors) {
                 if (serial == m_serial)
                     Q_EMIT doctorsHeard(nodeId, doctors);
             });
}

void LatencyFeed::readCommands()
{
    if (!m_reader)
        return;
    for (const QByteArray &id : nodes()) {
        if (m_commandsUnderway.contains(id))
            continue;
        m_commandsUnderway.insert(id);
        whenDone(m_reader->call<NodeCommands>([id](LatencyReader &reader) { return reader.commands(id); }), this,
                 [this, id, serial = m_serial](const Result<NodeCommands> &commands) {
                     if (serial != m_serial)
                         return;
                     m_commandsUnderway.remove(id);
                     if (commands)
                         Q_EMIT commandsHeard(*commands);
                 });
    }
}

} // namespace slotscope
