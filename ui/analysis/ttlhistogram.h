// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Histogram of the remaining times to live; keys without one come first, in amber.
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
    [[nodiscard]] static size_t placeOfBar(int bar); ///< the first bar is "none"
    [[nodiscard]] QRectF column(int bar) const;

    const Theme &m_theme;
    AnalysisReportPtr m_report;
};

} // namespace slotscope
