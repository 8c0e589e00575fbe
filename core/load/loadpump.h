// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/linkpool.h"

class QSocketNotifier;

namespace slotscope {

/// Copies bytes between a connection that only its own thread can use (TLS) and a socket for a worker. Lives on the
/// connection's thread.
class LoadPump final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LoadPump)
public:
    /// `link` must be ready. When it ends, the worker's socket is closed.
    explicit LoadPump(std::shared_ptr<DedicatedLink> link);
    ~LoadPump() override;
    /// the worker's end of the socket pair; -1: the connection has ended
    [[nodiscard]] int socket() const { return m_ours < 0 ? -1 : m_workers; }

private:
    void takeFromLink(QByteArrayView bytes);
    void takeFromWorker();
    void pass();
    void close();

    std::shared_ptr<DedicatedLink> m_link;
    int m_ours = -1, m_workers = -1;
    QSocketNotifier *m_readable = nullptr, *m_writable = nullptr;
    QByteArray m_waiting; ///< bytes waiting for room in the socket
};

} // namespace slotscope
