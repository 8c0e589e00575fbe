// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/clientsfeed.h"

#include "ui/shared/pagecontext.h"

namespace slotscope {

ClientsFeed::ClientsFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    connect(&m_timer, &QTimer::timeout, this, &ClientsFeed::readNow);
    connect(&context, &PageContext::doorChanged, this, &ClientsFeed::takeDoor);
    takeDoor();
}

ClientsFeed::~ClientsFeed() = default;

void ClientsFeed::takeDoor()
{
    m_reader.reset();
    m_underway.clear();
    ++m_serial;
    if (SessionDoor *door = m_context.door())
        m_reader = std::make_unique<Remote<ClientsReader>>(*door);
    Q_EMIT readerChanged();
}

void ClientsFeed::setPace(int milliseconds)
{
    if (milliseconds == 0)
        m_timer.stop();
    else if (!m_timer.isActive() || m_timer.interval() != milliseconds)
        m_timer.start(milliseconds);
}

QByteArrayList ClientsFeed::nodes() const
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

void ClientsFeed::readNow()
{
    if (!m_reader)
        return;
    for (const QByteArray &id : nodes()) {
        if (m_underway.contains(id))
            continue;
        m_underway.insert(id);
        m_reader->call<NodeClients>([id](ClientsReader &reader) { return reader.read(id); })
            .then(this, [this, id, serial = m_serial](const Result<NodeClients> &clients) {
                if (serial != m_serial)
                    return;
                m_underway.remove(id);
                if (clients)
                    Q_EMIT heard(*clients);
            });
    }
}

} // namespace slotscope
