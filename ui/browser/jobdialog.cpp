// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/jobdialog.h"

#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

JobDialog::JobDialog(const QString &title, const QString &actWords, QWidget *parent)
    : QDialog(parent)
    , m_words(wrappedLabel({}, "muted", this))
    , m_problem(wrappedLabel({}, "error", this))
    , m_noteText(wrappedLabel({}, "muted", this))
    , m_rows(new QFormLayout)
    , m_speed(new QComboBox(this))
    , m_act(new QPushButton(actWords, this))
{
    setObjectName(u"jobDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(540);
    m_words->hide();
    m_speed->addItem(tr("As fast as the servers answer"), 0);
    for (const int perSecond : {100, 1000, 10'000, 100'000})
        m_speed->addItem(tr("At most %1 keys per second").arg(groupedNumber(perSecond)), perSecond);
    m_speed->setAccessibleName(tr("Speed"));
    m_rows->setHorizontalSpacing(16);
    m_rows->setVerticalSpacing(8);
    m_rows->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_rows->addRow(tr("Speed"), m_speed);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_act->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_act);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_words);
    layout->addLayout(m_rows);
    layout->addWidget(m_noteText);
    layout->addWidget(m_problem);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, [this] {
        Q_EMIT agreed();
        accept();
    });
    check();
}

void JobDialog::addWords(const QString &text)
{
    m_words->setText(text);
    m_words->show();
}

void JobDialog::insertRow(const QString &name, QWidget *widget)
{
    m_rows->insertRow(m_rows->rowCount() - 1, name, widget);
}

QComboBox *JobDialog::addChoice(const QString &name, const QList<QPair<QString, QVariant>> &choices)
{
    auto *box = new QComboBox(this);
    for (const auto &[text, value] : choices)
        box->addItem(text, value);
    box->setAccessibleName(name);
    insertRow(name, box);
    connect(box, &QComboBox::currentIndexChanged, this, &JobDialog::check);
    return box;
}

QLineEdit *JobDialog::addField(const QString &name, const QString &text)
{
    auto *field = new QLineEdit(text, this);
    field->setAccessibleName(name);
    insertRow(name, field);
    connect(field, &QLineEdit::textChanged, this, &JobDialog::check);
    return field;
}

QLineEdit *JobDialog::addFile(const QString &name, FileUse use, const QString &path, const QString &filter)
{
    auto *row = new QWidget(this);
    auto *field = new QLineEdit(path, row);
    field->setAccessibleName(name);
    auto *choose = new QPushButton(tr("Choose…"), row);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(field, 1);
    layout->addWidget(choose);
    insertRow(name, row);
    connect(field, &QLineEdit::textChanged, this, &JobDialog::check);
    connect(choose, &QPushButton::clicked, this, [this, field, use, filter] {
        auto *dialog = new QFileDialog(this, windowTitle(), field->text(), filter);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(use == FileUse::Read ? QFileDialog::AcceptOpen : QFileDialog::AcceptSave);
        dialog->setFileMode(use == FileUse::Read ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
        dialog->setOption(QFileDialog::DontConfirmOverwrite); // this dialog itself warns about an existing file
        connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
        dialog->open();
    });
    return field;
}

void JobDialog::setCheck(std::function<QString()> check)
{
    m_check = std::move(check);
    this->check();
}

void JobDialog::setNote(std::function<QString()> note)
{
    m_note = std::move(note);
    check();
}

int JobDialog::perSecond() const
{
    return m_speed->currentData().toInt();
}

void JobDialog::check()
{
    const QString problem = m_check ? m_check() : QString();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_act->setEnabled(problem.isEmpty());
    const QString note = m_note ? m_note() : QString();
    m_noteText->setText(note);
    m_noteText->setVisible(!note.isEmpty());
}

} // namespace slotscope
