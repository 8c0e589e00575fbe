// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/local/localcluster.h"

#include "core/base/logging.h"
#include "core/cluster/serverinfo.h"
#include "core/local/clusterforming.h"
#include "core/local/sampledata.h"
#include "core/net/nodelink.h"

#include <QCoreApplication>
#include <QCoro/QCoroTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QUdpSocket>

#include <csignal>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// these ports, and the bus ports 10000 above, are below the range from which the kernel assigns ports
constexpr int firstPort = 12000;
constexpr int lastPort = 22000; // below this, no client port equals another node's bus port
constexpr int busOffset = 10000;
constexpr int launchAttempts = 8; // several tries, because another program may take a free port first
constexpr int startTimeoutMs = 15000;
constexpr int startPollMs = 20;

/// Reads process ids, one per line. When its input ends, because we closed it or died, kills those processes that run
/// in our folder.
constexpr auto watcherScript = R"sh(trap '' INT TERM HUP
dir=$1
pids=
while read -r pid; do pids="$pids $pid"; done
for pid in $pids; do
    if [ -d /proc/self ]; then
        case "$(readlink "/proc/$pid/cwd")" in "$dir"/*) ;; *) continue ;; esac
    fi
    kill -9 "$pid"
done 2>/dev/null
rm -rf "$dir")sh";

bool isFree(const QString &host, int port)
{
    QTcpServer probe;
    return probe.listen(QHostAddress(host), quint16(port));
}

/// Reserves a free port with a UDP socket on it, as long as we live. The server may be killed and restarted, and if
/// another cluster had taken its port meanwhile, its replica would join that cluster.
struct Claim
{
    quint16 port = 0; ///< 0: there is no free port
    std::unique_ptr<QUdpSocket> mark;
};

Claim claimPort(const QString &host)
{
    Claim claim;
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const auto port = quint16(QRandomGenerator::system()->bounded(firstPort, lastPort));
        claim.mark = std::make_unique<QUdpSocket>();
        if (!claim.mark->bind(QHostAddress(host), port, QUdpSocket::DontShareAddress))
            continue;
        if (isFree(host, port) && isFree(host, port + busOffset)) {
            claim.port = port;
            return claim;
        }
    }
    return {};
}

} // namespace

LocalCluster::LocalCluster(LocalClusterOptions options, QObject *parent)
    : QObject(parent), m_options(std::move(options))
{ }

LocalCluster::~LocalCluster()
{
    for (Server &server : m_servers)
        if (server.process)
            server.process->kill();
    for (Server &server : m_servers)
        if (server.process)
            server.process->waitForFinished(5000);
    if (m_watcher) {
        m_watcher->closeWriteChannel();
        m_watcher->waitForFinished(5000);
    }
}

Result<> LocalCluster::prepareFolder()
{
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/slotscope-demo-XXXXXX"_s);
    if (!m_folder->isValid())
        return failure(Error::Code::Io, tr("no temporary folder could be created: %1").arg(m_folder->errorString()));
    m_watcher = new QProcess(this);
    m_watcher->setProgram(u"/bin/sh"_s);
    m_watcher->setArguments({u"-c"_s, QString::fromLatin1(watcherScript), u"slotscope-watcher"_s,
                             QFileInfo(m_folder->path()).canonicalFilePath()});
    m_watcher->setStandardOutputFile(QProcess::nullDevice());
    m_watcher->setStandardErrorFile(QProcess::nullDevice());
    m_watcher->start();
    if (!m_watcher->waitForStarted(5000))
        return failure(
            Error::Code::Process,
            tr("the process that watches the local cluster could not be started: %1").arg(m_watcher->errorString()));
    return {};
}

Result<> LocalCluster::launch(Server &server)
{
    const QString program = QStandardPaths::findExecutable(m_options.serverPath);
    if (program.isEmpty())
        return failure(
            Error::Code::Process,
            tr("“%1” was not found: install redis-server, or choose one with --server").arg(m_options.serverPath));
    QStringList arguments{u"--port"_s,
                          QString::number(server.endpoint.port),
                          u"--bind"_s,
                          server.endpoint.host,
                          u"--dir"_s,
                          server.folder,
                          u"--daemonize"_s,
                          u"no"_s,
                          u"--appendonly"_s,
                          u"no"_s,
                          u"--save"_s,
                          QString(),
                          u"--logfile"_s,
                          server.folder + u"/server.log"_s,
                          u"--repl-diskless-sync-delay"_s,
                          u"0"_s};
    if (m_options.clusterMode)
        arguments << u"--cluster-enabled"_s << u"yes"_s << u"--cluster-config-file"_s << u"nodes.conf"_s
                  << u"--cluster-node-timeout"_s << QString::number(m_options.nodeTimeoutMs);
    // otherwise the other nodes would see 127.0.0.1 as its address
    if (m_options.clusterMode && m_options.distinctHosts)
        arguments << u"--cluster-announce-ip"_s << server.endpoint.host;
    arguments << m_options.extraArguments;
    if (m_options.argumentsAt)
        arguments << m_options.argumentsAt(server.endpoint.port);
    delete server.process;
    server.process = new QProcess(this);
    server.process->setStandardInputFile(QProcess::nullDevice());
    server.process->setStandardOutputFile(server.folder + u"/output.log"_s);
    server.process->setProcessChannelMode(QProcess::MergedChannels);
    server.process->setWorkingDirectory(server.folder);
    server.process->start(program, arguments);
    if (!server.process->waitForStarted(5000))
        return failure(Error::Code::Process,
                       tr("%1 could not be started: %2").arg(program, server.process->errorString()));
    m_watcher->write(QByteArray::number(server.process->processId()) + '\n');
    m_watcher->waitForBytesWritten(1000);
    return {};
}

QString LocalCluster::lastWords(const Server &server) const
{
    for (const QString &name : {u"/server.log"_s, u"/output.log"_s}) {
        QFile log(server.folder + name);
        if (!log.open(QIODevice::ReadOnly))
            continue;
        const QList<QByteArray> lines = log.readAll().trimmed().split('\n');
        if (!lines.isEmpty() && !lines.back().isEmpty())
            return QString::fromUtf8(lines.back().right(300));
    }
    return {};
}

QCoro::Task<Result<>> LocalCluster::waitUntilUp(size_t index)
{
    const QDeadlineTimer deadline(startTimeoutMs);
    for (;;) {
        const Server &server = m_servers[index];
        if (server.process->state() == QProcess::NotRunning)
            co_return failure(
                Error::Code::Process,
                tr("the server for %1 exited at once: %2").arg(server.endpoint.toString(), lastWords(server)));
        ConnectionOptions options;
        options.endpoint = server.endpoint;
        options.credentials = m_options.credentials;
        options.tls = m_options.tls;
        const auto link = std::make_unique<NodeLink>(options);
        link->start();
        if (co_await link->settled()) {
            // another server may have taken the port; ours then ends, which is noticed above
            const auto reply = co_await link->send(commandOf("INFO", "server"));
            const auto info = reply ? parseServerInfo(reply->bytes()) : Result<ServerInfo>(failure(reply.error()));
            if (!info || info->processId.value_or(server.process->processId()) == server.process->processId())
                co_return Result<>();
        }
        if (link->state()
            == NodeLink::State::Refused) // it is running, but with other credentials than ours, as the caller wanted
            co_return Result<>();
        if (deadline.hasExpired())
            co_return failure(link->error());
        co_await QCoro::sleepFor(std::chrono::milliseconds(startPollMs));
    }
}

QCoro::Task<Result<>> LocalCluster::launchAll(std::stop_token stop)
{
    const int count = m_options.primaries * (1 + m_options.replicasPerPrimary);
    m_servers.resize(size_t(count));
    for (size_t i = 0; i < m_servers.size(); ++i) {
        Result<> up = failure(Error::Code::Process, tr("no free port"));
        for (int attempt = 0; attempt < launchAttempts && !up && !stop.stop_requested(); ++attempt) {
            Server &server = m_servers[i];
            const QString host = m_options.distinctHosts ? u"127.0.0.%1"_s.arg(i + 1) : m_options.host;
            Claim claim = claimPort(host);
            server.endpoint = {.host = host, .port = claim.port, .socketPath = {}};
            server.claim = std::move(claim.mark);
            server.folder = m_folder->filePath(u"node-%1"_s.arg(i + 1));
            QDir().mkpath(server.folder);
            if (const auto launched = launch(server); !launched)
                co_return failure(launched.error());
            up = co_await waitUntilUp(i);
        }
        if (stop.stop_requested())
            co_return failure(Error::Code::Cancelled);
        if (!up)
            co_return failure(up.error());
    }
    co_return Result<>();
}

QCoro::Task<Result<>> LocalCluster::start(std::stop_token stop)
{
    if (const auto done = prepareFolder(); !done)
        co_return failure(done.error());
    if (const auto done = co_await launchAll(stop); !done)
        co_return failure(done.error());
    if (!m_options.form)
        co_return Result<>();
    QList<Endpoint> endpoints;
    for (const Server &server : m_servers)
        endpoints.append(server.endpoint);
    if (m_options.clusterMode)
        co_return co_await formCluster(endpoints, m_options.primaries, access(), stop);
    co_return co_await formReplicaSet(endpoints, access(), stop);
}

QCoro::Task<Result<qint64>> LocalCluster::loadSampleData(int thousands, std::stop_token stop)
{
    QList<Endpoint> primaries;
    for (int i = 0; i < (m_options.clusterMode ? m_options.primaries : 1); ++i)
        primaries.append(m_servers[size_t(i)].endpoint);
    co_return co_await writeSampleData(primaries, access(), thousands, stop);
}

std::vector<LocalCluster::Node> LocalCluster::nodes() const
{
    std::vector<Node> nodes;
    for (const Server &server : m_servers)
        nodes.push_back({.endpoint = server.endpoint, .processId = server.process ? server.process->processId() : 0});
    return nodes;
}

Access LocalCluster::access() const
{
    return {m_options.credentials, m_options.tls};
}

QString LocalCluster::uri() const
{
    ConnectionTarget target;
    target.credentials = m_options.credentials;
    target.tls = m_options.tls;
    for (const Server &server : m_servers)
        target.seeds.append(server.endpoint);
    return target.toUri(true);
}

QString LocalCluster::folder() const
{
    return m_folder ? m_folder->path() : QString();
}

void LocalCluster::killNode(int index)
{
    QProcess *process = m_servers[size_t(index)].process;
    process->kill();
    process->waitForFinished(5000);
}

void LocalCluster::pauseNode(int index, bool paused)
{
    if (const qint64 pid = m_servers[size_t(index)].process->processId(); pid > 0)
        ::kill(pid_t(pid), paused ? SIGSTOP : SIGCONT);
}

QCoro::Task<Result<>> LocalCluster::restartNode(int index, quint16 port)
{
    Server &server = m_servers[size_t(index)];
    if (port != 0 && port != server.endpoint.port) {
        server.endpoint.port = port;
        server.claim = std::make_unique<QUdpSocket>();
        if (!server.claim->bind(QHostAddress(server.endpoint.host), port, QUdpSocket::DontShareAddress))
            co_return failure(Error::Code::Process, tr("port %1 is in use").arg(port));
    }
    if (const auto launched = launch(server); !launched)
        co_return failure(launched.error());
    co_return co_await waitUntilUp(size_t(index));
}

} // namespace slotscope
