// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/forms.h"
#include "core/formats/steps.h"

namespace slotscope {

/// Examines bytes layer by layer: first formats with magic bytes, then text, then formats that are accepted only if the
/// whole can be read.
class Detector
{
public:
    explicit Detector(const FormatLimits &limits);
    [[nodiscard]] FormatChain detect(QByteArrayView bytes) const;

private:
    [[nodiscard]] QList<FormatStep> nextSteps(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<QList<FormatStep>> sureSteps(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<QList<FormatStep>> likelySteps(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<QList<FormatStep>> charsetSteps(QByteArrayView bytes, const QString &charset) const;
    [[nodiscard]] std::optional<QList<FormatStep>> markless(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<QList<FormatStep>> textSteps(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<QList<FormatStep>> pickleAfterPrefix(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<FormatStep> markedForm(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<FormatStep> unmarkedForm(QByteArrayView bytes) const;
    [[nodiscard]] std::optional<FormatStep> textForm(QByteArrayView bytes) const;
    [[nodiscard]] static bool looksLikeText(QByteArrayView bytes);
    [[nodiscard]] bool whole(FormatId id, QByteArrayView bytes, FormatTree *tree = nullptr) const;
    [[nodiscard]] bool unwrapsWhole(const FormatStep &step, QByteArrayView bytes) const;
    [[nodiscard]] FormatBudget attempt(qsizetype most) const;

    FormatLimits m_limits;
    QElapsedTimer m_clock;
};

} // namespace slotscope
