// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/startpage.h"

#include "ui/connect/recentlist.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QFrame>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int cardWidth = 520;
constexpr int shownRows = 6;

} // namespace

StartPage::StartPage(const Theme &theme, RecentConnections &recents, QWidget *parent)
    : QWidget(parent), m_words(new EmptyState(theme, this)), m_recents(new RecentList(theme, recents, this))
{
    setObjectName(u"startPage"_s);
    setAttribute(Qt::WA_StyledBackground);
    m_words->setContent(u"topology"_s, tr("Look into a cluster"),
                        tr("Connect to a Redis or Valkey cluster by any of its nodes, or start a small cluster on this "
                           "machine and play with it."));
    connect(m_words->addAction(tr("Connect…"), true), &QPushButton::clicked, this, &StartPage::connectRequested);
    connect(m_words->addAction(tr("Start the demo cluster")), &QPushButton::clicked, this, &StartPage::demoRequested);
    connect(m_words->addAction(tr("Create a cluster…")), &QPushButton::clicked, this, &StartPage::createRequested);
    connect(m_recents, &RecentList::chosen, this, &StartPage::recentChosen);
    auto *card = new QFrame(this);
    card->setProperty("card", true);
    card->setFixedWidth(cardWidth);
    auto *title = plainLabel(tr("Recent connections"), "muted", card);
    title->setFont(Theme::smallFont());
    title->setContentsMargins(10, 4, 10, 0);
    auto *inner = new QVBoxLayout(card);
    inner->setContentsMargins(6, 8, 6, 6);
    inner->setSpacing(4);
    inner->addWidget(title);
    inner->addWidget(m_recents);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 24);
    layout->setSpacing(0);
    layout->addStretch(2);
    layout->addWidget(m_words);
    layout->addSpacing(20);
    layout->addWidget(card, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    const auto update = [this, card, &recents] {
        const auto rows = std::min<qsizetype>(recents.list().size(), shownRows);
        m_recents->setFixedHeight(int(rows) * TwoLineDelegate::rowHeight + 4);
        card->setVisible(rows > 0);
    };
    connect(&recents, &RecentConnections::changed, this, update);
    update();
}

} // namespace slotscope
