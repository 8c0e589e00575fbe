// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolepage.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/whendone.h"
#include "ui/console/commandeditor.h"
#include "ui/console/consolepanel.h"
#include "ui/shared/badge.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QFile>
#include <QFileDialog>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int foldPanelBelow = 1040; // page width, reached in a window of about 1200 px
constexpr qint64 largestScript = 16 * 1024 * 1024;

} // namespace

ConsolePage::ConsolePage(PageContext &context, QWidget *parent) : Page(context, parent)
{
    m_panel = new ConsolePanel(context.theme(), this);
    m_split = new SideSplit(makeMain(), m_panel, this);
    m_split->setNarrowBelow(foldPanelBelow);
    m_split->setPanelShown(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(m_split, 1);
    connect(m_split, &SideSplit::narrowChanged, this, [this](bool narrow) {
        m_panelButton->setVisible(narrow);
        m_split->setPanelShown(!narrow);
    });
    connect(m_panel, &ConsolePanel::closeRequested, this, &ConsolePage::togglePanel);
    connect(m_panel, &ConsolePanel::lineChosen, this, [this](const QString &line) {
        if (m_split->isNarrow())
            m_split->setPanelShown(false);
        if (ConsoleTabView *tab = currentTab())
            tab->insertText(line);
    });
    connect(&context, &PageContext::doorChanged, this, &ConsolePage::takeDoor);
    connect(&context, &PageContext::connectionChanged, this, &ConsolePage::loadHistory);
    const auto shortcut = [this](const QKeySequence &keys, const QString &title, auto slot) {
        auto *key = new QShortcut(keys, this);
        key->setWhatsThis(title);
        key->setContext(Qt::WidgetWithChildrenShortcut);
        connect(key, &QShortcut::activated, this, slot);
    };
    shortcut(QKeySequence(Qt::CTRL | Qt::Key_R), tr("Search the history"), [this] {
        m_split->setPanelShown(true);
        m_panel->searchHistory();
    });
    shortcut(QKeySequence(Qt::Key_F1), tr("Show or hide the help"), [this] { togglePanel(); });
    shortcut(QKeySequence::Find, tr("Find in the replies"), [this] {
        if (ConsoleTabView *tab = currentTab())
            tab->find();
    });
    takeDoor();
    loadHistory();
    addTab({});
}

ConsolePage::~ConsolePage() = default;

QWidget *ConsolePage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Console"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_panelButton = new QPushButton(themedIcon(u"panel"_s, context().theme()), tr("Docs"), head);
    m_panelButton->hide();
    connect(m_panelButton, &QPushButton::clicked, this, &ConsolePage::togglePanel);
    auto *history = new QPushButton(themedIcon(u"clock"_s, context().theme()), tr("History"), head);
    history->setToolTip(u"Ctrl+R"_s);
    connect(history, &QPushButton::clicked, this, [this] {
        m_split->setPanelShown(true);
        m_panel->searchHistory();
    });
    auto *file = new QPushButton(themedIcon(u"play"_s, context().theme()), tr("Run a file…"), head);
    file->setObjectName(u"runFile"_s);
    connect(file, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Run each line of a file"));
        if (!path.isEmpty())
            runFile(path);
    });
    auto *save = new QPushButton(themedIcon(u"save"_s, context().theme()), tr("Save session…"), head);
    connect(save, &QPushButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getSaveFileName(this, tr("Save the commands and replies of this session"), u"session.txt"_s);
        if (!path.isEmpty())
            saveSession(path);
    });
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *part : std::initializer_list<QWidget *>{m_panelButton, history, file, save})
        layout->addWidget(part);
    return head;
}

QWidget *ConsolePage::makeMain()
{
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    m_tabs = new QTabBar(card);
    m_tabs->setObjectName(u"consoleTabs"_s);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setAccessibleName(tr("Console tabs"));
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->setUsesScrollButtons(true);
    auto *add = new QToolButton(card);
    add->setObjectName(u"addTab"_s);
    add->setIcon(themedIcon(u"plus"_s, context().theme()));
    add->setToolTip(tr("Another tab with connections of its own"));
    add->setAccessibleName(tr("New tab"));
    connect(add, &QToolButton::clicked, this, [this] { addTab({})->setFocus(); });
    m_stack = new CurrentStack(card);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (auto *view = m_tabs->tabData(index).value<QWidget *>())
            m_stack->setCurrentWidget(view);
        updateSubtitle();
    });
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &ConsolePage::closeTab);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 8, 0);
    row->setSpacing(4);
    row->addWidget(m_tabs);
    row->addWidget(add);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_stack, 1);
    return card;
}

void ConsolePage::takeDoor()
{
    m_help.reset();
    ++m_serial;
    if (SessionDoor *door = context().door())
        m_help = std::make_unique<Remote<ConsoleHelp>>(*door);
    m_shared.help = m_help.get();
    m_shared.docs.reset();
}

void ConsolePage::readDocs()
{
    if (!m_help || m_shared.docs)
        return;
    whenDone(m_help->call<CommandDocsPtr>([](ConsoleHelp &help) { return help.docs(); }), this,
             [this, serial = m_serial](const Result<CommandDocsPtr> &docs) {
                 if (serial != m_serial || !docs)
                     return; // the built-in documentation is used in the meantime
                 m_shared.docs = *docs;
                 m_panel->setCommand(nullptr, {});
                 for (int i = 0; i < m_stack->count(); ++i)
                     qobject_cast<ConsoleTabView *>(m_stack->widget(i))->takeDocs();
                 updateSubtitle();
             });
}

void ConsolePage::loadHistory()
{
    if (m_historyOf == context().title() && !m_historyOf.isEmpty())
        return;
    m_historyOf = context().title();
    if (!m_historyOf.isEmpty())
        m_history = ConsoleHistory(consoleFileName(u"history"_s, m_historyOf));
    m_panel->setHistory(m_history, m_historyOf);
}

void ConsolePage::keep(const QByteArray &line)
{
    m_historyAt = -1;
    if (const Result<> kept = m_history.add(line, QDateTime::currentMSecsSinceEpoch()); !kept)
        tell(tr("The history could not be saved: %1").arg(kept.error().detail));
    m_panel->setHistory(m_history, m_historyOf);
}

void ConsolePage::walkHistory(ConsoleTabView *tab, int direction)
{
    const QStringList lines = m_history.found({});
    m_historyAt = std::clamp(m_historyAt - direction, -1, int(lines.size()) - 1);
    tab->insertText(m_historyAt < 0 ? QString() : lines[m_historyAt]);
}

ConsoleTabView *ConsolePage::addTab(const ConsoleAim &aim)
{
    if (m_tabs->count() >= mostTabs) {
        tell(tr("%1 tabs are open; close one first.").arg(mostTabs));
        return currentTab();
    }
    auto *tab = new ConsoleTabView(context(), m_shared, m_stack);
    tab->setAim(aim);
    m_stack->addWidget(tab);
    const int index = m_tabs->addTab(QString());
    m_tabs->setTabData(index, QVariant::fromValue<QWidget *>(tab));
    connect(tab, &ConsoleTabView::titleChanged, this, [this, tab] { updateTab(tab); });
    connect(tab, &ConsoleTabView::typed, this, &ConsolePage::keep);
    connect(tab, &ConsoleTabView::failed, this, [this](const QByteArray &line) {
        m_history.markFailed(line);
        m_panel->setHistory(m_history, m_historyOf);
    });
    connect(tab, &ConsoleTabView::historyRequested, this, [this, tab](int direction) { walkHistory(tab, direction); });
    connect(tab, &ConsoleTabView::helpRequested, this, &ConsolePage::togglePanel);
    connect(tab, &ConsoleTabView::nodeRequested, this,
            [this](const QByteArray &node) { context().goTo({.page = u"topology"_s, .node = node}); });
    connect(tab, &ConsoleTabView::menuWanted, this, [this, tab](QMenu *menu) { fillMenu(tab, menu); });
    connect(tab, &ConsoleTabView::commandChanged, this, [this, tab](const Command &words, const ArgumentPlace &place) {
        if (tab != currentTab() || !place.doc)
            return; // keep the last known command until another one is recognised
        m_panel->setCommand(place.doc, place);
        m_specOf = place.doc->name;
        if (m_help)
            whenDone(m_help->call<CommandSpec>([words](ConsoleHelp &help) { return help.spec(words); }), this,
                     [this, of = m_specOf](const Result<CommandSpec> &spec) {
                         if (spec && of == m_specOf)
                             m_panel->setSpec(&*spec);
                     });
    });
    updateTab(tab);
    m_tabs->setCurrentIndex(index);
    return tab;
}

void ConsolePage::closeTab(int index)
{
    auto *view = m_tabs->tabData(index).value<QWidget *>();
    if (!view)
        return;
    m_tabs->removeTab(index);
    m_stack->removeWidget(view);
    view->deleteLater();
    if (m_tabs->count() == 0)
        addTab({});
}

bool ConsolePage::closeOwnTab()
{
    if (m_tabs->count() < 2 && heldHere().isEmpty())
        return false;
    closeTab(m_tabs->currentIndex());
    return true;
}

ConsoleTabView *ConsolePage::currentTab() const
{
    return qobject_cast<ConsoleTabView *>(m_stack->currentWidget());
}

void ConsolePage::updateTab(ConsoleTabView *tab)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).value<QWidget *>() != tab)
            continue;
        m_tabs->setTabText(i, tab->title());
        auto *badge = qobject_cast<Badge *>(m_tabs->tabButton(i, QTabBar::LeftSide));
        const QString text = tab->badge();
        if (text.isEmpty() && badge) {
            m_tabs->setTabButton(i, QTabBar::LeftSide, nullptr);
            badge->deleteLater();
        }
        if (text.isEmpty() || (badge && badge->text() == text))
            continue;
        if (!badge)
            badge = new Badge(context().theme(), m_tabs);
        badge->setBadge(text, Tone::Warning);
        badge->resize(badge->sizeHint());
        m_tabs->setTabButton(i, QTabBar::LeftSide, badge); // set it again, because its width may have changed
        badge->show();
    }
    updateSubtitle();
}

void ConsolePage::updateSubtitle()
{
    const ConsoleTabView *tab = currentTab();
    if (!tab)
        return;
    QString server;
    const ClusterViewPtr &view = context().view();
    for (size_t i = 0; view && i < view->nodes.size() && server.isEmpty(); ++i)
        if (view->nodes[i].info)
            server = QString::fromUtf8(view->nodes[i].info->version);
    const bool resp3 = const_cast<ConsoleTabView *>(tab)->feed().state().isResp3;
    m_subtitle->setText((resp3 ? u"RESP3 · "_s : u"RESP2 · "_s)
                        + (m_shared.docs ? tr("commands and arguments as documented by the server (%1)").arg(server)
                                         : tr("commands and arguments as built into Slotscope")));
}

void ConsolePage::setView(const ClusterViewPtr &view)
{
    for (int i = 0; i < m_stack->count(); ++i)
        qobject_cast<ConsoleTabView *>(m_stack->widget(i))->setView(view);
    if (isVisible())
        readDocs();
}

void ConsolePage::showPlace(const Place &place)
{
    if (!place.node.isEmpty())
        addTab({.kind = ConsoleAim::Kind::Node, .nodeId = place.node});
    if (!place.key.isEmpty() && currentTab())
        currentTab()->insertText(u"TYPE "_s + QString::fromLatin1(quoted(place.key)));
}

bool ConsolePage::closeDetail()
{
    if (currentTab() && currentTab()->closeDetail())
        return true;
    if (m_split->isNarrow() && m_split->isPanelShown()) {
        m_split->setPanelShown(false);
        return true;
    }
    return false;
}

void ConsolePage::togglePanel()
{
    m_split->setPanelShown(!m_split->isPanelShown());
    m_panelButton->setVisible(m_split->isNarrow() || !m_split->isPanelShown());
}

void ConsolePage::saveState(QSettings &settings) const
{
    if (const QByteArray state = m_split->saveState(); !state.isEmpty())
        settings.setValue(u"console/split"_s, state);
}

void ConsolePage::restoreState(const QSettings &settings)
{
    m_split->restoreState(settings.value(u"console/split"_s).toByteArray());
}

QString ConsolePage::unsaved() const
{
    for (int i = 0; i < m_stack->count(); ++i)
        if (qobject_cast<ConsoleTabView *>(m_stack->widget(i))->feed().state().isInMulti)
            return tr("A transaction in the console has not been executed.");
    return {};
}

QString ConsolePage::heldHere() const
{
    for (int i = 0; i < m_stack->count(); ++i)
        if (!qobject_cast<ConsoleTabView *>(m_stack->widget(i))->feed().blocks().empty())
            return tr("Replies in the console");
    return {};
}

bool ConsolePage::isFilled() const
{
    return m_shared.docs != nullptr;
}

QWidget *ConsolePage::firstFocus() const
{
    return currentTab();
}

void ConsolePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    readDocs();
    if (currentTab())
        currentTab()->setFocus();
}

void ConsolePage::runFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        tell(u"%1: %2"_s.arg(path, file.errorString()));
        return;
    }
    if (file.size() > largestScript) {
        tell(tr("%1 is larger than 16 MB: use slotscope-cli call --file.").arg(path));
        return;
    }
    if (currentTab())
        currentTab()->runText(file.readAll());
}

void ConsolePage::saveSession(const QString &path)
{
    ConsoleTabView *tab = currentTab();
    if (!tab)
        return;
    QByteArray text;
    for (const ConsoleBlock &block : tab->feed().blocks()) {
        const QStringList lines = tab->replies()->textOf(block.entry);
        text += "> " + block.line.toUtf8() + '\n' + lines.mid(1).join(u'\n').toUtf8() + "\n\n";
    }
    const Result<> written = replaceFile(path, text);
    tell(written ? tr("Saved to %1.").arg(path) : describe(written.error()));
}

void ConsolePage::tell(const QString &text)
{
    if (currentTab())
        Q_EMIT currentTab()->feed().noticed(text);
}

} // namespace slotscope
