// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

namespace slotscope::test {

/// Runs Debian's prometheus, which scrapes Debian's Redis exporter once a second. Both listen on free loopback ports
/// and end with this object.
class RealPrometheus
{
    Q_DISABLE_COPY_MOVE(RealPrometheus)
public:
    RealPrometheus() = default;
    ~RealPrometheus()
    {
        for (QProcess *process : {&m_prometheus, &m_exporter}) {
            process->terminate();
            if (process->state() != QProcess::NotRunning && !process->waitForFinished(10'000))
                process->kill();
            process->waitForFinished(5000);
        }
    }
    /// Returns the name of a program that is not installed, or an empty text if both are.
    [[nodiscard]] static QString lacking()
    {
        for (const QString &name : {QStringLiteral("prometheus"), QStringLiteral("prometheus-redis-exporter")})
            if (QStandardPaths::findExecutable(name).isEmpty())
                return name;
        return {};
    }
    /// Starts both programs. Prometheus scrapes `servers` in its job "a" and `twice` in its job "b".
    [[nodiscard]] bool start(const QStringList &servers, const QStringList &twice)
    {
        const int exporter = freePort();
        m_port = freePort();
        QFile config(m_folder.filePath(QStringLiteral("prometheus.yml")));
        if (!config.open(QIODevice::WriteOnly))
            return fail(config.errorString());
        config.write("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n");
        for (const auto &[name, targets] : {std::pair("a", servers), std::pair("b", twice)}) {
            if (targets.isEmpty())
                continue;
            config.write(
                QByteArray("- job_name: ") + name + "\n  metrics_path: /scrape\n  static_configs:\n  - targets: ['"
                + targets.join(QStringLiteral("','")).toLatin1()
                + "']\n  relabel_configs:\n  - source_labels: [__address__]\n    target_label: __param_target\n"
                  "  - source_labels: [__param_target]\n    target_label: instance\n    replacement: 'redis-$1'\n"
                  "  - target_label: __address__\n    replacement: 127.0.0.1:"
                + QByteArray::number(exporter) + "\n");
        }
        config.close();
        run(m_exporter, QStringLiteral("prometheus-redis-exporter"),
            {QStringLiteral("-web.listen-address"), QStringLiteral("127.0.0.1:%1").arg(exporter),
             QStringLiteral("-redis.addr"), QString()});
        run(m_prometheus, QStringLiteral("prometheus"),
            {QStringLiteral("--config.file"), config.fileName(), QStringLiteral("--storage.tsdb.path"),
             m_folder.filePath(QStringLiteral("data")), QStringLiteral("--web.listen-address"),
             QStringLiteral("127.0.0.1:%1").arg(m_port)});
        for (const int port : {exporter, m_port})
            if (!QTest::qWaitFor([port] { return answers(port); }, 30'000))
                return fail(QStringLiteral("nothing listens on %1: ").arg(port)
                            + QString::fromLocal8Bit(m_exporter.readAll() + m_prometheus.readAll()));
        return true;
    }
    [[nodiscard]] const QString &failure() const { return m_failure; }
    [[nodiscard]] QString address() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

private:
    static int freePort()
    {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        return server.serverPort();
    }
    static bool answers(int port)
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, quint16(port));
        return socket.waitForConnected(200);
    }
    static void run(QProcess &process, const QString &program, const QStringList &arguments)
    {
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
    }
    bool fail(const QString &why)
    {
        m_failure = why;
        return false;
    }

    QTemporaryDir m_folder;
    QProcess m_exporter, m_prometheus;
    int m_port = 0;
    QString m_failure;
};

} // namespace slotscope::test
