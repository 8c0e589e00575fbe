// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ownfiles.h"
#include "core/base/result.h"
#include "core/net/awaited.h"
#include "core/net/connection.h"

#include <QCryptographicHash>
#include <QObject>
#include <QTimer>

namespace slotscope {

class Transport;

/// One node's dataset as an RDB file, taken as a replica would take it (SYNC). Written to "<path>.part" with mode 0600,
/// and renamed when it is whole: it begins with an RDB header, ends with the end mark, and its own checksum is right
/// (where the server writes one: rdbchecksum). Core thread.
class RdbStream final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RdbStream)
public:
    struct Outcome
    {
        qint64 bytes = 0;
        QByteArray sha256; ///< hexadecimal, of the file
        QByteArray header; ///< "REDIS0010", "VALKEY080"
        bool checksum = false; ///< the file has one, and it is right; false: the server writes none
    };

    RdbStream(ConnectionOptions options, QString path, QObject *parent = nullptr);
    ~RdbStream() override; ///< an unfinished file is removed

    [[nodiscard]] Awaited<Result<Outcome>> fetch();
    [[nodiscard]] qint64 received() const { return m_received; }
    [[nodiscard]] qint64 total() const { return m_total; } ///< -1: the server does not say (diskless)

private:
    enum class Phase : quint8 { Replies, Preamble, Payload, Over };
    void begin();
    void readAvailable();
    bool readLines(QByteArray &bytes);
    bool takeLine(const QByteArray &line);
    void takePayload(QByteArrayView bytes);
    [[nodiscard]] bool write(const QByteArray &bytes);
    [[nodiscard]] std::optional<Error> fault(bool &checksum) const;
    void complete();
    void fail(Error error);
    void removePart();

    ConnectionOptions m_options;
    QString m_path;
    OwnFile m_file; ///< "<path>.part"
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    quint64 m_crc = 0; ///< of what was written
    Transport *m_transport = nullptr;
    QTimer m_silence;
    Phase m_phase = Phase::Replies;
    QStringList m_due; ///< names of commands whose one-line replies are due
    QByteArray m_line; ///< an unfinished one
    QByteArray m_endMark; ///< 40 bytes after a payload of unknown length
    QByteArray m_tail; ///< last bytes, among which the mark may stand
    QByteArray m_header;
    uchar m_lastWritten = 0; ///< the last byte before the checksum
    qint64 m_received = 0, m_total = -1;
    Awaited<Result<Outcome>>::Completer m_completer;
};

} // namespace slotscope
