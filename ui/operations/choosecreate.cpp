// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosecreate.h"

#include "core/net/addresslist.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTableWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int nodeRowHeight = 34;
enum RoleIndex { Automatic, Primary, Replica };

} // namespace

ChooseCreate::ChooseCreate(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_adder(new QLineEdit(this))
    , m_user(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_table(new QTableWidget(0, Count_, this))
    , m_replicas(new QSpinBox(this))
    , m_few(new QCheckBox(tr("Allow one or two primaries (no automatic failover)"), this))
{
    m_replicas->setRange(0, 5);
    m_replicas->setValue(1);
    m_replicas->setMaximumWidth(120);
    addRow(tr("Add nodes"), makeAdder());
    makeTable();
    addWide(m_table);
    addRow(tr("Replicas"), m_replicas, tr("For each primary, unless roles are set by hand."));
    addRow(tr("Primaries"), m_few, {});
    addRow(
        tr("Sign in"), makeSignIn(),
        tr("If the nodes require a password. All need the same one, also for connections to each other (masterauth)."));
    addSpring();
    connect(m_replicas, &QSpinBox::valueChanged, this, &ChoosePage::changed);
    connect(m_few, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_table, &QTableWidget::itemChanged, this, [this](const QTableWidgetItem *item) {
        if (item->column() == Address)
            updatePrimaries();
        Q_EMIT changed();
    });
    addNodes(draft.host);
    fitTable();
}

QWidget *ChooseCreate::makeAdder()
{
    auto *box = new QWidget(this);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    m_adder->setObjectName(u"adder"_s);
    m_adder->setFont(Theme::monoFont());
    m_adder->setPlaceholderText(tr("host:port host:port-port …"));
    m_adder->setAccessibleName(tr("Addresses of nodes to add"));
    auto *add = new QPushButton(tr("Add"), box);
    auto *remove = new QPushButton(tr("Take out"), box);
    for (QPushButton *button : {add, remove})
        button->setAutoDefault(false);
    const auto take = [this] {
        addNodes(m_adder->text());
        m_adder->clear();
        m_adder->setFocus();
    };
    connect(add, &QPushButton::clicked, this, take);
    connect(m_adder, &QLineEdit::returnPressed, this, [this, take] {
        m_enterAdded = !m_adder->text().trimmed().isEmpty();
        take();
    });
    connect(remove, &QPushButton::clicked, this, &ChooseCreate::removeChosen);
    layout->addWidget(m_adder, 1);
    layout->addWidget(add);
    layout->addWidget(remove);
    return box;
}

QWidget *ChooseCreate::makeSignIn()
{
    auto *box = new QWidget(this);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    m_user->setObjectName(u"user"_s);
    m_user->setPlaceholderText(tr("the default user"));
    m_user->setAccessibleName(tr("User"));
    m_password->setObjectName(u"password"_s);
    m_password->setPlaceholderText(tr("password"));
    m_password->setAccessibleName(tr("Password"));
    hideText(m_password, theme());
    for (QLineEdit *field : {m_user, m_password}) {
        layout->addWidget(field, 1);
        connect(field, &QLineEdit::textChanged, this, &ChoosePage::changed);
    }
    return box;
}

void ChooseCreate::makeTable()
{
    m_table->setObjectName(u"nodes"_s);
    m_table->setProperty("boxed", true);
    m_table->setAccessibleName(tr("Nodes of the cluster"));
    m_table->setHorizontalHeaderLabels({tr("Address"), tr("Host or zone"), tr("Role"), tr("Replica of"), tr("Slots")});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(nodeRowHeight);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked
                             | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setTabKeyNavigation(false);
    for (int column = 0; column < Count_; ++column)
        m_table->horizontalHeader()->setSectionResizeMode(
            column, column == Role || column == Of ? QHeaderView::Fixed : QHeaderView::Stretch);
    m_table->setColumnWidth(Role, 152);
    m_table->setColumnWidth(Of, 176);
}

/// Enter in the field adds the typed nodes, and in a cell ends the editing: neither activates the dialog's main button.
void ChooseCreate::keyPressEvent(QKeyEvent *event)
{
    const auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    const bool taken = std::exchange(m_enterAdded, false) || (field && m_table->isAncestorOf(field));
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && taken)
        return;
    if (event->key() == Qt::Key_Delete && m_table->hasFocus()) {
        removeChosen();
        return;
    }
    ChoosePage::keyPressEvent(event);
}

void ChooseCreate::addNodes(const QString &text)
{
    const QStringList words = addressesIn(text);
    for (const QString &word : words)
        addRowFor(word);
    if (words.isEmpty())
        return;
    updatePrimaries();
    fitTable();
    Q_EMIT changed();
}

void ChooseCreate::addRowFor(const QString &address)
{
    const QSignalBlocker blocker(m_table);
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    auto *item = new QTableWidgetItem(address);
    item->setFont(Theme::monoFont());
    m_table->setItem(row, Address, item);
    m_table->setItem(row, Label, new QTableWidgetItem);
    auto *slotItem = new QTableWidgetItem;
    slotItem->setFont(Theme::monoFont());
    m_table->setItem(row, Slots, slotItem);
    auto *role = new QComboBox(m_table);
    role->addItems({tr("automatic"), tr("primary"), tr("replica")});
    role->setAccessibleName(tr("Role of %1").arg(address));
    auto *of = new QComboBox(m_table);
    of->setEnabled(false);
    of->setAccessibleName(tr("Primary of %1").arg(address));
    m_table->setCellWidget(row, Role, role);
    m_table->setCellWidget(row, Of, of);
    connect(role, &QComboBox::currentIndexChanged, this, [this, of](int index) {
        of->setEnabled(index == Replica);
        updatePrimaries();
        Q_EMIT changed();
    });
    connect(of, &QComboBox::currentIndexChanged, this, &ChoosePage::changed);
}

void ChooseCreate::removeChosen()
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end(), std::greater<>());
    for (const int row : std::as_const(rows))
        m_table->removeRow(row);
    updatePrimaries();
    fitTable();
    Q_EMIT changed();
}

/// Lists the primaries that a replica can replicate: the rows set to primary by hand.
void ChooseCreate::updatePrimaries()
{
    QStringList primaries;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (combo(row, Role)->currentIndex() == Primary)
            primaries.append(text(row, Address));
    }
    for (int row = 0; row < m_table->rowCount(); ++row) {
        QComboBox *of = combo(row, Of);
        const QSignalBlocker blocker(of);
        const QString before = of->currentText();
        of->clear();
        of->addItems(primaries);
        of->setCurrentIndex(std::max(of->findText(before), primaries.isEmpty() ? -1 : 0));
    }
}

void ChooseCreate::fitTable()
{
    m_table->setFixedHeight(std::clamp(m_table->rowCount(), 3, 9) * nodeRowHeight + 44);
}

QString ChooseCreate::text(int row, int column) const
{
    const QTableWidgetItem *item = m_table->item(row, column);
    return item ? item->text().trimmed() : QString();
}

QComboBox *ChooseCreate::combo(int row, int column) const
{
    return static_cast<QComboBox *>(m_table->cellWidget(row, column));
}

void ChooseCreate::setPlanned(const PlannedOperation &planned)
{
    const QSignalBlocker blocker(m_table);
    for (int row = 0; row < m_table->rowCount(); ++row) { // a refused plan has no layout, so clear the old one
        combo(row, Role)->setItemText(Automatic, tr("automatic"));
        combo(row, Of)->setPlaceholderText({});
        m_table->item(row, Slots)->setToolTip({});
    }
    for (const CreatedNode &node : planned.plan.results.layout) {
        for (int row = 0; row < m_table->rowCount(); ++row) {
            if (text(row, Address) != node.address)
                continue;
            combo(row, Role)->setItemText(Automatic, node.primary ? tr("auto: primary") : tr("auto: replica"));
            m_table->item(row, Slots)->setToolTip(node.slots.toString());
            combo(row, Of)->setPlaceholderText(node.replicaOf);
        }
    }
}

OperationRequest ChooseCreate::request() const
{
    CreateRequest request;
    request.replicas = m_replicas->value();
    request.allowFewPrimaries = m_few->isChecked();
    for (int row = 0; row < m_table->rowCount(); ++row) {
        NewNode node;
        node.endpoint = Endpoint::parse(text(row, Address)).value_or(Endpoint{});
        node.label = text(row, Label);
        const int role = combo(row, Role)->currentIndex();
        if (role != Automatic)
            node.primary = role == Primary;
        if (role == Replica) {
            if (const auto of = Endpoint::parse(combo(row, Of)->currentText()))
                node.replicaOf = *of;
        }
        if (const QString ranges = text(row, Slots); !ranges.isEmpty())
            node.slots = SlotSet::parse(ranges.toLatin1()).value_or(SlotSet{});
        request.nodes.append(node);
    }
    return request;
}

std::optional<Credentials> ChooseCreate::credentials() const
{
    if (m_user->text().isEmpty() && m_password->text().isEmpty())
        return {};
    return Credentials{.user = m_user->text().trimmed(), .password = m_password->text()};
}

QString ChooseCreate::rowProblem(int row) const
{
    const QString address = text(row, Address);
    if (!Endpoint::parse(address))
        return tr("“%1” is not host:port.").arg(address);
    for (int other = 0; other < row; ++other)
        if (Endpoint::parse(text(other, Address)) == Endpoint::parse(address))
            return tr("%1 is in the list twice: remove one.").arg(address);
    if (!SlotSet::parse(text(row, Slots).toLatin1()))
        return tr("The slots of %1 are not valid: write ranges such as 0-5460.").arg(address);
    if (!text(row, Slots).isEmpty() && combo(row, Role)->currentIndex() != Primary)
        return tr("Make %1 a primary by hand before giving it slots.").arg(address);
    if (combo(row, Role)->currentIndex() == Replica && combo(row, Of)->currentText().isEmpty())
        return tr("Choose the primary of %1.").arg(address);
    return {};
}

QString ChooseCreate::missing() const
{
    if (m_table->rowCount() == 0)
        return tr("Add the nodes of the new cluster.");
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (const QString problem = rowProblem(row); !problem.isEmpty())
            return problem;
    }
    return {};
}

} // namespace slotscope
