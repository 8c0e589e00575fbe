// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/commandbox.h"

#include "core/net/passwordsource.h"
#include "ui/connect/fieldgrid.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostMinutes = 7 * 24 * 60;

} // namespace

CommandBox::CommandBox(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(4);
    m_on = new QCheckBox(tr("A pro&gram prints the password"), this);
    m_on->setObjectName(u"usesCommand"_s);
    layout->addWidget(m_on);
    m_rest = new QWidget(this);
    QGridLayout *grid = fieldGrid(m_rest);
    m_line = new QLineEdit(m_rest);
    m_line->setPlaceholderText(u"pass show redis/shop"_s);
    m_line->setFont(Theme::monoFont());
    m_line->setToolTip(tr("Runs on this computer before the login; the first line of its output is the password. It is "
                          "not run by a shell: write sh -c '…' to use one. Do not put a password into it."));
    m_minutes = new QSpinBox(m_rest);
    m_minutes->setRange(0, mostMinutes);
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setSpecialValueText(tr("as long as the connection"));
    m_minutes->setToolTip(tr("Before this time ends, the program is run again, and open connections log in again."));
    addFieldRow(grid, tr("Command"), m_line, u"passwordCommand"_s);
    addFieldRow(grid, tr("Valid for"), m_minutes, u"passwordMinutes"_s);
    m_problem = plainLabel({}, "error", m_rest);
    m_problem->setObjectName(u"commandProblem"_s);
    m_problem->setFont(Theme::smallFont());
    m_problem->setWordWrap(true);
    grid->addWidget(m_problem, grid->rowCount(), 1);
    layout->addWidget(m_rest);
    connect(m_on, &QCheckBox::toggled, this, &CommandBox::update);
    connect(m_line, &QLineEdit::textEdited, this, &CommandBox::update);
    connect(m_minutes, &QSpinBox::valueChanged, this, &CommandBox::update);
    update();
}

PasswordCommand CommandBox::command() const
{
    if (!isChosen() || !problem().isEmpty())
        return {};
    return {.line = m_line->text().trimmed(), .validSeconds = 60 * m_minutes->value()};
}

void CommandBox::setCommand(const PasswordCommand &command)
{
    if (command == this->command() || (command.isEmpty() && !isChosen()))
        return;
    m_setting = true;
    m_on->setChecked(!command.isEmpty());
    m_line->setText(command.line);
    m_line->setCursorPosition(0);
    m_minutes->setValue((command.validSeconds + 59) / 60);
    m_setting = false;
    update();
}

bool CommandBox::isChosen() const
{
    return m_on->isChecked();
}

void CommandBox::letGo()
{
    m_setting = true;
    m_on->setChecked(false);
    m_setting = false;
    update();
}

void CommandBox::focusField()
{
    m_line->setFocus();
}

QString CommandBox::problem() const
{
    return isChosen() ? PasswordSource::whyNot(m_line->text().trimmed()).value_or(QString()) : QString();
}

void CommandBox::update()
{
    m_rest->setVisible(isChosen());
    const QString why = m_line->text().isEmpty() ? QString() : problem();
    m_problem->setText(u"✕ "_s + why);
    m_problem->setVisible(!why.isEmpty());
    setStyleProperty(m_line, "wrong", !why.isEmpty());
    m_line->setAccessibleDescription(why);
    if (!m_setting)
        Q_EMIT edited();
}

} // namespace slotscope
