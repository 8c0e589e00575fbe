// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/subscriptionlist.h"

#include "core/base/ratetext.h"
#include "core/base/text.h"
#include "core/pubsub/pubsubwords.h"
#include "ui/pubsub/subscriptioncolours.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

using PubSubRole = SubscriptionDelegate::Role;
constexpr int squareSize = 9, sideOfRow = 16;

QString kindWord(SubscriptionKind kind)
{
    switch (kind) {
    case SubscriptionKind::Channel: return SubscriptionList::tr("channel");
    case SubscriptionKind::Pattern: return SubscriptionList::tr("pattern");
    case SubscriptionKind::Shard: return SubscriptionList::tr("shard");
    case SubscriptionKind::KeyEvents: return SubscriptionList::tr("keys");
    }
    return {};
}

bool isTroubled(const SubscriptionState &state)
{
    return std::any_of(state.places.begin(), state.places.end(), [](const SubscriptionPlace &place) {
        return place.state == SubscriptionPlace::State::Refused || place.lostSince > 0;
    });
}

} // namespace

SubscriptionDelegate::SubscriptionDelegate(const Theme &theme, const SubscriptionColours &colours, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_colours(colours)
{ }

void SubscriptionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const bool isPaused = index.data(PausedRole).toBool();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, tokens.sel);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, tokens.raised);
    painter->setPen(tokens.grid);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(tokens.accent);
        painter->drawLine(option.rect.topLeft(), option.rect.bottomLeft());
    }
    painter->setRenderHint(QPainter::Antialiasing);
    QRectF square(0, 0, squareSize, squareSize);
    square.moveCenter(QPointF(option.rect.left() + sideOfRow + squareSize / 2.0, option.rect.center().y() + 0.5));
    const int colour = m_colours.of(index.data(IdRole).toInt());
    painter->setPen(isPaused ? QPen(tokens.muted, 1.2) : QPen(Qt::NoPen));
    painter->setBrush(isPaused || colour < 0 ? QBrush(Qt::NoBrush) : QBrush(shardColour(colour)));
    painter->drawRoundedRect(square, 2, 2);
    const QPixmap button =
        tintedPixmap(isPaused ? u"play"_s : u"pause"_s, tokens.muted, 16, painter->device()->devicePixelRatioF());
    painter->drawPixmap(QPoint(option.rect.right() - buttonWidth + 12, option.rect.center().y() - 7), button);
    paintWords(*painter, option.rect.adjusted(sideOfRow + squareSize + 9, 5, -buttonWidth - 2, -5), index);
    painter->restore();
}

void SubscriptionDelegate::paintWords(QPainter &painter, const QRect &area, const QModelIndex &index) const
{
    const ThemeTokens &tokens = m_theme.tokens();
    const bool isPaused = index.data(PausedRole).toBool();
    QRect upper(area.left(), area.top(), area.width(), 18);
    const QString rate = index.data(RateRole).toString();
    painter.setFont(Theme::textFont());
    const int width = painter.fontMetrics().horizontalAdvance(rate);
    painter.setPen(tokens.text);
    painter.drawText(QRect(area.right() - width + 1, area.top(), width, area.height()),
                     Qt::AlignVCenter | Qt::AlignRight, rate);
    upper.setRight(area.right() - width - 8);
    const QString kind = index.data(KindRole).toString();
    const QSize badge = badgeSize(kind);
    paintBadge(painter, QRectF(upper.left(), upper.top(), badge.width(), badge.height()), kind,
               index.data(ShardRole).toBool() ? Tone::Accent : Tone::Neutral, tokens);
    upper.setLeft(upper.left() + badge.width() + 8);
    painter.setFont(Theme::monoFont());
    painter.setPen(isPaused ? tokens.muted : tokens.text);
    painter.drawText(upper, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(index.data(NameRole).toString(), Qt::ElideMiddle, upper.width()));
    painter.setFont(Theme::smallFont());
    painter.setPen(index.data(TroubledRole).toBool() ? tokens.warn : tokens.muted);
    const QRect lower(area.left(), area.top() + 19, area.width() - width - 8, area.height() - 19);
    painter.drawText(lower, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(index.data(PlaceRole).toString(), Qt::ElideRight, lower.width()));
}

bool SubscriptionDelegate::editorEvent(QEvent *event, QAbstractItemModel *, const QStyleOptionViewItem &option,
                                       const QModelIndex &index)
{
    if (event->type() != QEvent::MouseButtonRelease && event->type() != QEvent::MouseButtonPress)
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (mouse->button() != Qt::LeftButton || mouse->position().x() < option.rect.right() - buttonWidth)
        return false;
    if (event->type() == QEvent::MouseButtonRelease)
        Q_EMIT pauseClicked(index);
    return true;
}

SubscriptionList::SubscriptionList(const Theme &theme, const SubscriptionColours &colours, QWidget *parent)
    : QListWidget(parent), m_delegate(new SubscriptionDelegate(theme, colours, this))
{
    setObjectName(u"subscriptions"_s);
    setAccessibleName(tr("Subscriptions"));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setUniformItemSizes(true);
    setItemDelegate(m_delegate);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(m_delegate, &SubscriptionDelegate::pauseClicked, this,
            [this](const QModelIndex &index) { togglePause(itemFromIndex(index)); });
    connect(this, &QListWidget::itemSelectionChanged, this, [this] { Q_EMIT chosenChanged(chosen()); });
}

void SubscriptionList::take(const std::vector<SubscriptionState> &states)
{
    // ids only increase, so rows with another id are of ended subscriptions
    for (int row = 0; row < int(states.size()); ++row) {
        const SubscriptionState &state = states[size_t(row)];
        while (item(row) && item(row)->data(PubSubRole::IdRole).toInt() != state.id)
            delete takeItem(row);
        QListWidgetItem *of = item(row);
        if (!of) {
            of = new QListWidgetItem(this);
            of->setData(PubSubRole::IdRole, state.id);
        }
        const QString rate = state.isPaused ? QString() : tr("%1/s").arg(rateText(state.perSecond));
        of->setData(PubSubRole::KindRole, kindWord(state.order.kind));
        of->setData(PubSubRole::NameRole, subscriptionText(state.order));
        of->setData(PubSubRole::PlaceRole, placeText(state));
        of->setData(PubSubRole::RateRole, rate);
        of->setData(PubSubRole::PausedRole, state.isPaused);
        of->setData(PubSubRole::TroubledRole, isTroubled(state));
        of->setData(PubSubRole::ShardRole, state.order.kind == SubscriptionKind::Shard);
        of->setData(Qt::AccessibleTextRole,
                    kindWord(state.order.kind) + u' ' + subscriptionText(state.order) + u", "_s + placeText(state)
                        + u", "_s + rate);
        of->setToolTip(plainToolTip(
            toDisplay(state.order.name) + u'\n' + placeText(state) + u'\n'
            + tr("%1 messages, %2").arg(groupedNumber(qint64(state.messages)), byteSize(qint64(state.bytes)))));
    }
    while (count() > int(states.size()))
        delete takeItem(count() - 1);
}

int SubscriptionList::chosen() const
{
    const QList<QListWidgetItem *> selected = selectedItems();
    return selected.isEmpty() ? 0 : selected.front()->data(PubSubRole::IdRole).toInt();
}

void SubscriptionList::letGo()
{
    clearSelection();
    setCurrentItem(nullptr);
}

void SubscriptionList::togglePause(const QListWidgetItem *item)
{
    if (item)
        Q_EMIT pauseRequested(item->data(PubSubRole::IdRole).toInt(), !item->data(PubSubRole::PausedRole).toBool());
}

void SubscriptionList::keyPressEvent(QKeyEvent *event)
{
    const QListWidgetItem *item = currentItem();
    if (item && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        togglePause(item);
    else if (item && event->key() == Qt::Key_Delete)
        Q_EMIT removeRequested(item->data(PubSubRole::IdRole).toInt());
    else if (item && event->matches(QKeySequence::Copy))
        QGuiApplication::clipboard()->setText(item->data(PubSubRole::NameRole).toString());
    else
        QListWidget::keyPressEvent(event);
}

void SubscriptionList::contextMenuEvent(QContextMenuEvent *event)
{
    const QListWidgetItem *item = currentItem();
    if (!item)
        return;
    const int id = item->data(PubSubRole::IdRole).toInt();
    const bool isPaused = item->data(PubSubRole::PausedRole).toBool();
    QMenu menu(this);
    menu.addAction(isPaused ? tr("Resume\tEnter") : tr("Pause\tEnter"), this,
                   [this, id, isPaused] { Q_EMIT pauseRequested(id, !isPaused); });
    menu.addAction(tr("Copy the name\tCtrl+C"), this, [name = item->data(PubSubRole::NameRole).toString()] {
        QGuiApplication::clipboard()->setText(name);
    });
    menu.addSeparator();
    menu.addAction(tr("Unsubscribe\tDel"), this, [this, id] { Q_EMIT removeRequested(id); });
    menu.exec(event->globalPos());
}

} // namespace slotscope
