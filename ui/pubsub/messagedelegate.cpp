// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/messagedelegate.h"

#include "core/models/pubsubmodels.h"
#include "ui/pubsub/messagepreviews.h"
#include "ui/pubsub/subscriptioncolours.h"
#include "ui/shared/badge.h"
#include "ui/shared/jsonruns.h"
#include "ui/shared/theme.h"

#include <QAbstractProxyModel>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int sideOfMessage = 8, barWidth = 2, barGap = 8;

int sourceRowOf(const QModelIndex &index)
{
    const auto *proxy = qobject_cast<const QAbstractProxyModel *>(index.model());
    return proxy ? proxy->mapToSource(index).row() : index.row();
}

} // namespace

MessageDelegate::MessageDelegate(const Theme &theme, const PubSubMessagesModel &model, MessagePreviews &previews,
                                 const SubscriptionColours &colours, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_model(model)
    , m_previews(previews)
    , m_colours(colours)
    , m_cells(new CellDelegate(theme, this))
{ }

void MessageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    using Column = PubSubMessagesModel::Column;
    const bool isGap = index.data(PubSubMessagesModel::GapRole).toBool();
    QStyleOptionViewItem cell = option;
    cell.state &= ~QStyle::State_HasFocus; // the focus belongs to the row, not to a cell
    painter->save();
    if (Column(index.column()) == Column::Channel)
        paintChannel(*painter, cell, index);
    else if (Column(index.column()) == Column::Message && !isGap)
        paintMessage(*painter, cell, index);
    else
        m_cells->paint(painter, cell, index);
    painter->restore();
}

void MessageDelegate::paintBack(QPainter &painter, const QStyleOptionViewItem &option) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    if (option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, tokens.sel);
    else if (option.state & QStyle::State_MouseOver)
        painter.fillRect(option.rect, tokens.raised);
    painter.setPen(tokens.line);
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
}

void MessageDelegate::paintChannel(QPainter &painter, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    paintBack(painter, option);
    const int colour = m_colours.of(index.data(PubSubMessagesModel::SubscriptionRole).toInt());
    QRect area = option.rect.adjusted(sideOfMessage, 0, -sideOfMessage, 0);
    if (colour >= 0)
        painter.fillRect(QRect(area.left(), area.top() + 6, barWidth, area.height() - 12), shardColour(colour));
    area.adjust(barWidth + barGap, 0, 0, 0);
    painter.setFont(Theme::monoFont());
    painter.setPen(index.data(PubSubMessagesModel::GapRole).toBool() ? tokens.warn : tokens.text);
    painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, area.width()));
}

void MessageDelegate::paintMessage(QPainter &painter, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    paintBack(painter, option);
    const PubSubMessagePtr message = m_model.at(sourceRowOf(index));
    if (!message)
        return;
    const MessagePreview *preview = m_previews.of(message);
    QRect area = option.rect.adjusted(sideOfMessage, 0, -sideOfMessage, 0);
    if (preview && !preview->steps.isEmpty()) {
        const QSize size = badgeSize(preview->steps);
        if (size.width() < area.width() / 2) {
            paintBadge(painter,
                       QRectF(area.left(), area.center().y() - size.height() / 2.0 + 0.5, size.width(), size.height()),
                       preview->steps, Tone::Muted, tokens);
            area.setLeft(area.left() + size.width() + 8);
        }
    }
    const QFont font = Theme::monoFont();
    const QFontMetrics metrics(font);
    painter.setFont(font);
    const QString whole = preview ? preview->text : index.data().toString();
    const QString text = metrics.elidedText(whole, Qt::ElideRight, area.width());
    if (!preview || preview->syntax != Syntax::Json) {
        painter.setPen(text.isEmpty() ? tokens.faint : tokens.text);
        painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                         text.isEmpty() ? PubSubMessagesModel::tr("(empty)") : text);
        return;
    }
    int from = 0;
    int x = area.left();
    for (const JsonRun &run : jsonRuns(text)) {
        const QString part = text.mid(from, run.end - from);
        painter.setPen(jsonColour(run.what, m_theme));
        painter.drawText(QRect(x, area.top(), area.right() - x + 40, area.height()), Qt::AlignVCenter | Qt::AlignLeft,
                         part);
        x += metrics.horizontalAdvance(part);
        from = run.end;
    }
}

} // namespace slotscope
