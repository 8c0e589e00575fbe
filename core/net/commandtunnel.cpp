// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/commandtunnel.h"

#include "core/base/logging.h"
#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/net/childprocess.h"
#include "core/net/groupending.h"
#include "core/net/portlistener.h"
#include "core/net/threadshared.h"

#include <QMutex>
#include <QProcess>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int commandFirstMs = 500, commandLongestMs = 4000;
constexpr int commandStoodMs = 10000; // a command that ends sooner is restarted only after a delay
constexpr int knockMs = 50;
// after this many failed connections in this time, the tunnel counts as broken although its process runs
constexpr int badInARow = 3, badForMs = 8000;
// the limit if the process accepts connections but nothing answers, because a server may be busy that long
constexpr int silentForMs = 120000;
constexpr qsizetype longestWords = 300;

/// Local ports already assigned to tunnels of any thread, because a program takes a while until it listens.
class GivenPorts
{
public:
    /// Returns a port that nobody listens on and no tunnel uses; 0 if there is none.
    quint16 take()
    {
        constexpr int attempts = 20;
        const QMutexLocker locked(&m_lock);
        for (int i = 0; i < attempts; ++i) {
            QTcpServer server;
            if (!server.listen(QHostAddress::LocalHost, 0) || m_ports.contains(server.serverPort()))
                continue;
            m_ports.insert(server.serverPort());
            return server.serverPort();
        }
        return 0;
    }
    void giveBack(quint16 port)
    {
        const QMutexLocker locked(&m_lock);
        m_ports.remove(port);
    }

private:
    QMutex m_lock;
    QSet<quint16> m_ports;
};

GivenPorts &givenPorts()
{
    static GivenPorts ports;
    return ports;
}

/// Runs in the child before the program starts. It makes a new session and process group, so that everything the
/// program starts can be ended with it, and keys pressed in the terminal do not reach it.
void prepareProgram(pid_t parent)
{
    ::setsid();
    endWithParent(parent);
}

} // namespace

std::shared_ptr<CommandTunnel> CommandTunnel::of(const Way &way, const Endpoint &goal)
{
    const QString key = goal.toString() + u' ' + way.command;
    return threadShared<CommandTunnel>(key, [&way, &goal] { return new CommandTunnel(way, goal); });
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
    m_port = givenPorts().take();
    if (m_port == 0)
        return handleEnd(Error::Code::Tunnel, tr("no port on 127.0.0.1 is free for it"));
    QStringList words = m_way.commandFor(m_goal.host, m_goal.port, m_port);
    if (words.isEmpty())
        return handleEnd(Error::Code::TunnelRefused,
                         tr("“%1” is not a host name that may be passed to a command").arg(m_goal.host));
    m_process = new QProcess(this);
    m_process->setProcessEnvironment(environmentOfChildren());
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setChildProcessModifier([parent = ::getpid()] { prepareProgram(parent); });
    connect(m_process, &QProcess::readyReadStandardError, this, &CommandTunnel::readWords);
    connect(m_process, &QProcess::started, this, &CommandTunnel::watchProcess);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        readWords();
        handleEnd(Error::Code::Tunnel,
                  status == QProcess::CrashExit ? tr("a signal ended it") : tr("it exited with code %1").arg(code));
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

/// Starts a small sh script that holds the reading end of a pipe. If this program ends in any way, the pipe closes and
/// the script ends the command's process group.
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

/// Ends the command and everything it started: first asks, then kills. Does not wait for that.
void CommandTunnel::endProcess()
{
    m_patience.stop();
    m_knock.stop();
    if (const quint16 port = std::exchange(m_port, 0))
        givenPorts().giveBack(port);
    if (QTcpSocket *knocking = std::exchange(m_knocking, nullptr)) {
        knocking->disconnect(this);
        knocking->deleteLater();
    }
    for (QProcess *each : {m_process, m_watcher})
        if (each)
            each->disconnect(this);
    GroupEnding::begin(std::exchange(m_process, nullptr), std::exchange(m_watcher, nullptr), std::exchange(m_group, 0));
    m_stand = std::make_shared<int>(0); // connections through the old process do not count as connections of the next
}

void CommandTunnel::readWords()
{
    if (!m_process)
        return;
    m_process->setReadChannel(QProcess::StandardError);
    // once the process has ended, its last line may lack a newline
    const bool isEnd = m_process->state() == QProcess::NotRunning;
    while (m_process->canReadLine() || m_process->bytesAvailable() > (isEnd ? 0 : longestWords)) {
        const QByteArray line = m_process->readLine(longestWords).trimmed();
        if (!line.isEmpty())
            m_lastWords = line;
    }
}

/// Tries whether the command accepts connections yet.
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
            // when nobody listens on a local port, a TCP socket may connect to itself
            m_knocking->localPort() == m_port;
        over();
        if (!isItself)
            handleKnock();
    });
    m_knocking->connectToHost(u"127.0.0.1"_s, m_port);
}

/// The port accepts connections. The tunnel is Up if the listener is the command itself.
void CommandTunnel::handleKnock()
{
    if (!isOurs())
        return handleEnd(
            Error::Code::Tunnel,
            tr("it is not certain that the process listening on port %1 is the command or was started by it")
                .arg(m_port));
    m_knock.stop();
    m_patience.stop();
    m_standing.start();
    m_bad = 0;
    m_error = {};
    setState(State::Up);
}

/// Whether the process that listens at the port belongs to the session made by prepareProgram(), or was started by it.
/// If the system does not report that (macOS), or the command runs as another user (sudo), only the listener's user can
/// be checked. It must then be our user or root (docker publishes ports as root). True if nothing is known.
bool CommandTunnel::isOurs() const
{
    const QList<PortListener> listeners = listenersAt(m_port);
    return std::all_of(listeners.cbegin(), listeners.cend(), [this](const PortListener &listener) {
        const bool isRoots = listener.user == 0 && ::getuid() != 0; // the system hides root's sockets from us
        if (isRoots)
            return true;
        return isHeldBySession(m_group, listener.inode).value_or(listener.user == ::getuid() || listener.user == 0);
    });
}

/// Whether the command accepts the connections made to its port. A frozen command leaves them in the queue.
bool CommandTunnel::accepts() const
{
    const QList<PortListener> listeners = listenersAt(m_port);
    return !listeners.isEmpty() && std::all_of(listeners.cbegin(), listeners.cend(), [](const PortListener &listener) {
        return listener.waiting == 0;
    });
}

void CommandTunnel::noteOutcome(Outcome outcome)
{
    if (m_state != State::Up)
        return;
    if (outcome == Outcome::Led) {
        m_bad = 0;
        return;
    }
    if (m_bad == 0)
        m_badSince.start();
    ++m_bad;
    const bool stands = m_stand.use_count() > 1;
    if (m_bad < badInARow || m_badSince.elapsed() < badForMs || stands)
        return;
    const bool isBusy = outcome == Outcome::Silent && accepts();
    if (!isBusy || m_badSince.elapsed() >= silentForMs)
        handleEnd(Error::Code::Tunnel, tr("it is running, but its connections do not reach the server"));
}

void CommandTunnel::handleEnd(Error::Code code, const QString &why)
{
    readWords();
    const QString words = toDisplay(scrubbed(m_lastWords).left(longestWords));
    if (m_state == State::Up && m_standing.elapsed() > commandStoodMs)
        m_backoff.reset();
    endProcess();
    m_error = {.code = code,
               .detail = words.isEmpty() ? u"%1: %2"_s.arg(m_way.title(), why)
                                         : tr("%1: %2; last output: %3").arg(m_way.title(), why, words),
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
