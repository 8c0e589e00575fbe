// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/wayopener.h"

#include "core/base/tr.h"
#include "core/net/commandtunnel.h"
#include "core/net/sshtunnel.h"

#include <QAbstractSocket>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

// time to wait for ssh's reason, which arrives over another pipe than the end of the connection
constexpr int wordsOfSshMs = 500;

Error wayError(Error::Code code, const QString &detail)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = {}};
}

} // namespace

WayOpener::WayOpener(QAbstractSocket &socket, Way way, Endpoint goal, QObject *parent)
    : QObject(parent), m_socket(socket), m_way(std::move(way)), m_goal(std::move(goal))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &WayOpener::tellRefusal);
}

WayOpener::~WayOpener() = default;

void WayOpener::open()
{
    if (!m_way.isSsh() && !m_way.isProgram())
        return connectTo(m_way.host, m_way.port);
    m_phase = Phase::Waiting;
    if (m_way.isProgram()) {
        m_program = CommandTunnel::of(m_way, m_goal);
        connect(m_program.get(), &CommandTunnel::changed, this, &WayOpener::useProgram);
        m_program->use();
        QTimer::singleShot(0, this, &WayOpener::useProgram);
        return;
    }
    m_tunnel = SshTunnel::of(m_way.hops);
    connect(m_tunnel.get(), &SshTunnel::changed, this, &WayOpener::useTunnel);
    connect(m_tunnel.get(), &SshTunnel::channelRefused, this, [this](quint16 port) {
        if (m_phase == Phase::Explaining && port == m_localPort)
            tellRefusal();
    });
    m_tunnel->use();
    QTimer::singleShot(0, this, &WayOpener::useTunnel); // deferred, to avoid signals inside the caller
}

void WayOpener::stop()
{
    m_phase = Phase::Over;
    m_patience.stop();
    m_socket.disconnect(this);
    if (m_tunnel)
        m_tunnel->disconnect(this);
    if (m_program)
        m_program->disconnect(this);
}

/// Connects to the command's local port, which leads directly to the server without a greeting.
void WayOpener::useProgram()
{
    if (m_phase != Phase::Waiting || m_program->state() == CommandTunnel::State::Starting)
        return;
    if (m_program->state() != CommandTunnel::State::Up)
        return fail(m_program->error());
    m_phase = Phase::Connecting;
    connect(&m_socket, &QAbstractSocket::connected, this, [this] {
        stop();
        Q_EMIT opened();
    });
    openSocket(u"127.0.0.1"_s, m_program->port());
    Q_EMIT begun();
}

void WayOpener::useTunnel()
{
    if (m_phase != Phase::Waiting || m_tunnel->state() == SshTunnel::State::Starting)
        return;
    if (m_tunnel->state() != SshTunnel::State::Up)
        return fail(m_tunnel->error());
    connectTo(u"127.0.0.1"_s, m_tunnel->port());
    Q_EMIT begun();
}

void WayOpener::connectTo(const QString &host, quint16 port)
{
    if (!fitsProxyName(m_goal.host))
        return fail(wayError(Error::Code::InvalidArgument, tr("the host name is empty or longer than 255 bytes")));
    m_phase = Phase::Connecting;
    m_greeting.emplace(m_way.kind, m_goal);
    connect(&m_socket, &QAbstractSocket::connected, this, &WayOpener::greet);
    connect(&m_socket, &QIODevice::readyRead, this, &WayOpener::readAnswer);
    openSocket(host, port);
}

void WayOpener::openSocket(const QString &host, quint16 port)
{
    // unbuffered, as without a proxy; TLS has its own buffers
    const bool plain = !m_socket.inherits("QSslSocket");
    m_socket.connectToHost(host, port, plain ? QIODevice::ReadWrite | QIODevice::Unbuffered : QIODevice::ReadWrite);
}

void WayOpener::greet()
{
    m_phase = Phase::Greeting;
    m_localPort = m_socket.localPort();
    m_socket.write(m_greeting->takeOutgoing());
}

void WayOpener::readAnswer()
{
    while (m_phase == Phase::Greeting) {
        QByteArray bytes(m_greeting->wanted(), Qt::Uninitialized);
        const qint64 count = m_socket.read(bytes.data(), bytes.size());
        if (count < 0) // an unbuffered socket reports its end here, without a signal
            explains(wayError(Error::Code::ConnectionLost, m_socket.errorString()));
        if (count <= 0)
            return;
        bytes.truncate(count);
        const auto done = m_greeting->take(bytes);
        if (!done)
            return fail(done.error());
        if (const QByteArray next = m_greeting->takeOutgoing(); !next.isEmpty())
            m_socket.write(next);
        if (*done) {
            // bytes before TLS would later be taken for data from the verified server, so refuse them
            if (m_socket.inherits("QSslSocket") && m_socket.bytesAvailable() > 0)
                return fail(wayError(
                    Error::Code::Proxy,
                    tr("%1 sent extra bytes after its reply; no data was sent to the server").arg(m_way.title())));
            stop(); // from here on, the bytes come from the server and others read them
            Q_EMIT opened();
        }
    }
}

bool WayOpener::explains(const Error &error)
{
    if (m_phase != Phase::Connecting && m_phase != Phase::Greeting)
        return m_phase == Phase::Explaining;
    if (m_way.isSsh()) {
        m_closed = wayError(Error::Code::Tunnel, tr("ssh closed the connection without a message"));
        m_phase = Phase::Explaining;
        // always through the timer, to avoid failing inside the socket's signal
        m_patience.start(m_tunnel->refusalAt(m_localPort) ? 0 : wordsOfSshMs);
    } else {
        fail(wayError(m_way.isProgram() ? Error::Code::Tunnel : Error::Code::Proxy,
                      m_phase == Phase::Greeting ? tr("%1 closed the connection without a reply").arg(m_way.title())
                                                 : u"%1: %2"_s.arg(m_way.title(), error.detail)));
    }
    return true;
}

void WayOpener::tellRefusal()
{
    if (m_phase != Phase::Explaining)
        return;
    if (m_tunnel->state() != SshTunnel::State::Up) // ssh itself has ended
        m_closed = wayError(Error::Code::Tunnel, m_tunnel->error().detail);
    fail(m_tunnel->refusalAt(m_localPort).value_or(m_closed));
}

void WayOpener::fail(Error error)
{
    if (m_phase == Phase::Over)
        return;
    stop();
    // deferred, because a receiver aborts the socket, which must not happen inside its own signal
    QTimer::singleShot(0, this, [this, error = std::move(error)] { Q_EMIT failed(error); });
}

} // namespace slotscope
