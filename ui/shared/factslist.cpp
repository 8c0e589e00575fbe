// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/factslist.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QGridLayout>

namespace slotscope {

FactsList::FactsList(QWidget *parent) : QWidget(parent), m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(12);
    m_layout->setVerticalSpacing(7);
    m_layout->setColumnMinimumWidth(0, 92);
    m_layout->setColumnStretch(1, 1);
}

void FactsList::addFact(const QString &key, const QString &label, Form form, QWidget *button)
{
    Row row;
    row.label = plainLabel(label, "muted", this);
    if (form == Form::Monospace) {
        row.value = new ElidedLabel({}, Qt::ElideMiddle, this);
        row.value->setFont(Theme::monoFont());
        row.value->setMinimumHeight(row.label->sizeHint().height());
    } else {
        row.value = plainLabel({}, nullptr, this);
        row.value->setWordWrap(true);
        row.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        row.value->setMinimumWidth(40);
    }
    row.label->setBuddy(row.value);
    row.button = button;
    const int line = m_layout->rowCount();
    m_layout->addWidget(row.label, line, 0, Qt::AlignTop | Qt::AlignLeft);
    m_layout->addWidget(row.value, line, 1, 1, button ? 1 : 2);
    if (button)
        m_layout->addWidget(button, line, 2, Qt::AlignTop);
    m_rows.insert(key, row);
    setFact(key, {});
}

void FactsList::setFact(const QString &key, const QString &value, const char *tone)
{
    const Row row = m_rows.value(key);
    if (!row.value)
        return;
    if (row.value->text() != value)
        row.value->setText(value);
    setStyleProperty(row.value, "tone", QString::fromLatin1(tone));
    row.label->setVisible(!value.isEmpty());
    row.value->setVisible(!value.isEmpty());
    if (row.button)
        row.button->setVisible(!value.isEmpty());
}

QString FactsList::fact(const QString &key) const
{
    const QLabel *value = m_rows.value(key).value;
    return value ? value->text() : QString();
}

} // namespace slotscope
