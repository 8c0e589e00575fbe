// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/rundelegates.h"

#include "core/models/runlistmodel.h"
#include "core/models/runstepmodel.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int headHeight = 28;
constexpr int runRowHeight = 52;
constexpr int stepHeight = 26;
constexpr int noteHeight = 18;

bool beginsGroup(const QModelIndex &index)
{
    const QModelIndex above = index.siblingAtRow(index.row() - 1);
    return !above.isValid() || above.data(RunListModel::GroupRole) != index.data(RunListModel::GroupRole);
}

QColor toneColour(const ThemeTokens &tokens, const QModelIndex &index)
{
    return toneColours(tokens, Tone(index.data(ToneRole).toInt())).text;
}

void drawElided(QPainter &painter, const QRect &area, const QString &text, Qt::TextElideMode mode = Qt::ElideRight)
{
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text, mode, area.width()));
}

} // namespace

RunDelegate::RunDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

QSize RunDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {120, runRowHeight + (beginsGroup(index) ? headHeight : 0)};
}

void RunDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect area = option.rect;
    if (beginsGroup(index)) {
        paintHead(*painter, QRect(area.topLeft(), QSize(area.width(), headHeight)), index);
        area.setTop(area.top() + headHeight);
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        const bool focused = selected && option.state.testFlag(QStyle::State_HasFocus);
        painter->setPen(focused ? QPen(tokens.accent, 1) : QPen(Qt::NoPen));
        painter->setBrush(selected ? tokens.sel : tokens.raised);
        painter->drawRoundedRect(QRectF(area).adjusted(4.5, 1.5, -4.5, -1.5), 6, 6);
    }
    paintBody(*painter, area.adjusted(14, 6, -14, -6), index);
    painter->restore();
}

void RunDelegate::paintHead(QPainter &painter, const QRect &area, const QModelIndex &index) const
{
    QFont font = Theme::smallFont();
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().muted);
    painter.drawText(area.adjusted(14, 4, -14, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     RunListModel::groupName(RunListModel::Group(index.data(RunListModel::GroupRole).toInt())));
}

void RunDelegate::paintBody(QPainter &painter, const QRect &area, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const bool runs = index.data(RunListModel::GroupRole).toInt() == int(RunListModel::Group::Running);
    const QString word = index.data(RunListModel::StateWordRole).toString();
    const QColor tone = toneColour(tokens, index);
    painter.setFont(Theme::strongFont());
    painter.setPen(tone);
    painter.drawText(QRect(area.left(), area.top(), 18, 19), Qt::AlignVCenter | Qt::AlignLeft,
                     index.data(RunListModel::MarkRole).toString());
    painter.setPen(tokens.text);
    drawElided(painter, QRect(area.left() + 20, area.top(), area.width() - 20, 19), index.data().toString());
    painter.setFont(Theme::smallFont());
    painter.setPen(tone);
    const QRect lower(area.left() + 20, area.top() + 19, area.width() - 20, 18);
    drawElided(painter, lower, word);
    painter.setPen(tokens.muted);
    drawElided(painter, lower.adjusted(painter.fontMetrics().horizontalAdvance(word), 0, 0, 0),
               u" · "_s + index.data(RunListModel::FactsRole).toString());
    if (!runs)
        return;
    const QRectF track(area.left() + 20, area.bottom() - 1, area.width() - 20, 3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.line2);
    painter.drawRoundedRect(track, 1.5, 1.5);
    painter.setBrush(tone);
    const double share = index.data(RunListModel::ShareRole).toDouble();
    painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * share, 3)), 1.5, 1.5);
}

RunStepDelegate::RunStepDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

QSize RunStepDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return {120, stepHeight + (index.data(RunStepModel::NoteRole).toString().isEmpty() ? 0 : noteHeight)};
}

void RunStepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool current = index.data(RunStepModel::CurrentRole).toBool();
    const bool focused = option.state.testFlag(QStyle::State_Selected) && option.state.testFlag(QStyle::State_HasFocus);
    if (current || focused) {
        painter->setPen(focused ? QPen(tokens.accent, 1) : QPen(Qt::NoPen));
        painter->setBrush(current ? QBrush(tokens.sel) : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    const QRect area = option.rect.adjusted(8, 3, -8, -3);
    const QRect upper(area.left(), area.top(), area.width(), stepHeight - 6);
    const QString time = index.data(RunStepModel::TimeRole).toString();
    painter->setFont(Theme::smallFont());
    painter->setPen(tokens.muted);
    painter->drawText(upper, Qt::AlignVCenter | Qt::AlignRight, time);
    const int trailing = painter->fontMetrics().horizontalAdvance(time);
    painter->setFont(Theme::strongFont());
    painter->setPen(toneColour(tokens, index));
    painter->drawText(QRect(upper.left(), upper.top(), 18, upper.height()), Qt::AlignVCenter | Qt::AlignLeft,
                      index.data(RunStepModel::MarkRole).toString());
    painter->setFont(current ? Theme::strongFont() : Theme::textFont());
    painter->setPen(Tone(index.data(ToneRole).toInt()) == Tone::Muted ? tokens.muted : tokens.text);
    drawElided(*painter, QRect(upper.left() + 22, upper.top(), upper.width() - 22 - trailing - 10, upper.height()),
               index.data().toString());
    painter->setFont(Theme::smallFont());
    painter->setPen(Tone(index.data(ToneRole).toInt()) == Tone::Bad ? tokens.error : tokens.muted);
    drawElided(*painter, QRect(area.left() + 22, upper.bottom(), area.width() - 22, noteHeight),
               index.data(RunStepModel::NoteRole).toString());
    painter->restore();
}

bool RunStepDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString note = index.data(RunStepModel::NoteRole).toString();
    QToolTip::showText(event->globalPos(),
                       plainToolTip(index.data().toString() + (note.isEmpty() ? QString() : u'\n' + note)), view);
    return true;
}

} // namespace slotscope
