// SPDX-License-Identifier: GPL-3.0-or-later
// The building half of AnalysisPage: its head, the strip of a run, its cards.
#include "ui/analysis/analysispage.h"

#include "ui/analysis/analysisfindings.h"
#include "ui/analysis/bigkeydelegate.h"
#include "ui/analysis/namespacemap.h"
#include "ui/analysis/shadelegend.h"
#include "ui/analysis/sizescard.h"
#include "ui/analysis/slotscard.h"
#include "ui/analysis/ttlhistogram.h"
#include "ui/analysis/typescard.h"
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
#include <QFrame>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int analysisGap = 8, keyRow = 26;

/// Adds space on both sides of a card's content.
QVBoxLayout *padded(QLayout *card, int below = 12)
{
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 0, 16, below);
    inner->setSpacing(6);
    static_cast<QVBoxLayout *>(card)->addLayout(inner, 1);
    return inner;
}

/// Returns its minimum height from heightForWidth(), so that a scroll area does not make it taller than its content.
class ScrolledCards final : public QWidget
{
public:
    using QWidget::QWidget;
    [[nodiscard]] int heightForWidth(int width) const override
    {
        return static_cast<QBoxLayout *>(layout())->minimumHeightForWidth(width);
    }
};

QPushButton *linkButton(const QString &text, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setProperty("link", true);
    return button;
}

} // namespace

QWidget *AnalysisPage::makeHead()
{
    auto *head = new QWidget(this);
    QLabel *title = plainLabel(tr("Analysis"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = mutedLabel(head);
    m_reports = new QComboBox(head);
    m_reports->setObjectName(u"reports"_s);
    m_reports->setAccessibleName(tr("Report"));
    m_reports->setMinimumWidth(190);
    m_reports->setMaximumWidth(300);
    m_compare = new QPushButton(themedIcon(u"compare"_s, m_theme), tr("Compare…"), head);
    m_compare->setObjectName(u"compare"_s);
    m_export = exportButton(m_theme, head, [this](QMenu *menu) { fillExportMenu(menu); });
    m_fromFiles = new QPushButton(tr("RDB files…"), head);
    m_fromFiles->setObjectName(u"rdbFiles"_s);
    m_fromFiles->setToolTip(tr("A report made from RDB files, one per shard, without any load on the servers"));
    m_start = new QPushButton(tr("Analyse…"), head);
    m_start->setObjectName(u"analyse"_s);
    m_start->setProperty("primary", true);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_reports, m_compare, m_export, m_fromFiles, m_start})
        layout->addWidget(widget);
    return head;
}

QWidget *AnalysisPage::makeStrip()
{
    m_strip = pageCard(this);
    m_stripTitle = pageCardTitle({}, m_strip);
    m_stripText = mutedLabel(m_strip);
    m_bar = new QProgressBar(m_strip);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_bar->setAccessibleName(tr("Progress"));
    m_pause = new QPushButton(themedIcon(u"pause"_s, m_theme), tr("Pause"), m_strip);
    m_pause->setObjectName(u"pause"_s);
    m_stop = new QPushButton(themedIcon(u"stop"_s, m_theme), tr("Stop"), m_strip);
    m_stop->setObjectName(u"stop"_s);
    auto *words = new QHBoxLayout;
    words->addWidget(m_stripTitle);
    words->addWidget(m_stripText, 1);
    auto *left = new QVBoxLayout;
    left->setSpacing(6);
    left->addLayout(words);
    left->addWidget(m_bar);
    auto *layout = new QHBoxLayout(m_strip);
    layout->setContentsMargins(16, 8, 12, 8);
    layout->setSpacing(12);
    layout->addLayout(left, 1);
    layout->addWidget(m_pause);
    layout->addWidget(m_stop);
    m_strip->hide();
    return m_strip;
}

QWidget *AnalysisPage::makeNotice()
{
    m_notice = new QFrame(this);
    m_notice->setProperty("finding", u"warn"_s);
    m_noticeText = wrappedLabel({}, nullptr, m_notice);
    m_noticeText->setObjectName(u"notice"_s);
    auto *layout = new QHBoxLayout(m_notice);
    layout->setContentsMargins(14, 8, 14, 8);
    layout->addWidget(m_noticeText, 1);
    m_notice->hide();
    return m_notice;
}

QFrame *AnalysisPage::makeMapCard()
{
    QFrame *card = pageCard(this);
    m_mapNote = mutedLabel(card);
    auto *legend = new ShadeLegend(m_theme, card);
    m_form = new SegmentedControl({tr("Map"), tr("Bars")}, card);
    m_form->setAccessibleName(tr("View"));
    m_map = new NamespaceMap(m_theme, card);
    m_bars = new TableView(m_theme, card);
    m_bars->setObjectName(u"namespaces"_s);
    m_bars->setAccessibleName(tr("Memory by namespace"));
    m_bars->setSource(&m_parts);
    using Column = NamespaceModel::Column;
    dressPageTable(
        m_bars, keyRow, int(Column::Name),
        {{int(Column::Keys), 90}, {int(Column::Memory), 84}, {int(Column::Share), 150}, {int(Column::WithoutTtl), 92}});
    m_bars->sortByColumn(int(Column::Memory), Qt::DescendingOrder);
    m_mapStack = new CurrentStack(card);
    m_mapStack->addWidget(m_map);
    m_mapStack->addWidget(m_bars);
    m_up = linkButton(tr("All namespaces"), card);
    m_up->setObjectName(u"up"_s);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_up);
    foot->addStretch();
    m_legendText = plainLabel(tr("Click to open a namespace · right-click: browse, expire"), "muted", card);
    foot->addWidget(m_legendText);
    QVBoxLayout *layout =
        layOutCard(card, {pageCardTitle(tr("Memory by namespace"), card), m_mapNote, legend, m_form}, m_mapNote);
    QVBoxLayout *inner = padded(layout, 8);
    inner->addWidget(m_mapStack, 1);
    inner->addLayout(foot);
    card->setMinimumHeight(300);
    return card;
}

QFrame *AnalysisPage::makeKeysCard()
{
    using Column = BigKeysModel::Column;
    QFrame *card = pageCard(this);
    m_keysNote = mutedLabel(card);
    m_keysBy = new SegmentedControl({tr("Memory"), tr("Length"), tr("Frequency")}, card);
    m_keysBy->setAccessibleName(tr("Biggest by"));
    m_keysTable = new TableView(m_theme, card);
    m_keysTable->setObjectName(u"biggestKeys"_s);
    m_keysTable->setAccessibleName(tr("Biggest keys"));
    m_keysTable->setSource(&m_keys);
    m_keysTable->setItemDelegateForColumn(int(Column::Key), new BigKeyDelegate(m_theme, m_keysTable));
    dressPageTable(
        m_keysTable, keyRow, int(Column::Key),
        {{int(Column::Memory), 92}, {int(Column::Length), 156}, {int(Column::Ttl), 84}, {int(Column::Shard), 88}});
    QVBoxLayout *layout = layOutCard(card, {pageCardTitle(tr("Biggest keys"), card), m_keysNote, m_keysBy}, m_keysNote);
    layout->addWidget(m_keysTable, 1);
    m_hotKeys = linkButton(tr("The most used keys within some seconds are found under Profiler, Hot keys"), card);
    m_hotKeys->setObjectName(u"hotKeys"_s);
    m_hotKeys->setToolTip(tr("From HOTKEYS, if the servers have it (Redis 8.6), with its interval"));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 0, 16, 4);
    foot->addWidget(m_hotKeys);
    foot->addStretch();
    layout->addLayout(foot);
    card->setMinimumHeight(260);
    return card;
}

QFrame *AnalysisPage::makeTtlCard()
{
    QFrame *card = pageCard(this);
    m_ttlNote = mutedLabel(card);
    m_ttl = new TtlHistogram(m_theme, card);
    QVBoxLayout *layout = layOutCard(card, {pageCardTitle(tr("Time to live"), card), m_ttlNote}, m_ttlNote);
    padded(layout, 6)->addWidget(m_ttl, 1);
    card->setMinimumHeight(154);
    return card;
}

QFrame *AnalysisPage::makeFindingsCard()
{
    QFrame *card = pageCard(this);
    m_findingsNote = mutedLabel(card);
    m_findings = new AnalysisFindings(m_theme, card);
    QVBoxLayout *layout =
        layOutCard(card, {pageCardTitle(tr("Recommendations"), card), m_findingsNote}, m_findingsNote);
    layout->addWidget(m_findings, 1);
    card->setMinimumHeight(200);
    return card;
}

QWidget *AnalysisPage::makeCards()
{
    m_cards = new QWidget(this);
    m_cards->setProperty("clear", true);
    auto *left = new QVBoxLayout;
    left->setSpacing(analysisGap);
    left->addWidget(makeMapCard(), 38);
    left->addWidget(makeKeysCard(), 34);
    m_lower = new QBoxLayout(QBoxLayout::LeftToRight);
    m_lower->setSpacing(analysisGap);
    m_lower->addWidget(makeFindingsCard(), 64);
    m_slots = new SlotsCard(m_theme, this);
    m_lower->addWidget(m_slots, 36);
    auto *right = new QVBoxLayout;
    right->setSpacing(analysisGap);
    right->addWidget(makeTtlCard(), 17);
    m_types = new TypesCard(m_theme, this);
    right->addWidget(m_types, 20);
    right->addLayout(m_lower, 34);
    auto *layout = new QHBoxLayout(m_cards);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(analysisGap);
    layout->addLayout(left, 51);
    layout->addLayout(right, 49);
    m_scroll = new QScrollArea(this);
    m_scroll->setAccessibleName(tr("Analysis"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_empty = new EmptyState(m_theme, this);
    m_emptyStart = m_empty->addAction(tr("Analyse…"), true);
    m_sizes = new SizesCard(m_theme, this);
    auto *all = new ScrolledCards(this);
    all->setProperty("clear", true);
    auto *column = new QVBoxLayout(all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(analysisGap);
    column->addWidget(m_empty, 1);
    column->addWidget(m_cards, 1);
    column->addWidget(m_sizes);
    m_scroll->setWidget(all);
    return m_scroll;
}

} // namespace slotscope
