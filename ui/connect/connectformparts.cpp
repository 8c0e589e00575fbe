// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the connect form.
#include "ui/connect/connectform.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// Makes two columns of equal width for fields.
std::pair<QVBoxLayout *, QVBoxLayout *> halves(QWidget *row)
{
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto *left = new QVBoxLayout, *right = new QVBoxLayout;
    for (QVBoxLayout *side : {left, right}) {
        side->setSpacing(4);
        layout->addLayout(side, 1);
    }
    return {left, right};
}

} // namespace

QWidget *ConnectForm::makeUserRow()
{
    auto *row = new QWidget(this);
    const auto [left, right] = halves(row);
    m_user = addField(left, tr("U&ser"), u"user"_s, tr("the default user"), &m_userProblem);
    m_password = addField(right, tr("&Password"), u"password"_s, tr("none"), nullptr);
    left->addStretch();
    right->addStretch();
    hideText(m_password, m_theme);
    return row;
}

QWidget *ConnectForm::makeNameRow()
{
    auto *row = new QWidget(this);
    const auto [left, right] = halves(row);
    auto *middle = new QVBoxLayout;
    middle->setSpacing(4);
    static_cast<QHBoxLayout *>(row->layout())->insertLayout(1, middle, 1);
    m_name = addField(left, tr("&Name to show"), u"name"_s, tr("the first server"), nullptr);
    makeEnvironments(middle);
    m_database = addField(right, tr("&Database"), u"database"_s, u"0"_s, &m_databaseProblem);
    for (QVBoxLayout *side : {left, middle, right})
        side->addStretch();
    return row;
}

void ConnectForm::makeEnvironments(QVBoxLayout *layout)
{
    m_environment = new QComboBox(this);
    m_environment->setObjectName(u"environment"_s);
    m_environment->setAccessibleName(tr("Environment"));
    m_environment->setToolTip(tr("Production is marked clearly, and asks before any change."));
    m_environment->addItem(tr("none"), int(EnvironmentKind::None));
    m_environment->addItem(tr("Development"), int(EnvironmentKind::Development));
    m_environment->addItem(tr("Staging"), int(EnvironmentKind::Staging));
    m_environment->addItem(tr("Production"), int(EnvironmentKind::Production));
    auto *caption = plainLabel(tr("&Environment"), "muted", this);
    caption->setFont(Theme::smallFont());
    caption->setBuddy(m_environment);
    layout->addWidget(caption);
    layout->addWidget(m_environment);
    connect(m_environment, &QComboBox::currentIndexChanged, this, &ConnectForm::readFields);
}

QWidget *ConnectForm::makeAdvanced()
{
    auto *box = new QWidget(this);
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_advanced = new QToolButton(box);
    m_advanced->setObjectName(u"advanced"_s);
    m_advanced->setText(tr("Advanced: address mapping, renamed commands, refresh interval"));
    m_advanced->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_advanced->setArrowType(Qt::RightArrow);
    m_advanced->setCheckable(true);
    layout->addWidget(m_advanced);
    m_map = new QWidget(box);
    m_mapLayout = new QVBoxLayout(m_map);
    m_mapLayout->setContentsMargins(0, 0, 0, 0);
    m_mapLayout->setSpacing(6);
    auto *why = plainLabel(tr("Behind NAT or in containers, nodes announce addresses that cannot be reached from here. "
                              "Enter pairs of addresses if Slotscope does not find the reachable ones itself."),
                           "muted", m_map);
    why->setFont(Theme::smallFont());
    why->setWordWrap(true);
    m_mapLayout->addWidget(why);
    m_mapProblem = plainLabel({}, "error", m_map);
    m_mapProblem->setObjectName(u"mapProblem"_s);
    m_mapProblem->setFont(Theme::smallFont());
    m_mapProblem->setWordWrap(true);
    m_mapProblem->hide();
    m_mapLayout->addWidget(m_mapProblem);
    auto *add = new QPushButton(tr("Add an address"), m_map);
    add->setObjectName(u"addAddress"_s);
    add->setAutoDefault(false);
    auto *look = new QPushButton(tr("Show the nodes’ addresses…"), m_map);
    look->setObjectName(u"lookAtAddresses"_s);
    look->setToolTip(tr("Connects and shows at which address each node is reached; map those that do not answer"));
    look->setAutoDefault(false);
    look->setEnabled(false);
    connect(look, &QPushButton::clicked, this, &ConnectForm::addressesRequested);
    connect(this, &ConnectForm::edited, look, [this, look] { look->setEnabled(isValid()); });
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(look);
    buttons->addStretch();
    m_mapLayout->addLayout(buttons);
    m_mapLayout->addSpacing(6);
    m_renamed = addField(m_mapLayout, tr("Renamed commands (rename-command)"), u"renamed"_s,
                         tr("CONFIG=abc, FLUSHALL=xyz"), &m_renamedProblem);
    m_renamed->setFont(Theme::monoFont());
    connect(m_renamed, &QLineEdit::textEdited, this, &ConnectForm::readFields);
    m_mapLayout->addSpacing(6);
    m_mapLayout->addLayout(makeRefreshRow());
    layout->addWidget(m_map);
    m_map->hide();
    connect(m_advanced, &QToolButton::toggled, this, &ConnectForm::setAdvancedShown);
    connect(add, &QPushButton::clicked, this, [this] { addMapRow({}, {}).announced->setFocus(); });
    return box;
}

QLayout *ConnectForm::makeRefreshRow()
{
    m_refresh = new QComboBox(m_map);
    m_refresh->setObjectName(u"refresh"_s);
    m_refresh->setAccessibleName(tr("How often the window polls each node"));
    m_refresh->setToolTip(tr("Topology and metrics are updated at this interval; a longer one shows failures later"));
    m_refresh->addItem(tr("default interval"), 0);
    for (const int seconds : {1, 2, 5, 10, 30, ConnectionTarget::longestRefresh})
        m_refresh->addItem(tr("every %n second(s)", nullptr, seconds), seconds);
    connect(m_refresh, &QComboBox::activated, this, &ConnectForm::readFields);
    auto *row = new QHBoxLayout;
    auto *caption = plainLabel(tr("Poll each node"), "muted", m_map);
    caption->setFont(Theme::smallFont());
    row->addWidget(caption);
    row->addWidget(m_refresh);
    row->addStretch();
    return row;
}

/// Selects the interval; a value from a URI that is not in the list is added.
void ConnectForm::chooseRefresh(int seconds)
{
    if (m_refresh->findData(seconds) < 0)
        m_refresh->addItem(tr("every %n second(s)", nullptr, seconds), seconds);
    m_refresh->setCurrentIndex(m_refresh->findData(seconds));
}

ConnectForm::MapRow &ConnectForm::addMapRow(const QString &announced, const QString &reachable)
{
    auto *row = new QWidget(m_map);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    MapRow entry{.widget = row, .announced = new QLineEdit(announced, row), .reachable = new QLineEdit(reachable, row)};
    entry.announced->setPlaceholderText(tr("announced, 172.17.0.2:6379"));
    entry.announced->setAccessibleName(tr("Announced address"));
    entry.reachable->setPlaceholderText(tr("reachable, localhost:7001"));
    entry.reachable->setAccessibleName(tr("Reachable address"));
    auto *remove = new QToolButton(row);
    remove->setIcon(themedIcon(u"close"_s, m_theme));
    remove->setToolTip(tr("Remove this address"));
    remove->setAccessibleName(tr("Remove this address"));
    layout->addWidget(entry.announced, 1);
    layout->addWidget(plainLabel(u"→"_s, "muted", row));
    layout->addWidget(entry.reachable, 1);
    layout->addWidget(remove);
    for (QLineEdit *field : {entry.announced, entry.reachable}) {
        field->setFont(Theme::monoFont());
        connect(field, &QLineEdit::textEdited, this, &ConnectForm::readFields);
    }
    connect(remove, &QToolButton::clicked, this, [this, row] { removeMapRow(row); });
    m_mapLayout->insertWidget(1 + int(m_mapRows.size()), row);
    row->show();
    m_mapRows.append(entry);
    return m_mapRows.last();
}

} // namespace slotscope
