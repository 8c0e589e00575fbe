// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/ttlhistogram.h"

#include "core/analysis/reportexport.h"
#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int ttlBars = int(ttlPlaces);
constexpr int axisHeight = 22, barLabelHeight = 18;
constexpr double barPart = 0.8; // share of the column's width

} // namespace

TtlHistogram::TtlHistogram(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Time to live"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

size_t TtlHistogram::placeOfBar(int bar)
{
    return bar == 0 ? ttlNonePlace : size_t(bar - 1);
}

void TtlHistogram::show(const AnalysisReportPtr &report)
{
    m_report = report;
    QStringList words;
    for (int bar = 0; report && bar < ttlBars; ++bar)
        words += u"%1: %2"_s.arg(ttlPlaceText(placeOfBar(bar)),
                                 shareText(report->ttl[placeOfBar(bar)].keys, report->sum.keys));
    setAccessibleDescription(words.join(u", "_s));
    update();
}

QRectF TtlHistogram::column(int bar) const
{
    const double width = double(this->width()) / ttlBars;
    return {bar * width, 0, width, double(height())};
}

void TtlHistogram::paintEvent(QPaintEvent *)
{
    if (!m_report)
        return;
    const ThemeTokens &tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    const double base = height() - axisHeight, room = base - barLabelHeight;
    qint64 most = 1;
    for (const KeySum &sum : m_report->ttl)
        most = std::max(most, sum.keys);
    painter.setPen(tokens.line2);
    painter.drawLine(QPointF(0, base + 0.5), QPointF(width(), base + 0.5));
    for (int bar = 0; bar < ttlBars; ++bar) {
        const KeySum &sum = m_report->ttl[placeOfBar(bar)];
        const QRectF all = column(bar);
        double tall = room * double(sum.keys) / double(most);
        if (sum.keys > 0)
            tall = std::max(2.0, tall);
        const QRectF box(all.center().x() - all.width() * barPart / 2, base - tall, all.width() * barPart, tall);
        painter.setPen(Qt::NoPen);
        painter.setBrush(bar == 0 ? tokens.warnMark : tokens.accentMark);
        if (tall > 0)
            painter.drawRoundedRect(box, std::min(2.0, tall / 2), std::min(2.0, tall / 2));
        painter.setPen(tokens.text);
        painter.drawText(QRectF(all.left(), box.top() - barLabelHeight, all.width(), barLabelHeight),
                         Qt::AlignHCenter | Qt::AlignVCenter, shareText(sum.keys, m_report->sum.keys));
        painter.setPen(tokens.muted);
        painter.drawText(QRectF(all.left(), base + 4, all.width(), axisHeight - 4), Qt::AlignHCenter | Qt::AlignVCenter,
                         ttlPlaceText(placeOfBar(bar)));
    }
}

bool TtlHistogram::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || !m_report)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int bar = std::clamp(help->pos().x() * ttlBars / std::max(1, width()), 0, ttlBars - 1);
    const KeySum &sum = m_report->ttl[placeOfBar(bar)];
    QToolTip::showText(
        help->globalPos(),
        plainToolTip(
            tr("%1: %2 keys, %3").arg(ttlPlaceText(placeOfBar(bar)), groupedNumber(sum.keys), byteSize(sum.bytes))),
        this);
    return true;
}

} // namespace slotscope
