// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/celldelegate.h"

namespace slotscope {

class MessagePreviews;
class PubSubMessagesModel;
class SubscriptionColours;

/// Paints message cells: a bar in the subscription's colour before the channel, and the decoded message, JSON in
/// colours.
class MessageDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessageDelegate)
public:
    MessageDelegate(const Theme &theme, const PubSubMessagesModel &model, MessagePreviews &previews,
                    const SubscriptionColours &colours, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintChannel(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintMessage(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    void paintBack(QPainter &painter, const QStyleOptionViewItem &option) const;

    const Theme &m_theme;
    const PubSubMessagesModel &m_model;
    MessagePreviews &m_previews;
    const SubscriptionColours &m_colours;
    CellDelegate *m_cells;
};

} // namespace slotscope
