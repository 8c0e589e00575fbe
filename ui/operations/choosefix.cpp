// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosefix.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/operations/planners/plandraft.h"
#include "ui/operations/migrationfields.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int repairRowHeight = 34;
constexpr int tallRow = 58; ///< height for two lines, or a box and a line
constexpr int mostOrphans = 400; ///< highest number of orphan keys shown

void dress(QTableWidget *table, const QStringList &heads)
{
    table->setProperty("boxed", true);
    table->setHorizontalHeaderLabels(heads);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(repairRowHeight);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setStretchLastSection(true);
}

void fit(QTableWidget *table)
{
    table->setFixedHeight(std::clamp(table->rowCount(), 1, 7) * table->verticalHeader()->defaultSectionSize() + 44);
}

void setCell(QTableWidget *table, int row, int column, const QString &text, bool mono = false)
{
    auto *item = new QTableWidgetItem(text);
    item->setToolTip(text.toHtmlEscaped());
    if (mono)
        item->setFont(Theme::monoFont());
    table->setItem(row, column, item);
}

/// Text such as "migrating on a, importing on b".
QString foundText(const RepairedSlots &found)
{
    QStringList parts;
    if (!found.migrating.isEmpty())
        parts.append(ChooseFix::tr("migrating: %1").arg(found.migrating.join(u", "_s)));
    if (!found.importing.isEmpty())
        parts.append(ChooseFix::tr("importing: %1").arg(found.importing.join(u", "_s)));
    if (found.claimants.size() > 1)
        parts.append(ChooseFix::tr("claimed by %1").arg(found.claimants.join(u", "_s)));
    if (found.owner.isEmpty())
        parts.append(ChooseFix::tr("uncovered"));
    return parts.join(u'\n');
}

QString foundKeysText(const RepairedSlots &found)
{
    QStringList parts;
    for (auto it = found.keys.cbegin(); it != found.keys.cend(); ++it)
        parts.append(it.key() + u": "_s + groupedNumber(*it));
    return parts.join(u'\n');
}

} // namespace

ChooseFix::ChooseFix(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_wanted(draft.slots)
    , m_prefer(new SegmentedControl({tr("By direction"), tr("Continue"), tr("Roll back")}, this))
    , m_takeover(new QCheckBox(tr("A failed shard with a replica that answers: let it take over first"), this))
    , m_table(new QTableWidget(0, Count_, this))
    , m_migration(new MigrationFields(this))
{
    m_takeover->setChecked(true);
    m_table->setObjectName(u"slots"_s);
    addRow(tr("Open slots"), m_prefer,
           tr("By direction: the direction in which the slots were moving. If it is not clear, the plan is refused "
              "until you choose."));
    addRow(tr("Failed shards"), m_takeover);
    makeTable();
    addWide(m_table);
    m_none = addText(tr("Searching for slots that need a fix…"));
    addWide(m_migration);
    addSpring();
    connect(m_prefer, &SegmentedControl::currentChanged, this, &ChoosePage::changed);
    connect(m_takeover, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_migration, &MigrationFields::changed, this, &ChoosePage::changed);
}

void ChooseFix::makeTable()
{
    m_table->setAccessibleName(tr("Slots to fix"));
    dress(m_table, {tr("Slots"), tr("Owner by epoch"), tr("Found"), tr("Keys"), tr("What to do")});
    m_table->setColumnWidth(Slots, 62);
    m_table->setColumnWidth(Owner, 132);
    m_table->setColumnWidth(Found, 184);
    m_table->setColumnWidth(Keys, 150); // the remaining width, at least 200 px, is for the action
    m_table->setWordWrap(true);
    m_table->verticalHeader()->setDefaultSectionSize(tallRow);
    fit(m_table);
}

void ChooseFix::addSlots(const RepairedSlots &found)
{
    const int row = m_table->rowCount();
    const SlotSet slotSet = found.slots;
    m_table->insertRow(row);
    setCell(m_table, row, Slots, rangesText(slotSet, 4), true);
    setCell(m_table, row, Owner,
            found.owner.isEmpty() ? tr("no node") : tr("%1\nepoch %2").arg(found.owner).arg(found.ownerEpoch));
    setCell(m_table, row, Found, foundText(found));
    const QString keys = foundKeysText(found);
    setCell(m_table, row, Keys, keys.isEmpty() ? tr("none") : keys);
    auto *act = new QComboBox(m_table);
    act->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    act->setAccessibleName(tr("What to do with slots %1").arg(rangesText(slotSet, 4)));
    const QString decision = found.decision;
    act->addItem(found.refused ? tr("▲ choose") : tr("as planned"), QVariant());
    act->addItem(tr("continue"), int(FixRequest::Prefer::Continue));
    act->addItem(tr("roll back"), int(FixRequest::Prefer::RollBack));
    act->addItem(tr("set stable, then move keys to the owner"), int(FixRequest::Prefer::Home));
    for (size_t i = 0; view() && i < view()->nodes.size(); ++i) {
        const NodeState &node = view()->nodes[i];
        if (isPrimary(*view(), node) && node.condition == NodeCondition::Ok)
            act->addItem(tr("assign to %1").arg(node.name), node.id);
    }
    const quint16 first = slotSet.isEmpty() ? quint16(0) : slotSet.ranges().first().first;
    if (m_choices.assign.contains(first))
        act->setCurrentIndex(std::max(0, act->findData(m_choices.assign.value(first))));
    else if (m_choices.perSlot.contains(first))
        act->setCurrentIndex(std::max(0, act->findData(int(m_choices.perSlot.value(first)))));
    connect(act, &QComboBox::currentIndexChanged, this, [this, act, slotSet] { choose(slotSet, act->currentData()); });
    act->setToolTip(decision.toHtmlEscaped());
    auto *holder = new QWidget(m_table);
    // inside the combo box the end of the text would be cut off
    auto *words = new ElidedLabel(decision, Qt::ElideMiddle, holder);
    words->setProperty("tone", u"muted"_s);
    words->setFont(Theme::smallFont());
    auto *layout = new QVBoxLayout(holder);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(2);
    layout->addWidget(act);
    layout->addWidget(words);
    m_table->setCellWidget(row, Act, holder);
}

void ChooseFix::choose(const SlotSet &slotSet, const QVariant &act)
{
    for (const SlotRange &range : slotSet.ranges()) {
        for (int slot = range.first; slot <= range.last; ++slot) {
            m_choices.assign.remove(quint16(slot));
            m_choices.perSlot.remove(quint16(slot));
            if (act.typeId() == QMetaType::QByteArray)
                m_choices.assign.insert(quint16(slot), act.toByteArray());
            else if (act.isValid())
                m_choices.perSlot.insert(quint16(slot), FixRequest::Prefer(act.toInt()));
        }
    }
    Q_EMIT changed();
}

void ChooseFix::setPlanned(const PlannedOperation &planned)
{
    const QList<RepairedSlots> &rows = planned.plan.results.repairs;
    m_none->setText(rows.isEmpty() ? tr("✓ No slot is in migration, uncovered or claimed twice.") : QString());
    m_none->setVisible(rows.isEmpty());
    if (rows == m_shown)
        return;
    m_shown = rows;
    m_table->setRowCount(0);
    for (const RepairedSlots &row : rows)
        addSlots(row);
    fit(m_table);
}

OperationRequest ChooseFix::request() const
{
    FixRequest request = m_choices;
    request.slots = m_wanted;
    request.prefer = FixRequest::Prefer(m_prefer->current());
    request.takeover = m_takeover->isChecked();
    request.migration = m_migration->options();
    return request;
}

ChooseOrphans::ChooseOrphans(const Theme &theme, const OperationDraft &, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_action(new SegmentedControl({tr("List"), tr("Move to the owner"), tr("Delete")}, this))
    , m_table(new QTableWidget(0, 4, this))
    , m_migration(new MigrationFields(this))
{
    m_action->setObjectName(u"orphanAction"_s);
    addRow(tr("What to do"), m_action,
           tr("Moved keys never overwrite keys of the slot's owner unless you allow it under Advanced. Deleted keys "
              "cannot be restored."));
    m_found = addText(tr("Looking for orphan keys…"));
    m_table->setAccessibleName(tr("Orphan keys"));
    dress(m_table, {tr("Slot"), tr("Lies on"), tr("Keys"), tr("Owner")});
    m_table->setColumnWidth(1, 190);
    fit(m_table);
    addWide(m_table);
    addWide(m_migration);
    addSpring();
    connect(m_action, &SegmentedControl::currentChanged, this, &ChoosePage::changed);
    connect(m_migration, &MigrationFields::changed, this, &ChoosePage::changed);
}

void ChooseOrphans::setPlanned(const PlannedOperation &planned)
{
    const QList<FoundOrphans> &rows = planned.plan.results.orphans;
    qint64 keys = 0;
    m_table->setRowCount(0);
    for (const FoundOrphans &found : rows) {
        keys += found.keys;
        const int row = m_table->rowCount();
        if (row >= mostOrphans)
            continue;
        m_table->insertRow(row);
        setCell(m_table, row, 0, groupedNumber(found.slot), true);
        setCell(m_table, row, 1, found.address);
        setCell(m_table, row, 2, groupedNumber(found.keys), true);
        setCell(m_table, row, 3, found.owner.isEmpty() ? tr("no node") : found.owner);
    }
    fit(m_table);
    m_found->setText(rows.isEmpty() ? tr("✓ No orphan keys found.")
                                    : tr("%1 in %2.").arg(keysText(keys), slotsText(rows.size())));
}

OperationRequest ChooseOrphans::request() const
{
    OrphansRequest request;
    request.action = OrphansRequest::Action(m_action->current());
    request.migration = m_migration->options();
    return request;
}

} // namespace slotscope
