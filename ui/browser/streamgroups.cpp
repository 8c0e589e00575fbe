// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/streamgroups.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int pendingShown = 200;
constexpr int nameRole = Qt::UserRole; // bytes of a name or an id

QByteArray nameOf(const QTreeWidget *list)
{
    const QTreeWidgetItem *item = list->currentItem();
    return item ? item->data(0, nameRole).toByteArray() : QByteArray();
}

QTreeWidgetItem *addRow(QTreeWidget *list, const QByteArray &name, const QStringList &cells)
{
    auto *item = new QTreeWidgetItem(list, QStringList(toDisplay(name)) + cells);
    item->setData(0, nameRole, name);
    item->setFont(0, Theme::monoFont());
    for (int column = 1; column <= cells.size(); ++column)
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

/// Fills a list again and restores the selection.
template <typename Fill>
void refill(QTreeWidget *list, Fill fill)
{
    const QByteArray chosen = nameOf(list);
    const QSignalBlocker blocker(list);
    list->clear();
    fill();
    for (int row = 0; row < list->topLevelItemCount(); ++row)
        if (list->topLevelItem(row)->data(0, nameRole).toByteArray() == chosen)
            list->setCurrentItem(list->topLevelItem(row));
    if (!list->currentItem() && list->topLevelItemCount() > 0)
        list->setCurrentItem(list->topLevelItem(0));
}

QString ageText(qint64 ms)
{
    return ms < 0 ? u"–"_s : duration(ms);
}

} // namespace

StreamGroups::StreamGroups(const Theme &theme, std::shared_ptr<ValueServices> services, QWidget *parent)
    : QFrame(parent)
    , m_services(std::move(services))
    , m_consumersTitle(plainLabel(tr("Consumers"), nullptr, this))
    , m_pendingTitle(plainLabel(tr("Pending"), nullptr, this))
    , m_groups(makeList({tr("Name"), tr("Consumers"), tr("Pending"), tr("Lag")}))
    , m_consumers(makeList({tr("Name"), tr("Pending"), tr("Seen"), tr("Active")}))
    , m_pending(makeList({tr("Id"), tr("Idle"), tr("Delivered")}))
    , m_new(new QPushButton(themedIcon(u"plus"_s, theme), tr("New group…"), this))
    , m_claim(new QPushButton(tr("Claim for…"), this))
    , m_acknowledge(new QPushButton(tr("Acknowledge"), this))
{
    setMinimumWidth(330);
    m_pending->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto *title = plainLabel(tr("Groups"), nullptr, this);
    for (QLabel *label : {title, m_consumersTitle, m_pendingTitle})
        label->setFont(Theme::strongFont());
    m_groups->setAccessibleName(tr("Groups"));
    m_consumers->setAccessibleName(tr("Consumers"));
    m_pending->setAccessibleName(tr("Pending entries"));
    auto *top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(m_new);
    auto *acts = new QHBoxLayout;
    acts->addWidget(m_claim);
    acts->addWidget(m_acknowledge);
    acts->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->setSpacing(6);
    layout->addLayout(top);
    layout->addWidget(m_groups, 2);
    layout->addWidget(m_consumersTitle);
    layout->addWidget(m_consumers, 2);
    layout->addWidget(m_pendingTitle);
    layout->addWidget(m_pending, 3);
    layout->addLayout(acts);
    connect(m_groups, &QTreeWidget::currentItemChanged, this, &StreamGroups::readConsumers);
    connect(m_consumers, &QTreeWidget::currentItemChanged, this, &StreamGroups::readPending);
    connect(m_pending, &QTreeWidget::itemSelectionChanged, this, &StreamGroups::updateButtons);
    connect(m_new, &QPushButton::clicked, this, &StreamGroups::createGroup);
    connect(m_claim, &QPushButton::clicked, this, &StreamGroups::claim);
    connect(m_acknowledge, &QPushButton::clicked, this,
            [this] { Q_EMIT editRequested(edits::acknowledge(m_key, chosenGroup(), chosenEntries())); });
    m_groups->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_groups, &QWidget::customContextMenuRequested, this, &StreamGroups::fillGroupMenu);
    m_consumers->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_consumers, &QWidget::customContextMenuRequested, this, [this](const QPoint &point) {
        if (m_readOnly || chosenConsumer().isNull())
            return;
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(tr("Delete the consumer…"), this, &StreamGroups::removeConsumer);
        menu->popup(m_consumers->viewport()->mapToGlobal(point));
    });
    updateButtons();
}

QTreeWidget *StreamGroups::makeList(const QStringList &columns)
{
    auto *list = new QTreeWidget(this);
    list->setColumnCount(int(columns.size()));
    list->setHeaderLabels(columns);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->header()->setProperty("compact", true);
    list->header()->setMinimumSectionSize(56);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < columns.size(); ++column) {
        list->header()->resizeSection(column, QFontMetrics(Theme::textFont()).horizontalAdvance(columns[column]) + 22);
        list->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    return list;
}

QByteArray StreamGroups::chosenGroup() const
{
    return nameOf(m_groups);
}

QByteArray StreamGroups::chosenConsumer() const
{
    return nameOf(m_consumers);
}

QByteArrayList StreamGroups::chosenEntries() const
{
    QByteArrayList ids;
    for (const QTreeWidgetItem *item : m_pending->selectedItems())
        ids.append(item->data(0, nameRole).toByteArray());
    return ids;
}

void StreamGroups::setKey(const QByteArray &key)
{
    m_key = key;
    const quint64 round = ++m_round;
    whenDone(m_services->reader.call<QList<StreamGroup>>([key](ValueReader &reader) { return reader.groups(key); }),
             this, [this, round](const Result<QList<StreamGroup>> &groups) {
                 if (round != m_round)
                     return;
                 if (groups)
                     takeGroups(*groups);
                 else
                     Q_EMIT problemFound(groups.error());
             });
}

void StreamGroups::takeGroups(const QList<StreamGroup> &groups)
{
    refill(m_groups, [this, &groups] {
        for (const StreamGroup &group : groups)
            addRow(m_groups, group.name,
                   {groupedNumber(group.consumers), groupedNumber(group.pending),
                    group.lag < 0 ? tr("unknown") : groupedNumber(group.lag)});
    });
    readConsumers();
}

void StreamGroups::readConsumers()
{
    updateButtons();
    const QByteArray group = chosenGroup();
    if (group != m_listed.first) { // the lists belong to another group, so no action is possible
        m_listed = {group, QByteArray()};
        const QSignalBlocker blocker(m_consumers), pendingBlocker(m_pending);
        m_consumers->clear();
        m_pending->clear();
        updateButtons();
    }
    m_consumersTitle->setText(group.isNull() ? tr("Consumers") : tr("Consumers of %1").arg(toDisplay(group)));
    if (group.isNull()) {
        takeConsumers({});
        return;
    }
    const quint64 round = m_round;
    whenDone(m_services->reader.call<QList<StreamConsumer>>(
                 [key = m_key, group](ValueReader &reader) { return reader.consumers(key, group); }),
             this, [this, round, group](const Result<QList<StreamConsumer>> &consumers) {
                 if (round != m_round || group != chosenGroup())
                     return;
                 if (consumers)
                     takeConsumers(*consumers);
                 else
                     Q_EMIT problemFound(consumers.error());
             });
}

void StreamGroups::takeConsumers(const QList<StreamConsumer> &consumers)
{
    refill(m_consumers, [this, &consumers] {
        for (const StreamConsumer &consumer : consumers)
            addRow(m_consumers, consumer.name,
                   {groupedNumber(consumer.pending), ageText(consumer.idleMs), ageText(consumer.inactiveMs)});
    });
    readPending();
}

void StreamGroups::readPending()
{
    updateButtons();
    const QByteArray group = chosenGroup(), consumer = chosenConsumer();
    if (std::pair(group, consumer) != m_listed) {
        m_listed = {group, consumer};
        const QSignalBlocker blocker(m_pending);
        m_pending->clear();
        updateButtons();
    }
    m_pendingTitle->setText(consumer.isNull() ? tr("Pending") : tr("Pending of %1").arg(toDisplay(consumer)));
    if (group.isNull()) {
        takePending({});
        return;
    }
    const quint64 round = m_round;
    whenDone(m_services->reader.call<QList<PendingEntry>>([key = m_key, group, consumer](ValueReader &reader) {
        return reader.pending(key, group, consumer, pendingShown);
    }),
             this, [this, round, group, consumer](const Result<QList<PendingEntry>> &entries) {
                 if (round != m_round || group != chosenGroup() || consumer != chosenConsumer())
                     return;
                 if (entries)
                     takePending(*entries);
                 else
                     Q_EMIT problemFound(entries.error());
             });
}

void StreamGroups::takePending(const QList<PendingEntry> &entries)
{
    const QSignalBlocker blocker(m_pending);
    m_pending->clear();
    for (const PendingEntry &entry : entries)
        addRow(m_pending, entry.id, {ageText(entry.idleMs), tr("%1 ×").arg(entry.deliveries)});
    if (entries.size() == pendingShown)
        m_pendingTitle->setText(tr("%1 · the first %2").arg(m_pendingTitle->text()).arg(pendingShown));
    updateButtons();
}

void StreamGroups::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    updateButtons();
}

void StreamGroups::updateButtons()
{
    const bool some = !m_readOnly && !m_pending->selectedItems().isEmpty();
    m_claim->setEnabled(some);
    m_acknowledge->setEnabled(some);
    m_new->setEnabled(!m_readOnly);
    const QString why = m_readOnly ? tr("This connection is read-only.") : tr("Select entries in the list first.");
    m_claim->setToolTip(some ? QString() : why);
    m_acknowledge->setToolTip(some ? tr("XACK: the selected entries are no longer pending") : why);
    m_new->setToolTip(m_readOnly ? why : QString());
}

void StreamGroups::createGroup()
{
    auto *dialog = new ElementDialog(tr("New group"), tr("Create"), this);
    dialog->setWaits();
    dialog->addField(tr("Name"));
    dialog->addField(tr("Starts after the entry ($: only entries added from now on, 0: all)"), "$"_ba);
    connect(dialog, &ElementDialog::agreed, this, [this](const QByteArrayList &values) {
        Q_EMIT editRequested(edits::createGroup(m_key, values[0], values[1].trimmed()));
    });
    dialog->open();
}

void StreamGroups::fillGroupMenu(const QPoint &point)
{
    const QByteArray group = chosenGroup();
    if (m_readOnly || group.isNull())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Set the last delivered id…"), this, [this, group] {
        auto *dialog = new ElementDialog(tr("Last delivered id"), tr("Set"), this);
        dialog->addField(tr("Id ($: the newest, 0: deliver all again)"), "$"_ba);
        connect(dialog, &ElementDialog::agreed, this, [this, group](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::setGroupId(m_key, group, values.front().trimmed()));
        });
        dialog->open();
    });
    menu->addAction(tr("Delete the group…"), this, [this, group] {
        auto *question =
            new QMessageBox(QMessageBox::Warning, tr("Delete the group"),
                            tr("Delete the group “%1”?").arg(toDisplay(group)), QMessageBox::NoButton, this);
        question->setTextFormat(Qt::PlainText);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setInformativeText(tr("Its consumers' pending entries are forgotten; the entries themselves stay."));
        question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
        const QAbstractButton *remove = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
        connect(remove, &QAbstractButton::clicked, this,
                [this, group] { Q_EMIT editRequested(edits::destroyGroup(m_key, group)); });
        question->open();
    });
    menu->popup(m_groups->viewport()->mapToGlobal(point));
}

void StreamGroups::removeConsumer()
{
    const QByteArray group = chosenGroup(), consumer = chosenConsumer();
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Delete the consumer"),
                        tr("Delete the consumer “%1”?").arg(toDisplay(consumer)), QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("Its pending entries are forgotten: first claim them for another consumer."));
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *remove = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    connect(remove, &QAbstractButton::clicked, this,
            [this, group, consumer] { Q_EMIT editRequested(edits::removeConsumer(m_key, group, consumer)); });
    question->open();
}

void StreamGroups::claim()
{
    auto *dialog = new ElementDialog(tr("Claim for another consumer"), tr("Claim"), this);
    dialog->addField(tr("Consumer"));
    dialog->setCheck([](const QByteArrayList &values) {
        return values.front().isEmpty() ? tr("Name a consumer; a new one is created.") : QString();
    });
    connect(dialog, &ElementDialog::agreed, this,
            [this, group = chosenGroup(), ids = chosenEntries()](const QByteArrayList &values) {
                Q_EMIT editRequested(edits::claim(m_key, group, values.front(), ids));
            });
    dialog->open();
}

} // namespace slotscope
