// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/headvalues.h"

#include "ui/shared/theme.h"

#include <QPainter>

namespace slotscope {
namespace {

constexpr int headMarkWidth = 10, headMarkGap = 6, headEntryGap = 14;

} // namespace

HeadValues::HeadValues(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("No value"));
}

int HeadValues::widthOf(const Entry &entry)
{
    return (entry.mark.isValid() ? headMarkWidth + headMarkGap : 0)
        + QFontMetrics(Theme::smallFont()).horizontalAdvance(entry.text) + headEntryGap;
}

QSize HeadValues::sizeHint() const
{
    int width = 0;
    for (const Entry &entry : m_entries)
        width += widthOf(entry);
    return {width, 18};
}

void HeadValues::setEntries(const QList<Entry> &entries)
{
    m_entries = entries;
    QStringList words;
    for (const Entry &entry : entries)
        words.append(entry.text);
    setAccessibleName(words.isEmpty() ? tr("No value") : words.join(u", "));
    updateGeometry();
    update();
}

void HeadValues::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    int right = width();
    for (auto entry = m_entries.crbegin(); entry != m_entries.crend(); ++entry) {
        const int wide = widthOf(*entry) - headEntryGap;
        if (right - wide < 0)
            break;
        const QRect area(right - wide, 0, wide, height());
        if (entry->mark.isValid())
            painter.fillRect(QRect(area.left(), area.center().y() - 1, headMarkWidth, 3), entry->mark);
        painter.setPen(entry->isQuiet ? m_theme.tokens().muted : m_theme.tokens().text);
        painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, entry->text);
        right -= wide + headEntryGap;
    }
}

} // namespace slotscope
