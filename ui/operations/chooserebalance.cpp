// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/chooserebalance.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/operations/migrationfields.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QTableWidget>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int balanceRowHeight = 34;

QTableWidgetItem *cell(const QString &text, bool number)
{
    auto *item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setTextAlignment(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    return item;
}

} // namespace

ChooseRebalance::ChooseRebalance(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_by(new SegmentedControl({tr("Slots"), tr("Keys"), tr("Memory"), tr("CPU")}, this))
    , m_threshold(new QDoubleSpinBox(this))
    , m_empty(new QCheckBox(tr("Include primaries without slots"), this))
    , m_table(new QTableWidget(0, Count_, this))
    , m_migration(new MigrationFields(this))
{
    m_threshold->setRange(0, 100);
    m_threshold->setDecimals(1);
    m_threshold->setValue(2);
    m_threshold->setSuffix(tr(" %"));
    m_threshold->setKeyboardTracking(false);
    m_threshold->setMaximumWidth(120);
    addRow(tr("Balance by"), m_by,
           tr("CPU needs CLUSTER SLOT-STATS (Redis 8.2, Valkey 8); without it, memory is estimated."));
    addRow(tr("Threshold"), m_threshold, tr("Nothing is moved if no primary deviates by more than this."));
    m_by->setCurrent(int(draft.balance));
    m_empty->setChecked(draft.useEmpty);
    addRow(tr("Empty primaries"), m_empty);
    makeTable();
    addRow(tr("Weights"), m_table, tr("A primary of weight 2 gets twice the share; weight 0 empties it."));
    addWide(m_migration);
    addSpring();
    connect(m_by, &SegmentedControl::currentChanged, this, &ChoosePage::changed);
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, &ChoosePage::changed);
    connect(m_empty, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_migration, &MigrationFields::changed, this, &ChoosePage::changed);
}

void ChooseRebalance::makeTable()
{
    m_table->setProperty("boxed", true);
    m_table->setHorizontalHeaderLabels({tr("Primary"), tr("Slots now"), tr("Slots after"), tr("Weight")});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(balanceRowHeight);
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus); // the focus goes to the weights
    m_table->setIconSize({10, 10});
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(Node, QHeaderView::Stretch);
    for (const int column : {int(Before), int(After)}) {
        m_table->setColumnWidth(column, 96);
        m_table->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    m_table->setColumnWidth(Weight, 110);
}

void ChooseRebalance::addPrimary(const NodeState &node)
{
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    QTableWidgetItem *name = cell(shardWord(*view(), node) + u" · "_s + node.name, false);
    name->setIcon(shardIcon(*view(), node));
    m_table->setItem(row, Node, name);
    m_table->setItem(row, Before, cell(groupedNumber(node.slots.count()), true));
    m_table->setItem(row, After, cell({}, true));
    auto *weight = new QDoubleSpinBox(m_table);
    weight->setRange(0, 1000);
    weight->setDecimals(2);
    weight->setValue(1);
    weight->setKeyboardTracking(false);
    weight->setAccessibleName(tr("Weight of %1").arg(node.name));
    m_table->setCellWidget(row, Weight, weight);
    connect(weight, &QDoubleSpinBox::valueChanged, this, &ChoosePage::changed);
    m_shown.append(node.id);
}

void ChooseRebalance::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    QList<const NodeState *> primaries;
    QList<QByteArray> ids;
    for (size_t i = 0; view && i < view->nodes.size(); ++i) {
        if (!isPrimary(*view, view->nodes[i]))
            continue;
        primaries.append(&view->nodes[i]);
        ids.append(view->nodes[i].id);
    }
    if (ids != m_shown) {
        m_shown.clear();
        m_table->setRowCount(0);
        for (const NodeState *node : std::as_const(primaries))
            addPrimary(*node);
        m_table->setFixedHeight(std::clamp(m_table->rowCount(), 1, 8) * balanceRowHeight + 42);
    }
    for (qsizetype row = 0; row < primaries.size(); ++row)
        m_table->item(int(row), Before)->setText(groupedNumber(primaries[row]->slots.count()));
}

void ChooseRebalance::setPlanned(const PlannedOperation &planned)
{
    for (const BalancedNode &node : planned.plan.results.balance) {
        const qsizetype row = m_shown.indexOf(node.id);
        if (row < 0)
            continue;
        const int before = node.slotsBefore, after = node.slotsAfter;
        const QString change = after == before ? QString() : after > before ? u"▲ "_s : u"▼ "_s;
        m_table->item(int(row), After)->setText(change + groupedNumber(after));
    }
}

OperationRequest ChooseRebalance::request() const
{
    RebalanceRequest request;
    request.by = RebalanceRequest::By(m_by->current());
    request.thresholdPercent = m_threshold->value();
    request.useEmpty = m_empty->isChecked();
    request.migration = m_migration->options();
    for (qsizetype row = 0; row < m_shown.size(); ++row) {
        const double weight = static_cast<QDoubleSpinBox *>(m_table->cellWidget(int(row), Weight))->value();
        const qint64 thousandths = std::llround(weight * 1000);
        if (thousandths != 1000)
            request.weights.insert(m_shown[row], thousandths);
    }
    return request;
}

} // namespace slotscope
