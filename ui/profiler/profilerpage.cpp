// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/profilerpage.h"

#include "core/base/errortext.h"
#include "core/base/ratetext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/metrics/metricsbook.h"
#include "core/models/nodewords.h"
#include "core/profiler/profilewords.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/shared/gatequestion.h"
#include "ui/profiler/hotkeysview.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const QString allPrimaries = u"primaries"_s, allNodes = u"all"_s;

bool canBeWatched(const NodeState &node)
{
    return !node.id.isEmpty() && node.condition != NodeCondition::Handshake
        && node.condition != NodeCondition::NoAddress;
}

} // namespace

ProfilerPage::ProfilerPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_theme(context.theme()), m_feed(context)
{
    QWidget *head = makeHead();
    m_cost = wrappedLabel({}, "muted", this);
    m_notice = wrappedLabel({}, "warn", this);
    m_notice->setObjectName(u"notice"_s);
    m_notice->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(head);
    layout->addWidget(m_cost);
    layout->addWidget(m_notice);
    layout->addWidget(makeBody(), 1);
    fillNodes();
    connectParts();
    takeLook();
    updateAll();
}

ProfilerPage::~ProfilerPage() = default;

void ProfilerPage::connectParts()
{
    connect(&m_feed, &ProfilerFeed::looked, this, &ProfilerPage::takeProfile);
    connect(&m_feed, &ProfilerFeed::startFailed, this, &ProfilerPage::takeFailure);
    connect(&m_feed, &ProfilerFeed::sessionChanged, this, [this] { takeProfile({}); });
    connect(m_what, &SegmentedControl::currentChanged, this, [this] { updateAll(); });
    connect(m_hotKeys, &HotKeysView::runningChanged, this, &ProfilerPage::updateBusy);
    connect(m_nodes, &QComboBox::currentIndexChanged, this, &ProfilerPage::updateAll);
    connect(m_by, &SegmentedControl::currentChanged, this, [this] {
        m_group.clear();
        takeLook();
    });
    connect(m_search, &QLineEdit::textChanged, this, &ProfilerPage::takeLook);
    connect(m_showAll, &QPushButton::clicked, this, &ProfilerPage::closeDetail);
    connect(m_groups, &TableView::rowChosen, this, [this](int row) {
        const QByteArray name = m_groupsModel.nameAt(row);
        if (name.isEmpty() || std::exchange(m_group, name) == name)
            return;
        takeLook();
    });
    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_profile.isRunning)
            m_feed.stop();
        else
            start();
    });
    addPageShortcut(this, QKeySequence::Find, tr("Find in the lines"), [this] { m_search->setFocus(); });
    addPageShortcut(this, runKeys(), tr("Start monitoring"), [this] {
        if (!m_profile.isRunning)
            m_start->click();
    });
    addPageShortcut(this, pauseKeys(), tr("Stop monitoring"), [this] {
        if (m_profile.isRunning)
            m_feed.stop();
    });
}

void ProfilerPage::setView(const ClusterViewPtr &view)
{
    m_hotKeys->setView(view);
    fillNodes();
    updateAll();
}

void ProfilerPage::fillNodes()
{
    const ClusterViewPtr view = context().view();
    QList<std::pair<QString, QString>> entries{{tr("All primaries"), allPrimaries}, {tr("All nodes"), allNodes}};
    for (size_t i = 0; view && i < view->nodes.size(); ++i)
        if (canBeWatched(view->nodes[i]))
            entries.append({view->nodes[i].name, QString::fromLatin1(view->nodes[i].id)});
    bool isSame = m_nodes->count() == entries.size();
    for (int i = 0; isSame && i < m_nodes->count(); ++i)
        isSame = m_nodes->itemText(i) == entries[i].first && m_nodes->itemData(i) == entries[i].second;
    if (isSame)
        return;
    const QString chosen = m_nodes->currentData().toString();
    const QSignalBlocker blocker(m_nodes);
    m_nodes->clear();
    for (const auto &[text, value] : entries)
        m_nodes->addItem(text, value);
    m_nodes->setCurrentIndex(std::max(0, m_nodes->findData(chosen)));
}

QByteArrayList ProfilerPage::chosenNodes() const
{
    const QString chosen = m_nodes->currentData().toString();
    const ClusterViewPtr view = context().view();
    QByteArrayList ids;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        const NodeState &node = view->nodes[i];
        const bool isMeant =
            chosen == allNodes || (chosen == allPrimaries && node.primary) || QString::fromLatin1(node.id) == chosen;
        if (isMeant && canBeWatched(node))
            ids.append(node.id);
    }
    return ids;
}

/// The recorded rate, as the tiles and Metrics show it; before it is known, the server's own figure.
double ProfilerPage::rateOf(const QByteArrayList &nodes) const
{
    double rate = 0;
    const ClusterViewPtr view = context().view();
    const auto book = context().metricsBook();
    for (const QByteArray &id : nodes) {
        const NodeState *node = view ? view->node(id) : nullptr;
        if (!node || !node->info || !node->info->opsPerSecond)
            return std::nan("");
        const auto told = book ? book->latest(id) : std::nullopt;
        const double recorded = told ? (*told)[size_t(Metric::Commands)] : std::nan("");
        rate += std::isnan(recorded) ? double(*node->info->opsPerSecond) : recorded;
    }
    return rate;
}

ProfileBy ProfilerPage::by() const
{
    return ProfileBy(m_by->current());
}

void ProfilerPage::start(UserConsent consent)
{
    m_failure.clear();
    m_order = {};
    m_order.nodes = chosenNodes();
    m_order.milliseconds = m_time->currentData().toLongLong();
    m_order.lines = m_count->currentData().toULongLong();
    m_order.pingMicroseconds = m_ping->currentData().toLongLong();
    m_order.consent = consent;
    m_rateBefore = rateOf(m_order.nodes);
    m_group.clear();
    takeLook();
    m_feed.start(m_order);
}

void ProfilerPage::takeFailure(const Error &error)
{
    if (error.code != Error::Code::NeedsConsent) {
        m_failure = describe(error);
        updateAll();
        return;
    }
    auto *question = new GateQuestion(error, context().title(), this);
    connect(question, &QDialog::finished, this, [this, question] {
        if (question->consent() != UserConsent::None)
            start(question->consent());
    });
    question->open();
}

void ProfilerPage::takeLook()
{
    ProfileLook look;
    look.by = by();
    for (const QString &word : m_search->text().split(u' ', Qt::SkipEmptyParts))
        look.filter.words.append(word.toUtf8());
    look.filter.by = by();
    look.filter.group = m_group;
    m_feed.setLook(look);
}

void ProfilerPage::takeProfile(const ProfileSnapshot &profile)
{
    m_profile = profile;
    m_groupsModel.take(profile, by(), context().view());
    m_linesModel.take(profile, context().view());
    updateAll();
}

bool ProfilerPage::closeDetail()
{
    if (m_group.isEmpty())
        return false;
    m_group.clear();
    m_groups->clearSelection();
    m_groups->setCurrentIndex({});
    takeLook();
    return true;
}

void ProfilerPage::updateAll()
{
    const bool hasBegun = m_profile.startedAt > 0, isRunning = m_profile.isRunning;
    updateBusy();
    m_start->setText(isRunning ? tr("Stop now") : tr("Start"));
    setStyleProperty(m_start, "primary", !isRunning);
    m_start->setEnabled(isRunning || (m_feed.hasSession() && !chosenNodes().isEmpty()));
    for (QComboBox *box : {m_nodes, m_time, m_count, m_ping})
        box->setEnabled(!isRunning);
    m_save->setEnabled(m_profile.kept > 0);
    m_showAll->setVisible(!m_group.isEmpty());
    QStringList parts;
    if (hasBegun) {
        parts.append(isRunning ? tr("%1 lines per second").arg(groupedNumber(qint64(m_profile.linesOfLastSecond)))
                               : tr("stopped"));
        parts.append(tr("%1 lines").arg(groupedNumber(qint64(m_profile.lines))));
        parts.append(m_profile.dropped > 0 ? tr("%1 only counted").arg(groupedNumber(qint64(m_profile.dropped)))
                                           : tr("none dropped"));
    }
    m_subtitle->setText(parts.join(u" · "_s));
    setStyleProperty(m_subtitle, "tone", m_profile.dropped > 0 ? u"warn"_s : u"muted"_s);
    QStringList notices;
    if (!m_failure.isEmpty())
        notices.append(m_failure);
    if (const QString end = endText(m_profile, m_order); !end.isEmpty())
        notices.append(end);
    const QString user = context().target().credentials.user;
    for (const ProfileNode &node : m_profile.nodes) {
        if (!node.problem)
            continue;
        const QByteArray right = missingRight(*node.problem);
        notices.append(describe(*node.problem)
                       + (right.isEmpty()
                              ? QString()
                              : tr(" It needs: ACL SETUSER %1 %2")
                                    .arg(user.isEmpty() ? u"default"_s : user, QString::fromLatin1(right))));
    }
    m_notice->setText(notices.join(u'\n'));
    m_notice->setVisible(!notices.isEmpty());
    const QString group = m_group.isEmpty()
        ? QString()
        : m_groupsModel.index(std::max(0, m_groupsModel.rowOf(m_group)), 0).data().toString();
    m_linesTitle->setText(group.isEmpty() ? tr("Lines, newest first") : tr("Only %1").arg(group));
    QStringList rest;
    if (m_profile.groups.others > 0)
        rest.append(tr("%1 more").arg(groupedNumber(qint64(m_profile.groups.others))));
    if (m_profile.groups.unnamedLines > 0)
        rest.append(tr("%1 lines of others").arg(groupedNumber(qint64(m_profile.groups.unnamedLines))));
    m_rest->setText(rest.join(u" · "_s));
    updateCost();
    const bool areKeys = m_what->current() == 1;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_nodes, m_time, m_count, m_ping, m_save, m_start})
        widget->setVisible(!areKeys);
    m_stack->setCurrentIndex(areKeys ? 2 : hasBegun ? 0 : 1);
    if (!areKeys)
        return;
    m_subtitle->setText(tr("where the load is"));
    m_notice->setVisible(false);
    m_cost->setVisible(false);
}

void ProfilerPage::updateBusy()
{
    context().setBusy(u"profiler"_s, m_profile.isRunning || m_hotKeys->isRunning());
}

void ProfilerPage::showPlace(const Place &place)
{
    if (place.part != u"hotkeys")
        return;
    showHotKeys(true);
    m_hotKeys->startButton()->setFocus();
}

void ProfilerPage::showHotKeys(bool shown)
{
    m_what->setCurrent(shown ? 1 : 0);
    updateAll();
}

void ProfilerPage::updateCost()
{
    const QByteArrayList nodes = m_profile.startedAt > 0 ? m_order.nodes : chosenNodes();
    const QString rate = rateText(rateOf(nodes));
    if (m_profile.startedAt == 0) {
        QStringList each;
        const ClusterViewPtr view = context().view();
        for (const QByteArray &id : nodes)
            if (const NodeState *node = view ? view->node(id) : nullptr; node && each.size() < 6)
                each.append(tr("%1: %2/s").arg(node->name, rateText(rateOf({id}))));
        m_empty->setContent(u"profiler"_s, tr("No node is being monitored"),
                            tr("MONITOR sends a copy of every command to this computer: meanwhile a busy node may "
                               "handle only half of its load. These nodes currently run %1 commands per second (%2). "
                               "Choose nodes and limits above; monitoring stops at the first limit reached.")
                                .arg(rate, each.join(u", "_s)));
        m_cost->setVisible(false);
        return;
    }
    qint64 ping = -1;
    for (const ProfileNode &node : m_profile.nodes)
        ping = std::max(ping, node.pingMicroseconds);
    const qint64 seconds = std::max<qint64>(1, m_profile.milliseconds / 1000);
    m_cost->setText(tr("Commands per second on these nodes: %1 before, %2 now. Received %3 per second, %4 in total. "
                       "Time %5. PING of the slowest node: %6. %7 lines are in the list, %8 older ones have left it.")
                        .arg(rateText(m_rateBefore), rate, byteSize(qint64(m_profile.bytes) / seconds),
                             byteSize(qint64(m_profile.bytes)), clockText(m_profile.milliseconds),
                             ping < 0 ? u"–"_s : tr("%1 ms").arg(double(ping) / 1000, 0, 'f', 1),
                             groupedNumber(qint64(m_profile.kept)), groupedNumber(qint64(m_profile.letGo))));
    m_cost->setVisible(true);
}

void ProfilerPage::save(bool asJson)
{
    if (!m_feed.hasSession())
        return;
    whenDone(m_feed.written(asJson), this, [this, asJson](const Result<QByteArray> &bytes) {
        if (bytes)
            saveBytes(this, u"profile"_s, asJson ? u"jsonl"_s : u"txt"_s, *bytes);
    });
}

QString ProfilerPage::subtitle() const
{
    return m_subtitle->text();
}

QString ProfilerPage::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

QString ProfilerPage::costText() const
{
    return m_cost->isHidden() ? QString() : m_cost->text();
}

QString ProfilerPage::heldHere() const
{
    if (m_linesModel.rowCount() > 0)
        return tr("Lines of the profiler");
    return m_hotKeys->isRunning() || m_hotKeys->model().rowCount() > 0 ? tr("Hot keys") : QString();
}

} // namespace slotscope
