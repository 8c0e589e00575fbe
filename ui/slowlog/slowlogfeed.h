// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/remote.h"
#include "core/slowlog/slowlogreader.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Polls the log of each node; a node that does not answer delays no other node. GUI thread.
class SlowlogFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogFeed)
public:
    explicit SlowlogFeed(PageContext &context, QObject *parent = nullptr);
    ~SlowlogFeed() override;

    void setKind(SlowlogKind kind);
    void setPace(int milliseconds); ///< 0: no polling
    void readNow();
    void readAll(int most); ///< also reads entries from before the last poll, as far as the nodes keep them
    [[nodiscard]] SlowlogKind kind() const { return m_kind; }
    [[nodiscard]] Remote<SlowlogReader> *reader() const { return m_reader.get(); } ///< null without a session

Q_SIGNALS:
    void heard(slotscope::SlowlogKind kind, const slotscope::NodeSlowlog &log);
    void readerChanged(); ///< there is another session, or none

private:
    void takeDoor();
    void readEach(int most, bool again);
    void readNode(const QByteArray &nodeId, int most, bool again);

    PageContext &m_context;
    std::unique_ptr<Remote<SlowlogReader>> m_reader;
    quint64 m_serial = 0; ///< identifies the reader; results of older ones are dropped
    QSet<QPair<QByteArray, int>> m_underway; ///< node id and log kind of running requests
    SlowlogKind m_kind = SlowlogKind::Slow;
    QTimer m_timer;
};

} // namespace slotscope
