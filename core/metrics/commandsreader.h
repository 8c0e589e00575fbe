// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/metrics/commandbook.h"
#include "core/session/clustersession.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace slotscope {

/// What came of the last reading of all nodes.
struct CommandsRead
{
    int nodes = 0;
    QStringList refused; ///< names of nodes that did not tell
    QString why; ///< of the first of these
};

/// Reads INFO commandstats of all nodes again and again while somebody looks: each second, more seldom where there are
/// many nodes. A service for Remote; lives on the session's thread.
class CommandsReader final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandsReader)
public:
    static constexpr int nodesPerSecond = 60;

    explicit CommandsReader(QPointer<ClusterSession> session);

    /// Null: nobody looks any more.
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
