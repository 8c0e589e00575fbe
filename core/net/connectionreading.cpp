// SPDX-License-Identifier: GPL-3.0-or-later
// What a connection does with the bytes that come: replies go to their requests, in order; pushes are told.
#include "core/net/connection.h"

#include "core/base/tr.h"
#include "core/net/commandwatch.h"
#include "core/net/transport.h"

#include "core/net/passwordsource.h"

#include <QIODevice>
#include <QLocalSocket>
#include <QSslSocket>
#include <QTimer>

namespace slotscope {
namespace {

constexpr qsizetype readChunk = 256 * 1024;
// after this many chunks, timers, other connections and the end of the program get their turn
constexpr int chunksInOneGo = 8;

/// The read buffer, shared by all connections of a thread. If a connection is read while another one is (nested event
/// loop), an extra buffer is made.
class LentBuffer
{
    Q_DISABLE_COPY_MOVE(LentBuffer)
public:
    LentBuffer() : m_bytes(std::exchange(s_bytes, {})) { m_bytes.resize(size_t(readChunk)); }
    ~LentBuffer() { s_bytes = std::move(m_bytes); }
    std::vector<char> *operator->() { return &m_bytes; }

private:
    std::vector<char> m_bytes;
    inline static thread_local std::vector<char> s_bytes;
};

/// Adds a round-trip time. Of commands sent together, the first reply counts, because polling sends such groups all the
/// time.
void countRoundTrip(RoundTrips &trips, double ms)
{
    trips.smoothedMs = trips.count == 0 ? ms : 0.8 * trips.smoothedMs + 0.2 * ms;
    trips.worstMs = std::max(trips.worstMs, ms);
    ++trips.count;
}

} // namespace

/// Reads part of the available bytes. A server that never stops sending must not occupy the thread.
void Connection::readAvailable()
{
    if (m_readingOn || !m_reading)
        return;
    LentBuffer buffer;
    for (int chunk = 0; m_state != State::Closed && m_reading; ++chunk) {
        if (chunk == chunksInOneGo) {
            m_readingOn = true;
            QTimer::singleShot(0, this, &Connection::readOn);
            return;
        }
        const qint64 count = m_transport->device()->read(buffer->data(), readChunk);
        if (count < 0) { // an unbuffered socket reports its end here, without a signal
            fail({.code = Error::Code::ConnectionLost,
                  .detail = m_transport->device()->errorString(),
                  .serverPrefix = {},
                  .node = {},
                  .command = {}});
            return;
        }
        if (count == 0) // no bytes, so no sign of life: TLS also signals readyRead for its own records
            return;
        m_lastReceived.start();
        const QByteArrayView bytes(buffer->data(), count);
        if (m_taker)
            m_taker(bytes);
        else if (!parse(bytes))
            return;
        if (count < readChunk)
            return;
    }
}

void Connection::setReading(bool reading)
{
    if (std::exchange(m_reading, reading) == reading || !reading || m_readingOn || m_state == State::Closed)
        return;
    m_readingOn = true; // deferred, to avoid closing inside the caller
    QTimer::singleShot(0, this, &Connection::readOn);
}

void Connection::readOn()
{
    m_readingOn = false;
    if (m_state != State::Closed)
        readAvailable();
}

/// Parses the bytes received. Returns false if they ended the connection.
bool Connection::parse(QByteArrayView bytes)
{
    for (qsizetype at = 0; at < bytes.size(); at += Reader::feedSize) {
        m_reader.feed(bytes.sliced(at, std::min(Reader::feedSize, bytes.size() - at)));
        while (true) {
            const Reader::Step step = m_reader.advance();
            if (step == Reader::Step::NeedsMore)
                break;
            if (step == Reader::Step::Failed) {
                Error error = m_reader.error();
                if (m_state == State::Handshake && error.code == Error::Code::Protocol)
                    error.code = Error::Code::NotRedis;
                fail(std::move(error));
                return false;
            }
            if (!take(m_reader.value()))
                return false;
        }
    }
    return true;
}

/// Handles one reply or push; a reply is moved from. Returns false if it ended the connection.
bool Connection::take(Value &value)
{
    if (value.type() == Value::Type::Push) {
        Q_EMIT pushReceived(value);
        return m_state != State::Closed;
    }
    if (value.type() == Value::Type::Attribute) { // an attribute precedes the reply that it describes
        Q_EMIT attributeReceived(value, m_requests.empty() ? 0 : m_requests.front().replies.size());
        return m_state != State::Closed;
    }
    if (m_requests.empty() && m_options.listens && m_state == State::Ready) {
        Q_EMIT pushReceived(value);
        return m_state != State::Closed;
    }
    if (m_requests
            // a server that rejects us sends an error without a request: "-ERR max number of clients reached", "-DENIED
            // …"
            .empty()) {
        auto error = errorOf(value, {}, {});
        fail(error ? std::move(*error)
                   : Error{.code = Error::Code::Protocol,
                           .detail = tr("a reply without a command"),
                           .serverPrefix = {},
                           .node = {},
                           .command = {}});
        return false;
    }
    Request &front = m_requests.front();
    front.replies.push_back(std::move(value));
    if (front.alone && front.replies.size() == 1)
        countRoundTrip(m_roundTrips, double(front.age.nsecsElapsed()) / 1e6);
    if (front.replies.size() == front.expected)
        finishFront();
    return m_state != State::Closed;
}

void Connection::finishFront()
{
    Request request = std::move(m_requests.front());
    m_requests.pop_front();
    if (request.watched)
        m_watch->answered(request.watched, request.replies);
    if (!request.abandoned)
        request.completer.complete(std::move(request.replies));
    if (m_loginDue && m_state == State::Ready)
        logInAgain();
    if (m_requests.empty()) {
        m_deadlines.stop();
        if (m_state == State::Closing)
            abort({.code = Error::Code::Cancelled, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}});
    }
}

bool Connection::giveOver(TakeBytes take)
{
    if (m_state != State::Ready || !m_requests.empty() || m_taker)
        return false;
    if (m_source)
        m_source->disconnect(this);
    m_deadlines.stop();
    m_taker = std::move(take);
    return true;
}

bool Connection::writeRaw(QByteArrayView bytes)
{
    if (m_state != State::Ready || !m_taker)
        return false;
    m_outgoing.append(bytes);
    m_accepted += quint64(bytes.size());
    flush();
    return m_state == State::Ready;
}

qintptr Connection::descriptor() const
{
    QIODevice *device = m_transport ? m_transport->device() : nullptr;
    if (!device || qobject_cast<QSslSocket *>(device))
        return -1;
    if (const auto *tcp = qobject_cast<QTcpSocket *>(device))
        return tcp->socketDescriptor();
    if (const auto *local = qobject_cast<QLocalSocket *>(device))
        return local->socketDescriptor();
    return -1;
}

} // namespace slotscope
