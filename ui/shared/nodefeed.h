// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/whendone.h"
#include "core/session/remote.h"
#include "ui/shared/pagecontext.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

/// Reads every node of a connection repeatedly, using a service in the core thread; a node that does not answer delays
/// no other node. `Service` has `read(QByteArray nodeId)`, which returns a `Reading`. GUI thread.
template <typename Service, typename Reading>
class NodeFeed final : public QObject
{
    Q_DISABLE_COPY_MOVE(NodeFeed)
public:
    /// `heard` is called with each reading, `renewed` when there is another session, or none.
    NodeFeed(PageContext &context, std::function<void(const Reading &)> heard, std::function<void()> renewed)
        : m_context(context), m_heard(std::move(heard)), m_renewed(std::move(renewed))
    {
        connect(&m_timer, &QTimer::timeout, this, [this] { readAll(false); });
        connect(&context, &PageContext::doorChanged, this, [this] {
            takeDoor();
            m_renewed();
        });
        takeDoor();
    }

    void setPace(int milliseconds) ///< 0: no polling
    {
        if (milliseconds == 0)
            m_timer.stop();
        else if (!m_timer.isActive() || m_timer.interval() != milliseconds)
            m_timer.start(milliseconds);
    }
    /// A reading in progress is followed by another one.
    void readNow() { readAll(true); }
    /// Nodes that are polled: all except those without an address and those in handshake.
    [[nodiscard]] QByteArrayList nodes() const
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
    [[nodiscard]] Remote<Service> *service() const { return m_service.get(); } ///< null without a session

private:
    void readAll(bool again)
    {
        if (!m_service)
            return;
        for (const QByteArray &id : nodes())
            read(id, again);
    }
    void takeDoor()
    {
        m_service.reset();
        m_underway.clear();
        m_again.clear();
        ++m_serial;
        if (SessionDoor *door = m_context.door())
            m_service = std::make_unique<Remote<Service>>(*door);
    }
    void read(const QByteArray &id, bool again)
    {
        if (m_underway.contains(id)) {
            if (again)
                m_again.insert(id); // the reading in progress may be older than this request
            return;
        }
        m_underway.insert(id);
        whenDone(m_service->template call<Reading>([id](Service &service) { return service.read(id); }), this,
                 [this, id, serial = m_serial](const Result<Reading> &reading) {
                     if (serial != m_serial)
                         return;
                     m_underway.remove(id);
                     if (reading)
                         m_heard(*reading);
                     if (serial == m_serial && m_again.remove(id))
                         read(id, false);
                 });
    }

    PageContext &m_context;
    std::function<void(const Reading &)> m_heard;
    std::function<void()> m_renewed;
    std::unique_ptr<Remote<Service>> m_service;
    quint64 m_serial = 0; ///< identifies the service; results of older ones are dropped
    QSet<QByteArray> m_underway, m_again; ///< node ids
    QTimer m_timer;
};

} // namespace slotscope
