// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/steps.h"

#include <array>
#include <lz4.h>
#include <lz4frame.h>
#include <memory>
#include <zstd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct FreeContext
{
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    void operator()(LZ4F_dctx *context) const { LZ4F_freeDecompressionContext(context); }
};

constexpr int largestWindowLog = 27; // 128 MiB, the limit of the zstd program by default

/// Largest output of an LZ4 block of this size: each byte represents at most 255.
quint64 mostOfLz4(qsizetype block)
{
    return quint64(block) * 255 + 64;
}

/// Decompresses a block of known size or, without `claimed`, tries with increasing buffers.
void addBlock(Unwrapped &out, QByteArrayView block, qsizetype at, std::optional<quint32> claimed, FormatBudget &budget)
{
    if (claimed && *claimed > mostOfLz4(block.size())) {
        out.fail(at,
                 tr("the size at the beginning, %1, is more than %2 byte(s) can decompress to")
                     .arg(*claimed)
                     .arg(block.size()));
        return;
    }
    const quint64 most = std::min({mostOfLz4(block.size()), quint64(budget.outputLeft()), quint64(LZ4_MAX_INPUT_SIZE)});
    quint64 room = claimed ? quint64(*claimed) : std::min(most, quint64(block.size()) * 4 + 64);
    if (claimed && room > quint64(budget.outputLeft())) {
        (void)budget.takeOutput(qsizetype(room));
        return;
    }
    while (budget.goesOn()) {
        QByteArray bytes(qsizetype(room), Qt::Uninitialized);
        const int length = LZ4_decompress_safe(block.data(), bytes.data(), int(block.size()), int(room));
        if (length >= 0) {
            bytes.truncate(length);
            if (claimed && quint32(length) != *claimed)
                out.fail(at,
                         tr("the size at the beginning is %1, but the block contains %2").arg(*claimed).arg(length));
            (void)out.append(bytes, budget);
            return;
        }
        if (claimed || room >= most) {
            out.fail(at, tr("this LZ4 block is damaged or incomplete"));
            return;
        }
        room = std::min(most, room * 4);
    }
}

QByteArray lz4Block(QByteArrayView inner)
{
    QByteArray out(LZ4_compressBound(int(inner.size())), Qt::Uninitialized);
    out.truncate(LZ4_compress_default(inner.data(), out.data(), int(inner.size()), int(out.size())));
    return out;
}

} // namespace

Unwrapped unZstd(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, largestWindowLog);
    std::array<char, 65536> buffer; // NOLINT: written before it is read
    ZSTD_inBuffer in{bytes.data(), size_t(bytes.size()), 0};
    size_t wanted = 1;
    int frames = 0;
    while (in.pos < in.size || wanted != 0) {
        ZSTD_outBuffer room{buffer.data(), buffer.size(), 0};
        const size_t before = in.pos;
        wanted = ZSTD_decompressStream(context.get(), &room, &in);
        if (ZSTD_isError(wanted) != 0) {
            out.fail(qsizetype(before), QString::fromLatin1(ZSTD_getErrorName(wanted)));
            return out;
        }
        if (!out.append({buffer.data(), qsizetype(room.pos)}, budget))
            return out;
        if (wanted == 0)
            ++frames;
        if (wanted != 0 && in.pos == in.size && room.pos < room.size) {
            out.fail(bytes.size(), tr("unexpected end of data"));
            return out;
        }
    }
    if (frames > 1)
        out.note(tr("%1 zstd frames in a row; saving writes a single one").arg(frames));
    return out;
}

Result<QByteArray> toZstd(QByteArrayView inner, QByteArrayView original)
{
    const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    // bit 2 of the frame descriptor: a checksum at the end; bits 5–7: content size
    const quint8 descriptor =
        original.size() > 4 && original.startsWith("\x28\xb5\x2f\xfd") ? quint8(original[4]) : 0x20;
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, (descriptor & 4) != 0 ? 1 : 0);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, (descriptor & 0xe0) != 0 ? 1 : 0);
    QByteArray out(qsizetype(ZSTD_compressBound(size_t(inner.size()))), Qt::Uninitialized);
    const size_t length =
        ZSTD_compress2(context.get(), out.data(), size_t(out.size()), inner.data(), size_t(inner.size()));
    if (ZSTD_isError(length) != 0)
        return failure(Error::Code::Parse, u"zstd: "_s + QString::fromLatin1(ZSTD_getErrorName(length)));
    out.truncate(qsizetype(length));
    return out;
}

Unwrapped unLz4Frame(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    LZ4F_dctx *made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0) {
        out.fail(0, tr("lz4 could not be initialised"));
        return out;
    }
    const std::unique_ptr<LZ4F_dctx, FreeContext> context(made);
    std::array<char, 65536> buffer; // NOLINT: written before it is read
    qsizetype at = 0;
    size_t wanted = 1;
    while (at < bytes.size() || wanted != 0) {
        size_t room = buffer.size();
        auto length = size_t(bytes.size() - at);
        wanted = LZ4F_decompress(context.get(), buffer.data(), &room, bytes.data() + at, &length, nullptr);
        if (LZ4F_isError(wanted) != 0) {
            out.fail(at, QString::fromLatin1(LZ4F_getErrorName(wanted)));
            return out;
        }
        at += qsizetype(length);
        if (!out.append({buffer.data(), qsizetype(room)}, budget))
            return out;
        if (wanted != 0 && at == bytes.size() && room == 0) {
            out.fail(at, tr("unexpected end of data"));
            return out;
        }
    }
    return out;
}

Result<QByteArray> toLz4Frame(QByteArrayView inner)
{
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.contentSize = static_cast<unsigned long long>(inner.size());
    QByteArray out(qsizetype(LZ4F_compressFrameBound(size_t(inner.size()), &preferences)), Qt::Uninitialized);
    const size_t length =
        LZ4F_compressFrame(out.data(), size_t(out.size()), inner.data(), size_t(inner.size()), &preferences);
    if (LZ4F_isError(length) != 0)
        return failure(Error::Code::Parse, u"lz4: "_s + QString::fromLatin1(LZ4F_getErrorName(length)));
    out.truncate(qsizetype(length));
    return out;
}

quint8 phpredisCrc(QByteArrayView sizeBytes)
{
    quint8 crc = 0xff;
    for (const char byte : sizeBytes) {
        crc = quint8(crc ^ quint8(byte));
        for (int bit = 0; bit < 8; ++bit)
            crc = quint8((crc & 0x80) != 0 ? (crc << 1) ^ 0x31 : crc << 1);
    }
    return crc;
}

Unwrapped unLz4Block(const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    Cursor in(bytes);
    std::optional<quint32> size;
    if (option == u"php") {
        const quint8 crc = in.u8();
        if (in.left() >= 4 && crc != phpredisCrc(in.rest().first(4)))
            in.failAt(0, tr("the checksum of the size does not match"));
        size = in.little<quint32>();
    } else if (option == u"msgpack") { // ext 99, which contains a MessagePack int32 and a block
        const quint8 kind = in.u8();
        const quint32 length = kind == 0xc7 ? in.u8() : kind == 0xc8 ? in.big<quint16>() : in.big<quint32>();
        if (kind < 0xc7 || kind > 0xc9 || in.u8() != 99 || qsizetype(length) != in.left() || in.u8() != 0xd2)
            in.failAt(0, tr("this is not a MessagePack extension of type 99"));
        size = in.big<quint32>();
    } else if (option != u"raw") {
        size = option == u"be32" ? in.big<quint32>() : in.little<quint32>();
    }
    if (in.ok())
        addBlock(out, in.rest(), in.at(), size, budget);
    else
        out.problem = in.problem();
    return out;
}

Result<QByteArray> toLz4Block(const QString &option, QByteArrayView inner)
{
    if (inner.size() > LZ4_MAX_INPUT_SIZE)
        return failure(Error::Code::LimitExceeded, tr("an LZ4 block holds at most 2 GB"));
    const QByteArray block = lz4Block(inner);
    QByteArray size(4, '\0');
    qToLittleEndian(quint32(inner.size()), size.data());
    if (option == u"raw")
        return block;
    if (option == u"php")
        return char(phpredisCrc(size)) + size + block;
    if (option == u"be32" || option == u"msgpack")
        qToBigEndian(quint32(inner.size()), size.data());
    if (option != u"msgpack")
        return size + block;
    QByteArray length(4, '\0');
    const auto content = quint32(block.size() + 5);
    qToBigEndian(content, length.data());
    const QByteArray head = content < 0x100 ? QByteArray("\xc7") + char(content)
        : content < 0x10000                 ? "\xc8" + length.last(2)
                                            : "\xc9" + length;
    return head + char(99) + char(0xd2) + size + block;
}

} // namespace slotscope
