// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisfinding.h"

#include <QScrollArea>

class QVBoxLayout;

namespace slotscope {

class Theme;

/// What is worth doing: a mark, what it is, why it matters, and the act that mends it.
class AnalysisFindings final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisFindings)
public:
    explicit AnalysisFindings(const Theme &theme, QWidget *parent = nullptr);
    /// `whyNoActs`: why the acts are greyed out; empty: they are not.
    void show(const QList<AnalysisFinding> &findings, const QString &whyNoActs);
    [[nodiscard]] int count() const { return m_count; }

Q_SIGNALS:
    void actRequested(const slotscope::AnalysisFinding &finding);

private:
    [[nodiscard]] QWidget *makeRow(const AnalysisFinding &finding, const QString &whyNoActs);

    const Theme &m_theme;
    int m_count = 0;
};

} // namespace slotscope
