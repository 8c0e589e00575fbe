// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/messagepreview.h"

#include "core/base/text.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/pubsubwords.h"

#include <QStringList>

namespace slotscope {
namespace {

constexpr qsizetype previewLetters = 400, rawPreviewBytes = 200;

bool isShownAsText(FormatId id)
{
    switch (id) {
    case FormatId::Text:
    case FormatId::Json:
    case FormatId::NdJson:
    case FormatId::Xml:
    case FormatId::Html:
    case FormatId::Yaml: return true;
    default: return false;
    }
}

/// The first line of a text, without characters that reverse or hide text.
QString oneLine(const QString &text)
{
    return terminalSafe(text.left(2 * previewLetters).simplified(), LineBreaks::Quote).left(previewLetters);
}

FormatLimits previewLimits()
{
    FormatLimits limits;
    limits.outputBytes = 4 * longestPreviewed;
    limits.nodes = 20'000;
    limits.milliseconds = 100;
    return limits;
}

} // namespace

MessagePreview previewOf(const PubSubMessage &message, const std::optional<FormatChain> &chain)
{
    MessagePreview preview;
    if (message.isGap()) {
        preview.text = gapText(message);
        return preview;
    }
    if (const auto event = keyEventOf(message.channel, message.payload)) {
        preview.text = toDisplay(event->key.left(previewLetters));
        return preview;
    }
    if (message.isCut() || message.payload.size() > longestPreviewed) {
        preview.text = toDisplay(message.payload.left(rawPreviewBytes));
        return preview;
    }
    const FormatLimits limits = previewLimits();
    const Decoded decoded = decode(message.payload, chain ? *chain : detect(message.payload, limits), limits);
    const FormatId last = decoded.chain.steps.isEmpty() ? FormatId::Hex : decoded.chain.steps.back().id;
    QStringList steps;
    for (const FormatStep &step : decoded.chain.steps)
        if (!isShownAsText(step.id) && step.id != FormatId::Hex)
            steps.append(QString::fromLatin1(infoOf(step.id).name));
    preview.steps = steps.join(QStringLiteral(" \u203a "));
    if (last == FormatId::Hex || decoded.problem) {
        preview.text = toDisplay(decoded.inner.left(rawPreviewBytes));
        return preview;
    }
    preview.syntax = decoded.syntax;
    const bool isUtf8 = isShownAsText(last) && decoded.chain.steps.back().option.isEmpty();
    preview.text = oneLine(isUtf8 ? QString::fromUtf8(decoded.inner.left(4 * previewLetters)) : decoded.text);
    return preview;
}

} // namespace slotscope
