// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slotscope::test {

inline QString sshd()
{
    return QFile::exists(QStringLiteral("/usr/sbin/sshd")) ? QStringLiteral("/usr/sbin/sshd") : QString();
}

inline bool makeKey(const QString &file, const QString &passphrase = {})
{
    return QProcess::execute(QStringLiteral("ssh-keygen"),
                             {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"),
                              QStringLiteral("-N"), passphrase, QStringLiteral("-f"), file})
        == 0;
}

/// Returns whether the process runs. A zombie process does not count as running.
inline bool runs(qint64 process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray line = file.readAll();
    return !line.mid(line.lastIndexOf(')') + 2).startsWith('Z');
}

/// Returns the ids of the child processes of this process.
inline QList<qint64> childrenOf(qint64 parent)
{
    QList<qint64> found;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(name));
        if (name.toLongLong() == 0 || !file.open(QIODevice::ReadOnly))
            continue;
        // The line looks like "1 (name) S 0 …", where the name may contain any characters.
        const QByteArray line = file.readAll();
        const QList<QByteArray> words = line.mid(line.lastIndexOf(')') + 2).split(' ');
        if (words.size() > 1 && words.at(0) != "Z" && words.at(1).toLongLong() == parent)
            found.append(name.toLongLong());
    }
    return found;
}

/// A real sshd on a free loopback port that runs as the current user and accepts the SSH key "id" of its folder.
class SshServer
{
    Q_DISABLE_COPY_MOVE(SshServer)
public:
    SshServer(QString folder, QString name) : m_folder(std::move(folder)), m_name(std::move(name)) { }
    ~SshServer() { stop(); }

    [[nodiscard]] static QString user() { return QString::fromLocal8Bit(::getpwuid(::getuid())->pw_name); }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QString place() const { return QStringLiteral("%1@127.0.0.1:%2").arg(user()).arg(m_port); }
    [[nodiscard]] QString hostKey() const { return m_folder + u'/' + m_name + QStringLiteral(".host"); }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

    /// Sets a program with its arguments that starts sshd, for example unshare to give sshd its own view of some files.
    void setWrapper(const QStringList &words) { m_wrapper = words; }
    /// Starts sshd. `settings` are further lines of its sshd_config. A second start uses the same port and host key.
    [[nodiscard]] bool start(const QByteArray &settings = {})
    {
        if (::getuid() == 0)
            ::mkdir("/run/sshd", 0755); // sshd needs this folder when it runs as root
        if (m_port == 0) {
            QTcpServer server;
            if (!server.listen(QHostAddress::LocalHost, 0))
                return false;
            m_port = server.serverPort();
        }
        if (!QFile::exists(hostKey()) && !makeKey(hostKey()))
            return false;
        QFile config(m_folder + u'/' + m_name + QStringLiteral(".config"));
        if (!config.open(QIODevice::WriteOnly))
            return false;
        config.write(settings + "Port " + QByteArray::number(m_port)
                     + "\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
                       "PasswordAuthentication no\nKbdInteractiveAuthentication no\nLogLevel VERBOSE\nHostKey "
                     + hostKey().toUtf8() + "\nAuthorizedKeysFile " + m_folder.toUtf8() + "/id.pub\n");
        config.close();
        m_process.setStandardErrorFile(m_folder + u'/' + m_name + QStringLiteral(".log"), QIODevice::Append);
        QStringList words = m_wrapper;
        words << sshd() << QStringLiteral("-D") << QStringLiteral("-e") << QStringLiteral("-f") << config.fileName();
        const QString program = words.takeFirst();
        m_process.start(program, words);
        return m_process.waitForStarted() && QTest::qWaitFor([this] { return answers(m_port); }, 10000);
    }
    /// Ends sshd and the processes that serve its sessions.
    void stop()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        signalSessions(SIGKILL);
        m_process.kill();
        m_process.waitForFinished();
    }
    void signalSessions(int signal) const
    {
        QList<qint64> pids = childrenOf(m_process.processId());
        for (qsizetype i = 0; i < pids.size(); ++i)
            pids += childrenOf(pids.at(i));
        for (const qint64 pid : std::as_const(pids))
            ::kill(pid_t(pid), signal);
    }
    [[nodiscard]] static bool answers(quint16 port)
    {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        return socket.waitForConnected(500);
    }

private:
    QString m_folder, m_name;
    QStringList m_wrapper;
    quint16 m_port = 0;
    QProcess m_process;
};

} // namespace slotscope::test
