// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/startpage.h"

#include "ui/connect/connectionspage.h"
#include "ui/connect/recentlist.h"
#include "ui/shared/unfinishedlist.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QFrame>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int startCardWidth = 520;
constexpr int cardSpacing = 12;
constexpr int shownRecents = 6;
// with unfinished operations, show only this many recent connections too, so that both fit into a small window
constexpr int shownUnfinished = 3;

/// Sets the height to that of the rows, at most `mostRecent`.
void fit(QFrame *card, QListWidget *list, int rows, int mostRecent)
{
    list->setFixedHeight(std::min(rows, mostRecent) * TwoLineDelegate::rowHeight + 4);
    card->setVisible(rows > 0);
}

} // namespace

StartPage::StartPage(const Theme &theme, RecentConnections &recents, SavedConnections &saved, QWidget *parent)
    : QWidget(parent)
    , m_stack(new CurrentStack(this))
    , m_connections(new ConnectionsPage(theme, saved, this))
    , m_words(new EmptyState(theme, this))
    , m_unfinished(new UnfinishedList(theme, this))
    , m_recents(new RecentList(theme, recents, this))
    , m_unfinishedCard(addCard(tr("Unfinished operations"), m_unfinished))
    , m_recentCard(addCard(tr("Recent connections"), m_recents))
{
    setObjectName(u"startPage"_s);
    setAttribute(Qt::WA_StyledBackground);
    m_stack->addWidget(makeBeginning(recents));
    m_stack->addWidget(m_connections);
    connect(m_connections, &ConnectionsPage::newRequested, this, &StartPage::connectRequested);
    connect(m_connections, &ConnectionsPage::demoRequested, this, &StartPage::demoRequested);
    connect(m_connections, &ConnectionsPage::createRequested, this, &StartPage::createRequested);
    connect(m_connections, &ConnectionsPage::unfinishedChosen, this, &StartPage::unfinishedChosen);
    connect(m_connections, &ConnectionsPage::unfinishedDismissed, this, &StartPage::unfinishedDismissed);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    const auto choose = [this, &saved] {
        const bool hasWord = saved.problem() || !saved.setAside().isEmpty(); // the connections page shows that message
        m_stack->setCurrentIndex(saved.list().isEmpty() && !hasWord ? 0 : 1);
        setFocusProxy(m_stack->currentIndex() == 1 ? m_connections : nullptr);
    };
    connect(&saved, &SavedConnections::changed, this, choose);
    choose();
}

/// Makes the page for the case that no connection is saved yet.
QWidget *StartPage::makeBeginning(RecentConnections &recents)
{
    auto *beginning = new QWidget(m_stack);
    m_words->setContent(u"topology"_s, tr("View a cluster"),
                        tr("Connect to a Redis or Valkey cluster through any of its nodes, or start a small cluster on "
                           "this computer to experiment with."));
    connect(m_words->addAction(tr("Connect…"), true), &QPushButton::clicked, this, &StartPage::connectRequested);
    connect(m_words->addAction(tr("Start the demo cluster")), &QPushButton::clicked, this, &StartPage::demoRequested);
    QPushButton *bring = m_words->addAction(tr("Import…"));
    bring->setToolTip(tr("Connections of another tool"));
    connect(bring, &QPushButton::clicked, m_connections, &ConnectionsPage::chooseImport);
    QPushButton *create = m_words->addAction(tr("Create a cluster…"));
    connect(create, &QPushButton::clicked, this, &StartPage::createRequested);
    setTabOrder(create, m_unfinished);
    setTabOrder(m_unfinished, m_recents);
    connect(m_recents, &RecentList::chosen, this, &StartPage::recentChosen);
    connect(m_unfinished, &UnfinishedList::chosen, this, &StartPage::unfinishedChosen);
    connect(m_unfinished, &UnfinishedList::dismissed, this, &StartPage::unfinishedDismissed);
    auto *layout = new QVBoxLayout(beginning);
    layout->setContentsMargins(16, 0, 16, 24);
    layout->setSpacing(0);
    layout->addStretch(2);
    layout->addWidget(m_words);
    layout->addSpacing(20);
    auto *cards = new QVBoxLayout;
    cards->setSpacing(cardSpacing);
    cards->addWidget(m_unfinishedCard, 0, Qt::AlignHCenter);
    cards->addWidget(m_recentCard, 0, Qt::AlignHCenter);
    layout->addLayout(cards);
    layout->addStretch(3);
    connect(&recents, &RecentConnections::changed, this, &StartPage::fitCards);
    fitCards();
    return beginning;
}

QFrame *StartPage::addCard(const QString &title, QListWidget *list)
{
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    card->setFixedWidth(startCardWidth);
    auto *label = plainLabel(title, "muted", card);
    label->setFont(Theme::smallFont());
    label->setContentsMargins(10, 4, 10, 0);
    auto *inner = new QVBoxLayout(card);
    inner->setContentsMargins(6, 8, 6, 6);
    inner->setSpacing(4);
    inner->addWidget(label);
    inner->addWidget(list);
    return card;
}

void StartPage::setUnfinished(const QList<RunSnapshotPtr> &runs)
{
    m_unfinished->setRuns(runs);
    m_connections->setUnfinished(runs);
    fitCards();
}

void StartPage::fitCards()
{
    const int left = m_unfinished->count();
    fit(m_unfinishedCard, m_unfinished, left, shownUnfinished);
    fit(m_recentCard, m_recents, m_recents->count(), left > 0 ? shownUnfinished : shownRecents);
}

} // namespace slotscope
