// SPDX-License-Identifier: GPL-3.0-or-later
// What PubSubPage is put together from.
#include "ui/pubsub/messagedelegate.h"
#include "ui/pubsub/messagedetail.h"
#include "ui/pubsub/pubsubpage.h"
#include "ui/pubsub/rateplot.h"
#include "ui/pubsub/subscriptionlist.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int messageRow = 26, narrowPubSub = 1100, lowPubSub = 640;

QComboBox *pubsubChoice(const QString &name, const QString &label, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setToolTip(label);
    return box;
}

QLineEdit *pubsubField(const QString &name, const QString &label, const QString &example, QWidget *parent)
{
    auto *field = new QLineEdit(parent);
    field->setObjectName(name);
    field->setAccessibleName(label);
    field->setPlaceholderText(example);
    field->setFont(Theme::monoFont());
    return field;
}

} // namespace

QWidget *PubSubPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Pub/Sub"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = mutedLabel(head);
    m_dropped = mutedLabel(head);
    m_dropped->setProperty("tone", u"warn"_s);
    m_live = new QPushButton(head);
    m_live->setObjectName(u"live"_s);
    m_live->setCheckable(true);
    m_live->setProperty("toggle", true);
    m_keep = pubsubChoice(u"keep"_s, tr("How many messages are kept, at most 64 MB"), head);
    m_keep->addItem(tr("Keep 1,000"), 1000);
    m_keep->addItem(tr("Keep 20,000"), 20'000);
    m_keep->addItem(tr("Keep 100,000"), 100'000);
    m_keep->setCurrentIndex(1);
    m_save = new QPushButton(themedIcon(u"save"_s, m_theme), tr("Save to a file…"), head);
    m_save->setObjectName(u"save"_s);
    m_clear = new QPushButton(tr("Clear"), head);
    m_clear->setObjectName(u"clear"_s);
    m_clear->setToolTip(tr("Removes the messages and sets the counts to zero. Subscriptions stay."));
    auto *words = new QHBoxLayout;
    words->setSpacing(6);
    words->addWidget(m_subtitle);
    words->addWidget(m_dropped);
    words->addStretch(1);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addLayout(words, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_live, m_keep, m_save, m_clear})
        layout->addWidget(widget);
    return head;
}

QFrame *PubSubPage::makeSubscriptions()
{
    QFrame *frame = pageCard(this);
    m_listNote = mutedLabel(frame);
    m_listNote->setMinimumHeight(30);
    m_kind = pubsubChoice(u"kind"_s, tr("What to subscribe to"), frame);
    m_kind->addItem(tr("Pattern"), int(SubscriptionKind::Pattern));
    m_kind->addItem(tr("Channel"), int(SubscriptionKind::Channel));
    m_kind->addItem(tr("Shard channel"), int(SubscriptionKind::Shard));
    m_kind->addItem(tr("Key events"), int(SubscriptionKind::KeyEvents));
    m_kind->setMaximumWidth(112);
    m_name = pubsubField(u"name"_s, tr("Channel or pattern"), u"order.*"_s, frame);
    m_subscribe = new QPushButton(tr("Subscribe"), frame);
    m_subscribe->setObjectName(u"subscribe"_s);
    m_subscribe->setAccessibleName(tr("Subscribe"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 8);
    row->setSpacing(8);
    row->addWidget(m_kind);
    row->addWidget(m_name, 1);
    row->addWidget(m_subscribe);
    m_list = new SubscriptionList(m_theme, m_colours, frame);
    QVBoxLayout *layout = layOutCard(frame, {pageCardTitle(tr("Subscriptions"), frame), m_listNote}, m_listNote);
    layout->addLayout(row);
    layout->addWidget(m_list, 1);
    return frame;
}

QFrame *PubSubPage::makeChannels()
{
    using Column = ActiveChannelsModel::Column;
    QFrame *frame = pageCard(this);
    m_channelsNote = mutedLabel(frame);
    m_readChannels = new QPushButton(themedIcon(u"refresh"_s, m_theme), {}, frame);
    m_readChannels->setObjectName(u"readChannels"_s);
    m_readChannels->setProperty("quiet", true);
    m_readChannels->setToolTip(tr("Read them again (F5)"));
    m_readChannels->setAccessibleName(tr("Read active channels again"));
    m_channels = new TableView(m_theme, frame);
    m_channels->setAccessibleName(tr("Active channels"));
    m_channels->setSource(&m_channelsModel);
    m_channels->sortByColumn(int(Column::Subscribers), Qt::DescendingOrder);
    dressPageTable(m_channels, messageRow, int(Column::Channel),
                   {{int(Column::Where), 96}, {int(Column::Subscribers), 88}});
    QVBoxLayout *layout = layOutCard(
        frame, {pageCardTitle(tr("Active channels"), frame), m_channelsNote, m_readChannels}, m_channelsNote);
    layout->addWidget(m_channels, 1);
    return frame;
}

QFrame *PubSubPage::makeMessages()
{
    using Column = PubSubMessagesModel::Column;
    QFrame *frame = pageCard(this);
    m_search = pubsubField(u"search"_s, tr("Channel or text"), tr("Channel or text"), frame);
    m_search->setFont(Theme::textFont());
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"filter"_s, m_theme), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(232);
    m_format = pubsubChoice(u"format"_s, tr("How payloads are decoded"), frame);
    fillFormats();
    m_format->setMaximumWidth(200);
    m_showAll = new QPushButton(themedIcon(u"close"_s, m_theme), tr("Show all"), frame);
    m_showAll->setObjectName(u"showAll"_s);
    m_showAll->setProperty("quiet", true);
    auto *room = new QWidget(frame);
    m_plot = new RatePlot(m_theme, m_colours, frame);
    m_messages = new TableView(m_theme, frame);
    m_messages->setAccessibleName(tr("Messages, newest first"));
    m_messages->setSource(&m_messagesModel);
    m_messages->setSortingEnabled(false);
    m_messages->proxy()->sort(-1); // unsorted, in order of arrival
    m_messages->setItemDelegate(new MessageDelegate(m_theme, m_messagesModel, m_previews, m_colours, m_messages));
    dressPageTable(
        m_messages, messageRow, int(Column::Message),
        {{int(Column::Time), 112}, {int(Column::From), 160}, {int(Column::Channel), 148}, {int(Column::Size), 80}});
    m_empty = new EmptyState(m_theme, frame);
    m_stack = new CurrentStack(frame);
    m_right = new QSplitter(Qt::Vertical, m_stack);
    m_right->setChildrenCollapsible(false);
    m_right->setHandleWidth(1);
    m_right->addWidget(m_messages);
    m_detail = new MessageDetail(m_theme, m_right);
    m_detail->hide();
    m_right->addWidget(m_detail);
    m_right->setStretchFactor(0, 1);
    m_right->setSizes({500, 110});
    m_stack->addWidget(m_right);
    m_stack->addWidget(m_empty);
    QVBoxLayout *layout =
        layOutCard(frame, {pageCardTitle(tr("Messages"), frame), m_search, m_format, m_showAll, room}, room);
    layout->addWidget(m_plot);
    layout->addWidget(m_stack, 1);
    return frame;
}

QFrame *PubSubPage::makePublish()
{
    QFrame *frame = pageCard(this);
    m_publishChannel = pubsubField(u"publishChannel"_s, tr("Channel to publish to"), tr("channel"), frame);
    m_publishChannel->setMaximumWidth(168);
    m_publishMessage = pubsubField(u"publishMessage"_s, tr("Message to publish"), tr("message"), frame);
    m_publishShard = new QCheckBox(tr("Shard channel"), frame);
    m_publishShard->setObjectName(u"publishShard"_s);
    m_published = mutedLabel(frame);
    m_published->setMinimumWidth(72);
    m_published->setMaximumWidth(360);
    m_publish = new QPushButton(tr("Publish"), frame);
    m_publish->setObjectName(u"publish"_s);
    setStyleProperty(m_publish, "primary", true);
    auto *layout = new QHBoxLayout(frame);
    layout->setContentsMargins(16, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(pageCardTitle(tr("Publish"), frame));
    layout->addWidget(m_publishChannel, 1);
    layout->addWidget(m_publishMessage, 3);
    layout->addWidget(m_publishShard);
    layout->addWidget(m_published, 1);
    layout->addWidget(m_publish);
    return frame;
}

QWidget *PubSubPage::makeBody()
{
    m_left = new QSplitter(Qt::Vertical, this);
    m_left->addWidget(makeSubscriptions());
    m_left->addWidget(makeChannels());
    m_left->setSizes({348, 384});
    auto *right = new QWidget(this);
    auto *layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeMessages(), 1);
    layout->addWidget(makePublish());
    m_split = new QSplitter(Qt::Horizontal, this);
    m_split->addWidget(m_left);
    m_split->addWidget(right);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({348, 960});
    for (QSplitter *splitter : {m_left, m_split}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(8);
    }
    return m_split;
}

void PubSubPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    using Column = PubSubMessagesModel::Column;
    const bool isNarrow = width() < narrowPubSub; // if the page is narrow, only the message column stays wide
    const bool wasNarrow = m_messages->isColumnHidden(int(Column::From));
    for (const Column column : {Column::From, Column::Size})
        m_messages->setColumnHidden(int(column), isNarrow);
    if (isNarrow != wasNarrow)
        m_split->setSizes(isNarrow ? QList<int>{288, width() - 328} : QList<int>{348, width() - 388});
    m_subscribe->setText(isNarrow ? QString() : tr("Subscribe"));
    m_subscribe->setIcon(isNarrow ? themedIcon(u"plus"_s, m_theme) : QIcon());
    m_subscribe->setToolTip(isNarrow ? tr("Subscribe") : QString());
    m_published->setVisible(!isNarrow || !m_published->text().isEmpty());
    m_plot->setVisible(height() >= lowPubSub);
}

} // namespace slotscope
