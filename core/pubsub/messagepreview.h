// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "core/pubsub/pubsubtypes.h"

namespace slotscope {

/// A message in one line: what a row of a table shows of it.
struct MessagePreview
{
    QString text; ///< safe to show, without line breaks
    QString steps; ///< how it was read, where that is neither text nor plain JSON: "gzip", "MessagePack"
    Syntax syntax = Syntax::Plain;
};

/// Longer payloads are not decoded for a row; their beginning is shown as it is.
inline constexpr qsizetype longestPreviewed = 256 * 1024;

/// Recognises and decodes the payload, or reads it by the chain. Bounded in time and memory, yet not for a GUI thread.
[[nodiscard]] MessagePreview previewOf(const PubSubMessage &message, const std::optional<FormatChain> &chain = {});

} // namespace slotscope
