// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/rdbbytes.h"

#include "core/base/crc64.h"
#include "core/base/tr.h"

#include <liblzf/lzf.h>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 blockSize = 256 * 1024;
constexpr quint8 int8Kind = 0, int16Kind = 1, int32Kind = 2, packedKind = 3;
constexpr quint8 length32 = 0x80, length64 = 0x81;
constexpr quint64 mostUnpacked = 256; // LZF expands one byte to at most 88

} // namespace

RdbBytes::RdbBytes(QIODevice &file, QString name) : m_file(file), m_name(std::move(name)), m_size(file.size()) { }

void RdbBytes::damaged(const QString &what) const
{
    throw Damage{
        failure(Error::Code::Parse, tr("%1: damaged at byte %2: %3").arg(m_name).arg(m_offset).arg(what)).value()};
}

quint64 RdbBytes::checksum() const
{
    return crc64(m_crc, QByteArrayView(m_block).sliced(m_summed, m_at - m_summed));
}

void RdbBytes::fill()
{
    m_crc = checksum();
    if (m_goOn && !m_goOn())
        throw Stopped();
    m_at = m_summed = 0;
    m_block = m_file.read(blockSize);
    if (m_block.isEmpty())
        damaged(m_file.atEnd() ? tr("the file ends here") : m_file.errorString());
}

void RdbBytes::take(qint64 count)
{
    m_at += qsizetype(count);
    m_offset += count;
}

quint8 RdbBytes::byte()
{
    if (m_at == m_block.size())
        fill();
    const auto value = quint8(m_block.at(m_at));
    take(1);
    return value;
}

QByteArray RdbBytes::bytes(qint64 count)
{
    if (count > longestKept)
        damaged(tr("a name or a block of %1 bytes is longer than the limit").arg(count));
    QByteArray whole;
    whole.reserve(qsizetype(std::min(inFile(quint64(count)), count)));
    while (whole.size() < count) {
        if (m_at == m_block.size())
            fill();
        const qint64 part = std::min<qint64>(count - whole.size(), m_block.size() - m_at);
        whole += QByteArrayView(m_block).sliced(m_at, qsizetype(part));
        take(part);
    }
    return whole;
}

void RdbBytes::skip(qint64 count)
{
    while (count > 0) {
        if (m_at == m_block.size())
            fill();
        const qint64 part = std::min<qint64>(count, m_block.size() - m_at);
        take(part);
        count -= part;
    }
}

quint64 RdbBytes::length(Special &special)
{
    const quint8 first = byte();
    special = {};
    switch (first >> 6) {
    case 0: return first & 0x3f;
    case 1: return quint64(first & 0x3f) << 8 | byte();
    case 2: break;
    default: special = {.is = true, .kind = quint8(first & 0x3f)}; return 0;
    }
    if (first != length32 && first != length64)
        damaged(tr("a length begins with %1").arg(first));
    quint64 value = 0;
    for (int i = 0; i < (first == length32 ? 4 : 8); ++i)
        value = value << 8 | byte();
    return value;
}

quint64 RdbBytes::length()
{
    Special special;
    const quint64 value = length(special);
    if (special.is)
        damaged(tr("a string in place of a length"));
    return value;
}

qint64 RdbBytes::inFile(quint64 length)
{
    if (length > quint64(m_size - m_offset))
        damaged(tr("a length of %1, but only %2 bytes are left").arg(length).arg(m_size - m_offset));
    return qint64(length);
}

qint64 RdbBytes::count()
{
    return inFile(length());
}

QByteArray RdbBytes::packed()
{
    const qint64 within = inFile(length());
    const quint64 whole = length();
    if (whole > quint64(longestKept) || within > longestKept)
        damaged(tr("a name or a block of %1 bytes is longer than the limit").arg(whole));
    const QByteArray bytes = this->bytes(within);
    QByteArray unpacked(qsizetype(whole), Qt::Uninitialized);
    if (lzf_decompress(bytes.constData(), unsigned(bytes.size()), unpacked.data(), unsigned(whole)) != whole)
        damaged(tr("a compressed string cannot be decompressed"));
    return unpacked;
}

QByteArray RdbBytes::string()
{
    Special special;
    const quint64 size = length(special);
    if (!special.is)
        return bytes(inFile(size));
    return special.kind == packedKind ? packed() : digits(special.kind);
}

QByteArray RdbBytes::digits(quint8 kind)
{
    switch (kind) {
    case int8Kind: return QByteArray::number(qint8(byte()));
    case int16Kind: return QByteArray::number(little<qint16>());
    case int32Kind: return QByteArray::number(little<qint32>());
    default: damaged(tr("a string has the encoding %1").arg(kind));
    }
}

qint64 RdbBytes::skipString(QByteArray *ifShort)
{
    Special special;
    const quint64 size = length(special);
    if (!special.is) {
        const qint64 plain = inFile(size);
        if (ifShort && plain <= shortest)
            *ifShort = bytes(plain);
        else
            skip(plain);
        return plain;
    }
    if (special.kind != packedKind) {
        const QByteArray number = digits(special.kind);
        if (ifShort)
            *ifShort = number;
        return number.size();
    }
    const qint64 within = inFile(length());
    const quint64 whole = length();
    if (whole > quint64(within + 1) * mostUnpacked)
        damaged(tr("a string of %1 bytes").arg(whole));
    skip(within);
    return qint64(whole);
}

} // namespace slotscope
