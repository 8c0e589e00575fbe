// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisfinding.h"

#include <QScrollArea>

class QVBoxLayout;

namespace slotscope {

class Theme;

/// List of recommendations, each with a mark, a title, the reason, and a button for the remedy.
class AnalysisFindings final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisFindings)
public:
    explicit AnalysisFindings(const Theme &theme, QWidget *parent = nullptr);
    /// `whyNoActs`: why the buttons are disabled; empty: they are enabled.
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
