// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// How many keys have how much of their life left, as bars; those without an end in amber, first.
class TtlHistogram final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TtlHistogram)
public:
    explicit TtlHistogram(const Theme &theme, QWidget *parent = nullptr);
    void show(const AnalysisReportPtr &report);
    [[nodiscard]] QSize sizeHint() const override { return {400, 130}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 110}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] static size_t placeOfBar(int bar); ///< the first one is "none"
    [[nodiscard]] QRectF column(int bar) const;

    const Theme &m_theme;
    AnalysisReportPtr m_report;
};

} // namespace slotscope
