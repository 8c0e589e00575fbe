// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/metrics/commandbook.h"
#include "core/session/clustersession.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace slotscope {

/// Result of the last reading of all nodes.
struct CommandsRead
{
    int nodes = 0;
    QStringList refused; ///< names of nodes without data
    QString why; ///< reason of the first of them
};

/// Reads INFO commandstats of all nodes periodically while somebody displays it: every second, less often with many
/// nodes. A service for Remote; lives on the session's thread.
class CommandsReader final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandsReader)
public:
    static constexpr int nodesPerSecond = 60;

    explicit CommandsReader(QPointer<ClusterSession> session);

    /// Sets where to store the data; null stops reading.
    void readInto(std::shared_ptr<CommandBook> book);
    [[nodiscard]] QCoro::Task<Result<CommandsRead>> lastRead();
    [[nodiscard]] const CommandsRead &last() const { return m_last; }
    [[nodiscard]] int rounds() const { return m_rounds; }

private:
    QCoro::Task<> read();

    QPointer<ClusterSession> m_session;
    std::shared_ptr<CommandBook> m_book;
    QTimer m_timer;
    bool m_isReading = false;
    int m_rounds = 0;
    CommandsRead m_last;
};

} // namespace slotscope
