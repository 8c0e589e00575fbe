// SPDX-License-Identifier: GPL-3.0-or-later
// What ProfilerPage is put together from.
#include "ui/profiler/hotkeysview.h"
#include "ui/profiler/profilerpage.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int profileRow = 26, narrowProfile = 1100;

QComboBox *profileChoice(const QString &name, const QString &label, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setToolTip(label);
    return box;
}

} // namespace

QWidget *ProfilerPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Profiler"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = mutedLabel(head);
    m_what = new SegmentedControl({tr("Lines"), tr("Hot keys")}, head);
    m_what->setObjectName(u"what"_s);
    m_what->setAccessibleName(tr("What is shown"));
    m_what->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_nodes = profileChoice(u"nodes"_s, tr("Nodes to monitor"), head);
    m_nodes->setMaximumWidth(190);
    m_time = profileChoice(u"time"_s, tr("Stops after this time"), head);
    m_time->addItem(tr("10 s"), 10'000);
    m_time->addItem(tr("1 min"), 60'000);
    m_time->addItem(tr("10 min"), 600'000);
    m_time->addItem(tr("Any time"), 0);
    m_time->setCurrentIndex(1);
    m_count = profileChoice(u"count"_s, tr("Stops after this number of lines"), head);
    m_count->addItem(tr("10,000 lines"), 10'000);
    m_count->addItem(tr("1,000,000 lines"), 1'000'000);
    m_count->addItem(tr("No line limit"), 0);
    m_count->setCurrentIndex(1);
    m_ping = profileChoice(u"ping"_s, tr("Stops when one PING in ten takes longer than this on a node"), head);
    m_ping->addItem(tr("Ping 5 ms"), 5000);
    m_ping->addItem(tr("Ping 20 ms"), 20'000);
    m_ping->addItem(tr("Ping 100 ms"), 100'000);
    m_ping->addItem(tr("No ping limit"), 0);
    m_ping->setCurrentIndex(2);
    m_save = exportButton(m_theme, head, [this](QMenu *menu) {
        menu->clear();
        menu->addAction(tr("Shown lines as text…"), this, [this] { save(false); });
        menu->addAction(tr("Shown lines as JSON…"), this, [this] { save(true); });
    });
    m_save->setAccessibleName(tr("Export"));
    m_start = new QPushButton(head);
    m_start->setObjectName(u"start"_s);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_what);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_nodes, m_time, m_count, m_ping, m_save, m_start})
        layout->addWidget(widget);
    return head;
}

QFrame *ProfilerPage::makeGroups()
{
    using Column = ProfileGroupsModel::Column;
    QFrame *frame = pageCard(this);
    m_by = new SegmentedControl({tr("Command, prefix"), tr("Command"), tr("Prefix"), tr("Client"), tr("Node")}, frame);
    m_by->setObjectName(u"groupBy"_s);
    m_by->setAccessibleName(tr("Group by"));
    m_rest = mutedLabel(frame);
    m_groups = new TableView(m_theme, frame);
    m_groups->setAccessibleName(tr("Groups of lines"));
    m_groups->setSource(&m_groupsModel);
    m_groups->sortByColumn(int(Column::Lines), Qt::DescendingOrder);
    dressPageTable(
        m_groups, profileRow, int(Column::Group),
        {{int(Column::Lines), 96}, {int(Column::Rate), 88}, {int(Column::Share), 160}, {int(Column::Shards), 100}});
    QVBoxLayout *layout = layOutCard(frame, {m_by, m_rest}, m_rest);
    layout->addWidget(m_groups, 1);
    return frame;
}

QFrame *ProfilerPage::makeLines()
{
    using Column = ProfileLinesModel::Column;
    QFrame *frame = pageCard(this);
    m_linesTitle = mutedLabel(frame);
    m_showAll = new QPushButton(themedIcon(u"close"_s, m_theme), tr("Show all"), frame);
    m_showAll->setObjectName(u"showAll"_s);
    m_showAll->setProperty("quiet", true);
    m_search = new QLineEdit(frame);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Command, key, client"));
    m_search->setAccessibleName(tr("Command, key, client"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"filter"_s, m_theme), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(220);
    m_lines = new TableView(m_theme, frame);
    m_lines->setAccessibleName(tr("Lines, newest first"));
    m_lines->setSource(&m_linesModel);
    m_lines->setSortingEnabled(false);
    dressPageTable(m_lines, profileRow, int(Column::Words),
                   {{int(Column::Time), 108}, {int(Column::Node), 138}, {int(Column::Client), 130}});
    QLabel *foot = plainLabel(tr("Passwords in AUTH, HELLO, ACL, CONFIG and MIGRATE are hidden here and in files. The "
                                 "lines include Slotscope's own commands."),
                              "muted", frame);
    foot->setWordWrap(true);
    foot->setContentsMargins(16, 8, 16, 8);
    QVBoxLayout *layout = layOutCard(frame, {m_linesTitle, m_showAll, m_search}, m_linesTitle);
    layout->addWidget(m_lines, 1);
    layout->addWidget(foot);
    return frame;
}

void ProfilerPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool isNarrow = width() < narrowProfile; // if the page is narrow, only the command column stays wide
    m_subtitle->setVisible(!isNarrow);
    m_save->setText(isNarrow ? QString() : tr("Export"));
    m_groups->setColumnHidden(int(ProfileGroupsModel::Column::Shards), isNarrow);
    m_lines->setColumnHidden(int(ProfileLinesModel::Column::Client), isNarrow);
    m_lines->setColumnHidden(int(ProfileLinesModel::Column::Time), isNarrow);
}

QWidget *ProfilerPage::makeBody()
{
    m_split = new QSplitter(Qt::Horizontal, this);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(8);
    m_split->addWidget(makeGroups());
    m_split->addWidget(makeLines());
    m_split->setStretchFactor(0, 1);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({600, 640});
    m_empty = new EmptyState(m_theme, this);
    m_stack = new CurrentStack(this);
    m_stack->addWidget(m_split);
    m_stack->addWidget(m_empty);
    m_hotKeys = new HotKeysView(context(), m_stack);
    m_stack->addWidget(m_hotKeys);
    return m_stack;
}

} // namespace slotscope
