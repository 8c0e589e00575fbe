// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/net/uri.h"

#include "core/base/task.h"
#include <QObject>


namespace slotscope {

struct LocalClusterOptions
{
    QString serverPath = QStringLiteral("redis-server"); ///< or a valkey-server; looked up in PATH
    int primaries = 3;
    int replicasPerPrimary = 1;
    bool form = true; ///< false: the processes only, no cluster formed
    bool clusterMode = true; ///< false: standalone servers
    bool distinctHosts = false; ///< 127.0.0.1, 127.0.0.2, … one a node
    QStringList extraArguments; ///< passed to every server, "--name", "value"
    int nodeTimeoutMs = 2000; ///< cluster-node-timeout
};

/// Throw-away servers on free loopback ports in a temporary folder. A watcher process takes servers and folder away when
/// this program ends in any way, SIGKILL included. Lives on the thread that made it.
class LocalCluster final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LocalCluster)
public:
    struct Node { Endpoint endpoint; qint64 processId = 0; };

    explicit LocalCluster(LocalClusterOptions options, QObject *parent = nullptr);
    ~LocalCluster() override; ///< stops all servers and removes the folder

    /// Starts the servers, forms the cluster, waits until every node agrees and all replicas are linked.
    [[nodiscard]] QCoro::Task<Result<>> start(std::stop_token stop = {});
    /// Writes the sample shop: about `thousands` thousand keys beside the odd ones.
    [[nodiscard]] QCoro::Task<Result<qint64>> loadSampleData(int thousands = 10, std::stop_token stop = {});

    [[nodiscard]] const QList<Node> &nodes() const { return m_nodes; } ///< primaries first, then replicas
    [[nodiscard]] QString uri() const; ///< redis://127.0.0.1:a,127.0.0.1:b,…
    [[nodiscard]] QString folder() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
    QList<Node> m_nodes;
};

} // namespace slotscope
