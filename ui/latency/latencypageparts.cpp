// SPDX-License-Identifier: GPL-3.0-or-later
// What LatencyPage is put together from.
#include "ui/latency/doctorcard.h"
#include "ui/latency/latencycommands.h"
#include "ui/latency/latencypage.h"
#include "ui/latency/spectrumplot.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int roundTripRow = 32, eventRow = 26;

} // namespace

QWidget *LatencyPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Latency"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = mutedLabel(head);
    m_which = new SegmentedControl({tr("Round trip"), tr("By command")}, head);
    m_which->setAccessibleName(tr("What is shown"));
    m_window = new QComboBox(head);
    m_window->setObjectName(u"window"_s);
    m_window->setAccessibleName(tr("Time shown"));
    for (const int minutes : {1, 5, 15, 30})
        m_window->addItem(tr("Last %1 min").arg(minutes), minutes * 60'000);
    m_live = new QPushButton(head);
    m_live->setObjectName(u"live"_s);
    m_live->setCheckable(true);
    m_live->setProperty("toggle", true);
    m_panelButton = new QPushButton(themedIcon(u"panel"_s, m_theme), tr("Doctor"), head);
    m_panelButton->setObjectName(u"panel"_s);
    m_panelButton->hide();
    QPushButton *exporter = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_which, m_window, m_live, m_panelButton, exporter})
        layout->addWidget(widget);
    return head;
}

QWidget *LatencyPage::makeNotice()
{
    m_notice = new QFrame(this);
    m_notice->setProperty("finding", u"warn"_s);
    m_noticeText = wrappedLabel({}, nullptr, m_notice);
    m_noticeText->setObjectName(u"notice"_s);
    m_copyRight = new QPushButton(tr("Copy ACL command"), m_notice);
    m_dismiss = new QPushButton(tr("Close"), m_notice);
    m_dismiss->setProperty("quiet", true);
    auto *layout = new QHBoxLayout(m_notice);
    layout->setContentsMargins(14, 8, 8, 8);
    layout->addWidget(m_noticeText, 1);
    layout->addWidget(m_copyRight, 0, Qt::AlignTop);
    layout->addWidget(m_dismiss, 0, Qt::AlignTop);
    m_notice->hide();
    return m_notice;
}

QFrame *LatencyPage::makeTableCard()
{
    using Column = RoundTripModel::Column;
    m_tableCard = pageCard(this);
    m_table = new TableView(m_theme, m_tableCard);
    m_table->setAccessibleName(tr("Round trips"));
    m_table->setSource(&m_roundTrips);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->sortByColumn(int(Column::P999), Qt::DescendingOrder);
    dressPageTable(m_table, roundTripRow, int(Column::Spectrum),
                   {{int(Column::Node), 200},
                    {int(Column::Min), 76},
                    {int(Column::Average), 82},
                    {int(Column::P50), 76},
                    {int(Column::P99), 76},
                    {int(Column::P999), 84},
                    {int(Column::Longest), 84},
                    {int(Column::Lost), 140}});
    m_table->setItemDelegateForColumn(int(Column::Spectrum),
                                      new SpectrumDelegate(m_theme, m_feed.book(), m_roundTrips, m_table));
    auto *layout = new QVBoxLayout(m_tableCard);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_table);
    return m_tableCard;
}

QFrame *LatencyPage::makeSpectrumCard()
{
    QFrame *frame = pageCard(this);
    m_plotTitle = mutedLabel(frame);
    m_legend = new SpectrumLegend(m_theme, frame);
    m_plot = new SpectrumPlot(m_theme, m_feed.book(), m_roundTrips, m_events, frame);
    layOutCard(frame, {pageCardTitle(tr("Spectrum"), frame), m_plotTitle, m_legend}, m_plotTitle)->addWidget(m_plot, 1);
    return frame;
}

QFrame *LatencyPage::makeEventsCard()
{
    using Column = LatencyEventModel::Column;
    QFrame *frame = pageCard(this);
    m_eventsNote = mutedLabel(frame);
    m_threshold = new QPushButton(tr("Threshold on all…"), frame);
    m_threshold->setObjectName(u"threshold"_s);
    m_threshold->setProperty("quiet", true);
    m_reset = new QPushButton(tr("Reset…"), frame);
    m_reset->setObjectName(u"reset"_s);
    m_reset->setProperty("quiet", true);
    auto *menu = new QMenu(m_reset);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillResetMenu(menu); });
    m_reset->setMenu(menu);
    m_eventsTable = new TableView(m_theme, frame);
    m_eventsTable->setAccessibleName(tr("Events that the servers recorded"));
    m_eventsTable->setSource(&m_events);
    m_eventsTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_eventsTable->sortByColumn(int(Column::Latest), Qt::DescendingOrder);
    dressPageTable(m_eventsTable, eventRow, int(Column::Meaning),
                   {{int(Column::Event), 120},
                    {int(Column::Node), 150},
                    {int(Column::Latest), 88},
                    {int(Column::Longest), 88},
                    {int(Column::When), 96},
                    {int(Column::History), 72}});
    m_eventsTable->setItemDelegateForColumn(int(Column::History), new SpikesDelegate(m_theme, m_eventsTable));
    layOutCard(frame,
               {pageCardTitle(tr("Events that the servers recorded"), frame), m_eventsNote, m_threshold, m_reset},
               m_eventsNote)
        ->addWidget(m_eventsTable, 1);
    return frame;
}

QWidget *LatencyPage::makeRoundTrips()
{
    auto *main = new QWidget(this);
    auto *mainLayout = new QVBoxLayout(main);
    mainLayout->setContentsMargins(0, 0, 0, 0);
    mainLayout->setSpacing(8);
    mainLayout->addWidget(makeSpectrumCard(), 6);
    mainLayout->addWidget(makeEventsCard(), 4);
    m_split = new SideSplit(main, makePanel(), this);
    m_split->setPanelShown(true);
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(makeTableCard(), 3);
    layout->addWidget(m_split, 7);
    return content;
}

QFrame *LatencyPage::makePanel()
{
    auto *panel = new QFrame(this);
    panel->setProperty("panel", true);
    m_doctor = new DoctorCard(m_theme, m_roundTrips, m_events, panel);
    auto *layout = new QVBoxLayout(panel);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_doctor);
    return panel;
}

} // namespace slotscope
