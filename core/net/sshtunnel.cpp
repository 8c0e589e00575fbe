// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/sshtunnel.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/base/tr.h"
#include "core/net/childprocess.h"
#include "core/net/sshaskpass.h"
#include "core/net/threadshared.h"
#include "core/net/way.h"

#include <QProcess>
#include <QTcpServer>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int firstPauseMs = 500, longestPauseMs = 4000;
constexpr int stoodMs = 10000; // an ssh that ends sooner is restarted only after a delay
constexpr int mostPorts = 5;
constexpr int endMs = 500;

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost, 0) ? server.serverPort() : quint16(0);
}

bool hasTerminal()
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal >= 0)
        ::close(terminal);
    return terminal >= 0;
}

/// Runs in the child before ssh starts: makes ssh end with this thread, and keeps keys pressed in the terminal from it.
void prepareChild(pid_t parent, bool onTerminal)
{
    endWithParent(parent);
    ::signal(SIGINT, SIG_IGN);
    if (!onTerminal)
        ::setsid();
}

} // namespace

std::shared_ptr<SshTunnel> SshTunnel::of(const QStringList &hops)
{
    return threadShared<SshTunnel>(hops, [&hops] { return new SshTunnel(hops); });
}

SshTunnel::SshTunnel(QStringList hops) : m_hops(std::move(hops)), m_backoff(firstPauseMs, longestPauseMs)
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &SshTunnel::start);
}

SshTunnel::~SshTunnel()
{
    stop();
}

void SshTunnel::use()
{
    if (m_state == State::Idle)
        start();
}

void SshTunnel::retry()
{
    if (m_state != State::Starting && m_state != State::Up)
        start();
}

qint64 SshTunnel::processId() const
{
    return m_process ? m_process->processId() : 0;
}

Awaited<bool> SshTunnel::settled()
{
    if (m_state != State::Starting)
        return Awaited<bool>::finished(m_state == State::Up);
    return m_waiting.emplace_back().awaited();
}

QStringList SshTunnel::arguments(const QStringList &hops, quint16 port, bool mayAsk)
{
    // ExitOnForwardFailure stays off, because the user's own forwards may fail without harm. ClearAllForwardings would
    // also remove our -D. A shared master connection would outlive us and keep the port. -v, because ssh reports only
    // then why a connection was refused.
    QStringList words{u"-v"_s, u"-N"_s, u"-T"_s, u"-a"_s, u"-x"_s, u"-D"_s, u"127.0.0.1:"_s + QString::number(port)};
    // A dead connection ends after four keep-alive intervals: 16 s. If a jump host may ask questions, this ssh has to
    // wait for the user's answers.
    const auto patience = hops.size() > 1 && mayAsk ? "ConnectTimeout=120"_L1 : "ConnectTimeout=10"_L1;
    for (const auto &option :
         {"ControlMaster=no"_L1, "ControlPath=none"_L1, "ServerAliveInterval=4"_L1, "ServerAliveCountMax=3"_L1,
          patience, "RemoteCommand=none"_L1, "ClearAllForwardings=no"_L1, "ExitOnForwardFailure=no"_L1})
        words << u"-o"_s << option;
    if (!mayAsk)
        words << u"-o"_s << u"BatchMode=yes"_s;
    if (const QString file = qEnvironmentVariable("SLOTSCOPE_SSH_CONFIG"); !file.isEmpty())
        words << u"-F"_s << file;
    if (hops.size() > 1)
        words << u"-J"_s << hops.first(hops.size() - 1).join(u',');
    const auto hop = hops.isEmpty() ? Result<SshHop>() : readSshHop(hops.constLast());
    if (hop && !hop->user.isEmpty())
        words << u"-l"_s << hop->user;
    if (hop && hop->port != 0)
        words << u"-p"_s << QString::number(hop->port);
    return words << u"--"_s << (hop ? hop->host : QString());
}

void SshTunnel::start()
{
    m_again.stop();
    m_port = freePort();
    m_log = SshLog(m_port);
    bool asks = hasSshAsker();
    if (asks) {
        delete m_askpass;
        m_askpass = new SshAskpass(m_hops.join(u", "_s), this);
        asks = m_askpass->isListening(); // otherwise ssh would wait in vain
        connect(m_askpass, &SshAskpass::cancelled, this, &SshTunnel::takeCancel);
    }
    const bool onTerminal = !asks && hasTerminal();
    QProcessEnvironment environment = environmentOfChildren();
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s); // ssh's messages are parsed
    if (asks) {
        environment.insert(u"SSH_ASKPASS"_s, askpassProgram());
        environment.insert(u"SSH_ASKPASS_REQUIRE"_s, u"force"_s);
        environment.insert(u"SLOTSCOPE_ASKPASS"_s, m_askpass->socketPath());
    } else {
        environment.insert(u"SSH_ASKPASS_REQUIRE"_s, u"never"_s);
    }
    m_process = new QProcess(this);
    m_process->setProcessEnvironment(environment);
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setChildProcessModifier([parent = ::getpid(), onTerminal] { prepareChild(parent, onTerminal); });
    connect(m_process, &QProcess::readyReadStandardError, this, &SshTunnel::readWords);
    connect(m_process, &QProcess::finished, this, [this](int code) {
        readWords();
        if (m_process) // otherwise this is the end of an earlier attempt with another port
            handleEnd(m_log.whyEnded(code));
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            handleEnd({.code = Error::Code::TunnelRefused,
                       .detail = m_process->errorString().contains("No such file"_L1)
                           ? tr("the program ssh was not found: install the OpenSSH client (openssh-client)")
                           : tr("the program ssh could not be started: %1").arg(m_process->errorString()),
                       .serverPrefix = {},
                       .node = {},
                       .command = {}});
    });
    setState(State::Starting);
    m_process->start(u"ssh"_s, arguments(m_hops, m_port, asks || onTerminal));
}

void SshTunnel::stop()
{
    m_again.stop();
    m_state = State::Idle;
    endProcess();
    for (auto &waiting : std::exchange(m_waiting, {}))
        waiting.complete(false);
}

void SshTunnel::endProcess()
{
    if (QProcess *process = std::exchange(m_process, nullptr)) {
        process->disconnect(this);
        if (process->state() != QProcess::NotRunning)
            process->terminate(); // terminated, not killed, so that ssh can end its own children
        if (process->state() != QProcess::NotRunning && !process->waitForFinished(endMs)) {
            process->kill();
            process->waitForFinished(endMs);
        }
        process->deleteLater();
    }
}

void SshTunnel::readWords()
{
    if (!m_process)
        return;
    m_process->setReadChannel(QProcess::StandardError);
    while (m_process->canReadLine()) {
        const QByteArray line = m_process->readLine();
        if (!line.startsWith("debug"))
            qCInfo(lcNet).noquote() << "ssh" << m_hops.join(u',') << "says:" << QString::fromUtf8(line).trimmed();
        m_log.take(line);
    }
    const QList<quint16> refused = m_log.takeRefused();
    for (const quint16 port : refused)
        Q_EMIT channelRefused(port);
    if (m_state != State::Starting)
        return;
    if (m_log.isPortTaken() && ++m_portsTried < mostPorts) { // another program took the port first: try another one
        endProcess();
        start();
    } else if (m_log.isPortTaken()) {
        m_portsTried = 0;
        handleEnd({.code = Error::Code::Tunnel,
                   .detail = tr("ssh found no free port on this computer"),
                   .serverPrefix = {},
                   .node = {},
                   .command = {}});
    } else if (m_log.isListening()) {
        m_portsTried = 0;
        m_log.forgetWords(); // messages of a successful login do not explain a later end
        m_standing.start();
        m_error = {};
        setState(State::Up);
    }
}

void SshTunnel::handleEnd(const Error &why)
{
    endProcess();
    if (m_state == State::Up && m_standing.elapsed() > stoodMs)
        m_backoff.reset();
    m_error = why;
    qCInfo(lcNet).noquote() << "ssh" << m_hops.join(u',') << "ended:" << describe(why);
    const bool refused = why.code == Error::Code::TunnelRefused;
    if (!refused)
        m_again.start(m_backoff.next());
    setState(refused ? State::Refused : State::Waiting);
}

/// Ends ssh if the user gave no answer, because ssh would treat that as an empty password and ask again.
void SshTunnel::takeCancel()
{
    if (m_process && m_state == State::Starting)
        handleEnd({.code = Error::Code::TunnelRefused,
                   .detail = tr("the question of ssh was not answered"),
                   .serverPrefix = {},
                   .node = {},
                   .command = {}});
}

void SshTunnel::setState(State state)
{
    m_state = state;
    if (state != State::Starting)
        for (auto &waiting : std::exchange(m_waiting, {}))
            waiting.complete(state == State::Up);
    Q_EMIT changed();
}

} // namespace slotscope
