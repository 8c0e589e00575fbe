// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/decoded.h"
#include "core/formats/limits.h"

namespace slotscope {

/// What the bytes can be told to be. Prefers text and hex to a doubtful guess: formats without a mark of their own
/// (raw deflate, LZF, vectors, …) are never guessed but as the outside of something that is known in whole.
[[nodiscard]] FormatChain detect(QByteArrayView bytes, const FormatLimits &limits = {});

/// Reads the bytes by the chain. Nothing of the data is ever executed or fetched, and no bound of `limits` is passed:
/// what was read until then is returned with the problem or with `truncated`.
[[nodiscard]] Decoded decode(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits = {},
                             std::stop_token stop = {});

struct EncodeOptions
{
    /// JSON edited in its pretty form gets the original's layout: compact again, or as indented.
    bool keepLayout = true;
    /// Where nothing but blanks was changed the original bytes are returned.
    bool reuseOriginal = true;
};

/// The bytes for an edited text, back through the chain. `original` is what was read: it gives prefixes, headers and
/// layout; empty for a value that is new. What was made is decoded again and compared before it is returned.
[[nodiscard]] Result<QByteArray> encode(const QString &editedText, const FormatChain &chain, QByteArrayView original,
                                        const FormatLimits &limits = {}, EncodeOptions options = {});

struct RoundTrip
{
    enum class Proof : quint8 {
        SameBytes, ///< decoding and encoding again gives the very bytes
        SameMeaning, ///< other bytes (compression level, order of a header), which decode to the same
        None, ///< it cannot be written, or differs
    };
    Proof proof = Proof::None;
    qsizetype differsAt = -1; ///< the first byte that is another one, -1 where there is none
    QString words; ///< why there is no proof, or what differs
};

/// Encodes what was decoded, unchanged and without a look at the original's layout, and compares.
[[nodiscard]] RoundTrip proveRoundTrip(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits = {});

} // namespace slotscope
