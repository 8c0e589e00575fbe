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

/// Saves one node's dataset as an RDB file, received like a replica (SYNC). It is written to "<path>.part" with mode
/// 0600 and renamed when complete: RDB header, end mark and, if the server writes one (rdbchecksum), a correct
/// checksum. Core thread.
class RdbStream final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RdbStream)
public:
    struct Outcome
    {
        qint64 bytes = 0;
        QByteArray sha256; ///< of the file, in hexadecimal
        QByteArray header; ///< such as "REDIS0010", "VALKEY080"
        bool checksum = false; ///< the file has a correct checksum; false: the server writes none
    };

    RdbStream(ConnectionOptions options, QString path, QObject *parent = nullptr);
    ~RdbStream() override; ///< removes an incomplete file

    [[nodiscard]] Awaited<Result<Outcome>> fetch();
    [[nodiscard]] qint64 received() const { return m_received; }
    [[nodiscard]] qint64 total() const { return m_total; } ///< -1: the server does not report it (diskless)

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
    quint64 m_crc = 0; ///< of the bytes written
    Transport *m_transport = nullptr;
    QTimer m_silence;
    Phase m_phase = Phase::Replies;
    QStringList m_due; ///< names of commands whose one-line replies are pending
    QByteArray m_line; ///< an incomplete line
    QByteArray m_endMark; ///< 40 bytes that follow a payload of unknown length
    QByteArray m_tail; ///< last bytes received, which may contain the mark
    QByteArray m_header;
    uchar m_lastWritten = 0; ///< last byte before the checksum
    qint64 m_received = 0, m_total = -1;
    Awaited<Result<Outcome>>::Completer m_completer;
};

} // namespace slotscope
