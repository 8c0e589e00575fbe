// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/steps.h"

#include <array>
#include <zlib.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

int windowBits(FormatId id)
{
    return id == FormatId::Gzip ? 31 : id == FormatId::Zlib ? 15 : -15;
}

/// Casts away const, because zlib's structures require it.
Bytef *input(QByteArrayView bytes)
{
    return reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data())); // NOLINT
}

QString zlibWords(const z_stream &stream, int code)
{
    if (stream.msg != nullptr && qstrcmp(stream.msg, "incorrect data check") == 0)
        return tr("the checksum does not match the data (CRC mismatch)");
    if (code == Z_BUF_ERROR || code == Z_OK)
        return tr("unexpected end of data");
    return stream.msg != nullptr ? QString::fromLatin1(stream.msg) : tr("zlib reported error %1").arg(code);
}

/// Decompresses one member or stream, and returns the number of bytes used.
qsizetype inflateOne(FormatId id, QByteArrayView bytes, qsizetype at, Unwrapped &out, FormatBudget &budget)
{
    z_stream stream{};
    if (inflateInit2(&stream, windowBits(id)) != Z_OK) {
        out.fail(at, tr("zlib could not be initialised"));
        return 0;
    }
    std::array<char, 65536> buffer; // NOLINT: written before it is read
    stream.next_in = input(bytes.sliced(at));
    stream.avail_in = uInt(std::min(bytes.size() - at, qsizetype(1) << 30));
    int code = Z_OK;
    while (code == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef *>(buffer.data()); // NOLINT
        stream.avail_out = uInt(buffer.size());
        code = inflate(&stream, Z_NO_FLUSH);
        if (!out.append({buffer.data(), qsizetype(buffer.size() - stream.avail_out)}, budget))
            break;
        if (code == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)
            break;
    }
    const auto taken = qsizetype(stream.total_in);
    if (code == Z_NEED_DICT)
        out.fail(at + taken, tr("decompressing it needs a dictionary, which it does not contain"));
    else if (code != Z_STREAM_END && budget.spent() == FormatBudget::Spent::Nothing)
        out.fail(at + taken, zlibWords(stream, code));
    inflateEnd(&stream);
    return taken;
}

/// Length of a gzip header; 0 if it is truncated.
qsizetype gzipHeader(QByteArrayView bytes)
{
    Cursor in(bytes);
    in.take(3);
    const quint8 flags = in.u8();
    in.take(6);
    if ((flags & 4) != 0)
        in.take(in.little<quint16>());
    for (const quint8 text : {quint8(8), quint8(16)})
        if ((flags & text) != 0)
            in.until('\0');
    if ((flags & 2) != 0)
        in.take(2);
    return in.ok() ? in.at() : 0;
}

QByteArray rawDeflate(QByteArrayView inner, int level, int bits)
{
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out(qsizetype(deflateBound(&stream, uLong(inner.size()))), Qt::Uninitialized);
    stream.next_in = input(inner);
    stream.avail_in = uInt(inner.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data()); // NOLINT
    stream.avail_out = uInt(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(code == Z_STREAM_END ? qsizetype(stream.total_out) : 0);
    deflateEnd(&stream);
    return out;
}

QByteArray little32(quint32 number)
{
    QByteArray bytes(4, '\0');
    qToLittleEndian(number, bytes.data());
    return bytes;
}

QByteArray packed(FormatId id, QByteArrayView inner, int level, QByteArrayView original)
{
    if (id != FormatId::Gzip)
        return rawDeflate(inner, level, windowBits(id));
    static const QByteArray plain("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    const qsizetype header = gzipHeader(original);
    return (header > 0 ? original.first(header).toByteArray() : plain) + rawDeflate(inner, level, -15)
        + little32(quint32(crc32(0, input(inner), uInt(inner.size())))) + little32(quint32(inner.size()));
}

/// The compression level that reproduces the original; most programs use zlib's default.
int levelOf(FormatId id, QByteArrayView original)
{
    constexpr qsizetype mostTried = 1024 * 1024;
    FormatBudget budget({.outputBytes = mostTried});
    const Unwrapped inner = inflateBytes(id, original, budget);
    if (!inner.problem && budget.spent() == FormatBudget::Spent::Nothing)
        for (const int level : {6, 9, 1, 5, 4, 3, 2, 7, 8, 0})
            if (packed(id, inner.bytes, level, original) == original)
                return level;
    return Z_DEFAULT_COMPRESSION;
}

} // namespace

Unwrapped inflateBytes(FormatId id, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    qsizetype at = 0;
    int members = 0;
    do {
        at += inflateOne(id, bytes, at, out, budget);
        ++members;
    } while (!out.problem && budget.goesOn() && id == FormatId::Gzip && bytes.sliced(at).startsWith("\x1f\x8b"));
    if (!out.problem && budget.spent() == FormatBudget::Spent::Nothing && at < bytes.size())
        out.fail(at, tr("%1 byte(s) after the end of the compressed data").arg(bytes.size() - at));
    if (members > 1)
        out.note(tr("%1 gzip members in a row; saving writes a single one").arg(members));
    if (id == FormatId::Gzip && bytes.size() > 10 && (bytes[3] & 0x1c) != 0)
        out.note(tr("the gzip header has optional fields (name, comment or extra): they are kept"));
    return out;
}

Result<QByteArray> deflateBytes(FormatId id, QByteArrayView inner, QByteArrayView original)
{
    return packed(id, inner, levelOf(id, original), original);
}

} // namespace slotscope
