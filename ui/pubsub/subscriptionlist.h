// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/pubsubtypes.h"

#include <QListWidget>
#include <QStyledItemDelegate>

class QMenu;

namespace slotscope {

class SubscriptionColours;
class Theme;

/// Paints a row of SubscriptionList: colour, kind, name, where it is subscribed, rate, and a pause button.
class SubscriptionDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SubscriptionDelegate)
public:
    enum Role : int {
        IdRole = Qt::UserRole + 1,
        KindRole, ///< text of the kind
        NameRole,
        PlaceRole,
        RateRole,
        PausedRole,
        TroubledRole, ///< the subscription has a problem
        ShardRole, ///< the subscription is for a shard channel
    };
    static constexpr int rowHeight = 46, buttonWidth = 40;

    SubscriptionDelegate(const Theme &theme, const SubscriptionColours &colours, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {200, rowHeight};
    }

Q_SIGNALS:
    void pauseClicked(const QModelIndex &index);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;

private:
    void paintWords(QPainter &painter, const QRect &area, const QModelIndex &index) const;

    const Theme &m_theme;
    const SubscriptionColours &m_colours;
};

/// The subscriptions of a page. Enter pauses or resumes one, Delete ends it, selecting one filters the messages.
class SubscriptionList final : public QListWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SubscriptionList)
public:
    SubscriptionList(const Theme &theme, const SubscriptionColours &colours, QWidget *parent = nullptr);

    void take(const std::vector<SubscriptionState> &states);
    [[nodiscard]] int chosen() const; ///< id; 0: none
    void letGo();

Q_SIGNALS:
    void chosenChanged(int id);
    void pauseRequested(int id, bool paused);
    void removeRequested(int id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void togglePause(const QListWidgetItem *item);

    SubscriptionDelegate *m_delegate;
};

} // namespace slotscope
