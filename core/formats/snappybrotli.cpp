// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/steps.h"

#include <array>
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <liblzf/lzf.h>
#include <memory>
#include <snappy-c.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QByteArrayView framedMark("\xff\x06\0\0sNaPpY", 10);
constexpr QByteArrayView javaMark("\x82SNAPPY\0", 8);

bool addSnappy(Unwrapped &out, QByteArrayView block, qsizetype at, FormatBudget &budget)
{
    size_t length = 0;
    if (snappy_uncompressed_length(block.data(), size_t(block.size()), &length) != SNAPPY_OK
        || length > size_t(block.size()) * 64 + 64) { // two bytes represent at most 64
        out.fail(at, tr("the size at the beginning is impossible"));
        return false;
    }
    if (qsizetype(length) > budget.outputLeft())
        return budget.takeOutput(qsizetype(length));
    QByteArray bytes(qsizetype(length), Qt::Uninitialized);
    if (snappy_uncompress(block.data(), size_t(block.size()), bytes.data(), &length) != SNAPPY_OK) {
        out.fail(at, tr("the data is damaged"));
        return false;
    }
    return out.append(bytes, budget);
}

quint32 crc32c(QByteArrayView bytes)
{
    static const auto table = [] {
        std::array<quint32, 256> made{};
        for (quint32 i = 0; i < 256; ++i) {
            quint32 crc = i;
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78u : crc >> 1;
            made[i] = crc;
        }
        return made;
    }();
    quint32 crc = 0xffffffffu;
    for (const char byte : bytes)
        crc = table[(crc ^ quint8(byte)) & 0xff] ^ (crc >> 8);
    return ~crc;
}

/// The masked CRC-32C, as Snappy's framing format stores it.
quint32 maskedCrc(QByteArrayView bytes)
{
    const quint32 crc = crc32c(bytes);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

void unframe(Unwrapped &out, QByteArrayView bytes, FormatBudget &budget)
{
    Cursor in(bytes);
    while (!in.atEnd() && in.ok() && !out.problem && budget.goesOn()) {
        const qsizetype at = in.at();
        const quint8 kind = in.u8();
        const QByteArrayView lengthBytes = in.take(3);
        if (!in.ok())
            break;
        const quint32 length =
            quint8(lengthBytes[0]) | quint32(quint8(lengthBytes[1])) << 8 | quint32(quint8(lengthBytes[2])) << 16;
        Cursor chunk(in.take(length));
        if (kind == 0x00 || kind == 0x01) {
            const auto crc = chunk.little<quint32>();
            const qsizetype before = out.bytes.size();
            if (!(kind == 0x00 ? addSnappy(out, chunk.rest(), at, budget) : out.append(chunk.rest(), budget)))
                break;
            if (in.ok() && maskedCrc(QByteArrayView(out.bytes).sliced(before)) != crc)
                out.fail(at, tr("the checksum does not match the data (CRC mismatch)"));
        } else if (kind >= 0x02 && kind <= 0x7f) {
            out.fail(at, tr("a chunk has the unknown type %1").arg(kind));
        }
    }
    if (!in.ok() && !out.problem)
        out.problem = in.problem();
}

void unJava(Unwrapped &out, QByteArrayView bytes, FormatBudget &budget)
{
    Cursor in(bytes);
    if (in.take(8) != javaMark)
        in.failAt(0, tr("this does not begin with the header that snappy-java writes"));
    in.take(8);
    while (!in.atEnd() && in.ok() && budget.goesOn()) {
        const qsizetype at = in.at();
        const auto length = in.big<quint32>();
        const QByteArrayView block = in.take(length);
        if (in.ok() && !addSnappy(out, block, at, budget))
            return;
    }
    if (!in.ok())
        out.problem = in.problem();
}

QByteArray snappyBlock(QByteArrayView inner)
{
    size_t length = snappy_max_compressed_length(size_t(inner.size()));
    QByteArray out(qsizetype(length), Qt::Uninitialized);
    snappy_compress(inner.data(), size_t(inner.size()), out.data(), &length);
    out.truncate(qsizetype(length));
    return out;
}

struct EndBrotli
{
    void operator()(BrotliDecoderState *state) const { BrotliDecoderDestroyInstance(state); }
};

const quint8 *bytesOf(QByteArrayView bytes)
{
    return reinterpret_cast<const quint8 *>(bytes.data()); // NOLINT
}

} // namespace

Unwrapped unSnappy(const QString &option, QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    if (option == u"framed")
        unframe(out, bytes, budget);
    else if (option == u"java")
        unJava(out, bytes, budget);
    else
        (void)addSnappy(out, bytes, 0, budget);
    return out;
}

Result<QByteArray> toSnappy(const QString &option, QByteArrayView inner)
{
    if (option != u"framed" && option != u"java")
        return snappyBlock(inner);
    constexpr qsizetype block = 65536 / 2; // both framings allow blocks of 64 KiB, and do not require more
    QByteArray out =
        option == u"java" ? javaMark.toByteArray() + QByteArray("\0\0\0\1\0\0\0\1", 8) : framedMark.toByteArray();
    for (qsizetype at = 0; at < inner.size(); at += block) {
        const QByteArrayView part = inner.sliced(at, std::min(block, inner.size() - at));
        const QByteArray packed = snappyBlock(part);
        QByteArray number(4, '\0');
        if (option == u"java") {
            qToBigEndian(quint32(packed.size()), number.data());
            out += number + packed;
            continue;
        }
        qToLittleEndian(quint32(packed.size() + 4), number.data());
        out += '\0' + number.first(3);
        qToLittleEndian(maskedCrc(part), number.data());
        out += number + packed;
    }
    return out;
}

Unwrapped unBrotli(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    const std::unique_ptr<BrotliDecoderState, EndBrotli> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    std::array<quint8, 65536> buffer; // NOLINT: written before it is read
    auto left = size_t(bytes.size());
    const quint8 *in = bytesOf(bytes);
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        size_t room = buffer.size();
        quint8 *to = buffer.data();
        result = BrotliDecoderDecompressStream(state.get(), &left, &in, &room, &to, nullptr);
        if (!out.append({buffer.data(), to - buffer.data()}, budget))
            return out;
    }
    const qsizetype at = bytes.size() - qsizetype(left);
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
        out.fail(at, tr("unexpected end of data"));
    else if (result == BROTLI_DECODER_RESULT_ERROR)
        out.fail(at, QString::fromLatin1(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state.get()))));
    else if (left > 0)
        out.fail(at, tr("%1 byte(s) after the end of the compressed data").arg(left));
    return out;
}

Result<QByteArray> toBrotli(QByteArrayView inner)
{
    size_t length = BrotliEncoderMaxCompressedSize(size_t(inner.size()));
    QByteArray out(qsizetype(length) + 16, Qt::Uninitialized);
    length = size_t(out.size());
    constexpr int quality = 9; // the highest quality takes seconds per megabyte
    if (BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, size_t(inner.size()), bytesOf(inner),
                              &length, reinterpret_cast<quint8 *>(out.data())) // NOLINT
        == BROTLI_FALSE)
        return failure(Error::Code::Parse, tr("brotli could not compress it"));
    out.truncate(qsizetype(length));
    return out;
}

Unwrapped unLzf(QByteArrayView bytes, FormatBudget &budget)
{
    Unwrapped out;
    // three bytes of LZF represent at most 264
    const qsizetype most = std::min({budget.outputLeft(), bytes.size() * 88 + 64, qsizetype(1) << 30});
    for (qsizetype room = std::min(most, bytes.size() * 4 + 64); budget.goesOn(); room = std::min(most, room * 4)) {
        QByteArray buffer(room, Qt::Uninitialized);
        const unsigned length = lzf_decompress(bytes.data(), unsigned(bytes.size()), buffer.data(), unsigned(room));
        if (length > 0) {
            buffer.truncate(qsizetype(length));
            (void)out.append(buffer, budget);
            return out;
        }
        if (errno == E2BIG && room == budget.outputLeft()) {
            (void)budget.takeOutput(room + 1);
            return out;
        }
        if (errno != E2BIG || room == most) {
            out.fail(0, tr("this LZF data is damaged or incomplete"));
            return out;
        }
    }
    return out;
}

Result<QByteArray> toLzf(QByteArrayView inner)
{
    QByteArray out(inner.size() + inner.size() / 16 + 64, Qt::Uninitialized);
    const unsigned length = lzf_compress(inner.data(), unsigned(inner.size()), out.data(), unsigned(out.size()));
    if (length == 0)
        return failure(Error::Code::Parse, tr("LZF could not compress it"));
    out.truncate(qsizetype(length));
    return out;
}

} // namespace slotscope
