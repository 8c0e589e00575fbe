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
    QString serverPath = QStringLiteral("redis-server"); ///< or a valkey-server; looked up in PATH
    int primaries = 3;
    int replicasPerPrimary = 1;
    bool form = true; ///< false: the processes only, no cluster formed
    bool clusterMode = true; ///< false: standalone servers, the others replicating the first
    QString host = QStringLiteral("127.0.0.1"); ///< a loopback address
    bool distinctHosts = false; ///< 127.0.0.1, 127.0.0.2, … one a node
    QStringList extraArguments; ///< passed to every server: "--name", "value"
    std::function<QStringList(quint16 port)> argumentsAt; ///< further ones of the server at a port; may be empty
    Credentials credentials; ///< what the servers will ask for, where extraArguments make them
    TlsSettings tls = {}; ///< how they are reached, where extraArguments make them TLS servers
    int nodeTimeoutMs = 2000; ///< cluster-node-timeout
};

/// Throw-away servers on free loopback ports in a temporary folder. A watcher process takes servers and folder away
/// when this program ends in any way, SIGKILL included. Lives on the thread that made it.
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

    /// Starts the servers, forms the cluster, waits until every node agrees and all replicas are linked (a minute at
    /// most).
    [[nodiscard]] QCoro::Task<Result<>> start(std::stop_token stop = {});
    /// Writes the sample shop: about `thousands` thousand keys beside the odd ones. Gives the number of commands sent.
    [[nodiscard]] QCoro::Task<Result<qint64>> loadSampleData(int thousands = 10, std::stop_token stop = {});

    [[nodiscard]] std::vector<Node> nodes() const; ///< primaries first, then replicas, as they were started
    [[nodiscard]] QString uri() const; ///< redis://127.0.0.1:a,127.0.0.1:b,…
    [[nodiscard]] QString folder() const;

    /// Ends a server with SIGKILL and waits for its end.
    void killNode(int index);
    /// Stops (SIGSTOP) or continues (SIGCONT) a server's process.
    void pauseNode(int index, bool paused);
    /// Starts a killed server again in its folder, at `port` where that is not 0.
    [[nodiscard]] QCoro::Task<Result<>> restartNode(int index, quint16 port = 0);

private:
    struct Server
    {
        Endpoint endpoint;
        QString folder;
        QProcess *process = nullptr;
        std::unique_ptr<QUdpSocket> claim; ///< of the port, while the server is dead too
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
