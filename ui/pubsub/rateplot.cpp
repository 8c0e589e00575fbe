// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/rateplot.h"

#include "core/base/text.h"
#include "core/pubsub/pubsubwords.h"
#include "ui/pubsub/subscriptioncolours.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>
#include <numeric>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int axisAtLeft = 56, axisBelow = 20, gapAtRight = 8, gapAbove = 10;

/// Rounds up to 1, 2 or 5 times a power of ten.
double roundTop(double value)
{
    const double power = std::pow(10, std::floor(std::log10(std::max(1.0, value))));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= value)
            return factor * power;
    return 10 * power;
}

} // namespace

RatePlot::RatePlot(const Theme &theme, const SubscriptionColours &colours, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_colours(colours)
{
    setAccessibleName(tr("Messages of each second"));
    setFixedHeight(104);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void RatePlot::take(const PubSubSnapshot &snapshot)
{
    m_seconds = snapshot.seconds;
    m_ids.clear();
    m_names.clear();
    for (const SubscriptionState &each : snapshot.subscriptions) {
        m_ids.append(each.id);
        m_names.append(subscriptionText(each.order));
    }
    update();
}

QRectF RatePlot::area() const
{
    return QRectF(rect()).adjusted(axisAtLeft, gapAbove, -gapAtRight, -axisBelow);
}

quint32 RatePlot::largest() const
{
    quint32 most = 0;
    for (const PubSubSecond &each : m_seconds)
        most = std::max(most, std::accumulate(each.bySubscription.begin(), each.bySubscription.end(), 0U));
    return most;
}

void RatePlot::paintGrid(QPainter &painter, double top) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const QRectF plot = area();
    painter.setFont(Theme::smallFont());
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = plot.bottom() - part * plot.height();
        painter.setPen(tokens.grid);
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        if (part == 0.5 && top < 2)
            continue;
        painter.setPen(tokens.muted);
        const QString text = part == 0 ? u"0"_s : tr("%1/s").arg(groupedNumber(qRound64(part * top)));
        painter.drawText(QRectF(0, y - 8, axisAtLeft - 8, 16), Qt::AlignRight | Qt::AlignVCenter, text);
    }
    if (m_seconds.empty())
        return;
    const QRectF below(plot.left(), plot.bottom() + 2, plot.width(), axisBelow - 2);
    const auto timeOf = [](const PubSubSecond &second) {
        return QDateTime::fromSecsSinceEpoch(second.second).toString(u"HH:mm:ss"_s);
    };
    painter.setPen(tokens.muted);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, timeOf(m_seconds.front()));
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignVCenter, timeOf(m_seconds[m_seconds.size() / 2]));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, tr("now"));
}

void RatePlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const double top = roundTop(largest());
    paintGrid(painter, top);
    const QRectF plot = area();
    if (m_seconds.empty())
        return;
    const double step = plot.width() / double(m_seconds.size());
    for (size_t i = 0; i < m_seconds.size(); ++i) {
        const double left = plot.left() + double(i) * step;
        double y = plot.bottom();
        for (size_t of = 0; of < m_seconds[i].bySubscription.size(); ++of) {
            const double height = m_seconds[i].bySubscription[of] / top * plot.height();
            if (height <= 0)
                continue;
            const double shown = std::max(1.0, height);
            painter.fillRect(QRectF(left + 1, y - shown, std::max(1.0, step - 2), shown),
                             shardColour(std::max(0, m_colours.of(m_ids.value(qsizetype(of))))));
            y -= shown;
        }
    }
}

bool RatePlot::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || m_seconds.empty())
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const double at = (help->pos().x() - area().left()) / area().width();
    if (at < 0 || at >= 1) {
        QToolTip::hideText();
        return true;
    }
    const PubSubSecond &second = m_seconds[size_t(at * double(m_seconds.size()))];
    QString text = QDateTime::fromSecsSinceEpoch(second.second).toString(u"HH:mm:ss"_s);
    for (size_t i = 0; i < second.bySubscription.size(); ++i)
        if (second.bySubscription[i] > 0)
            text += u'\n' + m_names.value(qsizetype(i)) + u": "_s + groupedNumber(second.bySubscription[i]);
    QToolTip::showText(help->globalPos(), plainToolTip(text), this);
    return true;
}

} // namespace slotscope
