// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/elementdialog.h"

#include "ui/browser/bytesfield.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ElementDialog::ElementDialog(const QString &title, const QString &actWords, QWidget *parent)
    : QDialog(parent)
    , m_layout(new QVBoxLayout)
    , m_problem(wrappedLabel({}, "error", this))
    , m_act(new QPushButton(actWords, this))
{
    setObjectName(u"elementDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(460);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_act->setProperty("primary", true);
    m_act->setDefault(true);
    m_layout->setSpacing(8);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_problem, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_act);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 16, 16, 16);
    outer->setSpacing(16);
    outer->addLayout(m_layout, 1);
    outer->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, [this] {
        m_isWaiting = m_waits;
        check();
        Q_EMIT agreed(values());
        if (!m_waits)
            accept();
    });
}

void ElementDialog::answer(bool isDone, const QString &problem)
{
    m_isWaiting = false;
    if (isDone) {
        accept();
        return;
    }
    check();
    if (problem.isEmpty())
        return;
    m_problem->setText(problem);
    m_problem->show();
}

QString ElementDialog::problem() const
{
    return m_problem->text();
}

BytesField *ElementDialog::addField(const QString &name, const QByteArray &bytes, bool isLong)
{
    auto *field = new BytesField(isLong, this);
    field->setBytes(bytes);
    QLabel *label = plainLabel(name, "muted", this);
    label->setBuddy(field);
    field->focusProxy()->setAccessibleName(name);
    m_layout->addWidget(label);
    m_layout->addWidget(field, isLong ? 1 : 0);
    if (m_fields.isEmpty()) {
        field->setFocus();
        field->selectAll();
    }
    m_fields.append(field);
    connect(field, &BytesField::changed, this, &ElementDialog::check);
    return field;
}

void ElementDialog::addWords(const QString &text)
{
    m_layout->addWidget(wrappedLabel(text, "muted", this));
}

void ElementDialog::setCheck(std::function<QString(const QByteArrayList &)> check)
{
    m_check = std::move(check);
    this->check();
}

QByteArrayList ElementDialog::values() const
{
    QByteArrayList list;
    for (const BytesField *field : m_fields)
        list.append(field->bytes().value_or(QByteArray()));
    return list;
}

void ElementDialog::check()
{
    QString problem;
    for (const BytesField *field : std::as_const(m_fields))
        if (!field->bytes())
            problem = tr("The escape sequences are not valid.");
    if (problem.isEmpty() && m_check)
        problem = m_check(values());
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_act->setEnabled(problem.isEmpty() && !m_isWaiting);
}

} // namespace slotscope
