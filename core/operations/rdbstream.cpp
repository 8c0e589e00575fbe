// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/rdbstream.h"

#include "core/net/transport.h"
#include "core/protocol/command.h"

#include <QIODevice>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int streamSilenceMs = 60000; // a server that saves first sends a line break now and then
constexpr qsizetype markLength = 40;
constexpr qsizetype readSize = 256 * 1024;
constexpr qsizetype trailerLength = 9; // end mark 0xFF and a CRC64

Error errorWith(Error::Code code, const QString &detail)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = u"SYNC"_s};
}

} // namespace

RdbStream::RdbStream(ConnectionOptions options, QString path, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_path(std::move(path)), m_file(m_path + u".part"_s)
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(streamSilenceMs);
    connect(&m_silence, &QTimer::timeout, this,
            [this] { fail(errorWith(Error::Code::Timeout, tr("nothing came for %1 s").arg(streamSilenceMs / 1000))); });
}

RdbStream::~RdbStream()
{
    if (m_phase != Phase::Over && m_file.exists())
        m_file.remove();
    m_completer.complete(failure(Error::Code::Cancelled));
}

Awaited<Result<RdbStream::Outcome>> RdbStream::fetch()
{
    auto awaited = m_completer.awaited();
    m_transport = Transport::create(m_options.endpoint, this);
    connect(m_transport, &Transport::opened, this, &RdbStream::begin);
    connect(m_transport, &Transport::failed, this, &RdbStream::fail);
    connect(m_transport->device(), &QIODevice::readyRead, this, &RdbStream::readAvailable);
    m_silence.start();
    if (m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        m_transport->open();
    else
        fail(errorWith(Error::Code::Io, m_file.fileName() + u": "_s + m_file.errorString()));
    return awaited;
}

void RdbStream::begin()
{
    QByteArray out;
    const auto ask = [&](const Command &command) {
        appendEncoded(command, out);
        m_due.append(commandName(command));
    };
    const Credentials &credentials = m_options.credentials;
    if (!credentials.password.isEmpty())
        ask(credentials.user.isEmpty() ? commandOf("AUTH", credentials.password.toUtf8())
                                       : commandOf("AUTH", credentials.user.toUtf8(), credentials.password.toUtf8()));
    ask(commandOf("REPLCONF", "capa", "eof"));
    ask(commandOf("REPLCONF", "rdb-only", "1")); // 7.0; before it the write stream follows, and is not read
    m_transport->device()->write(out);
}

bool RdbStream::takeLine(const QByteArray &line)
{
    if (m_phase == Phase::Replies) {
        const QString command = m_due.takeFirst();
        if (line.startsWith('-') && command == u"AUTH") {
            fail(errorWith(Error::Code::WrongPassword, QString::fromUtf8(line.mid(1))));
            return false;
        }
        if (m_due.isEmpty()) { // not before: a server with replies to send refuses SYNC
            m_phase = Phase::Preamble;
            QByteArray out;
            appendEncoded(commandOf("SYNC"), out);
            m_transport->device()->write(out);
        }
        return true;
    }
    if (line.isEmpty() || line.startsWith('+'))
        return true; // a sign of life while it saves
    if (line.startsWith("$EOF:") && line.size() == 5 + markLength) {
        m_endMark = line.mid(5);
    } else if (line.startsWith('$')) {
        bool number = false;
        m_total = line.mid(1).toLongLong(&number);
        if (!number || m_total < trailerLength) {
            fail(errorWith(Error::Code::Protocol, tr("a length was expected: %1").arg(QString::fromLatin1(line))));
            return false;
        }
    } else {
        Error error = errorWith(line.startsWith("-NOPERM") ? Error::Code::NoPermission : Error::Code::ServerError,
                                QString::fromUtf8(line.mid(1)));
        error.serverPrefix = line.mid(1, line.indexOf(' ') - 1);
        fail(std::move(error));
        return false;
    }
    m_phase = Phase::Payload;
    return true;
}

/// Takes whole lines off the front; false when it failed.
bool RdbStream::readLines(QByteArray &bytes)
{
    while (m_phase == Phase::Replies || m_phase == Phase::Preamble) {
        const qsizetype end = bytes.indexOf('\n');
        if (end < 0) {
            m_line += bytes;
            bytes.clear();
            constexpr qsizetype longestLine = 64 * 1024;
            if (m_line.size() > longestLine)
                fail(errorWith(Error::Code::NotRedis, tr("a line without an end")));
            return m_phase != Phase::Over;
        }
        QByteArray line = m_line + bytes.left(end);
        m_line.clear();
        bytes.remove(0, end + 1);
        if (line.endsWith('\r'))
            line.chop(1);
        if (m_phase == Phase::Replies && line.isEmpty())
            continue;
        if (!takeLine(line))
            return false;
    }
    return true;
}

void RdbStream::readAvailable()
{
    while (m_phase != Phase::Over) {
        QByteArray bytes = m_transport->device()->read(readSize);
        if (bytes.isEmpty())
            return;
        m_silence.start();
        if (!readLines(bytes) || m_phase != Phase::Payload || bytes.isEmpty())
            continue;
        takePayload(bytes);
    }
}

void RdbStream::takePayload(QByteArrayView bytes)
{
    if (m_total >= 0)
        bytes = bytes.first(std::min<qsizetype>(bytes.size(), qsizetype(m_total - m_received)));
    if (m_header.size() < 9)
        m_header += bytes.first(std::min<qsizetype>(9 - m_header.size(), bytes.size())).toByteArray();
    // the last bytes are held back: they may be the end mark
    m_tail += bytes.toByteArray();
    m_received += bytes.size();
    const qsizetype keep = m_endMark.isEmpty() ? trailerLength : markLength + trailerLength;
    const qsizetype ready = m_tail.size() - keep;
    if (ready > 0) {
        const QByteArrayView out = QByteArrayView(m_tail).first(ready);
        m_hash.addData(out.toByteArray());
        if (m_file.write(out.data(), out.size()) != out.size()) {
            fail(errorWith(Error::Code::Io, m_file.fileName() + u": "_s + m_file.errorString()));
            return;
        }
        m_tail.remove(0, ready);
    }
    const bool whole = m_endMark.isEmpty() ? m_received >= m_total : m_tail.endsWith(m_endMark);
    if (whole)
        complete();
}

void RdbStream::complete()
{
    m_tail.chop(m_endMark.size());
    m_received -= m_endMark.size();
    const bool isRdb = m_header.startsWith("REDIS") || m_header.startsWith("VALKEY");
    if (!isRdb || m_tail.size() < trailerLength || uchar(m_tail[m_tail.size() - trailerLength]) != 0xFF) {
        fail(errorWith(Error::Code::Protocol, tr("what came is no whole RDB file")));
        return;
    }
    m_hash.addData(m_tail);
    if (m_file.write(m_tail) != m_tail.size() || !m_file.flush()) {
        fail(errorWith(Error::Code::Io, m_file.fileName() + u": "_s + m_file.errorString()));
        return;
    }
    m_file.close();
    if (!m_file.rename(m_path)) {
        fail(errorWith(Error::Code::Io, m_path + u": "_s + m_file.errorString()));
        return;
    }
    m_phase = Phase::Over;
    m_silence.stop();
    m_transport->disconnect(this);
    m_transport->abort();
    m_completer.complete(Outcome{.bytes = m_received, .sha256 = m_hash.result().toHex(), .header = m_header});
}

void RdbStream::fail(Error error)
{
    if (m_phase == Phase::Over)
        return;
    m_phase = Phase::Over;
    m_silence.stop();
    if (m_transport) {
        m_transport->disconnect(this);
        m_transport->abort();
    }
    if (m_file.isOpen())
        m_file.remove();
    if (error.node.isEmpty())
        error.node = m_options.endpoint.toString();
    m_completer.complete(failure(std::move(error)));
}

} // namespace slotscope
