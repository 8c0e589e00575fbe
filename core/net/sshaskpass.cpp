// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/sshaskpass.h"

#include "core/base/border.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QDataStream>
#include <QLocalSocket>
#include <QPointer>
#include <QThread>

#include <cstdio>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr unsigned touchSeconds = 120;
constexpr int connectMs = 3000;
constexpr qint64 longestQuestion = 64 << 10;

SshAsker &askerOfProgram()
{
    static SshAsker asker;
    return asker;
}

QString &nameOfProgram()
{
    static QString name;
    return name;
}

/// Sends the answer over the socket; callable from any thread.
void reply(const QPointer<QLocalSocket> &socket, const std::optional<QString> &answer)
{
    if (!socket)
        return;
    QDataStream stream(socket.data());
    stream << answer.has_value() << answer.value_or(QString());
    socket->flush();
    socket->disconnectFromServer();
}

} // namespace

SshQuestion::Kind SshQuestion::kindOf(const QString &text)
{
    if (text.contains("(yes/no"_L1))
        return Kind::HostKey;
    if (text.contains("passphrase"_L1, Qt::CaseInsensitive))
        return Kind::Passphrase;
    return text.contains("password"_L1, Qt::CaseInsensitive) ? Kind::Password : Kind::Other;
}

void setSshAsker(SshAsker asker, const QString &program)
{
    askerOfProgram() = std::move(asker);
    nameOfProgram() = program;
}

QString askpassProgram()
{
    return nameOfProgram().isEmpty() ? QCoreApplication::applicationFilePath() : nameOfProgram();
}

bool hasSshAsker()
{
    return bool(askerOfProgram());
}

SshAskpass::SshAskpass(QString through, QObject *parent) : QObject(parent), m_through(std::move(through))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.listen(m_folder.filePath(u"askpass"_s)); // in a folder that only this user can access
    connect(&m_server, &QLocalServer::newConnection, this, &SshAskpass::handleConnection);
}

SshAskpass::~SshAskpass() = default;

void SshAskpass::handleConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        socket->setParent(this);
        socket->setReadBufferSize(longestQuestion);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            QDataStream stream(socket);
            stream.startTransaction();
            QString text;
            stream >> text;
            if (!stream.commitTransaction())
                return;
            socket->disconnect(this);
            const QPointer<QLocalSocket> held(socket);
            const SshQuestion::Kind kind = SshQuestion::kindOf(text);
            const bool isSecret = kind == SshQuestion::Kind::Password || kind == SshQuestion::Kind::Passphrase;
            QObject *const here =
                // used because it outlives this object: the answer may be given on another thread
                QAbstractEventDispatcher::instance();
            askerOfProgram()({.kind = kind, .text = text, .through = m_through},
                             [here, held, self = QPointer(this), isSecret](const std::optional<QString> &answer) {
                                 crossBorder();
                                 QMetaObject::invokeMethod(here, [held, self, isSecret, answer] {
                                     crossBorder();
                                     reply(held, answer);
                                     if (self && isSecret && !answer)
                                         Q_EMIT self->cancelled();
                                 });
                             });
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        read();
    }
}

std::optional<int> runAsAskpass(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("SLOTSCOPE_ASKPASS"))
        return {};
    const QString path = qEnvironmentVariable("SLOTSCOPE_ASKPASS");
    if (path.isEmpty())
        return 1;
    // a notice to touch the security key, which ssh ends itself when the user has touched it
    if (qEnvironmentVariable("SSH_ASKPASS_PROMPT") == "none"_L1) {
        QThread::sleep(touchSeconds);
        return 1;
    }
    const QCoreApplication app(argc, argv);
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(connectMs))
        return 1;
    QDataStream stream(&socket);
    stream << QString::fromLocal8Bit(argc > 1 ? argv[1] : "");
    socket.flush();
    bool given = false;
    QString answer;
    do {
        stream.startTransaction();
        stream >> given >> answer;
        if (stream.commitTransaction()) {
            if (given)
                std::puts(answer.toUtf8().constData());
            return given ? 0 : 1;
        }
    } while (socket.waitForReadyRead(-1)); // no timeout: the user may take any time, and the end of the program closes
                                           // the socket
    return 1;
}

} // namespace slotscope
