// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/connectform.h"

#include "core/net/ownuri.h"
#include "core/profile/commandlines.h"
#include "ui/connect/commandbox.h"
#include "ui/connect/sentinelbox.h"
#include "ui/connect/tlsbox.h"
#include "ui/connect/waybox.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int pasteLetters = 3; // more characters at once can only be a paste

void setNote(QLabel *label, QLineEdit *field, const QString &problem, const QString &hint = {})
{
    label->setText(problem.isEmpty() ? hint : u"✕ "_s + problem);
    setStyleProperty(label, "tone", problem.isEmpty() ? u"muted"_s : u"error"_s);
    label->setVisible(!label->text().isEmpty());
    setStyleProperty(field, "wrong", !problem.isEmpty());
    field->setAccessibleDescription(problem.isEmpty() ? hint : problem);
}

QStringList hostsOf(const ConnectionTarget &target)
{
    QStringList hosts;
    for (const Endpoint &seed : target.seeds)
        hosts.append((seed.isUnix() ? seed.socketPath : seed.host) + u' ' + target.way.toString());
    return hosts;
}

} // namespace

ConnectForm::ConnectForm(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 16, 24, 16);
    layout->setSpacing(4);
    m_uri = addField(layout, tr("&URI"), u"uri"_s, tr("redis://user:password@host:6379,host:6380"), &m_uriProblem);
    m_uri->setFont(Theme::monoFont());
    m_uri->installEventFilter(this);
    auto *line = new QFrame(this);
    line->setObjectName(u"separator"_s);
    line->setFixedHeight(1);
    layout->addSpacing(12);
    layout->addWidget(line);
    layout->addSpacing(8);
    m_hosts = addField(layout, tr("&Servers: one is enough, more are tried in turn"), u"hosts"_s,
                       tr("10.0.0.1:6379, 10.0.0.2:6379, [fd00::3]:6379"), &m_hostsProblem);
    m_hosts->setFont(Theme::monoFont());
    layout->addSpacing(8);
    layout->addWidget(makeUserRow());
    m_command = new CommandBox(this);
    layout->addWidget(m_command);
    layout->addSpacing(8);
    layout->addWidget(makeNameRow());
    layout->addSpacing(8);
    m_readOnly = new QCheckBox(tr("&Read-only: send no commands that change the servers"), this);
    m_readOnly->setObjectName(u"readOnly"_s);
    layout->addWidget(m_readOnly);
    m_tls = new TlsBox(m_theme, this);
    layout->addWidget(m_tls);
    m_sentinel = new SentinelBox(m_theme, this);
    layout->addWidget(m_sentinel);
    m_way = new WayBox(this);
    layout->addWidget(m_way);
    layout->addSpacing(4);
    layout->addWidget(makeAdvanced());
    connect(m_uri, &QLineEdit::textEdited, this, &ConnectForm::readUri);
    connect(m_hosts, &QLineEdit::textChanged, this, [this] { m_hostsLength = m_hosts->text().size(); });
    connect(m_hosts, &QLineEdit::textEdited, this, [this](const QString &text) {
        const bool pasted = text.size() - m_hostsLength > pasteLetters;
        if (!pasted || !takeCommandLine())
            readFields();
    });
    for (QLineEdit *field : {m_user, m_password, m_database, m_name})
        connect(field, &QLineEdit::textEdited, this, &ConnectForm::readFields);
    connect(m_readOnly, &QCheckBox::toggled, this, &ConnectForm::readFields);
    connect(m_tls, &TlsBox::edited, this, [this] {
        m_ownPassphrase = m_tls->settings().keyPassphrase;
        readFields();
    });
    connect(m_sentinel, &SentinelBox::edited, this, [this] {
        const QString password = m_sentinel->settings().credentials.password;
        if (m_sentinel->isChosen() && password != m_sentinelPassword) {
            m_sentinelPassword = password;
            m_sentinelHosts = hostsOf(m_checked.target);
        }
        readFields();
    });
    connect(m_way, &WayBox::edited, this, &ConnectForm::readFields);
    connect(m_command, &CommandBox::edited, this, [this] {
        m_commandHosts = hostsOf(m_checked.target);
        readFields();
    });
    // a password typed before the hosts is meant for these hosts
    connect(m_hosts, &QLineEdit::editingFinished, this, [this] {
        takeCommandLine();
        if (m_commandHosts.isEmpty() && m_command->isChosen())
            m_commandHosts = hostsOf(m_checked.target);
        if (m_passwordHosts.isEmpty() && !m_ownPassword.isEmpty())
            m_passwordHosts = hostsOf(m_checked.target);
    });
    check(fields());
    m_hostsProblem->hide(); // nothing was typed yet, so show no error
    setStyleProperty(m_hosts, "wrong", false);
}

QLineEdit *ConnectForm::addField(QVBoxLayout *layout, const QString &label, const QString &name,
                                 const QString &placeholder, QLabel **problem)
{
    auto *field = new QLineEdit(this);
    field->setObjectName(name);
    field->setPlaceholderText(placeholder);
    field->setAccessibleName(QString(label).remove(u'&'));
    auto *caption = plainLabel(label, "muted", this);
    caption->setFont(Theme::smallFont());
    caption->setBuddy(field);
    layout->addWidget(caption);
    layout->addWidget(field);
    if (problem) {
        *problem = plainLabel({}, "error", this);
        (*problem)->setObjectName(name + u"Problem"_s);
        (*problem)->setFont(Theme::smallFont());
        (*problem)->setWordWrap(true);
        (*problem)->hide();
        layout->addWidget(*problem);
    }
    return field;
}

void ConnectForm::removeMapRow(QWidget *widget)
{
    m_mapRows.removeIf([widget](const MapRow &row) { return row.widget == widget; });
    widget->hide();
    widget->deleteLater();
    readFields();
}

void ConnectForm::setAddressMap(const QHash<QString, Endpoint> &map)
{
    ConnectFields fields = this->fields();
    ConnectionTarget mapped;
    mapped.addressMap = map;
    fields.map = fieldsOf(mapped).map;
    fill(fields);
    readFields();
}

void ConnectForm::setAdvancedShown(bool shown)
{
    m_advanced->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
    m_map->setVisible(shown);
    if (shown && m_mapRows.isEmpty())
        addMapRow({}, {});
}

ConnectFields ConnectForm::fields() const
{
    ConnectFields fields{.hosts = m_hosts->text(),
                         .user = m_user->text(),
                         .password = m_command->isChosen() ? QString() : m_password->text(),
                         .command = m_command->command(),
                         .database = m_database->text(),
                         .name = m_name->text(),
                         .readOnly = m_readOnly->isChecked(),
                         .refreshSeconds = m_refresh->currentData().toInt(),
                         .environment = EnvironmentKind(m_environment->currentData().toInt()),
                         .tls = m_tls->settings(),
                         .throughSentinels = m_sentinel->isChosen(),
                         .sentinel = m_sentinel->settings(),
                         .through = m_way->kind(),
                         .way = m_way->text(),
                         .renamed = m_renamed->text(),
                         .permittedHosts = m_permittedHosts,
                         .map = {}};
    for (const MapRow &row : m_mapRows)
        fields.map.append({row.announced->text(), row.reachable->text()});
    return fields;
}

void ConnectForm::fill(const ConnectFields &fields)
{
    m_filling = true;
    m_hosts->setText(fields.hosts);
    m_hosts->setCursorPosition(0);
    m_user->setText(fields.user);
    m_password->setText(fields.password);
    m_filledPassword = fields.password;
    m_command->setCommand(fields.command);
    m_database->setText(fields.database);
    m_name->setText(fields.name);
    m_readOnly->setChecked(fields.readOnly);
    chooseRefresh(fields.refreshSeconds);
    m_tls->setSettings(fields.tls);
    m_sentinel->setSettings(fields.sentinel);
    m_way->setWay(fields.through, fields.way);
    m_renamed->setText(fields.renamed);
    m_permittedHosts = fields.permittedHosts;
    m_environment->setCurrentIndex(m_environment->findData(int(fields.environment)));
    for (const MapRow &row : std::as_const(m_mapRows)) {
        row.widget->hide();
        row.widget->deleteLater();
    }
    m_mapRows.clear();
    for (const auto &[announced, reachable] : fields.map)
        addMapRow(announced, reachable);
    m_advanced->setChecked(!fields.map.isEmpty() || !fields.renamed.isEmpty());
    m_filling = false;
}

bool ConnectForm::isMeantFor(const QStringList &hosts, const ConnectionTarget &target)
{
    const QStringList others = hostsOf(target);
    return hosts.isEmpty()
        || std::any_of(others.begin(), others.end(), [&hosts](const QString &host) { return hosts.contains(host); });
}

void ConnectForm::setTarget(const ConnectionTarget &target)
{
    m_ownPassword = target.credentials.password;
    m_ownPassphrase = target.tls.keyPassphrase;
    m_sentinelPassword = target.sentinel.credentials.password;
    m_passwordHosts = m_sentinelHosts = m_commandHosts = hostsOf(target);
    fill(fieldsOf(target));
    readFields();
    if (target.seeds.isEmpty())
        setNote(m_hostsProblem, m_hosts, {});
}

/// Fills the fields from the URI. A password moves into its own field; a password typed there stays.
void ConnectForm::readUri(const QString &text)
{
    const bool pasted = text.size() - m_uriLength > pasteLetters;
    m_uriLength = text.size();
    const bool isLine = isCommandLine(text);
    auto target = isLine ? targetFromWords(text) : ConnectionTarget::parse(text);
    const auto own = target || isLine ? target : parseOwnUri(text);
    const bool saysWhatFieldsSay = own && own->way == m_checked.target.way && own->renamed == m_checked.target.renamed;
    if (!target && saysWhatFieldsSay)
        // a URI from elsewhere must not name a program; the user has to write a command into its own field
        target = own;
    m_uriValid = target.has_value();
    setNote(m_uriProblem, m_uri, m_uriValid ? QString() : target.error().detail);
    if (!target) { // clear what an earlier text had filled in
        fill({});
        check(fields());
        setNote(m_hostsProblem, m_hosts, {});
        Q_EMIT edited();
        return;
    }
    target->tls.keyPassphrase = m_ownPassphrase;
    QString &ofSentinels = target->sentinel.credentials.password;
    const bool hasSentinelPassword = !ofSentinels.isEmpty();
    if (hasSentinelPassword) {
        m_sentinelPassword = ofSentinels;
        m_sentinelHosts = hostsOf(*target);
    } else if (target->sentinel.isOn() && isMeantFor(m_sentinelHosts, *target)) {
        ofSentinels = m_sentinelPassword;
    }
    const bool hasPassword = !target->credentials.password.isEmpty();
    if (hasPassword)
        m_passwordHosts = hostsOf(*target);
    else if (isMeantFor(m_passwordHosts, *target))
        target->credentials.password = m_ownPassword;
    if (isMeantFor(m_commandHosts, *target)) // the URI itself names no command
        target->credentials.command = m_command->command();
    fill(fieldsOf(*target));
    check(fields());
    if (pasted && (isLine || hasPassword || hasSentinelPassword)) {
        m_ownPassword = m_password->text();
        m_uri->setText(target->toUri());
        m_uriLength = m_uri->text().size();
    }
    Q_EMIT edited();
}

/// Parses a complete command line in the servers field like one in the URI field. Returns false if the text is no
/// command line or cannot be parsed; the latter is shown.
bool ConnectForm::takeCommandLine()
{
    const QString line = m_hosts->text();
    if (!isCommandLine(line) || !targetFromWords(line))
        return false;
    m_uriLength = 0; // treat it as pasted, so that the password does not stay visible
    readUri(line);
    return true;
}

/// Secrets typed for some hosts are removed from the fields when other hosts are entered, and restored when the first
/// hosts are back.
void ConnectForm::keepSecretsWithTheirHosts()
{
    const ConnectionTarget &target = m_checked.target;
    if (m_command->isChosen() && !isMeantFor(m_commandHosts, target)) {
        m_command->letGo();
        check(fields());
    }
    const QString typedForSentinels = m_sentinel->settings().credentials.password;
    const QString ofSentinels = isMeantFor(m_sentinelHosts, target) ? m_sentinelPassword : QString();
    const bool isTyped = m_password->text() != m_filledPassword;
    if (isTyped) {
        m_ownPassword = m_filledPassword = m_password->text();
        m_passwordHosts = hostsOf(target);
    }
    const QString password = isMeantFor(m_passwordHosts, target) ? m_ownPassword : QString();
    const bool isOther = password != m_password->text() || (m_sentinel->isChosen() && ofSentinels != typedForSentinels);
    if (!isOther)
        return;
    m_filledPassword = password;
    m_password->setText(password);
    if (m_sentinel->isChosen())
        m_sentinel->setPassword(ofSentinels);
    check(fields());
}

/// Updates the URI from the fields, without the password.
void ConnectForm::readFields()
{
    if (m_filling)
        return;
    check(fields());
    keepSecretsWithTheirHosts();
    m_uriValid = true;
    setNote(m_uriProblem, m_uri, {});
    m_uri->setText(m_checked.target.seeds.isEmpty() ? QString() : m_checked.target.toUri());
    m_uri->setCursorPosition(0);
    m_uriLength = m_uri->text().size();
    Q_EMIT edited();
}

void ConnectForm::check(const ConnectFields &fields)
{
    m_checked = checkFields(fields);
    const auto &problems = m_checked.problems;
    const auto &hints = m_checked.hints;
    setNote(m_hostsProblem, m_hosts, problems.value(ConnectField::Hosts));
    setNote(m_userProblem, m_user, problems.value(ConnectField::User), hints.value(ConnectField::User));
    m_password->setEnabled(!m_command->isChosen());
    setNote(m_databaseProblem, m_database, problems.value(ConnectField::Database), hints.value(ConnectField::Database));
    m_sentinel->setProblem(problems.value(ConnectField::Sentinel));
    m_way->setProblem(problems.value(ConnectField::Way));
    setNote(m_renamedProblem, m_renamed, problems.value(ConnectField::Renamed));
    m_mapProblem->setText(u"✕ "_s + problems.value(ConnectField::Map));
    m_mapProblem->setVisible(problems.contains(ConnectField::Map));
    for (int i = 0; i < m_mapRows.size(); ++i) {
        setStyleProperty(m_mapRows.at(i).announced, "wrong",
                         i == m_checked.badMapRow && !Endpoint::parse(m_mapRows.at(i).announced->text().trimmed()));
        setStyleProperty(m_mapRows.at(i).reachable, "wrong",
                         i == m_checked.badMapRow && !Endpoint::parse(m_mapRows.at(i).reachable->text().trimmed()));
    }
}

bool ConnectForm::isValid() const
{
    return m_uriValid && m_checked.problems.isEmpty() && m_tls->problem().isEmpty() && m_command->problem().isEmpty();
}

void ConnectForm::focusFirst()
{
    m_uri->setFocus();
    m_uri->end(false);
    m_uri->home(true); // select all, with the start visible
}

void ConnectForm::focusPassword()
{
    m_password->setFocus();
    m_password->selectAll();
}

void ConnectForm::focusProblem()
{
    check(fields());
    QLineEdit *field = !m_uriValid                            ? m_uri
        : m_checked.problems.contains(ConnectField::Hosts)    ? m_hosts
        : m_checked.problems.contains(ConnectField::Database) ? m_database
        : m_checked.badMapRow >= 0                            ? m_mapRows.at(m_checked.badMapRow).announced
                                                              : nullptr;
    if (!field && m_checked.problems.contains(ConnectField::Sentinel))
        m_sentinel->focusName();
    else if (!field && m_checked.problems.contains(ConnectField::Way))
        m_way->focusField();
    else if (!field && m_checked.problems.contains(ConnectField::Renamed)) {
        m_advanced->setChecked(true);
        m_renamed->setFocus();
    } else if (!field && !m_command->problem().isEmpty())
        m_command->focusField();
    if (!field)
        return;
    if (m_checked.badMapRow >= 0)
        m_advanced->setChecked(true);
    field->setFocus();
}

/// Removes a password from the URI when the field loses the focus, so that it does not stay visible.
bool ConnectForm::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_uri && event->type() == QEvent::FocusOut && isValid()) {
        if (!m_password->text().isEmpty())
            m_ownPassword = m_password->text();
        m_uri->setText(m_checked.target.toUri());
        m_uriLength = m_uri->text().size();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace slotscope
