// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/sizehistograms.h"

#include "core/analysis/reportexport.h"
#include "core/base/text.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

// minimum width of a histogram, and its height
constexpr int sizeCellWidth = 190, sizeCellHeight = 90, sizeCellGap = 16;
constexpr int sizeHeadHeight = 26, sizeAxisHeight = 18, badgeSide = 18;
constexpr double widestSizeBar = 28;

/// Title such as "String" or "Sorted set"; for sizes in memory "List, memory".
QString titleOfSizes(const SizesOfType &type, const Theme &theme)
{
    QString word = typeLook(type.type, theme).word;
    if (!word.isEmpty())
        word[0] = word[0].toUpper();
    return type.isMemory ? SizeHistograms::tr("%1, memory").arg(word) : word;
}

} // namespace

SizeHistograms::SizeHistograms(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(u"sizeHistograms"_s);
    setAccessibleName(tr("Sizes of keys"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SizeHistograms::show(const QList<SizesOfType> &types)
{
    m_types = types;
    m_types.removeIf([](const SizesOfType &type) { return type.sum() == 0; });
    QStringList words;
    for (const SizesOfType &type : std::as_const(m_types))
        for (size_t place = 0; place < type.keys.size(); ++place)
            if (type.keys[place] > 0)
                words += u"%1: %2"_s.arg(titleOfSizes(type, m_theme), wordsOf(type, place));
    setAccessibleDescription(words.join(u"; "_s));
    updateHeight();
    update();
}

QString SizeHistograms::wordsOf(const SizesOfType &type, size_t place)
{
    const QString keys = groupedNumber(type.keys[place]);
    const QString form = type.isMemory || type.type == "string" ? tr("%1 keys of %2 bytes, %3 of this type")
                                                                : tr("%1 keys of %2 elements, %3 of this type");
    return form.arg(keys, powerText(place), shareText(type.keys[place], type.sum()));
}

SizeHistograms::Span SizeHistograms::spanOf(const SizesOfType &type)
{
    Span span{.first = type.keys.size() - 1, .last = 0};
    for (size_t place = 0; place < type.keys.size(); ++place) {
        if (type.keys[place] == 0)
            continue;
        span.first = std::min(span.first, place);
        span.last = place;
    }
    return span;
}

int SizeHistograms::columns() const
{
    const int fit = std::max(1, (width() + sizeCellGap) / (sizeCellWidth + sizeCellGap));
    const int types = std::max<int>(1, int(m_types.size()));
    const int rows = (types + fit - 1) / fit;
    return (types + rows - 1) / rows; // distributes the histograms as evenly as possible over the rows
}

void SizeHistograms::updateHeight()
{
    const int rows = (int(m_types.size()) + columns() - 1) / columns();
    setFixedHeight(std::max(1, rows) * sizeCellHeight);
}

void SizeHistograms::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateHeight();
}

QRectF SizeHistograms::cell(int type) const
{
    const int across = columns();
    const double width = double(this->width() + sizeCellGap) / across;
    return {(type % across) * width, double(type / across) * sizeCellHeight, width - sizeCellGap,
            double(sizeCellHeight)};
}

QRectF SizeHistograms::barAt(int type, size_t place) const
{
    const Span span = spanOf(m_types[type]);
    if (place < span.first || place > span.last)
        return {};
    const QRectF all = cell(type).adjusted(0, sizeHeadHeight, 0, -sizeAxisHeight);
    const double width = std::min(widestSizeBar, all.width() / double(span.last - span.first + 1));
    return {all.left() + double(place - span.first) * width, all.top(), width, all.height()};
}

void SizeHistograms::paintCell(QPainter &painter, int type) const
{
    const SizesOfType &sizes = m_types[type];
    const ThemeTokens &tokens = m_theme.tokens();
    const TypeLook look = typeLook(sizes.type, m_theme);
    const QRectF all = cell(type);
    paintTypeBadge(painter, {all.left(), all.top() + 2, badgeSide, badgeSide}, sizes.type, m_theme);
    const QFontMetrics metrics(Theme::smallFont());
    const QRectF head(all.left() + badgeSide + 6, all.top(), all.width() - badgeSide - 6, badgeSide + 4);
    const QString title = titleOfSizes(sizes, m_theme);
    painter.setPen(tokens.text);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(title, Qt::ElideRight, int(head.width())));
    const double used = metrics.horizontalAdvance(title) + 8;
    painter.setPen(tokens.muted);
    if (used < head.width())
        painter.drawText(head.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(tr("%1 keys").arg(groupedNumber(sizes.sum())), Qt::ElideRight,
                                            int(head.width() - used)));
    const Span span = spanOf(sizes);
    const qint64 most = *std::max_element(sizes.keys.begin(), sizes.keys.end());
    const double base = all.bottom() - sizeAxisHeight;
    painter.setPen(tokens.line2);
    painter.drawLine(QPointF(all.left(), base + 0.5), QPointF(all.right(), base + 0.5));
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.colour);
    for (size_t place = span.first; place <= span.last; ++place) {
        if (sizes.keys[place] == 0)
            continue;
        const QRectF column = barAt(type, place);
        const double tall = std::max(2.0, column.height() * double(sizes.keys[place]) / double(most));
        const double inset = std::min(2.0, column.width() / 6);
        const QRectF box(column.left() + inset, base - tall, column.width() - 2 * inset, tall);
        painter.drawRoundedRect(box, std::min(2.0, tall / 2), std::min(2.0, tall / 2));
    }
    const bool areBytes = sizes.isMemory || sizes.type == "string";
    const QString range = powerText(span.first, span.last);
    painter.setPen(tokens.muted);
    const QString axis = areBytes ? tr("%1 bytes").arg(range) : tr("%1 elements").arg(range);
    painter.drawText(QRectF(all.left(), base + 2, all.width(), sizeAxisHeight - 2), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(axis, Qt::ElideRight, int(all.width())));
}

void SizeHistograms::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    for (int type = 0; type < m_types.size(); ++type)
        paintCell(painter, type);
}

QString SizeHistograms::wordsAt(const QPoint &at) const
{
    for (int type = 0; type < m_types.size(); ++type)
        for (size_t place = 0; place < m_types[type].keys.size(); ++place)
            if (m_types[type].keys[place] > 0 && barAt(type, place).contains(at))
                return u"%1: %2"_s.arg(titleOfSizes(m_types[type], m_theme), wordsOf(m_types[type], place));
    return {};
}

bool SizeHistograms::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString words = wordsAt(help->pos());
    if (words.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainToolTip(words), this);
    return true;
}

} // namespace slotscope
