// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/slotscard.h"

#include "core/base/text.h"
#include "ui/analysis/sharewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int byWork = 0, byMemory = 1;

} // namespace

SlotsCard::SlotsCard(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_by(new SegmentedControl({tr("Load"), tr("Memory"), tr("Tags")}, this))
    , m_note(wrappedLabel({}, "muted", this))
    , m_list(new BarList(theme, this))
    , m_all(new QPushButton(tr("All slots in the slot map"), this))
{
    setProperty("card", true);
    m_by->setAccessibleName(tr("Slots by"));
    m_list->setObjectName(u"hotSlots"_s);
    m_list->setAccessibleName(tr("Slots"));
    m_list->setChoosable(true);
    m_all->setProperty("link", true);
    QVBoxLayout *layout = layOutCard(this, {pageCardTitle(tr("Slots"), this), m_by}, m_by);
    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(16, 0, 16, 8);
    inner->setSpacing(6);
    inner->addWidget(m_note);
    inner->addWidget(m_list, 1);
    inner->addWidget(m_all, 0, Qt::AlignLeft);
    layout->addLayout(inner, 1);
    setMinimumHeight(200);
    connect(m_by, &SegmentedControl::currentChanged, this, &SlotsCard::fill);
    connect(&theme, &Theme::changed, this, &SlotsCard::fill);
    connect(m_list, &BarList::rowChosen, this, [this](int row) {
        if (const int slot = slotOfRow(row); slot >= 0)
            Q_EMIT slotChosen(slot);
    });
    connect(m_all, &QPushButton::clicked, this, [this] { Q_EMIT slotChosen(-1); });
}

void SlotsCard::show(const AnalysisReportPtr &report)
{
    m_report = report;
    fill();
}

void SlotsCard::setView(const ClusterViewPtr &view)
{
    const bool isFirst = !m_view;
    m_view = view;
    if (isFirst)
        fill();
}

QColor SlotsCard::colourOf(int number) const
{
    if (m_view)
        for (const ShardState &shard : m_view->shards)
            if (shard.number == number)
                return shardColour(shard.colour);
    return m_theme.tokens().mutedMark;
}

void SlotsCard::append(QList<BarRow> &rows, const QString &name, double share, int shard, const QString &told,
                       const QString &words) const
{
    BarRow row;
    row.isMono = true;
    row.name = name;
    row.share = share;
    row.colour = colourOf(shard);
    row.percent = told;
    row.words = words;
    rows.append(row);
}

QList<BarRow> SlotsCard::workRows() const
{
    QList<BarRow> rows;
    const ReportHeat &heat = m_report->heat;
    const qint64 most = heat.slots_.isEmpty() ? 0 : heat.slots_.front().value;
    for (const ReportHeat::Slot &slot : heat.slots_) {
        const QString told = shareText(slot.value, heat.sum);
        append(rows, groupedNumber(slot.slot), barShare(slot.value, most), slot.shard, told,
               tr("Slot %1, shard %2: %3 of the total load").arg(groupedNumber(slot.slot)).arg(slot.shard).arg(told));
    }
    return rows;
}

QList<BarRow> SlotsCard::memoryRows() const
{
    QList<BarRow> rows;
    const qint64 most = m_report->slots_.isEmpty() ? 0 : m_report->slots_.front().sum.bytes;
    for (const ReportSlot &slot : m_report->slots_)
        append(rows, groupedNumber(slot.slot), barShare(slot.sum.bytes, most), slot.shard, byteSize(slot.sum.bytes),
               tr("Slot %1, shard %2: %3 keys, %4")
                   .arg(groupedNumber(slot.slot))
                   .arg(slot.shard)
                   .arg(groupedNumber(slot.sum.keys), byteSize(slot.sum.bytes)));
    return rows;
}

QList<BarRow> SlotsCard::tagRows() const
{
    QList<BarRow> rows;
    const qint64 most = m_report->tags.isEmpty() ? 0 : m_report->tags.front().sum.bytes;
    for (const ReportTag &tag : m_report->tags)
        append(rows, u'{' + toDisplay(tag.tag) + u'}', barShare(tag.sum.bytes, most), 0, byteSize(tag.sum.bytes),
               tr("%1%2 keys in slot %3, %4")
                   .arg(tag.mayLack > 0 ? u"≈ "_s : QString(), groupedNumber(tag.sum.keys), groupedNumber(tag.slot),
                        byteSize(tag.sum.bytes)));
    return rows;
}

QString SlotsCard::note() const
{
    const ReportHeat &heat = m_report->heat;
    if (!m_report->scope.hasSlots)
        return tr("A server without cluster mode has no slots");
    if (m_by->current() == byMemory)
        return tr("memory of keys; the average slot has %1").arg(byteSize(m_report->slotMean));
    if (m_by->current() != byWork)
        return tr("hash tags with the most memory");
    if (heat.slots_.isEmpty())
        return !heat.problem.isEmpty() ? heat.problem
            : heat.overMs > 0          ? tr("no load was measured")
                                       : tr("not measured");
    return (heat.isNetwork ? tr("network share, over %1") : tr("CPU share, over %1")).arg(duration(heat.overMs));
}

void SlotsCard::fill()
{
    if (!m_report)
        return;
    m_note->setText(note());
    m_all->setVisible(m_report->scope.hasSlots);
    m_list->setRows(m_by->current() == byWork ? workRows() : m_by->current() == byMemory ? memoryRows() : tagRows());
}

int SlotsCard::slotOfRow(int row) const
{
    if (!m_report || row < 0)
        return -1;
    if (m_by->current() == byWork)
        return row < m_report->heat.slots_.size() ? m_report->heat.slots_[row].slot : -1;
    if (m_by->current() == byMemory)
        return row < m_report->slots_.size() ? m_report->slots_[row].slot : -1;
    return row < m_report->tags.size() ? m_report->tags[row].slot : -1;
}

} // namespace slotscope
