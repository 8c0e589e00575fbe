// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster of many nodes in one process, for measuring what watching it costs:  bench_fakecluster NODES
// Each node listens at its own loopback address; all agree, and their figures move slowly. Prints the first node's
// address.
#include "tests/bench/bignodes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>

#include <cstdio>
#include <memory>
#include <vector>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

/// The CLUSTER NODES and CLUSTER INFO replies of all nodes, rebuilt once a second.
class Story
{
public:
    Story(int count, int port) : m_count(count), m_port(port) { }

    QByteArray nodes(int observer)
    {
        refresh();
        const QByteArray own = nodeLineOf(observer, true);
        QByteArray text;
        text.reserve(m_text.size() + 16);
        text.append(m_text.constData(), m_begins[size_t(observer)]);
        text.append(own);
        const qsizetype end = m_begins[size_t(observer) + 1];
        text.append(m_text.constData() + end, m_text.size() - end);
        return text;
    }
    [[nodiscard]] QByteArray clusterInfo(int node) const
    {
        const QByteArray count = QByteArray::number(m_count);
        const QByteArray shards = QByteArray::number((m_count + 1) / 2);
        return "cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16384\r\ncluster_slots_pfail:0\r\n"
               "cluster_slots_fail:0\r\ncluster_known_nodes:"
            + count + "\r\ncluster_size:" + shards + "\r\ncluster_current_epoch:" + shards
            + "\r\ncluster_my_epoch:" + QByteArray::number(node / 2 + 1)
            + "\r\ncluster_stats_messages_sent:" + QByteArray::number(seconds() * 100)
            + "\r\ncluster_stats_messages_received:" + QByteArray::number(seconds() * 100) + "\r\n";
    }
    [[nodiscard]] QByteArray info(int node) const
    {
        const qint64 t = seconds();
        const QByteArray offset = QByteArray::number(1'000'000 + t * 512);
        QByteArray text = "# Server\r\nredis_version:7.0.15\r\nredis_mode:cluster\r\nos:Linux x86_64\r\ntcp_port:"
            + QByteArray::number(m_port) + "\r\nuptime_in_seconds:" + QByteArray::number(t % 1'000'000)
            + "\r\n\r\n# Clients\r\nconnected_clients:" + QByteArray::number(100 + (t + node) % 17)
            + "\r\n\r\n# Memory\r\nused_memory:"
            + QByteArray::number(6'000'000'000 + (t * 7919 + node * 104'729) % 50'000'000)
            + "\r\nmaxmemory:10000000000\r\n\r\n# Persistence\r\nloading:0\r\nasync_loading:0\r\n\r\n# Stats\r\n"
              "instantaneous_ops_per_sec:"
            + QByteArray::number(9000 + (t * 37 + node * 11) % 900) + "\r\n\r\n# Replication\r\n";
        if (node % 2 == 0) {
            text += "role:master\r\nconnected_slaves:1\r\nslave0:ip=" + bench::nodeHost(node + 1)
                + ",port=" + QByteArray::number(m_port) + ",state=online,offset=" + offset
                + ",lag=0\r\nmaster_repl_offset:" + offset + "\r\n";
        } else {
            text += "role:slave\r\nmaster_host:" + bench::nodeHost(node - 1)
                + "\r\nmaster_port:" + QByteArray::number(m_port)
                + "\r\nmaster_link_status:up\r\nmaster_last_io_seconds_ago:0\r\nmaster_sync_in_progress:0\r\nslave_"
                  "repl_offset:"
                + offset + "\r\nmaster_repl_offset:" + offset + "\r\n";
        }
        return text + "\r\n# Cluster\r\ncluster_enabled:1\r\n\r\n# Keyspace\r\ndb0:keys="
            + QByteArray::number(3'900'000 + (t + node) % 1000) + ",expires=0,avg_ttl=0\r\n";
    }

private:
    static qint64 seconds() { return QDateTime::currentSecsSinceEpoch(); }
    [[nodiscard]] QByteArray nodeLineOf(int node, bool myself) const
    {
        return bench::nodeLine(m_count, node, myself, m_madeAt * 1000, m_port);
    }
    void refresh()
    {
        if (m_madeAt == seconds())
            return;
        m_madeAt = seconds();
        m_text.resize(0);
        m_begins.clear();
        for (int i = 0; i < m_count; ++i) {
            m_begins.push_back(m_text.size());
            m_text += nodeLineOf(i, false);
        }
        m_begins.push_back(m_text.size());
    }

    int m_count;
    int m_port;
    qint64 m_madeAt = 0;
    QByteArray m_text;
    std::vector<qsizetype> m_begins;
};

QByteArray bulk(const QByteArray &text)
{
    return '$' + QByteArray::number(text.size()) + "\r\n" + text + "\r\n";
}

/// Removes one command from the front of `buffer` and returns its words, or returns an empty list if the command is not
/// complete.
QByteArrayList takeCommand(QByteArray &buffer)
{
    qsizetype at = buffer.indexOf("\r\n");
    if (at < 0)
        return {};
    QByteArrayList words;
    const int count = buffer.mid(1, at - 1).toInt();
    at += 2;
    for (int i = 0; i < count; ++i) {
        const qsizetype end = buffer.indexOf("\r\n", at);
        if (end < 0)
            return {};
        const qsizetype length = buffer.mid(at + 1, end - at - 1).toInt();
        if (buffer.size() < end + 4 + length)
            return {};
        words.append(buffer.mid(end + 2, length));
        at = end + 4 + length;
    }
    buffer.remove(0, at);
    return words;
}

class Node final : public QTcpServer
{
public:
    Node(int number, Story &story) : m_number(number), m_story(story)
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, buffer = QByteArray()]() mutable {
                buffer += socket->readAll();
                for (QByteArrayList words = takeCommand(buffer); !words.isEmpty(); words = takeCommand(buffer))
                    socket->write(answer(words));
            });
        });
    }

private:
    [[nodiscard]] QByteArray answer(const QByteArrayList &words)
    {
        const QByteArray name = words.first().toUpper();
        const QByteArray sub = words.value(1).toUpper();
        if (name == "INFO")
            return bulk(m_story.info(m_number));
        if (name == "HELLO")
            return "-ERR unknown command 'HELLO'\r\n";
        if (name != "CLUSTER")
            return "+OK\r\n";
        if (sub == "NODES")
            return bulk(m_story.nodes(m_number));
        if (sub == "INFO")
            return bulk(m_story.clusterInfo(m_number));
        return ":7\r\n"; // reply to CLUSTER COUNTKEYSINSLOT
    }

    int m_number;
    Story &m_story;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const int count = argc > 1 ? std::atoi(argv[1]) : 1000;
    // A port that is free at one address of 127.1.0.0/16 is nearly always free at all of them.
    for (int attempt = 0; attempt < 20; ++attempt) {
        QTcpServer probe;
        if (!probe.listen(QHostAddress(QString::fromLatin1(bench::nodeHost(0))), 0))
            break;
        const quint16 port = probe.serverPort();
        probe.close();
        Story story(count, port);
        std::vector<std::unique_ptr<Node>> nodes;
        bool all = true;
        for (int i = 0; i < count && all; ++i) {
            nodes.push_back(std::make_unique<Node>(i, story));
            all = nodes.back()->listen(QHostAddress(QString::fromLatin1(bench::nodeHost(i))), port);
        }
        if (!all)
            continue;
        std::printf("%s:%d\n", bench::nodeHost(0).constData(), port);
        std::fflush(stdout);
        return QCoreApplication::exec();
    }
    std::fprintf(stderr, "bench_fakecluster: the addresses 127.1.0.1 … cannot be had\n");
    return 1;
}
