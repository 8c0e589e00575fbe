// SPDX-License-Identifier: GPL-3.0-or-later
#include "testcluster.h"

#include "core/base/errortext.h"
#include "core/net/nodelink.h"

#include <QDir>

namespace slotscope::test {

using namespace Qt::Literals::StringLiterals;

namespace {

QCoro::Task<Result<Value>> runOnce(ConnectionOptions options, Command command)
{
    const auto link = std::make_unique<NodeLink>(options);
    link->start();
    if (!co_await link->settled())
        co_return failure(link->error());
    co_return checked(co_await link->send(command), options.endpoint.toString(), commandName(command));
}

} // namespace

QList<std::pair<QByteArray, QString>> serversFound()
{
    QList<std::pair<QByteArray, QString>> servers{{"debian"_ba, u"redis-server"_s}};
    const QString folder = qEnvironmentVariable("SLOTSCOPE_SERVERS");
    const QStringList names =
        folder.isEmpty() ? QStringList() : QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        const QString path = folder + u'/' + name + u"/bin/"_s + name.section(u'-', 0, 0) + u"-server"_s;
        if (QFile::exists(path))
            servers.append({name.toUtf8(), path});
    }
    if (const QByteArray only = qgetenv("SLOTSCOPE_SERVER"); !only.isEmpty())
        servers.removeIf([&only](const auto &server) { return server.first != only; });
    return servers;
}

bool TestCluster::start()
{
    const auto started = QCoro::waitFor(m_cluster.start());
    if (!started)
        m_failure = describe(started.error());
    return started.has_value();
}

ConnectionTarget TestCluster::target(const QList<int> &seeds) const
{
    ConnectionTarget target;
    for (const int seed : seeds)
        target.seeds.append(m_cluster.nodes()[size_t(seed)].endpoint);
    return target;
}

Result<Value> TestCluster::run(int node, const Command &command) const
{
    ConnectionOptions options;
    options.endpoint = m_cluster.nodes()[size_t(node)].endpoint;
    return QCoro::waitFor(runOnce(options, command));
}

std::unique_ptr<ClusterSession> connectTo(const ConnectionTarget &target)
{
    auto session = std::make_unique<ClusterSession>(target);
    session->start();
    return QCoro::waitFor(session->connected(8000)) ? std::move(session) : nullptr;
}

bool waitForView(ClusterSession &session, const std::function<bool(const ClusterView &)> &condition, int timeoutMs)
{
    return QTest::qWaitFor([&] { return session.view() && condition(*session.view()); }, timeoutMs);
}

const NodeState *nodeAt(const ClusterView &view, const QString &address)
{
    for (const NodeState &node : view.nodes)
        if (node.address.toString() == address)
            return &node;
    return nullptr;
}

bool hasFinding(const ClusterView &view, Finding::Kind kind)
{
    return std::any_of(view.findings.begin(), view.findings.end(),
                       [kind](const Finding &finding) { return finding.kind == kind; });
}

bool TestCluster::fill(int node, const QByteArray &prefix, int count) const
{
    const auto done = run(node,
                          commandOf("EVAL", "for i = 1, ARGV[1] do redis.call('SET', KEYS[1] .. i, 'x') end return 1",
                                    "1", prefix, QByteArray::number(count)));
    return done && !done->isError();
}

bool TestCluster::dropFilled(int node, const QByteArray &prefix, int count) const
{
    const auto done = run(node,
                          commandOf("EVAL", "for i = 1, ARGV[1] do redis.call('UNLINK', KEYS[1] .. i) end return 1",
                                    "1", prefix, QByteArray::number(count)));
    return done && !done->isError();
}

} // namespace slotscope::test
