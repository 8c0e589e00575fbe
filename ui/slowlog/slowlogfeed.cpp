// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/slowlogfeed.h"

#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

namespace slotscope {
namespace {

constexpr int entriesAtOnce = 128;

} // namespace

SlowlogFeed::SlowlogFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    connect(&m_timer, &QTimer::timeout, this, &SlowlogFeed::readNow);
    connect(&context, &PageContext::doorChanged, this, &SlowlogFeed::takeDoor);
    takeDoor();
}

SlowlogFeed::~SlowlogFeed() = default;

void SlowlogFeed::takeDoor()
{
    m_reader.reset();
    m_underway.clear();
    ++m_serial;
    if (SessionDoor *door = m_context.door())
        m_reader = std::make_unique<Remote<SlowlogReader>>(*door);
    Q_EMIT readerChanged();
}

void SlowlogFeed::setKind(SlowlogKind kind)
{
    if (std::exchange(m_kind, kind) != kind)
        readNow();
}

void SlowlogFeed::setPace(int milliseconds)
{
    if (milliseconds == 0)
        m_timer.stop();
    else if (!m_timer.isActive() || m_timer.interval() != milliseconds)
        m_timer.start(milliseconds);
}

void SlowlogFeed::readNow()
{
    readEach(entriesAtOnce, false);
}

void SlowlogFeed::readAll(int most)
{
    readEach(most, true);
}

void SlowlogFeed::readEach(int most, bool again)
{
    const ClusterViewPtr view = m_context.view();
    if (!m_reader || !view)
        return;
    for (const NodeState &node : view->nodes)
        if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
            && node.condition != NodeCondition::NoAddress)
            readNode(node.id, most, again);
}

void SlowlogFeed::readNode(const QByteArray &nodeId, int most, bool again)
{
    const auto name = qMakePair(nodeId, int(m_kind));
    if (m_underway.contains(name))
        return;
    m_underway.insert(name);
    SlowlogRequest request;
    request.nodeId = nodeId;
    request.kind = m_kind;
    request.most = most;
    request.again = again;
    whenDone(m_reader->call<NodeSlowlog>([request](SlowlogReader &reader) { return reader.read(request); }), this,
             [this, name, serial = m_serial](const Result<NodeSlowlog> &log) {
                 if (serial != m_serial)
                     return;
                 m_underway.remove(name);
                 if (log)
                     Q_EMIT heard(SlowlogKind(name.second), *log);
             });
}

} // namespace slotscope
