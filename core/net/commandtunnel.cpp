// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/commandtunnel.h"

#include "core/base/logging.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QFile>
#include <QHash>
#include <QProcess>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>
#include <optional>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int commandFirstMs = 500, commandLongestMs = 4000;
constexpr int commandStoodMs = 10000; // one that ends sooner is not started again at once
constexpr int knockMs = 50;
constexpr int terminateMs = 150; // the thread waits for it
constexpr int killedMs = 1000;
constexpr int badInARow = 3, badForMs = 8000; // then it leads nowhere, though it runs
constexpr qsizetype longestWords = 300;

/// Ports that tunnels of this thread have been given: a program takes a while until it listens.
QSet<quint16> &givenPorts()
{
    static thread_local QSet<quint16> ports;
    return ports;
}

quint16 freeLoopbackPort()
{
    constexpr int attempts = 20;
    quint16 port = 0;
    for (int i = 0; i < attempts && (port == 0 || givenPorts().contains(port)); ++i) {
        QTcpServer server;
        port = server.listen(QHostAddress::LocalHost, 0) ? server.serverPort() : quint16(0);
    }
    return port;
}

/// Runs in the child, before the program: it has a group of its own, so that what it starts is ended with it, and the
/// keys of the terminal are not for it.
void prepareProgram(pid_t parent)
{
    ::setsid();
#ifdef Q_OS_LINUX
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
        ::_exit(1);
#else
    Q_UNUSED(parent)
#endif
}

/// Whose program listens at a port of 127.0.0.1 or of all addresses; nothing where the system does not tell.
std::optional<uint> listenerAt(quint16 port)
{
    for (const QString &name : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray wanted = ':' + QByteArray::number(port, 16).rightJustified(4, '0').toUpper();
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QList<QByteArray> words = line.simplified().split(' ');
            if (words.size() > 7 && words.at(1).endsWith(wanted) && words.at(3) == "0A")
                return words.at(7).toUInt();
        }
    }
    return std::nullopt;
}

} // namespace

std::shared_ptr<CommandTunnel> CommandTunnel::of(const Way &way, const Endpoint &goal)
{
    static thread_local QHash<QString, std::weak_ptr<CommandTunnel>> tunnels;
    std::weak_ptr<CommandTunnel> &known = tunnels[goal.toString() + u' ' + way.command];
    std::shared_ptr<CommandTunnel> tunnel = known.lock();
    if (!tunnel) {
        tunnel.reset(new CommandTunnel(way, goal), [](CommandTunnel *unused) {
            unused->stop();
            unused->deleteLater(); // it may be one of its own signals that has made it useless
        });
        known = tunnel;
    }
    return tunnel;
}

CommandTunnel::CommandTunnel(Way way, Endpoint goal)
    : m_way(std::move(way)), m_goal(std::move(goal)), m_backoff(commandFirstMs, commandLongestMs)
{
    for (QTimer *timer : {&m_again, &m_patience})
        timer->setSingleShot(true);
    m_knock.setInterval(knockMs);
    connect(&m_again, &QTimer::timeout, this, &CommandTunnel::start);
    connect(&m_knock, &QTimer::timeout, this, &CommandTunnel::knock);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        handleEnd(Error::Code::Tunnel,
                  tr("it accepted no connection at 127.0.0.1:%1 within %2 s").arg(m_port).arg(startMs / 1000));
    });
}

CommandTunnel::~CommandTunnel()
{
    stop();
}

void CommandTunnel::use()
{
    if (m_state == State::Idle)
        start();
}

void CommandTunnel::retry()
{
    if (m_state != State::Starting && m_state != State::Up)
        start();
}

qint64 CommandTunnel::processId() const
{
    return m_process ? m_process->processId() : 0;
}

void CommandTunnel::start()
{
    m_again.stop();
    m_lastWords.clear();
    m_port = freeLoopbackPort();
    givenPorts().insert(m_port);
    QStringList words = m_way.commandFor(m_goal.host, m_goal.port, m_port);
    m_process = new QProcess(this);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setChildProcessModifier([parent = ::getpid()] { prepareProgram(parent); });
    connect(m_process, &QProcess::readyReadStandardError, this, &CommandTunnel::readWords);
    connect(m_process, &QProcess::started, this, &CommandTunnel::watchProcess);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readWords();
        handleEnd(Error::Code::Tunnel,
                  status == QProcess::CrashExit ? tr("it was ended by a signal")
                                                : tr("it ended with code %1").arg(code));
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            handleEnd(Error::Code::TunnelRefused, tr("it cannot be started: %1").arg(m_process->errorString()));
    });
    setState(State::Starting);
    m_patience.start(startMs);
    m_knock.start();
    const QString program = words.takeFirst();
    m_process->start(program, words);
}

/// A few lines of sh hold the reading end of a pipe: where this program ends in whatever way, the pipe closes, and they
/// end the group of the process that we started.
void CommandTunnel::watchProcess()
{
    m_group = m_process->processId();
    m_watcher = new QProcess(this);
    m_watcher->setStandardOutputFile(QProcess::nullDevice());
    m_watcher->setStandardErrorFile(QProcess::nullDevice());
    m_watcher->setChildProcessModifier([] { ::setsid(); });
    m_watcher->start(u"/bin/sh"_s,
                     {u"-c"_s, u"read -r word; kill -s TERM -- \"-$1\"; sleep 1; kill -s KILL -- \"-$1\""_s,
                      u"slotscope-tunnel"_s, QString::number(m_group)});
}

void CommandTunnel::stop()
{
    m_again.stop();
    m_state = State::Idle;
    endProcess();
}

/// The program and what it has started: asked to end, then made to.
void CommandTunnel::endProcess()
{
    m_patience.stop();
    m_knock.stop();
    givenPorts().remove(m_port);
    if (QTcpSocket *knocking = std::exchange(m_knocking, nullptr)) {
        knocking->disconnect(this);
        knocking->deleteLater();
    }
    if (QProcess *watcher = std::exchange(m_watcher, nullptr)) {
        watcher->disconnect(this);
        watcher->kill(); // before the group: its number is ours as long as the process was not waited for
        watcher->waitForFinished(killedMs);
        watcher->deleteLater();
    }
    if (QProcess *process = std::exchange(m_process, nullptr)) {
        process->disconnect(this);
        const auto group = pid_t(std::exchange(m_group, 0));
        if (process->state() != QProcess::NotRunning && group > 0) {
            ::kill(-group, SIGTERM);
            if (!process->waitForFinished(terminateMs)) {
                ::kill(-group, SIGKILL);
                process->waitForFinished(killedMs);
            }
        }
        if (group > 0)
            ::kill(-group, SIGKILL); // what it left behind; else there is no such group
        process->deleteLater();
    }
}

void CommandTunnel::readWords()
{
    if (!m_process)
        return;
    m_process->setReadChannel(QProcess::StandardError);
    while (m_process->canReadLine() || m_process->bytesAvailable() > longestWords) {
        const QByteArray line = m_process->readLine(longestWords).trimmed();
        if (!line.isEmpty())
            m_lastWords = line;
    }
}

/// Whether it accepts connections by now.
void CommandTunnel::knock()
{
    if (m_state != State::Starting || m_knocking || !m_process || m_process->state() != QProcess::Running)
        return;
    m_knocking = new QTcpSocket(this);
    const auto over = [this] {
        if (QTcpSocket *socket = std::exchange(m_knocking, nullptr))
            socket->deleteLater();
    };
    connect(m_knocking, &QTcpSocket::errorOccurred, this, over);
    connect(m_knocking, &QTcpSocket::connected, this, [this, over] {
        const bool isItself =
            m_knocking->localPort() == m_port; // TCP lets a socket connect to itself where none listens
        over();
        if (isItself)
            return;
        const auto owner = listenerAt(m_port);
        if (owner && *owner != ::getuid() && *owner != 0)
            return handleEnd(Error::Code::Tunnel, tr("another user’s program has taken the port %1").arg(m_port));
        m_knock.stop();
        m_patience.stop();
        m_standing.start();
        m_bad = 0;
        m_lastGood.start();
        m_error = {};
        setState(State::Up);
    });
    m_knocking->connectToHost(u"127.0.0.1"_s, m_port);
}

void CommandTunnel::noteOutcome(bool good)
{
    if (m_state != State::Up)
        return;
    if (good) {
        m_bad = 0;
        m_lastGood.start();
        return;
    }
    ++m_bad;
    if (m_bad >= badInARow && m_lastGood.elapsed() >= badForMs)
        handleEnd(Error::Code::Tunnel, tr("it runs, but its connections lead nowhere"));
}

void CommandTunnel::handleEnd(Error::Code code, const QString &why)
{
    readWords();
    const QString words = toDisplay(m_lastWords.left(longestWords));
    if (m_state == State::Up && m_standing.elapsed() > commandStoodMs)
        m_backoff.reset();
    endProcess();
    m_error = {.code = code,
               .detail = words.isEmpty() ? u"%1: %2"_s.arg(m_way.title(), why)
                                         : tr("%1: %2; its last words: %3").arg(m_way.title(), why, words),
               .serverPrefix = {},
               .node = {},
               .command = {}};
    qCInfo(lcNet).noquote() << m_way.title() << "for" << m_goal.toString() << "ended:" << why;
    const bool refused = code == Error::Code::TunnelRefused;
    if (!refused)
        m_again.start(m_backoff.next());
    setState(refused ? State::Refused : State::Waiting);
}

void CommandTunnel::setState(State state)
{
    m_state = state;
    Q_EMIT changed();
}

} // namespace slotscope
