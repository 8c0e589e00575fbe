// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/exportdialog.h"

#include "ui/connect/fieldgrid.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int exportWidth = 460;

} // namespace

ExportDialog::ExportDialog(const Theme &theme, int count, QWidget *parent) : QDialog(parent)
{
    setObjectName(u"exportConnections"_s);
    setWindowTitle(tr("Export connections"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(10);
    layout->addWidget(plainLabel(
        tr("%n saved connections are exported to a file, with folders, tags and notes.", nullptr, count), "", this));
    m_secrets = new QCheckBox(tr("With the keychain's passwords, encrypted with a pass&phrase"), this);
    m_secrets->setObjectName(u"exportSecrets"_s);
    layout->addWidget(m_secrets);
    auto *rest = new QWidget(this);
    QGridLayout *grid = fieldGrid(rest);
    m_passphrase = new QLineEdit(rest);
    m_again = new QLineEdit(rest);
    addFieldRow(grid, tr("Passphrase"), m_passphrase, u"exportPassphrase"_s);
    addFieldRow(grid, tr("Repeat it"), m_again, u"exportAgain"_s);
    for (QLineEdit *field : {m_passphrase, m_again}) {
        hideText(field, theme);
        connect(field, &QLineEdit::textChanged, this, &ExportDialog::update);
    }
    layout->addWidget(rest);
    m_problem = plainLabel({}, "muted", this);
    m_problem->setObjectName(u"exportProblem"_s);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    layout->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_go = buttons->addButton(tr("Choose the file…"), QDialogButtonBox::AcceptRole);
    m_go->setObjectName(u"exportGo"_s);
    m_go->setProperty("primary", true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::chooseFile);
    connect(m_secrets, &QCheckBox::toggled, rest, &QWidget::setVisible);
    connect(m_secrets, &QCheckBox::toggled, this, &ExportDialog::update);
    rest->hide();
    update();
}

void ExportDialog::update()
{
    const bool withSecrets = m_secrets->isChecked();
    const bool differ = m_passphrase->text() != m_again->text();
    m_go->setEnabled(!withSecrets || (!differ && !m_passphrase->text().isEmpty()));
    m_problem->setText(
        !withSecrets ? tr("Passwords are not exported. The file can be read with --profiles, and imported.")
            : differ && !m_again->text().isEmpty()
            ? tr("✕ The two passphrases differ.")
            : tr("Anyone who has the file and the passphrase has the passwords. The passphrase cannot be recovered."));
    setStyleProperty(m_problem, "tone", withSecrets && differ && !m_again->text().isEmpty() ? u"error"_s : u"muted"_s);
    layout()->activate();
    resize(std::max(width(), exportWidth),
           std::max(height(), layout()->totalHeightForWidth(std::max(width(), exportWidth))));
}

void ExportDialog::chooseFile()
{
    auto *files = new QFileDialog(this, tr("Export connections"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setAcceptMode(QFileDialog::AcceptSave);
    files->setDefaultSuffix(u"json"_s);
    files->setNameFilters({tr("Connections (*.json)")});
    files->selectFile(u"connections.json"_s);
    connect(files, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const QString passphrase = m_secrets->isChecked() ? m_passphrase->text() : QString();
        m_passphrase->clear();
        m_again->clear();
        accept();
        Q_EMIT chosen(path, passphrase);
    });
    files->open();
}

} // namespace slotscope
