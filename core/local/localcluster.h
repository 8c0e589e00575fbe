// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/net/uri.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QProcess;
class QTemporaryDir;
class QUdpSocket;

namespace slotscope {

struct LocalClusterOptions
{
    QString serverPath = QStringLiteral("redis-server"); ///< or valkey-server; searched in PATH
    int primaries = 3;
    int replicasPerPrimary = 1;
    bool form = true; ///< false: only start processes, without forming a cluster
    bool clusterMode = true; ///< false: standalone servers, where the others replicate the first
    QString host = QStringLiteral("127.0.0.1"); ///< a loopback address
    bool distinctHosts = false; ///< one address per node: 127.0.0.1, 127.0.0.2, …
    QStringList extraArguments; ///< passed to every server: "--name", "value"
    /// additional arguments for the server at a port; may be empty
    std::function<QStringList(quint16 port)> argumentsAt;
    Credentials credentials; ///< the servers' credentials, if extraArguments set any
    TlsSettings tls = {}; ///< how to connect, if extraArguments enable TLS
    int nodeTimeoutMs = 2000; ///< cluster-node-timeout
};

/// Throw-away servers on free loopback ports in a temporary folder. A watcher process removes servers and folder when
/// this program ends in any way, even by SIGKILL. Lives on the thread that made it.
class LocalCluster final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LocalCluster)
public:
    struct Node
    {
        Endpoint endpoint;
        qint64 processId = 0; ///< 0: not running
    };

    explicit LocalCluster(LocalClusterOptions options = {}, QObject *parent = nullptr);
    ~LocalCluster() override; ///< stops all servers and removes the folder

    /// Starts the servers, forms the cluster, and waits until every node agrees and all replicas are connected (at most
    /// a minute).
    [[nodiscard]] QCoro::Task<Result<>> start(std::stop_token stop = {});
    /// Writes the sample data: about `thousands` thousand keys besides the special ones. Returns the number of commands
    /// sent.
    [[nodiscard]] QCoro::Task<Result<qint64>> loadSampleData(int thousands = 10, std::stop_token stop = {});

    [[nodiscard]] std::vector<Node> nodes() const; ///< primaries first, then replicas, in the order of starting
    [[nodiscard]] QString uri() const; ///< redis://127.0.0.1:a,127.0.0.1:b,…
    [[nodiscard]] QString folder() const;

    /// Kills a server with SIGKILL and waits for its end.
    void killNode(int index);
    /// Stops (SIGSTOP) or continues (SIGCONT) a server's process.
    void pauseNode(int index, bool paused);
    /// Restarts a killed server in its folder, on `port` if that is not 0.
    [[nodiscard]] QCoro::Task<Result<>> restartNode(int index, quint16 port = 0);

private:
    struct Server
    {
        Endpoint endpoint;
        QString folder;
        QProcess *process = nullptr;
        std::unique_ptr<QUdpSocket> claim; ///< reserves the port even while the server is dead
    };

    [[nodiscard]] Access access() const;
    [[nodiscard]] Result<> prepareFolder();
    [[nodiscard]] Result<> launch(Server &server);
    [[nodiscard]] QCoro::Task<Result<>> launchAll(std::stop_token stop);
    [[nodiscard]] QCoro::Task<Result<>> waitUntilUp(size_t index);
    [[nodiscard]] QString lastWords(const Server &server) const;

    LocalClusterOptions m_options;
    std::unique_ptr<QTemporaryDir> m_folder;
    QProcess *m_watcher = nullptr;
    std::vector<Server> m_servers;
};

} // namespace slotscope
