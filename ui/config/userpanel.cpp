// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/userpanel.h"

#include "core/base/text.h"
#include "core/models/usersmodel.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostNodesNamed = 20;

QLabel *strongLabel(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, nullptr, parent);
    label->setFont(Theme::strongFont());
    return label;
}

} // namespace

UserPanel::UserPanel(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_name(new ElidedLabel({}, Qt::ElideMiddle, this))
    , m_words(wrappedLabel({}, nullptr, this))
    , m_rules(wrappedLabel({}, "muted", this))
    , m_nodesText(wrappedLabel({}, nullptr, this))
    , m_warning(new QFrame(this))
    , m_edit(new QPushButton(tr("Edit…"), this))
    , m_copy(new QPushButton(tr("Make the others the same…"), this))
    , m_remove(new QPushButton(tr("Delete…"), this))
    , m_try(new QPushButton(tr("Try a command…"), this))
{
    setObjectName(u"userPanel"_s);
    setProperty("card", true);
    m_name->setFont(Theme::titleFont());
    m_rules->setFont(Theme::monoFont());
    m_warning->setProperty("finding", u"warn"_s);
    m_warningText = wrappedLabel({}, nullptr, m_warning);
    auto *warningLayout = new QVBoxLayout(m_warning);
    warningLayout->setContentsMargins(12, 10, 12, 10);
    warningLayout->addWidget(m_warningText);
    m_edit->setProperty("primary", true);
    m_edit->setObjectName(u"edit"_s);
    m_remove->setProperty("tone", u"error"_s);
    auto *close = new QPushButton(themedIcon(u"close"_s, theme), {}, this);
    close->setProperty("quiet", true);
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close"));
    auto *head = new QHBoxLayout;
    head->addWidget(m_name, 1);
    head->addWidget(close);
    auto *inside = new QWidget(this);
    auto *body = new QVBoxLayout(inside);
    body->setContentsMargins(16, 12, 16, 12);
    body->setSpacing(10);
    body->addLayout(head);
    body->addWidget(m_warning);
    body->addWidget(strongLabel(tr("Permissions"), inside));
    body->addWidget(m_words);
    body->addWidget(strongLabel(tr("Rules"), inside));
    body->addWidget(m_rules);
    body->addWidget(strongLabel(tr("Nodes"), inside));
    body->addWidget(m_nodesText);
    body->addWidget(m_copy, 0, Qt::AlignLeft);
    body->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 8, 12, 8);
    foot->setSpacing(8);
    foot->addWidget(m_remove);
    foot->addStretch();
    foot->addWidget(m_try);
    foot->addWidget(m_edit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &UserPanel::closed);
    connect(m_edit, &QPushButton::clicked, this, &UserPanel::editRequested);
    connect(m_remove, &QPushButton::clicked, this, &UserPanel::removeRequested);
    connect(m_copy, &QPushButton::clicked, this, &UserPanel::copyRequested);
    connect(m_try, &QPushButton::clicked, this, &UserPanel::tryRequested);
}

void UserPanel::show(const UserRow &row, const std::vector<NodeUsers> &nodes)
{
    m_user = row.most.name;
    m_name->setText(toDisplay(m_user));
    m_words->setText(aclWords(row.most).join(u'\n'));
    const QString warnings = aclWarnings(row.most).join(u'\n');
    m_warningText->setText(warnings);
    m_warning->setVisible(!warnings.isEmpty());
    m_rules->setText(toDisplay(aclRulesOf(row.most).join(' ')) + u"\n"_s
                     + tr("Password: %1").arg(aclPasswordText(row.most)));
    fillNodes(row, nodes);
    setReadOnly(m_readOnly);
}

void UserPanel::fillNodes(const UserRow &row, const std::vector<NodeUsers> &nodes)
{
    QStringList lines{userNodesText(row)};
    for (size_t i = 0; i < nodes.size() && lines.size() < mostNodesNamed; ++i) {
        const UserRow::Cell cell = row.cells.value(qsizetype(i), UserRow::Cell::NotRead);
        if (cell == UserRow::Cell::Missing)
            lines.append(tr("%1 does not have this user.").arg(nodes[i].nodeName));
        if (cell != UserRow::Cell::Differs)
            continue;
        const ServerUser &user = row.users[i];
        const bool isPassword = aclRulesOf(user) == aclRulesOf(row.most);
        lines.append(isPassword ? tr("%1 has other passwords.").arg(nodes[i].nodeName)
                                : tr("%1: %2").arg(nodes[i].nodeName, toDisplay(aclRulesOf(user).join(' '))));
    }
    m_nodesText->setText(lines.join(u'\n'));
    m_differs = row.differing > 0;
}

void UserPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_copy->setVisible(m_differs);
    for (QPushButton *button : {m_edit, m_copy, m_remove}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    }
    if (!readOnly && m_user == "default") {
        m_remove->setEnabled(false);
        m_remove->setToolTip(tr("The servers cannot delete the default user. Disable it instead."));
    }
}

QString UserPanel::words() const
{
    return m_words->text();
}

QString UserPanel::warning() const
{
    return m_warning->isHidden() ? QString() : m_warningText->text();
}

} // namespace slotscope
