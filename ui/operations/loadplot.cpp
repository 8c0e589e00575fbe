// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/loadplot.h"

#include "core/models/latencywords.h"
#include "ui/shared/customplot.h"
#include "ui/shared/theme.h"
#include "ui/shared/themetokens.h"

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int leftMargin = 56; // wide enough for "150000"

} // namespace

LoadPlot::LoadPlot(What what, const Theme &theme, QWidget *parent)
    : QWidget(parent), m_what(what), m_theme(theme), m_canvas(new QCustomPlot(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 8);
    layout->addWidget(m_canvas);
    setMinimumHeight(130);
    m_canvas->setFocusPolicy(Qt::NoFocus);
    m_canvas->setAccessibleName(what == What::Rate ? tr("Requests per second over the time of the test")
                                                   : tr("p50, p99 and longest time over the time of the test"));
    m_canvas->xAxis->setNumberFormat(u"gb"_s);
    m_canvas->xAxis->setNumberPrecision(6);
    if (what == What::Times)
        m_canvas->yAxis->setNumberFormat(u"gb"_s);
    else
        m_canvas->yAxis->setNumberFormat(u"f"_s);
    m_canvas->yAxis->setNumberPrecision(what == What::Times ? 3 : 0);
    m_canvas->axisRect()->setAutoMargins(QCP::MarginSides(QCP::msTop) | QCP::msRight | QCP::msBottom);
    m_canvas->axisRect()->setMargins(QMargins(leftMargin, 0, 0, 0)); // the time axes of both plots are aligned
    if (what == What::Times) {
        m_canvas->legend->setVisible(true);
        m_canvas->legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
        m_canvas->legend->setBorderPen(Qt::NoPen);
        m_canvas->legend->setFont(Theme::smallFont());
        m_canvas->legend->setMargins(QMargins(4, 0, 4, 0));
        m_canvas->plotLayout()->insertRow(0);
        m_canvas->plotLayout()->addElement(0, 0, m_canvas->legend);
        m_canvas->plotLayout()->setRowStretchFactor(0, 0.001);
    }
    connect(&theme, &Theme::changed, this, &LoadPlot::draw);
    draw();
}

void LoadPlot::setReport(const LoadReportPtr &report)
{
    m_report = report;
    draw();
}

void LoadPlot::draw()
{
    const ThemeTokens &tokens = m_theme.tokens();
    m_canvas->setBackground(tokens.surface);
    m_canvas->legend->setBrush(Qt::NoBrush);
    m_canvas->legend->setTextColor(tokens.muted);
    for (QCPAxis *axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelFont(Theme::smallFont());
        axis->setTickLabelColor(tokens.muted);
        axis->setSubTicks(false);
        axis->grid()->setPen(QPen(tokens.grid, 1));
        axis->grid()->setZeroLinePen(QPen(tokens.line2, 1));
    }
    m_canvas->clearGraphs();
    double last = 1, most = 1;
    const auto add = [&](const QString &name, const QColor &colour, auto valueOf) {
        QCPGraph *graph = m_canvas->addGraph();
        graph->setName(name);
        graph->setPen(QPen(colour, 1.6));
        QVector<double> keys, values;
        for (qsizetype i = 0; m_report && i < m_report->timeline.size(); ++i) {
            const LoadSecond &second = m_report->timeline[i];
            const double value = valueOf(second);
            keys.append(second.at + second.length / 2);
            values.append(value < 0 ? std::numeric_limits<double>::quiet_NaN() : value);
            last = std::max(last, second.at + second.length);
            most = std::max(most, value);
        }
        graph->setData(keys, values, true);
        if (keys.size() == 1)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 5));
    };
    if (m_what == What::Rate) {
        add(QString(), tokens.mutedMark,
            [](const LoadSecond &second) { return second.isWarmUp ? double(second.ok) / second.length : -1; });
        add(QString(), tokens.accentMark,
            [](const LoadSecond &second) { return second.isWarmUp ? -1 : double(second.ok) / second.length; });
    } else {
        const auto ms = [](qint64 microseconds) { return microseconds < 0 ? -1 : double(microseconds) / 1000; };
        add(tr("p50"), tokens.accentMark, [ms](const LoadSecond &second) { return ms(second.p50); });
        add(tr("p99"), tokens.warnMark, [ms](const LoadSecond &second) { return ms(second.p99); });
        add(tr("longest"), tokens.errorMark, [ms](const LoadSecond &second) { return ms(second.longest); });
    }
    m_canvas->xAxis->setRange(0, last);
    m_canvas->yAxis->setRange(0, most * 1.08);
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace slotscope
