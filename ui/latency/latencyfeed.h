// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyreader.h"
#include "core/latency/pingrecorder.h"
#include "core/session/remote.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Round trips as they come, and what the nodes tell of their latency. A node that does not answer holds up none of
/// the others. GUI thread.
class LatencyFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyFeed)
public:
    explicit LatencyFeed(PageContext &context, QObject *parent = nullptr);
    ~LatencyFeed() override;

    static constexpr int pingEveryMs = 100;
    void setPinging(bool pinging);
    void setPace(int milliseconds); ///< of what nodes tell; 0: they are not asked
    void readNow();
    void readDoctors(const QByteArray &nodeId);
    void readCommands();
    [[nodiscard]] PingBook &book() { return m_book; }
    [[nodiscard]] quint64 dropped() const { return m_dropped; } ///< events that found no room
    [[nodiscard]] Remote<LatencyReader> *reader() const { return m_reader.get(); } ///< null without a session

Q_SIGNALS:
    void heard(const slotscope::NodeLatency &latency);
    void doctorsHeard(const QByteArray &nodeId, const slotscope::Result<slotscope::NodeDoctors> &doctors);
    void commandsHeard(const slotscope::NodeCommands &commands);
    void paced(); ///< nodes were asked by themselves
    void readerChanged(); ///< another session, or none

private:
    void takeDoor();
    void startPinging();
    [[nodiscard]] QByteArrayList nodes() const;

    PageContext &m_context;
    PingBook m_book;
    std::unique_ptr<Remote<PingRecorder>> m_recorder;
    std::unique_ptr<Remote<LatencyReader>> m_reader;
    quint64 m_serial = 0; ///< of the session
    quint64 m_pinging = 0; ///< of the recording: what an earlier one sends is dropped
    quint64 m_dropped = 0;
    bool m_isPinging = false;
    QSet<QByteArray> m_underway, m_commandsUnderway; ///< nodes
    QTimer m_timer;
};

} // namespace slotscope
