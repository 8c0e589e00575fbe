// SPDX-License-Identifier: GPL-3.0-or-later
// A tab's parts and how they hang together; consolerunning.cpp runs commands, consoletyping.cpp helps with typing.
#include "ui/console/consoletabview.h"

#include "core/base/text.h"
#include "core/console/consolehistory.h"
#include "core/models/nodewords.h"
#include "ui/console/commandeditor.h"
#include "ui/console/completionpopup.h"
#include "ui/console/hintstrip.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int completeAfterMs = 120, checkAfterMs = 150;
constexpr std::array<int, 6> repeatSeconds{0, 1, 2, 5, 10, 60};
constexpr std::array<AnswerView, 5> answerViews{AnswerView::Cli, AnswerView::Tree, AnswerView::Table, AnswerView::Json,
                                                AnswerView::Bytes};

} // namespace

ConsoleTabView::ConsoleTabView(PageContext &context, const ConsoleShared &shared, QWidget *parent)
    : QWidget(parent), m_context(context), m_shared(shared), m_feed(context)
{
    const Theme &theme = context.theme();
    QWidget *toolbar = makeToolbar();
    m_replies = new ReplyView(m_feed, theme, this);
    m_editor = new CommandEditor(theme, this);
    m_hint = new HintStrip(theme, this);
    m_popup = new CompletionPopup(theme, this);
    m_editor->setPopup(m_popup);
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(1);
    split->addWidget(m_replies);
    split->addWidget(m_editor);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 0);
    m_replies->setMinimumHeight(80);
    m_editor->setMinimumHeight(48);
    split->setSizes({1000, 84});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(toolbar);
    layout->addWidget(split, 1);
    layout->addWidget(m_hint);
    layout->addWidget(makeFoot());
    m_completing.setSingleShot(true);
    m_completing.setInterval(completeAfterMs);
    m_checking.setSingleShot(true);
    m_checking.setInterval(checkAfterMs);
    m_repeating.setSingleShot(true);
    setFocusProxy(m_editor);
    connectParts();
    setView(context.view());
    updateHint();
    updateButtons();
}

ConsoleTabView::~ConsoleTabView() = default;

QWidget *ConsoleTabView::makeToolbar()
{
    auto *bar = new QWidget(this);
    m_aim = new QComboBox(bar);
    m_aim->setObjectName(u"aim"_s);
    m_aim->setMinimumWidth(176);
    m_aim->setAccessibleName(tr("Where commands are sent"));
    m_answerView = new SegmentedControl({tr("redis-cli"), tr("Tree"), tr("Table"), tr("JSON"), tr("Bytes")}, bar);
    m_answerView->setAccessibleName(tr("How replies are shown"));
    m_answerView->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    m_follow = new QCheckBox(tr("Follow redirects"), bar);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Follow MOVED and ASK to the node that they name"));
    m_repeat = new QComboBox(bar);
    m_repeat->setObjectName(u"repeat"_s);
    for (const int seconds : repeatSeconds)
        m_repeat->addItem(seconds == 0 ? tr("Repeat off") : tr("Every %1 s").arg(seconds), seconds);
    m_search = new QLineEdit(bar);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Find in replies"));
    m_search->setAccessibleName(tr("Find in replies"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(170);
    m_search->hide();
    auto *find = new QToolButton(bar);
    find->setObjectName(u"find"_s);
    find->setIcon(themedIcon(u"search"_s, m_context.theme()));
    find->setToolTip(tr("Find in replies (Ctrl+F)"));
    find->setAccessibleName(tr("Find in replies"));
    connect(find, &QToolButton::clicked, this, &ConsoleTabView::find);
    m_more = new QToolButton(bar);
    m_more->setObjectName(u"more"_s);
    m_more->setIcon(themedIcon(u"more"_s, m_context.theme()));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(m_more->toolTip());
    auto *menu = new QMenu(m_more);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        Q_EMIT menuWanted(menu);
        for (const bool resp3 : {true, false}) {
            QAction *protocol =
                menu->addAction(resp3 ? tr("RESP3 (for new connections)") : tr("RESP2 (for new connections)"), this,
                                [this, resp3] { m_feed.setResp3(resp3); });
            protocol->setCheckable(true);
            protocol->setChecked(m_feed.isResp3() == resp3);
        }
        menu->addSeparator();
        QAction *goesOn = menu->addAction(tr("Continue after an error"), this, [this](bool on) { m_goesOn = on; });
        goesOn->setCheckable(true);
        goesOn->setChecked(m_goesOn);
        menu->addAction(tr("Clear the replies"), this, [this] { m_feed.clear(); });
    });
    m_more->setMenu(menu);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    for (QWidget *part : std::initializer_list<QWidget *>{m_aim, m_answerView, m_follow})
        layout->addWidget(part);
    layout->addStretch(1);
    for (QWidget *part : std::initializer_list<QWidget *>{m_repeat, m_search, find, m_more})
        layout->addWidget(part);
    return bar;
}

QWidget *ConsoleTabView::makeFoot()
{
    auto *foot = new QWidget(this);
    m_status = new ElidedLabel({}, Qt::ElideRight, foot);
    m_status->setObjectName(u"status"_s);
    m_stop = new QPushButton(themedIcon(u"stop"_s, m_context.theme()), tr("Stop"), foot);
    m_stop->setObjectName(u"stop"_s);
    m_stop->setToolTip(tr("Closes the connection that waits; the server may have executed the command (Ctrl+.)"));
    m_together = new QPushButton(tr("As pipeline"), foot);
    m_together->setObjectName(u"together"_s);
    m_together->setProperty("quiet", true);
    m_together->setToolTip(tr("Send all lines at once to one node"));
    m_runLine = new QPushButton(foot);
    m_runLine->setObjectName(u"runLine"_s);
    m_runLine->setToolTip(u"Shift+Enter"_s);
    m_runAll = new QPushButton(tr("Run all"), foot);
    m_runAll->setObjectName(u"runAll"_s);
    m_runAll->setProperty("primary", true);
    m_runAll->setToolTip(u"Ctrl+Enter"_s);
    auto *layout = new QHBoxLayout(foot);
    layout->setContentsMargins(16, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_status, 1);
    for (QWidget *part : std::initializer_list<QWidget *>{m_stop, m_together, m_runLine, m_runAll})
        layout->addWidget(part);
    return foot;
}

void ConsoleTabView::connectParts()
{
    connect(m_editor, &CommandEditor::runAllRequested, this, &ConsoleTabView::runAll);
    connect(m_editor, &CommandEditor::runLineRequested, this, &ConsoleTabView::runLine);
    connect(m_editor, &CommandEditor::historyRequested, this, &ConsoleTabView::historyRequested);
    connect(m_editor, &CommandEditor::helpRequested, this, &ConsoleTabView::helpRequested);
    connect(m_editor, &CommandEditor::completionRequested, this, [this](bool byUser) {
        if (byUser)
            complete(true);
        else
            m_completing.start();
    });
    connect(&m_completing, &QTimer::timeout, this, [this] { complete(false); });
    connect(m_editor, &QPlainTextEdit::cursorPositionChanged, this, [this] {
        updateHint();
        m_checking.start();
        updateButtons();
    });
    connect(m_editor, &QPlainTextEdit::textChanged, this, &ConsoleTabView::updateHint);
    connect(&m_checking, &QTimer::timeout, this, &ConsoleTabView::updateStatus);
    connect(&m_repeating, &QTimer::timeout, this, [this] {
        if (!m_repeated.isEmpty() && !isRunning())
            start(commandsIn(m_repeated));
    });
    connect(m_popup, &CompletionPopup::taken, this, &ConsoleTabView::take);
    connect(m_runAll, &QPushButton::clicked, this, &ConsoleTabView::runAll);
    connect(m_runLine, &QPushButton::clicked, this, &ConsoleTabView::runLine);
    connect(m_together, &QPushButton::clicked, this, &ConsoleTabView::runPipeline);
    connect(m_stop, &QPushButton::clicked, this, &ConsoleTabView::stop);
    connect(m_aim, &QComboBox::currentIndexChanged, this, [this] {
        m_follow->setEnabled(!aim().isBroadcast());
        updateStatus();
        Q_EMIT titleChanged();
    });
    connect(m_repeat, &QComboBox::activated, this, [this] {
        if (m_repeat->currentData().toInt() == 0)
            m_repeated.clear();
    });
    connect(m_answerView, &SegmentedControl::currentChanged, this, &ConsoleTabView::setAnswerView);
    connect(&m_feed, &ConsoleFeed::stateChanged, this, [this] {
        updateButtons();
        Q_EMIT titleChanged();
    });
    connect(&m_feed, &ConsoleFeed::refused, this, &ConsoleTabView::explain);
    connect(&m_feed, &ConsoleFeed::noticed, this, [this](const QString &what) { m_status->setText(what); });
    connect(&m_feed, &ConsoleFeed::blockAdded, this,
            [this](quint64 entry) { m_feed.setView(entry, answerViews.at(size_t(m_answerView->current()))); });
    connect(m_replies, &ReplyView::actionRequested, this, &ConsoleTabView::act);
    connect(m_replies, &ReplyView::menuRequested, this, &ConsoleTabView::openMenu);
    connect(m_replies, &ReplyView::nodeRequested, this, &ConsoleTabView::nodeRequested);
    connect(m_replies, &ReplyView::editorRequested, m_editor, qOverload<>(&QWidget::setFocus));
    connect(m_search, &QLineEdit::textChanged, m_replies, &ReplyView::setSearch);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { m_replies->findNext(true); });
    auto *stopKey = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period), this);
    stopKey->setWhatsThis(tr("Stop the running command"));
    stopKey->setContext(Qt::WidgetWithChildrenShortcut);
    connect(stopKey, &QShortcut::activated, this, &ConsoleTabView::stop);
}

void ConsoleTabView::setView(const ClusterViewPtr &view)
{
    m_replies->setView(view);
    fillAims();
}

void ConsoleTabView::fillAims()
{
    using Kind = ConsoleAim::Kind;
    const ClusterViewPtr &view = m_context.view();
    QList<std::pair<QString, ConsoleAim>> wanted{
        {view && !view->cluster ? tr("Primary") : tr("Cluster, routed by key"), {Kind::Cluster}},
        {tr("All primaries"), {Kind::Primaries}},
        {tr("All replicas"), {Kind::Replicas}},
        {tr("All nodes"), {Kind::All}}};
    for (size_t i = 0; view && i < view->nodes.size(); ++i)
        if (!view->nodes[i].id.isEmpty())
            wanted.append({view->nodes[i].name + (view->nodes[i].isReplica() ? u"  R"_s : u"  P"_s),
                           {Kind::Node, view->nodes[i].id}});
    bool isSame = m_aim->count() == wanted.size();
    for (int i = 0; isSame && i < wanted.size(); ++i)
        isSame = m_aim->itemText(i) == wanted[i].first;
    if (isSame)
        return;
    const ConsoleAim before = aim();
    const QSignalBlocker quiet(m_aim);
    m_aim->clear();
    for (const auto &[text, target] : wanted)
        m_aim->addItem(text, QVariant::fromValue(target));
    setAim(before);
}

ConsoleAim ConsoleTabView::aim() const
{
    return m_aim->currentData().value<ConsoleAim>();
}

void ConsoleTabView::setAim(const ConsoleAim &aim)
{
    for (int i = 0; i < m_aim->count(); ++i)
        if (m_aim->itemData(i).value<ConsoleAim>() == aim) {
            m_aim->setCurrentIndex(i);
            return;
        }
    if (aim.kind != ConsoleAim::Kind::Node) {
        m_aim->setCurrentIndex(0);
        return;
    }
    // the current view does not contain this node, but the tab keeps it as its target
    m_aim->addItem(tr("%1 (gone)").arg(QString::fromLatin1(aim.nodeId.left(8))), QVariant::fromValue(aim));
    m_aim->setCurrentIndex(m_aim->count() - 1);
}

QString ConsoleTabView::title() const
{
    switch (aim().kind) {
    case ConsoleAim::Kind::Cluster:
        return m_context.view() && !m_context.view()->cluster ? tr("Primary") : tr("Cluster, routed");
    case ConsoleAim::Kind::Primaries: return tr("All primaries");
    case ConsoleAim::Kind::Replicas: return tr("All replicas");
    case ConsoleAim::Kind::All: return tr("All nodes");
    case ConsoleAim::Kind::Node: break;
    }
    return m_aim->currentText().section(u"  "_s, 0, 0);
}

QString ConsoleTabView::badge() const
{
    const ConsoleState &state = m_feed.state();
    const bool isElsewhere =
        aim().kind != ConsoleAim::Kind::Cluster && !state.heldNode.isEmpty() && title() != state.heldNode;
    if (state.isInMulti && isElsewhere) // the next commands do not become part of it
        return tr("MULTI on %1").arg(state.heldNode);
    if (state.isInMulti)
        return state.queued > 0 ? tr("MULTI · %1 queued").arg(state.queued) : tr("MULTI");
    if (state.isMonitoring)
        return tr("MONITOR");
    if (state.subscriptions > 0)
        return tr("SUBSCRIBE · %1").arg(state.subscriptions);
    if (state.areRepliesOff)
        return tr("replies off");
    if (state.watched > 0)
        return tr("WATCH · %1").arg(state.watched);
    if (state.running > 0)
        return tr("waiting");
    if (!state.user.isEmpty())
        return state.user;
    if (state.database > 0)
        return tr("db %1").arg(state.database);
    return {};
}

QString ConsoleTabView::statusText() const
{
    return m_status->text();
}

QString ConsoleTabView::hintText() const
{
    return m_hint->text();
}

void ConsoleTabView::setAnswerView(int index)
{
    const AnswerView view = answerViews.at(size_t(index));
    for (const ConsoleBlock &block : m_feed.blocks())
        m_feed.setView(block.entry, view);
}

void ConsoleTabView::updateButtons()
{
    const bool running = isRunning() || m_feed.state().subscriptions > 0 || m_feed.state().isMonitoring;
    m_stop->setVisible(running || !m_repeated.isEmpty());
    m_together->setVisible(m_editor->blockCount() > 1);
    m_runLine->setVisible(m_editor->blockCount() > 1);
    m_runLine->setText(tr("Run line %1").arg(m_editor->currentLine() + 1));
    const bool ready = m_feed.isReady() && !m_isWaiting && m_queue.isEmpty();
    for (QPushButton *button : {m_runAll, m_runLine, m_together})
        button->setEnabled(ready);
}

bool ConsoleTabView::closeDetail()
{
    if (m_popup->isVisible()) {
        m_popup->hide();
        return true;
    }
    if (!m_search->isVisible())
        return false;
    m_search->clear();
    m_search->hide();
    m_editor->setFocus();
    return true;
}

void ConsoleTabView::find()
{
    m_search->show();
    m_search->setFocus();
    m_search->selectAll();
}

void ConsoleTabView::insertText(const QString &text)
{
    m_editor->setLineText(text);
    m_editor->setFocus();
}

} // namespace slotscope
