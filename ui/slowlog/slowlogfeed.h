// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/remote.h"
#include "core/slowlog/slowlogreader.h"

#include <QSet>
#include <QTimer>

namespace slotscope {

class PageContext;

/// Looks at the log of each node again and again; one that does not answer holds up none of the others. GUI thread.
class SlowlogFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlowlogFeed)
public:
    explicit SlowlogFeed(PageContext &context, QObject *parent = nullptr);
    ~SlowlogFeed() override;

    void setKind(SlowlogKind kind);
    void setPace(int milliseconds); ///< 0: does not look by itself
    void readNow();
    void readAll(int most); ///< also what is older than the last look, as far as the nodes keep it
    [[nodiscard]] SlowlogKind kind() const { return m_kind; }
    [[nodiscard]] Remote<SlowlogReader> *reader() const { return m_reader.get(); } ///< null without a session

Q_SIGNALS:
    void heard(slotscope::SlowlogKind kind, const slotscope::NodeSlowlog &log);
    void readerChanged(); ///< another session, or none

private:
    void takeDoor();
    void readEach(int most, bool again);
    void readNode(const QByteArray &nodeId, int most, bool again);

    PageContext &m_context;
    std::unique_ptr<Remote<SlowlogReader>> m_reader;
    quint64 m_serial = 0; ///< of the reader
    QSet<QPair<QByteArray, int>> m_underway; ///< node and log
    SlowlogKind m_kind = SlowlogKind::Slow;
    QTimer m_timer;
};

} // namespace slotscope
