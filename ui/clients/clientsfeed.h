// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/clientsreader.h"
#include "core/session/remote.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Looks at the clients of each node again and again; one that does not answer holds up none of the others. GUI thread.
class ClientsFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ClientsFeed)
public:
    explicit ClientsFeed(PageContext &context, QObject *parent = nullptr);
    ~ClientsFeed() override;

    void setPace(int milliseconds); ///< 0: does not look by itself
    void readNow();
    [[nodiscard]] QByteArrayList nodes() const;
    [[nodiscard]] Remote<ClientsReader> *reader() const { return m_reader.get(); } ///< null without a session

Q_SIGNALS:
    void heard(const slotscope::NodeClients &clients);
    void readerChanged(); ///< another session, or none

private:
    void takeDoor();

    PageContext &m_context;
    std::unique_ptr<Remote<ClientsReader>> m_reader;
    quint64 m_serial = 0; ///< of the reader
    QSet<QByteArray> m_underway; ///< nodes
    QTimer m_timer;
};

} // namespace slotscope
