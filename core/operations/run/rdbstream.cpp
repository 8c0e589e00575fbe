// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operations/run/rdbstream.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/net/passwordsource.h"
#include "core/net/transport.h"
#include "core/base/crc64.h"
#include "core/protocol/command.h"
#include "core/protocol/commandnames.h"

#include <QFile>
#include <QIODevice>
#include <QtEndian>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int streamSilenceMs = 60000; // timeout; a server that saves first sends a newline now and then
constexpr qsizetype markLength = 40;
constexpr qsizetype readSize = 256 * 1024;
constexpr qsizetype checksumLength = 8; // CRC64 in little-endian order; 0: the server writes none
constexpr qsizetype trailerLength = 1 + checksumLength; // preceded by the end mark 0xFF

Error errorWith(Error::Code code, const QString &detail)
{
    return {.code = code, .detail = detail, .serverPrefix = {}, .node = {}, .command = u"SYNC"_s};
}

/// Formats a line of the server for display.
QString shown(const QByteArray &line)
{
    constexpr qsizetype most = 500;
    return toDisplay(scrubbed(line).left(most));
}

} // namespace

RdbStream::RdbStream(ConnectionOptions options, QString path, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_path(std::move(path))
{
    rememberSecret(m_options.credentials.password.toUtf8());
    m_silence.setSingleShot(true);
    m_silence.setInterval(streamSilenceMs);
    connect(&m_silence, &QTimer::timeout, this, [this] {
        fail(errorWith(Error::Code::Timeout, tr("no data arrived for %1 s").arg(streamSilenceMs / 1000)));
    });
}

RdbStream::~RdbStream()
{
    removePart();
    m_completer.complete(failure(Error::Code::Cancelled));
}

Awaited<Result<RdbStream::Outcome>> RdbStream::fetch()
{
    auto awaited = m_completer.awaited();
    m_transport = Transport::create(m_options.endpoint, m_options.tls, m_options.way, this);
    connect(m_transport, &Transport::opened, this, &RdbStream::begin);
    connect(m_transport, &Transport::failed, this, &RdbStream::fail);
    m_silence.start();
    auto file = OwnFile::open(m_path + u".part"_s, OwnFile::Mode::Create);
    if (file) {
        m_file = std::move(*file);
        m_transport->open();
    } else {
        fail(file.error());
    }
    return awaited;
}

void RdbStream::begin()
{
    connect(m_transport->device(), &QIODevice::readyRead, this,
            &RdbStream::readAvailable); // connected only now, because bytes before belong to the connection
    QByteArray out;
    const auto ask = [&](const Command &command) {
        appendEncoded(asSent(command, m_options.renamed), out);
        m_due.append(commandName(command));
    };
    const Credentials credentials = withCurrentPassword(m_options.credentials);
    if (!credentials.password.isEmpty())
        ask(credentials.user.isEmpty() ? commandOf("AUTH", credentials.password.toUtf8())
                                       : commandOf("AUTH", credentials.user.toUtf8(), credentials.password.toUtf8()));
    ask(commandOf("REPLCONF", "capa", "eof"));
    // since 7.0; older servers then send the write stream, which is not read
    ask(commandOf("REPLCONF", "rdb-only", "1"));
    m_transport->device()->write(out);
}

bool RdbStream::takeLine(const QByteArray &line)
{
    if (m_phase == Phase::Replies) {
        if (m_due.isEmpty()) {
            fail(errorWith(Error::Code::Protocol, tr("a reply without a command: %1").arg(shown(line))));
            return false;
        }
        const QString command = m_due.takeFirst();
        if (line.startsWith('-') && command == u"AUTH") {
            fail(errorWith(Error::Code::WrongPassword, shown(line.mid(1))));
            return false;
        }
        if (m_due.isEmpty()) { // only now, because a server with pending replies refuses SYNC
            m_phase = Phase::Preamble;
            QByteArray out;
            appendEncoded(asSent(commandOf("SYNC"), m_options.renamed), out);
            m_transport->device()->write(out);
        }
        return true;
    }
    if (line.isEmpty() || line.startsWith('+'))
        return true; // a newline or "+" line shows that the server is alive while it saves
    if (line.startsWith("$EOF:") && line.size() == 5 + markLength) {
        m_endMark = line.mid(5);
    } else if (line.startsWith('$')) {
        bool number = false;
        m_total = line.mid(1).toLongLong(&number);
        if (!number || m_total < trailerLength) {
            fail(errorWith(Error::Code::Protocol, tr("a length was expected: %1").arg(shown(line))));
            return false;
        }
    } else {
        Error error = errorWith(line.startsWith("-NOPERM") ? Error::Code::NoPermission : Error::Code::ServerError,
                                shown(line.mid(1)));
        error.serverPrefix = line.mid(1, line.indexOf(' ') - 1);
        fail(std::move(error));
        return false;
    }
    m_phase = Phase::Payload;
    return true;
}

/// Handles complete lines at the front of `bytes`; returns false after an error.
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
        QByteArray bytes(readSize, Qt::Uninitialized);
        const qint64 count = m_transport->device()->read(bytes.data(), readSize);
        if (count < 0) // an unbuffered socket reports its end here, without a signal
            fail(errorWith(Error::Code::ConnectionLost, tr("the server closed the connection before the end")));
        if (count <= 0)
            return;
        bytes.truncate(count);
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
    // the last bytes are kept back, because they may be the end mark
    m_tail += bytes.toByteArray();
    m_received += bytes.size();
    const qsizetype keep = m_endMark.isEmpty() ? trailerLength : markLength + trailerLength;
    const qsizetype ready = m_tail.size() - keep;
    if (ready > 0) {
        if (!write(m_tail.first(ready)))
            return;
        m_tail.remove(0, ready);
    }
    const bool whole = m_endMark.isEmpty() ? m_received >= m_total : m_tail.endsWith(m_endMark);
    if (whole)
        complete();
}

/// Writes bytes to the file. Returns false after an error, which ends the transfer.
bool RdbStream::write(const QByteArray &bytes)
{
    m_hash.addData(bytes);
    m_crc = crc64(m_crc, bytes);
    const auto written = m_file.append(bytes, false);
    if (!written)
        fail(written.error());
    return written.has_value();
}

void RdbStream::removePart()
{
    if (!m_file.isOpen())
        return;
    QFile::remove(m_file.path());
    m_file.close();
}

/// Returns what is wrong with the received file, of which all but the checksum is written; nullopt if nothing.
std::optional<Error> RdbStream::fault(bool &checksum) const
{
    const bool isRdb = m_header.startsWith("REDIS") || m_header.startsWith("VALKEY");
    if (!isRdb || m_tail.size() != checksumLength || m_lastWritten != 0xFF)
        return errorWith(Error::Code::Protocol, tr("the data received is not a complete RDB file"));
    const auto told = qFromLittleEndian<quint64>(m_tail.constData());
    checksum = told != 0;
    if (!checksum || told == m_crc)
        return std::nullopt;
    return errorWith(Error::Code::Protocol,
                     tr("the checksum of the RDB file received is wrong: it states %1, but the data gives %2. The data "
                        "is damaged and was discarded")
                         .arg(QString::number(told, 16), QString::number(m_crc, 16)));
}

void RdbStream::complete()
{
    m_tail.chop(m_endMark.size());
    m_received -= m_endMark.size();
    const qsizetype beforeChecksum = std::max<qsizetype>(0, m_tail.size() - checksumLength);
    if (!write(m_tail.first(beforeChecksum)))
        return;
    m_lastWritten = beforeChecksum > 0 ? uchar(m_tail[beforeChecksum - 1]) : uchar(0);
    m_tail.remove(0, beforeChecksum);
    bool checksum = false;
    if (auto error = fault(checksum)) {
        fail(std::move(*error));
        return;
    }
    if (!write(m_tail))
        return;
    if (const auto named = m_file.nameForGood(m_path); !named) {
        fail(named.error());
        return;
    }
    m_file.close();
    m_phase = Phase::Over;
    m_silence.stop();
    m_transport->disconnect(this);
    m_transport->abort();
    m_completer.complete(
        Outcome{.bytes = m_received, .sha256 = m_hash.result().toHex(), .header = m_header, .checksum = checksum});
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
    removePart();
    if (error.node.isEmpty())
        error.node = m_options.endpoint.toString();
    m_completer.complete(failure(std::move(error)));
}

} // namespace slotscope
