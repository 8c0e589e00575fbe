// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/filldialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

FillDialog::FillDialog(const QString &name, const QList<Placeholder> &places, QWidget *parent) : QDialog(parent)
{
    setObjectName(u"fillDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(name);
    setMinimumWidth(360);
    auto *layout = new QFormLayout(this);
    for (const Placeholder &place : places) {
        auto *field = new QLineEdit(place.proposal, this);
        field->setObjectName(place.name);
        layout->addRow(place.name, field);
        m_fields.append({place.name, field});
    }
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    layout->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QHash<QString, QString> FillDialog::values() const
{
    QHash<QString, QString> values;
    for (const auto &[name, field] : m_fields)
        values.insert(name, field->text());
    return values;
}

} // namespace slotscope
