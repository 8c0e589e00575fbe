// SPDX-License-Identifier: GPL-3.0-or-later
// What PubSubPage does when asked.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/pubsubwords.h"
#include "ui/pubsub/messagedetail.h"
#include "ui/pubsub/messagesaving.h"
#include "ui/pubsub/pubsubpage.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/tableview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// The typed text unchanged; in quotes it is parsed as by redis-cli, for names that contain other bytes than text.
QByteArray typedName(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    if (bytes.size() < 2 || !bytes.startsWith('"') || !bytes.endsWith('"'))
        return bytes;
    const auto words = parseCommandLine(bytes);
    return words && words->size() == 1 ? words->front() : bytes;
}

} // namespace

void PubSubPage::fillFormats()
{
    m_format->addItem(tr("Shown as detected"), QString());
    for (const FormatInfo &info : allFormats())
        if (info.kind == FormatKind::Final)
            m_format->addItem(tr("Shown as %1").arg(QString::fromLatin1(info.name)), QString::fromLatin1(info.word));
}

void PubSubPage::connectActs()
{
    connect(m_live, &QPushButton::clicked, this, &PubSubPage::setLive);
    connect(m_keep, &QComboBox::currentIndexChanged, this,
            [this] { m_feed.setMost(size_t(m_keep->currentData().toInt())); });
    connect(m_save, &QPushButton::clicked, this, &PubSubPage::save);
    connect(m_clear, &QPushButton::clicked, this, [this] { m_feed.clear(); });
    connect(m_subscribe, &QPushButton::clicked, this, &PubSubPage::subscribe);
    connect(m_name, &QLineEdit::returnPressed, this, &PubSubPage::subscribe);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const auto kind = SubscriptionKind(m_kind->currentData().toInt());
        const bool isOfKeys = kind == SubscriptionKind::KeyEvents;
        m_name->setPlaceholderText(isOfKeys                                ? u"expired"_s
                                       : kind == SubscriptionKind::Pattern ? u"order.*"_s
                                       : kind == SubscriptionKind::Shard   ? u"price:{tea}"_s
                                                                           : u"order.paid"_s);
        m_name->setToolTip(isOfKeys ? tr("An event such as expired or del, nothing for all events, or a whole pattern "
                                         "such as __keyspace@0__:user:*")
                                    : QString());
    });
    connect(m_showAll, &QPushButton::clicked, this, &PubSubPage::closeDetail);
    connect(m_search, &QLineEdit::textChanged, this, &PubSubPage::takeFilter);
    connect(m_readChannels, &QPushButton::clicked, &m_feed, &PubSubFeed::readChannels);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        const auto chain = FormatChain::parse(m_format->currentData().toString());
        const bool isDetected = m_format->currentData().toString().isEmpty();
        m_previews.setChain(!isDetected && chain ? std::optional(*chain) : std::nullopt);
        m_detail->setChain(m_previews.chain());
    });
    connect(m_publish, &QPushButton::clicked, this, &PubSubPage::publish);
    for (QLineEdit *field : {m_publishChannel, m_publishMessage}) {
        connect(field, &QLineEdit::returnPressed, this, &PubSubPage::publish);
        connect(field, &QLineEdit::textChanged, this, &PubSubPage::updateWriting);
    }
    const auto subscribeToRow = [this](int row) {
        if (const ActiveChannel *channel = m_channelsModel.at(row))
            subscribeTo({channel->isShard ? SubscriptionKind::Shard : SubscriptionKind::Channel, channel->name});
    };
    connect(m_channels, &TableView::activated, this,
            [this, subscribeToRow] { subscribeToRow(m_channels->currentSourceRow()); });
    connect(m_channels, &TableView::menuRequested, this, [this, subscribeToRow](QMenu *menu, int row) {
        if (m_channelsModel.at(row))
            menu->addAction(tr("Subscribe\tEnter"), this, [subscribeToRow, row] { subscribeToRow(row); });
    });
    addPageShortcut(this, QKeySequence::Find, tr("Find in the messages"), [this] { m_search->setFocus(); });
    addPageShortcut(this, pauseKeys(), tr("Pause, or go on"), [this] { setLive(!m_isLive); });
}

void PubSubPage::subscribe()
{
    SubscriptionOrder order;
    order.kind = SubscriptionKind(m_kind->currentData().toInt());
    order.name = typedName(m_name->text());
    if (order.kind == SubscriptionKind::KeyEvents)
        order.name = keyEventsPattern(order.name, context().target().database);
    subscribeTo(order);
}

void PubSubPage::subscribeTo(const SubscriptionOrder &order)
{
    m_failure.clear();
    updateNotice();
    m_feed.add(order);
}

void PubSubPage::publish()
{
    if (!m_publish->isEnabled())
        return;
    const QByteArray channel = typedName(m_publishChannel->text()), message = m_publishMessage->text().toUtf8();
    const bool shard = m_publishShard->isChecked();
    m_published->setText(tr("sending…"));
    m_published->show();
    callWithConsent(
        context(), this,
        [this, channel, message, shard](UserConsent consent) {
            return m_feed.publish(channel, message, shard, consent);
        },
        [this, channel, shard](const NodeReplies &replies) { takePublished(replies, channel, shard); });
}

/// `channel`: the one that was sent; the field may contain another one by now.
void PubSubPage::takePublished(const NodeReplies &replies, const QByteArray &channel, bool shard)
{
    if (!replies) {
        const bool isGivenUp = replies.error().code == Error::Code::NeedsConsent; // the user declined the confirmation
        m_failure = isGivenUp ? QString() : datedNote(tr("Publish: %1").arg(describe(replies.error())));
        m_published->setText(publishOutcomeText(publishOutcome(replies.error())));
        updateNotice();
        return;
    }
    const NodeReply &reply = replies->front();
    const auto nodes = context().view() ? int(context().view()->nodes.size()) : 1;
    QString text = publishText(reply, shard, nodes);
    if (!reply.reply) {
        const QByteArray right = missingChannelRight(reply.reply.error(), channel);
        if (!right.isEmpty())
            text = withRight(text, context().target().credentials.user, right);
        m_failure = datedNote(tr("Publish to %1: %2").arg(toDisplay(channel), text));
        text = publishOutcomeText(publishOutcome(reply.reply.error()));
    } else {
        m_failure.clear();
    }
    m_published->setText(text);
    updateNotice();
}

void PubSubPage::updateWriting()
{
    const bool isReadOnly = context().isReadOnly();
    const bool hasChannel = !m_publishChannel->text().isEmpty();
    m_publish->setEnabled(m_feed.hasSession() && !isReadOnly && hasChannel);
    m_publish->setToolTip(isReadOnly       ? tr("This connection is read-only.")
                              : hasChannel ? QString()
                                           : tr("Enter a channel."));
}

void PubSubPage::save()
{
    if (m_messagesModel.rowCount() > 0)
        saveMessages(this, m_messagesModel.messages(), m_orders);
}

void PubSubPage::showExample()
{
    if (m_orders.isEmpty()) // the tour calls this once per theme
        subscribeTo({SubscriptionKind::Pattern, "*"});
}

QString PubSubPage::subtitle() const
{
    return m_subtitle->text();
}

QString PubSubPage::droppedText() const
{
    return m_dropped->text();
}

QString PubSubPage::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

QString PubSubPage::detailText() const
{
    return m_detail->text();
}

QString PubSubPage::publishedText() const
{
    return m_published->text();
}

} // namespace slotscope
