// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <sys/prctl.h>

#include <csignal>
#include <memory>

namespace slotscope::test {

/// Starts real Sentinels on free loopback ports that monitor one primary. They end with this object.
class Sentinels
{
    Q_DISABLE_COPY_MOVE(Sentinels)
public:
    Sentinels(QString serverPath, Endpoint primary) : m_server(std::move(serverPath)), m_primary(std::move(primary)) { }
    ~Sentinels()
    {
        for (const auto &one : m_all)
            stop(*one);
    }

    /// Starts `count` Sentinels. `settings` are further lines of each configuration file, placed before the “sentinel
    /// monitor” lines. `ofPrimary` are further lines about the monitored primary, such as "sentinel auth-pass shop
    /// secret".
    /// In `ofPrimary`, “{port}” stands for the Sentinel's port: "port 0
    /// tls-port {port}" makes it accept TLS only.
    /// A primary counts as down after two seconds. As Sentinels ping once a second, a shorter limit would cause
    /// failovers without a failure.
    [[nodiscard]] bool start(int count, const QByteArray &settings = {}, const QByteArray &ofPrimary = {})
    {
        for (int i = 0; i < count; ++i) {
            auto one = std::make_unique<One>();
            QTcpServer server;
            if (!server.listen(QHostAddress::LocalHost, 0))
                return false;
            one->port = server.serverPort();
            one->folder = m_folder.filePath(QString::number(i));
            if (!QDir().mkpath(one->folder))
                return false;
            QFile config(one->folder + QStringLiteral("/sentinel.conf"));
            if (!config.open(QIODevice::WriteOnly))
                return false;
            config.write(settings + "\nport " + QByteArray::number(one->port) + "\nbind 127.0.0.1\ndir "
                         + one->folder.toUtf8() + "\nsentinel monitor shop " + m_primary.host.toLatin1() + ' '
                         + QByteArray::number(m_primary.port) + ' ' + QByteArray::number(count / 2 + 1)
                         + "\nsentinel down-after-milliseconds shop 2000\nsentinel failover-timeout shop 6000\n"
                         + QByteArray(ofPrimary).replace("{port}", QByteArray::number(one->port)) + '\n');
            config.close();
            m_all.push_back(std::move(one));
            server.close();
            if (!run(i))
                return false;
        }
        return true;
    }
    /// Returns the log of the first Sentinel, for the message of a failed test.
    [[nodiscard]] QByteArray log() const
    {
        QFile file(m_all.empty() ? QString() : m_all.front()->folder + QStringLiteral("/log"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] bool run(int index)
    {
        One &one = *m_all[size_t(index)];
        one.process.setProcessChannelMode(QProcess::MergedChannels);
        one.process.setChildProcessModifier(
            // the kernel ends the Sentinel even if the test process is killed
            [] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        one.process.setStandardOutputFile(one.folder + QStringLiteral("/log"), QIODevice::Append);
        one.process.start(m_server, {one.folder + QStringLiteral("/sentinel.conf"), QStringLiteral("--sentinel")});
        return one.process.waitForStarted()
            && QTest::qWaitFor(
                   [&one] {
                       QTcpSocket socket;
                       socket.connectToHost(QStringLiteral("127.0.0.1"), one.port);
                       return socket.waitForConnected(200);
                   },
                   10000);
    }
    void kill(int index) { stop(*m_all[size_t(index)]); }
    [[nodiscard]] QString address(int index) const
    {
        return QStringLiteral("127.0.0.1:%1").arg(m_all[size_t(index)]->port);
    }
    [[nodiscard]] ConnectionTarget target(const QList<int> &named) const
    {
        ConnectionTarget target;
        for (const int index : named)
            target.seeds.append(
                Endpoint{.host = QStringLiteral("127.0.0.1"), .port = m_all[size_t(index)]->port, .socketPath = {}});
        target.sentinel.primaryName = QStringLiteral("shop");
        return target;
    }

private:
    struct One
    {
        quint16 port = 0;
        QString folder;
        QProcess process;
    };
    static void stop(One &one)
    {
        if (one.process.state() == QProcess::NotRunning)
            return;
        one.process.kill();
        one.process.waitForFinished();
    }

    QString m_server;
    Endpoint m_primary;
    QTemporaryDir m_folder;
    std::vector<std::unique_ptr<One>> m_all;
};

} // namespace slotscope::test
