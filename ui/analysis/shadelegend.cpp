// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/shadelegend.h"

#include "ui/analysis/namespacemap.h"
#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int shadeSteps = 8, shadeStep = 10, legendGap = 8;

} // namespace

ShadeLegend::ShadeLegend(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("Shade: share of keys with a time to live, from none to all"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize ShadeLegend::sizeHint() const
{
    const QFontMetrics metrics(Theme::smallFont());
    return {metrics.horizontalAdvance(tr("with TTL: 0")) + metrics.horizontalAdvance(tr("all")) + shadeSteps * shadeStep
                + 2 * legendGap,
            20};
}

void ShadeLegend::paintEvent(QPaintEvent *)
{
    if (width() < sizeHint().width())
        return; // without room for it, the tool tips of the map have to be enough
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    painter.setPen(m_theme.tokens().muted);
    const QFontMetrics metrics(Theme::smallFont());
    const QString first = tr("with TTL: 0");
    painter.drawText(QRect(0, 0, width(), height()), Qt::AlignVCenter, first);
    const int left = metrics.horizontalAdvance(first) + legendGap;
    for (int step = 0; step < shadeSteps; ++step)
        painter.fillRect(QRect(left + step * shadeStep, (height() - 10) / 2, shadeStep, 10),
                         NamespaceMap::shadeOf(m_theme, double(step) / (shadeSteps - 1)));
    painter.drawText(QRect(left + shadeSteps * shadeStep + legendGap, 0, width(), height()), Qt::AlignVCenter,
                     tr("all"));
}

} // namespace slotscope
