// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/newkeydialog.h"

#include "core/base/text.h"
#include "ui/browser/bytesfield.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 longestSeconds = 3'155'695'200; // a hundred years

} // namespace

NewKeyDialog::NewKeyDialog(const Theme &theme, const QByteArray &beginning, QWidget *parent)
    : QDialog(parent)
    , m_type(new QComboBox(this))
    , m_name(new BytesField(false, this))
    , m_first(new BytesField(false, this))
    , m_second(new BytesField(true, this))
    , m_firstLabel(plainLabel({}, "muted", this))
    , m_secondLabel(plainLabel({}, "muted", this))
    , m_problem(wrappedLabel({}, "error", this))
    , m_ttl(new QLineEdit(this))
    , m_create(new QPushButton(tr("Create"), this))
{
    setObjectName(u"newKeyDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("New key"));
    setMinimumWidth(480);
    for (const ValueType type : {ValueType::String, ValueType::Hash, ValueType::List, ValueType::Set,
                                 ValueType::SortedSet, ValueType::Stream, ValueType::Json}) {
        const TypeLook look = typeLook(valueTypeWord(type), theme);
        m_type->addItem(look.letter + u"  "_s + look.word, int(type));
    }
    m_type->setAccessibleName(tr("Type"));
    m_name->setBytes(beginning);
    m_name->focusProxy()->setAccessibleName(tr("Name"));
    m_ttl->setPlaceholderText(tr("no expiry"));
    m_ttl->setAccessibleName(tr("Time to live in seconds"));
    m_create->setProperty("primary", true);
    m_create->setDefault(true);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(8);
    layout->addWidget(plainLabel(tr("Name"), "muted", this));
    layout->addWidget(m_name);
    auto *row = new QHBoxLayout;
    row->addWidget(m_type);
    row->addWidget(plainLabel(tr("time to live in seconds"), "muted", this));
    row->addWidget(m_ttl, 1);
    layout->addLayout(row);
    layout->addWidget(m_firstLabel);
    layout->addWidget(m_first);
    layout->addWidget(m_secondLabel);
    layout->addWidget(m_second, 1);
    layout->addWidget(plainLabel(tr("If the name is taken, nothing is changed."), "muted", this));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_problem, 1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_create);
    layout->addLayout(buttons);
    connect(m_type, &QComboBox::currentIndexChanged, this, &NewKeyDialog::updateFields);
    for (const BytesField *field : {m_name, m_first, m_second})
        connect(field, &BytesField::changed, this, &NewKeyDialog::check);
    connect(m_ttl, &QLineEdit::textChanged, this, &NewKeyDialog::check);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_create, &QPushButton::clicked, this, [this] {
        const QByteArray first = m_first->bytes().value_or(QByteArray()),
                         second = m_second->bytes().value_or(QByteArray());
        const bool paired = type() == ValueType::Hash || type() == ValueType::SortedSet || type() == ValueType::Stream;
        const edits::Pairs pairs{paired ? std::pair(first, type() == ValueType::SortedSet ? second.trimmed() : second)
                                        : std::pair(second, QByteArray())};
        const QByteArray name = m_name->bytes().value_or(QByteArray());
        m_isWaiting = true;
        check();
        Q_EMIT agreed(name, edits::create(name, type(), pairs, ttlMs().value_or(-1)));
    });
    updateFields();
    m_name->setFocus();
}

ValueType NewKeyDialog::type() const
{
    return ValueType(m_type->currentData().toInt());
}

std::optional<qint64> NewKeyDialog::ttlMs() const
{
    const QString typed = m_ttl->text().trimmed();
    if (typed.isEmpty())
        return -1;
    const auto seconds = toInteger(typed.toUtf8());
    if (!seconds || *seconds <= 0 || *seconds > longestSeconds)
        return std::nullopt;
    return *seconds * 1000;
}

QString NewKeyDialog::problem() const
{
    return m_problem->text();
}

void NewKeyDialog::answer(bool isMade, const QString &problem)
{
    m_isWaiting = false;
    if (isMade) {
        accept();
        return;
    }
    check();
    if (problem.isEmpty())
        return;
    m_problem->setText(problem);
    m_problem->show();
}

void NewKeyDialog::updateFields()
{
    QString first, second;
    switch (type()) {
    case ValueType::Hash:
        first = tr("First field");
        second = tr("Its value");
        break;
    case ValueType::Stream:
        first = tr("A field of the first entry");
        second = tr("Its value");
        break;
    case ValueType::SortedSet:
        first = tr("First member");
        second = tr("Its score");
        break;
    case ValueType::List: second = tr("First item"); break;
    case ValueType::Set: second = tr("First member"); break;
    case ValueType::Json: second = tr("Document"); break;
    default: second = tr("Value");
    }
    m_firstLabel->setText(first);
    m_firstLabel->setVisible(!first.isEmpty());
    m_first->setVisible(!first.isEmpty());
    m_secondLabel->setText(second);
    m_first->focusProxy()->setAccessibleName(first);
    m_second->focusProxy()->setAccessibleName(second);
    check();
}

void NewKeyDialog::check()
{
    QString problem;
    if (!m_name->bytes() || !m_first->bytes() || !m_second->bytes())
        problem = tr("The escape sequences are not valid.");
    else if (type() == ValueType::SortedSet && !storedScore(m_second->bytes()->trimmed()))
        problem = tr("The score is not a number.");
    else if (!ttlMs())
        problem = tr("The time to live must be an integer number of seconds, at most a hundred years.");
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_create->setEnabled(problem.isEmpty() && !m_isWaiting);
}

} // namespace slotscope
