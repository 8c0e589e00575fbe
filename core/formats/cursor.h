// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/tr.h"
#include "core/formats/decoded.h"

#include <QByteArrayView>
#include <QtEndian>

#include <bit>

namespace slotscope {

/// Reads bytes with bounds checks. After the first failure, everything reads as zero and ok() is false.
class Cursor
{
public:
    explicit Cursor(QByteArrayView bytes) : m_bytes(bytes) { }

    [[nodiscard]] bool ok() const { return !m_failed; }
    [[nodiscard]] bool atEnd() const { return m_at >= m_bytes.size(); }
    [[nodiscard]] qsizetype at() const { return m_at; }
    [[nodiscard]] qsizetype left() const { return m_bytes.size() - m_at; }
    [[nodiscard]] QByteArrayView rest() const { return m_bytes.sliced(m_at); }
    [[nodiscard]] QByteArrayView all() const { return m_bytes; }
    [[nodiscard]] quint8 peek() const { return !m_failed && left() > 0 ? quint8(m_bytes[m_at]) : 0; }
    void seek(qsizetype at) { m_at = qBound(qsizetype(0), at, m_bytes.size()); }

    void fail(const QString &words) { failAt(m_at, words); }
    void failAt(qsizetype at, const QString &words)
    {
        if (m_failed)
            return;
        m_failed = true;
        m_problem = FormatProblem{.step = 0, .offset = at, .line = 0, .column = 0, .words = words};
    }
    [[nodiscard]] const FormatProblem &problem() const { return m_problem; }

    QByteArrayView take(quint64 length)
    {
        if (m_failed)
            return {};
        if (length > quint64(left())) {
            fail(tr("the data ends %1 byte(s) too early").arg(length - quint64(left())));
            return {};
        }
        const QByteArrayView taken = m_bytes.sliced(m_at, qsizetype(length));
        m_at += qsizetype(length);
        return taken;
    }
    quint8 u8()
    {
        const QByteArrayView byte = take(1);
        return byte.isEmpty() ? quint8(0) : quint8(byte[0]);
    }
    template <typename T>
    T big()
    {
        const QByteArrayView bytes = take(sizeof(T));
        return bytes.isEmpty() ? T() : qFromBigEndian<T>(bytes.data());
    }
    template <typename T>
    T little()
    {
        const QByteArrayView bytes = take(sizeof(T));
        return bytes.isEmpty() ? T() : qFromLittleEndian<T>(bytes.data());
    }
    double bigDouble() { return std::bit_cast<double>(big<quint64>()); }
    float bigFloat() { return std::bit_cast<float>(big<quint32>()); }
    double littleDouble() { return std::bit_cast<double>(little<quint64>()); }
    float littleFloat() { return std::bit_cast<float>(little<quint32>()); }
    /// Reads up to `end`, which is consumed but not returned.
    QByteArrayView until(char end)
    {
        if (m_failed)
            return {};
        const qsizetype found = m_bytes.sliced(m_at).indexOf(end);
        if (found < 0) {
            fail(tr("the end of a text is missing"));
            return {};
        }
        const QByteArrayView taken = m_bytes.sliced(m_at, found);
        m_at += found + 1;
        return taken;
    }
    /// Reads a little-endian base-128 number, as in protobuf, Avro and V8.
    quint64 varint()
    {
        quint64 value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            const quint8 byte = u8();
            if (!ok())
                return 0;
            if (shift == 63 && (byte & 0x7e) != 0)
                break;
            value |= quint64(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        fail(tr("a number has more than 64 bits"));
        return 0;
    }

private:
    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    bool m_failed = false;
    FormatProblem m_problem;
};

} // namespace slotscope
