// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/userdialog.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

enum class PasswordWay : int { Keep, New, Add, None };
constexpr int userDialogWidth = 620;
constexpr int longestRules = 1'000'000; ///< in characters

} // namespace

UserDialog::UserDialog(const Theme &theme, const UserRow *row, const QByteArrayList &names, const QByteArray &own,
                       const ClusterViewPtr &view, const std::vector<NodeUsers> &nodes, QWidget *parent)
    : QDialog(parent)
    , m_own(own)
    , m_user(row ? row->most.name : QByteArray())
    , m_names(names)
    , m_isNew(row == nullptr)
    , m_name(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_commands(new QLineEdit(this))
    , m_keys(new QLineEdit(this))
    , m_channels(new QLineEdit(this))
    , m_more(new QLineEdit(this))
    , m_on(new QCheckBox(tr("May log in"), this))
    , m_passwordWay(new QComboBox(this))
    , m_nodes(new NodeChecks([](const ClusterView &, const NodeState &) { return true; }, this))
    , m_words(wrappedLabel({}, "muted", this))
    , m_preview(wrappedLabel({}, "muted", this))
    , m_caution(wrappedLabel({}, "warn", this))
    , m_send(new QPushButton(this))
{
    const ServerUser *user = row ? &row->most : nullptr;
    takeNodes(row, nodes);
    setObjectName(u"userDialog"_s);
    setWindowTitle(m_isNew ? tr("New user") : tr("User %1").arg(toDisplay(user->name)));
    setMinimumWidth(userDialogWidth);
    m_name->setObjectName(u"name"_s);
    m_password->setObjectName(u"password"_s);
    m_commands->setObjectName(u"commands"_s);
    m_keys->setObjectName(u"keys"_s);
    m_send->setObjectName(u"send"_s);
    m_send->setProperty("primary", true);
    m_send->setDefault(true);
    hideText(m_password, theme);
    m_preview->setFont(Theme::monoFont());
    for (QLineEdit *line : {m_name, m_commands, m_keys, m_channels, m_more})
        line->setFont(Theme::monoFont());
    m_commands->setPlaceholderText(u"+@read +@write -@dangerous +config|get"_s);
    m_keys->setPlaceholderText(u"~app:* %R~shared:*"_s);
    m_channels->setPlaceholderText(u"&news.*"_s);
    m_more->setPlaceholderText(u"(+get ~other:*)"_s);
    if (!m_isNew)
        m_passwordWay->addItem(tr("Do not change it"), int(PasswordWay::Keep));
    m_passwordWay->addItem(m_isNew ? tr("This password") : tr("Only this password"), int(PasswordWay::New));
    if (!m_isNew && !m_hadNoPassword) // adding a password to a nopass user would end nopass
        m_passwordWay->addItem(tr("Add this password"), int(PasswordWay::Add));
    m_passwordWay->addItem(tr("No password (nopass)"), int(PasswordWay::None));
    m_passwordWay->setAccessibleName(tr("Password"));
    m_on->setChecked(true);
    m_nodes->setView(view);
    if (user) {
        m_name->setText(toDisplay(user->name));
        m_name->setReadOnly(true);
        m_on->setChecked(user->isOn);
        fill(m_commands, user->commands);
        fill(m_keys, user->keys);
        fill(m_channels, user->channels);
        fill(m_more, user->others + user->selectors);
    }
    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(12);
    fields->setVerticalSpacing(8);
    fields->setColumnStretch(1, 1);
    int line = 0;
    const auto addField = [&](const QString &label, QWidget *field) {
        fields->addWidget(plainLabel(label, "muted", this), line, 0);
        fields->addWidget(field, line++, 1);
        if (field->accessibleName().isEmpty())
            field->setAccessibleName(label);
    };
    auto *passwordRow = new QWidget(this);
    auto *passwordLayout = new QHBoxLayout(passwordRow);
    passwordLayout->setContentsMargins(0, 0, 0, 0);
    passwordLayout->addWidget(m_passwordWay);
    passwordLayout->addWidget(m_password, 1);
    m_password->setAccessibleName(tr("Password"));
    addField(tr("Name"), m_name);
    addField(QString(), m_on);
    addField(tr("Password"), passwordRow);
    addField(tr("Commands"), m_commands);
    addField(tr("Keys"), m_keys);
    addField(tr("Channels"), m_channels);
    addField(tr("More rules"), m_more);
    addField(tr("Nodes"), m_nodes);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_caution, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_send);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(fields);
    layout->addWidget(
        plainLabel(tr("If no node is chosen: all nodes. Each node has its own ACLs; a cluster does not spread them."),
                   "muted", this));
    layout->addWidget(m_words);
    layout->addWidget(m_preview);
    layout->addLayout(buttons);
    for (QLineEdit *each : {m_name, m_password, m_commands, m_keys, m_channels, m_more})
        connect(each, &QLineEdit::textChanged, this, &UserDialog::update);
    connect(m_on, &QCheckBox::toggled, this, &UserDialog::update);
    connect(m_passwordWay, &QComboBox::currentIndexChanged, this, &UserDialog::update);
    connect(m_nodes, &NodeChecks::nodesChanged, this, &UserDialog::update);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_send, &QPushButton::clicked, this, [this] {
        if (problem().isEmpty()) {
            Q_EMIT changeRequested(change());
            accept();
        }
    });
    update();
}

void UserDialog::takeNodes(const UserRow *row, const std::vector<NodeUsers> &nodes)
{
    for (size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].readAt == 0 || nodes[i].problem)
            continue;
        m_reachable.append(nodes[i].nodeId);
        const bool has = row && row->cells.value(qsizetype(i)) != UserRow::Cell::Missing && i < row->users.size();
        if (!has)
            continue;
        m_having.append(nodes[i].nodeId);
        const ServerUser &user = row->users[i];
        m_hadSelectors = m_hadSelectors || !user.selectors.isEmpty();
        m_hadChannels = m_hadChannels || !user.channels.isEmpty();
        m_hadNoPassword = m_hadNoPassword || user.hasNoPassword;
        m_skipsChecks = m_skipsChecks || user.others.contains("skip-sanitize-payload");
    }
}

/// Marks the user as not editable here if the rules cannot be typed exactly.
void UserDialog::fill(QLineEdit *line, const QByteArrayList &rules)
{
    const QByteArray bytes = rules.join(' ');
    line->setMaxLength(longestRules);
    line->setText(QString::fromUtf8(bytes));
    m_isExact = m_isExact && line->text().toUtf8() == bytes;
}

UserDialog::Change UserDialog::change() const
{
    Change change;
    change.user = m_isNew ? m_name->text().trimmed().toUtf8() : m_user;
    const auto way = PasswordWay(m_passwordWay->currentData().toInt());
    // sends all rules again, so that the result is exactly what is shown; passwords stay unless changed
    change.rules = {m_on->isChecked() ? "on"_ba : "off"_ba, "resetkeys"_ba, "-@all"_ba};
    // only if the user has channel rules, which Redis 6.0 does not know
    if (m_hadChannels || !m_channels->text().trimmed().isEmpty())
        change.rules.append("resetchannels");
    if (m_hadSelectors) // selectors need 7.0 or later
        change.rules.append("clearselectors");
    if (m_skipsChecks)
        change.rules.append("sanitize-payload");
    for (const QLineEdit *line : {m_keys, m_channels, m_commands, m_more})
        change.rules += splitAclRules(line->text().toUtf8());
    if (way == PasswordWay::None)
        change.rules.append("nopass");
    if (way == PasswordWay::New || way == PasswordWay::Add)
        change.password = m_password->text().toUtf8();
    change.keepsPasswords = way == PasswordWay::Add;
    // if the password is kept, nodes without the user are left out: the user could not log in there
    const QByteArrayList all = way == PasswordWay::Keep ? m_having : m_reachable;
    change.nodes = m_nodes->nodes().isEmpty() ? all : QByteArrayList(m_nodes->nodes());
    return change;
}

QString UserDialog::problem() const
{
    const QString name = m_name->text().trimmed();
    const auto way = PasswordWay(m_passwordWay->currentData().toInt());
    if (name.isEmpty())
        return tr("Enter a name.");
    if (m_isNew && name.contains(u' '))
        return tr("A name cannot contain spaces.");
    if (m_isNew && m_names.contains(name.toUtf8()))
        return tr("A user with that name exists: select it and press Edit…");
    if (!m_isExact)
        return tr("Its rules contain bytes that cannot be entered here, or are too long: change it with ACL SETUSER in "
                  "the console.");
    if ((way == PasswordWay::New || way == PasswordWay::Add) && m_password->text().isEmpty())
        return tr("Enter a password.");
    for (const QLineEdit *line : {m_commands, m_keys, m_channels, m_more})
        if (const QString fault = aclRulesFault(splitAclRules(line->text().toUtf8())); !fault.isEmpty())
            return fault;
    return {};
}

QString UserDialog::caution() const
{
    if (const QString fault = problem(); !fault.isEmpty())
        return fault;
    if (change().user == m_own)
        return tr("You are logged in as this user: permissions that you remove are removed from yourself.");
    if (!m_isNew && m_having.size() < m_reachable.size())
        return tr("%1 nodes do not have this user. “Make the others the same…” creates it there, with its password.")
            .arg(m_reachable.size() - m_having.size());
    return {};
}

QString UserDialog::preview() const
{
    return m_preview->text();
}

void UserDialog::update()
{
    const auto way = PasswordWay(m_passwordWay->currentData().toInt());
    m_password->setVisible(way == PasswordWay::New || way == PasswordWay::Add);
    const Change what = change();
    ServerUser user;
    user.name = what.user;
    user.isOn = m_on->isChecked();
    user.commands = splitAclRules(m_commands->text().toUtf8());
    user.keys = splitAclRules(m_keys->text().toUtf8());
    user.channels = splitAclRules(m_channels->text().toUtf8());
    m_words->setText(aclWords(user).join(u'\n'));
    QByteArrayList shown = what.rules;
    if (way == PasswordWay::New)
        shown += {"resetpass"_ba, "#<SHA-256>"_ba};
    if (way == PasswordWay::Add)
        shown += "#<SHA-256>"_ba;
    m_preview->setText(u"ACL SETUSER %1 %2"_s.arg(toDisplay(what.user), toDisplay(shown.join(' '))));
    m_caution->setText(caution());
    m_send->setText(counted(what.nodes.size(), tr("Set on 1 node"), tr("Set on %1 nodes")));
    m_send->setEnabled(problem().isEmpty() && !what.nodes.isEmpty());
}

} // namespace slotscope
