// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/savebox.h"

#include "ui/connect/fieldgrid.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

SaveBox::SaveBox(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 0, 24, 12);
    layout->setSpacing(6);
    m_on = new QCheckBox(tr("Sa&ve this connection"), this);
    m_on->setObjectName(u"save"_s);
    layout->addWidget(m_on);
    m_rest = new QWidget(this);
    QGridLayout *grid = fieldGrid(m_rest);
    m_folder = new QComboBox(m_rest);
    m_folder->setEditable(true);
    m_folder->lineEdit()->setPlaceholderText(tr("none"));
    m_tags = new QLineEdit(m_rest);
    m_tags->setPlaceholderText(tr("eu, pci"));
    m_notes = new QLineEdit(m_rest);
    addFieldRow(grid, tr("Folder"), m_folder, u"saveFolder"_s);
    addFieldRow(grid, tr("Tags"), m_tags, u"saveTags"_s);
    addFieldRow(grid, tr("Notes"), m_notes, u"saveNotes"_s);
    m_secrets = new QCheckBox(tr("Keep the password in the system's keychain"), m_rest);
    m_secrets->setObjectName(u"keepSecrets"_s);
    m_secrets->setToolTip(
        tr("Otherwise you are asked for the password each time. It is never written to a file of Slotscope."));
    grid->addWidget(m_secrets, grid->rowCount(), 1);
    layout->addWidget(m_rest);
    connect(m_on, &QCheckBox::toggled, this, &SaveBox::update);
    connect(m_secrets, &QCheckBox::toggled, this, &SaveBox::edited);
    update();
}

void SaveBox::setFolders(const QStringList &folders)
{
    const QString before = m_folder->currentText();
    m_folder->clear();
    m_folder->addItems(folders);
    m_folder->setCurrentText(before);
}

void SaveBox::forget()
{
    m_known = {};
}

void SaveBox::setSaved(const SavedConnection &connection, bool isOn)
{
    m_known = connection;
    m_on->setChecked(isOn);
    m_folder->setCurrentText(connection.folder);
    m_tags->setText(connection.tags.join(u", "_s));
    m_notes->setText(connection.notes);
    m_secrets->setChecked(connection.keepsSecrets);
}

bool SaveBox::isOn() const
{
    return m_on->isChecked();
}

bool SaveBox::keepsSecrets() const
{
    return isOn() && m_secrets->isChecked();
}

SavedConnection SaveBox::saved(const ConnectionTarget &target) const
{
    static const QRegularExpression between(u"[,\\s]+"_s);
    SavedConnection connection = m_known;
    connection.target = target;
    connection.folder = m_folder->currentText().trimmed();
    connection.tags = m_tags->text().split(between, Qt::SkipEmptyParts);
    connection.tags.removeDuplicates();
    connection.notes = m_notes->text().trimmed();
    connection.hadPassword = target.hasPassword() || m_known.hadPassword;
    connection.keepsSecrets = keepsSecrets();
    return connection;
}

void SaveBox::update()
{
    m_rest->setVisible(m_on->isChecked());
    Q_EMIT edited();
}

} // namespace slotscope
