// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyreader.h"
#include "core/latency/pingrecorder.h"
#include "core/session/remote.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Round-trip times as they are measured, and the latency data that the nodes report. A node that does not answer
/// delays no other node. GUI thread.
class LatencyFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyFeed)
public:
    explicit LatencyFeed(PageContext &context, QObject *parent = nullptr);
    ~LatencyFeed() override;

    static constexpr int pingEveryMs = 100;
    void setPinging(bool pinging);
    void setPace(int milliseconds); ///< interval for reading the nodes' reports; 0: never
    void readNow();
    void readDoctors(const QByteArray &nodeId);
    void readCommands();
    [[nodiscard]] PingBook &book() { return m_book; }
    [[nodiscard]] quint64 dropped() const { return m_dropped; } ///< ping results dropped because the buffer was full
    [[nodiscard]] Remote<LatencyReader> *reader() const { return m_reader.get(); } ///< null without a session

Q_SIGNALS:
    void heard(const slotscope::NodeLatency &latency);
    void doctorsHeard(const QByteArray &nodeId, const slotscope::Result<slotscope::NodeDoctors> &doctors);
    void commandsHeard(const slotscope::NodeCommands &commands);
    void paced(); ///< the nodes were read at the regular interval
    void readerChanged(); ///< there is another session, or none

private:
    void takeDoor();
    void startPinging();
    [[nodiscard]] QByteArrayList nodes() const;

    PageContext &m_context;
    PingBook m_book;
    std::unique_ptr<Remote<PingRecorder>> m_recorder;
    std::unique_ptr<Remote<LatencyReader>> m_reader;
    quint64 m_serial = 0; ///< identifies the session; results of older ones are dropped
    quint64 m_pinging = 0; ///< identifies the recording; events of an earlier one are dropped
    quint64 m_dropped = 0;
    bool m_isPinging = false;
    QSet<QByteArray> m_underway, m_commandsUnderway; ///< ids of nodes with a running request
    QTimer m_timer;
};

} // namespace slotscope
