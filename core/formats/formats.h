// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/decoded.h"
#include "core/formats/limits.h"

namespace slotscope {

/// Detects the formats of bytes. Prefers text and hex to a doubtful guess: formats without magic bytes (raw deflate,
/// LZF, vectors, …) are accepted only as a layer around something that is recognised completely.
[[nodiscard]] FormatChain detect(QByteArrayView bytes, const FormatLimits &limits = {});

/// Decodes the bytes with the chain. Never executes or fetches anything from the data, and never exceeds `limits`: in
/// that case, or after an error, returns what was read so far with `truncated` or the problem.
[[nodiscard]] Decoded decode(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits = {},
                             std::stop_token stop = {});

struct EncodeOptions
{
    /// JSON that was edited with indentation gets the original's layout: compact, or as it was indented.
    bool keepLayout = true;
    /// Returns the original bytes if only white space was changed.
    bool reuseOriginal = true;
};

/// Converts an edited text to bytes, back through the chain. `original` is the value that was read, which supplies
/// prefixes, headers and layout; empty for a new value. The result is decoded and compared before it is returned.
[[nodiscard]] Result<QByteArray> encode(const QString &editedText, const FormatChain &chain, QByteArrayView original,
                                        const FormatLimits &limits = {}, EncodeOptions options = {});

struct RoundTrip
{
    enum class Proof : quint8 {
        SameBytes, ///< decoding and encoding gives exactly the same bytes
        SameMeaning, ///< other bytes (compression level, order of a header), which decode to the same content
        None, ///< it cannot be written, or the content differs
    };
    Proof proof = Proof::None;
    qsizetype differsAt = -1; ///< position of the first different byte, -1 if there is none
    QString words; ///< why it is not proven, or what differs
};

/// Encodes the unchanged decoded text, without using the original's layout, and compares.
[[nodiscard]] RoundTrip proveRoundTrip(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits = {});

} // namespace slotscope
