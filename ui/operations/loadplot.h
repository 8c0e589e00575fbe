// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadreport.h"
#include "ui/shared/spokenview.h"

#include <QWidget>

class QCustomPlot;

namespace slotscope {

class Theme;

/// Plot of a load test over time: its rate, or its reply times. The warm-up is drawn in a pale colour.
class LoadPlot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LoadPlot)
public:
    enum class What : quint8 { Rate, Times };
    LoadPlot(What what, const Theme &theme, QWidget *parent = nullptr);
    void setReport(const LoadReportPtr &report);
    [[nodiscard]] int points() const { return m_report ? int(m_report->timeline.size()) : 0; }

private:
    void draw();

    What m_what;
    const Theme &m_theme;
    LoadReportPtr m_report;
    QCustomPlot *m_canvas;
};

} // namespace slotscope
