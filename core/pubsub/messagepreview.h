// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "core/pubsub/pubsubtypes.h"

namespace slotscope {

/// A message on one line, for a table row.
struct MessagePreview
{
    QString text; ///< safe to display, without line breaks
    QString steps; ///< how it was decoded, unless it is text or plain JSON: "gzip", "MessagePack"
    Syntax syntax = Syntax::Plain;
};

/// Longer payloads are not decoded for a row; their start is shown unchanged.
inline constexpr qsizetype longestPreviewed = 256 * 1024;

/// Detects the format of the payload, or uses the given chain, and decodes it. Limited in time and memory, but not for
/// the GUI thread.
[[nodiscard]] MessagePreview previewOf(const PubSubMessage &message, const std::optional<FormatChain> &chain = {});

} // namespace slotscope
