// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/pubsubpage.h"

#include "core/base/errortext.h"
#include "core/base/ratetext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/pubsub/pubsubwords.h"
#include "ui/pubsub/messagedetail.h"
#include "ui/pubsub/rateplot.h"
#include "ui/pubsub/subscriptionlist.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype linesOfNotice = 4;

} // namespace

PubSubPage::PubSubPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_theme(context.theme()), m_feed(context)
{
    QWidget *head = makeHead();
    m_notice = wrappedLabel({}, "warn", this);
    m_notice->setObjectName(u"notice"_s);
    m_notice->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(head);
    layout->addWidget(m_notice);
    layout->addWidget(makeBody(), 1);
    connectParts();
    connectActs();
    setLive(true);
    takeSnapshot({});
    updateWriting();
}

PubSubPage::~PubSubPage() = default;

void PubSubPage::connectParts()
{
    connect(&m_feed, &PubSubFeed::looked, this, &PubSubPage::takeSnapshot);
    connect(&m_feed, &PubSubFeed::channelsRead, this, &PubSubPage::takeChannels);
    connect(&m_feed, &PubSubFeed::channelsFailed, this, [this](const Error &error) {
        m_channelProblems = {describe(error)};
        updateNotice();
    });
    connect(&m_feed, &PubSubFeed::addFailed, this, [this](const Error &error) {
        m_failure = datedNote(describe(error));
        updateNotice();
    });
    connect(&m_feed, &PubSubFeed::added, this, [this] {
        m_name->clear();
        m_feed.readChannels();
    });
    connect(&m_feed, &PubSubFeed::sessionChanged, this, &PubSubPage::takeSession);
    connect(&m_previews, &MessagePreviews::changed, m_messages->viewport(), qOverload<>(&QWidget::update));
    connect(m_publishChannel, &QLineEdit::textEdited, this, [this] {
        m_failure.clear(); // what was told of the previous channel
        m_published->setText({});
        updateNotice();
    });
    connect(m_list, &SubscriptionList::chosenChanged, this, &PubSubPage::takeFilter);
    connect(m_list, &SubscriptionList::pauseRequested, &m_feed, &PubSubFeed::setPaused);
    connect(m_list, &SubscriptionList::removeRequested, this, [this](int id) {
        if (m_list->chosen() == id)
            m_list->letGo();
        m_feed.remove(id);
    });
    connect(m_messages, &TableView::rowChosen, this, [this](int row) { showMessage(m_messagesModel.at(row)); });
    connect(&context(), &PageContext::readOnlyChanged, this, &PubSubPage::updateWriting);
    m_list->installEventFilter(this);
    m_messages->installEventFilter(this);
    m_channels->installEventFilter(this);
}

/// Starts again for a new session, which reuses the serial numbers of messages.
void PubSubPage::takeSession()
{
    m_list->letGo();
    m_channelProblems.clear();
    m_failure.clear();
    m_orders.clear();
    m_previews.clear();
    m_detail->letGo();
    takeSnapshot({});
    takeMessages(); // even if the list is paused
    m_channelsModel.take({}, nullptr);
    m_channelsNote->setText({});
    m_hasChannels = false;
    m_published->setText({});
    m_feed.readChannels();
    updateWriting();
}

void PubSubPage::setView(const ClusterViewPtr &view)
{
    if (!m_hasChannels && view)
        m_feed.readChannels();
    updateHead();
}

void PubSubPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_feed.readChannels();
}

void PubSubPage::readAgain()
{
    m_failure.clear();
    m_feed.askAgain();
    m_feed.readChannels();
}

bool PubSubPage::closeDetail()
{
    if (m_list->chosen() == 0 && m_search->text().isEmpty())
        return false;
    m_search->clear();
    m_list->letGo();
    return true;
}

void PubSubPage::setLive(bool live)
{
    m_isLive = live;
    m_live->setChecked(live);
    m_live->setText(live ? tr("Live") : tr("Paused"));
    m_live->setIcon(themedIcon(live ? u"pause"_s : u"play"_s, m_theme));
    m_live->setToolTip(live ? tr("Pause the list. Messages are still counted and kept (Space)")
                            : tr("Show new messages again (Space)"));
    if (live)
        takeMessages();
    updateHead();
}

void PubSubPage::takeFilter()
{
    PubSubFilter filter;
    filter.text = m_search->text().toUtf8();
    filter.subscription = m_list->chosen();
    m_feed.setFilter(filter);
    m_showAll->setVisible(filter.subscription != 0);
}

void PubSubPage::takeSnapshot(const PubSubSnapshot &snapshot)
{
    m_snapshot = snapshot;
    QList<int> ids;
    for (const SubscriptionState &each : snapshot.subscriptions) {
        ids.append(each.id);
        m_orders.insert(each.id, each.order);
    }
    context().setBusy(u"pubsub"_s,
                      std::any_of(snapshot.subscriptions.begin(), snapshot.subscriptions.end(),
                                  [](const SubscriptionState &each) { return !each.isPaused; }));
    m_colours.take(ids, context().view());
    m_list->take(snapshot.subscriptions);
    m_plot->take(snapshot);
    if (m_isLive || snapshot.filter != m_messagesModel.filter())
        takeMessages();
    updateHead();
    updateNotice();
}

/// New rows are inserted at the top; the scroll position stays unless it is at the top.
void PubSubPage::takeMessages()
{
    QScrollBar *bar = m_messages->verticalScrollBar();
    const int before = bar->value(), rows = m_messagesModel.rowCount();
    const PubSubMessagePtr first = m_messagesModel.at(0);
    m_messagesModel.take(m_snapshot, context().view());
    if (before > 0 && first && rows > 0) {
        const auto &now = *m_messagesModel.messages();
        const auto at = std::partition_point(
            now.begin(), now.end(), [&](const PubSubMessagePtr &each) { return each->serial > first->serial; });
        const int added = int(at - now.begin());
        const int step =
            m_messages->verticalScrollMode() == QAbstractItemView::ScrollPerPixel ? m_messages->rowHeight(0) : 1;
        bar->setValue(before + added * step);
    }
    const bool isAny = m_messagesModel.rowCount() > 0 || !m_snapshot.subscriptions.empty();
    m_stack->setCurrentIndex(isAny ? 0 : 1);
    if (!isAny)
        m_empty->setContent(
            u"pubsub"_s, tr("No subscriptions"),
            tr("Enter a channel or pattern on the left and press Enter. Channels and patterns are received through one "
               "node, shard channels from the owner of their slot, key events from every primary."));
    m_save->setEnabled(m_messagesModel.rowCount() > 0);
}

void PubSubPage::takeChannels(const ActiveChannels &channels)
{
    m_hasChannels = true;
    m_channelsModel.take(channels, context().view());
    QStringList note{channels.answered == channels.asked
                         ? counted(channels.asked, tr("of 1 node"), tr("of %1 nodes"))
                         : tr("reported by %1 of %2 nodes").arg(channels.answered).arg(channels.asked)};
    if (channels.channels.empty() && channels.answered == channels.asked)
        note = {counted(channels.asked, tr("none on 1 node"), tr("none on %1 nodes"))};
    const bool isNothingKnown = channels.answered == 0 && channels.patternsFrom == 0;
    if (isNothingKnown)
        note = {tr("not known")};
    else if (channels.patterns > 0 || channels.patternsFrom < channels.asked)
        note.append(patternsText(channels));
    if (channels.more > 0)
        note.append(tr("%1 more not listed").arg(groupedNumber(qint64(channels.more))));
    m_channelsNote->setText(note.join(u" · "_s));
    m_channelProblems = channelProblemTexts(channels.problems, context().target().credentials.user);
    updateNotice();
}

void PubSubPage::updateHead()
{
    int on = 0, paused = 0, silent = 0;
    for (const SubscriptionState &each : m_snapshot.subscriptions) {
        const bool isHeard = std::any_of(each.places.begin(), each.places.end(), [](const SubscriptionPlace &place) {
            return place.state == SubscriptionPlace::State::On;
        });
        ++(each.isPaused ? paused : isHeard ? on : silent);
    }
    QStringList parts;
    if (!m_snapshot.subscriptions.empty()) {
        parts.append(m_snapshot.perSecond == 1 ? tr("1 message per second")
                                               : tr("%1 messages per second").arg(rateText(m_snapshot.perSecond)));
        parts.append(tr("%1 kept").arg(groupedNumber(qint64(m_snapshot.kept))));
        if (m_snapshot.isSearching)
            parts.append(tr("searching…"));
        if (!m_isLive)
            parts.append(tr("updating of the list is paused"));
    }
    const bool hasDropped = m_snapshot.dropped > 0;
    m_subtitle->setText(parts.join(u" · "_s) + (hasDropped ? u" ·"_s : QString()));
    m_dropped->setText(hasDropped
                           ? counted(qint64(m_snapshot.dropped), tr("1 older one dropped"), tr("%1 older ones dropped"))
                           : QString());
    m_dropped->setVisible(hasDropped);
    QStringList counts;
    for (const auto &[count, words] :
         {std::pair(on, tr("%1 active")), {silent, tr("%1 not received")}, {paused, tr("%1 paused")}})
        if (count > 0)
            counts.append(words.arg(count));
    m_listNote->setText(counts.join(u", "_s));
    m_showAll->setVisible(m_list->chosen() != 0);
    m_clear->setEnabled(m_snapshot.messages > 0 || m_snapshot.kept > 0);
}

void PubSubPage::updateNotice()
{
    QStringList notices;
    if (!m_failure.isEmpty())
        notices.append(m_failure);
    for (const SubscriptionState &each : m_snapshot.subscriptions) {
        notices.append(problemsOf(each, context().target().credentials.user));
        if (each.hearsSomeKeyEvents)
            notices.append(partialKeyEventsText(each));
    }
    notices.append(warningTexts(m_snapshot.warnings));
    notices.append(m_channelProblems);
    notices.removeDuplicates();
    const QString whole = notices.join(u'\n');
    if (notices.size() > linesOfNotice) {
        const qsizetype more = notices.size() - linesOfNotice;
        notices = notices.first(linesOfNotice);
        notices.append(counted(more, tr("and 1 more"), tr("and %1 more")));
    }
    m_notice->setText(notices.join(u'\n'));
    m_notice->setToolTip(plainToolTip(whole));
    m_notice->setVisible(!notices.isEmpty());
}

void PubSubPage::showMessage(const PubSubMessagePtr &message)
{
    if (!message)
        return; // its row is gone, but its content can still be read
    m_detail->showMessage(message, m_orders.value(message->subscription).kind);
}

void PubSubPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space) {
        Page::keyPressEvent(event);
        return;
    }
    setLive(!m_isLive);
}

/// Space controls the page even if a list has the focus.
bool PubSubPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space) {
        setLive(!m_isLive);
        return true;
    }
    return Page::eventFilter(watched, event);
}

QString PubSubPage::heldHere() const
{
    return m_messagesModel.rowCount() > 0 || m_list->count() > 0 ? tr("Messages and subscriptions of Pub/Sub")
                                                                 : QString();
}

} // namespace slotscope
