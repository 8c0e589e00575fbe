// SPDX-License-Identifier: GPL-3.0-or-later
// What BrowserPage asks about before it is done: a new key, a job with many keys, another database and its name.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/cluster/keyspace.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/keyjobs.h"
#include "ui/browser/keypane.h"
#include "ui/browser/newkeydialog.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/rowsview.h"

#include <QComboBox>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

void BrowserPage::askToChangeDatabase(int database, const std::function<void()> &then)
{
    auto *question = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                     tr("Values with unsaved changes are open. Switching the database closes them."),
                                     QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(question->addButton(tr("Stay here"), QMessageBox::RejectRole));
    const QAbstractButton *drop = question->addButton(tr("Switch without saving"), QMessageBox::DestructiveRole);
    connect(question, &QMessageBox::finished, this, [this, question, drop, database, then] {
        if (question->clickedButton() != drop) {
            m_database->setCurrentIndex(m_database->findData(m_databaseInUse));
            return;
        }
        useDatabase(database);
        then();
    });
    question->open();
}

void BrowserPage::fillDatabases()
{
    const int chosen = m_databaseInUse;
    const QList<int> listed = databasesToList(m_databases, chosen, m_keysIn.keys());
    const QMap<int, QString> &names = m_keys->memory().databaseNames();
    const QSignalBlocker blocker(m_database);
    m_database->clear();
    for (const int database : listed) {
        const qint64 keys = m_keysIn.value(database);
        const QString named = names.contains(database) ? tr("%1 (database %2)").arg(names[database]).arg(database)
                                                       : tr("Database %1").arg(database);
        m_database->addItem(keys == 1      ? tr("%1 · 1 key").arg(named)
                                : keys > 1 ? tr("%1 · %2 keys").arg(named, groupedNumber(keys))
                                           : named,
                            database);
    }
    m_database->insertSeparator(m_database->count());
    m_database->addItem(tr("Name this database…"), -1);
    m_database->setCurrentIndex(m_database->findData(chosen));
    m_database->setVisible(listed.size() > 1);
}

void BrowserPage::askForDatabaseName()
{
    m_database->setCurrentIndex(m_database->findData(m_databaseInUse)); // the entry that asks is no database
    auto *question = new QInputDialog(this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Name database %1").arg(m_databaseInUse));
    question->setLabelText(tr("Name to show here; empty: none. The server does not see it."));
    question->setTextValue(m_keys->memory().databaseNames().value(m_databaseInUse));
    connect(question, &QInputDialog::textValueSelected, this, [this, database = m_databaseInUse](const QString &name) {
        m_keys->memory().nameDatabase(database, name);
        fillDatabases();
    });
    question->open();
}

void BrowserPage::askForNewKey()
{
    if (context().isReadOnly() || !m_sender.services())
        return;
    auto *dialog = new NewKeyDialog(context().theme(), m_keys->selectedFolder(), this);
    connect(dialog, &NewKeyDialog::agreed, this,
            [this, dialog](const QByteArray &key, const Edit &edit) { makeKey(key, edit, dialog); });
    dialog->open();
}

/// Creates the key. The dialog gets the result and closes only if the key was created.
void BrowserPage::makeKey(const QByteArray &key, const Edit &edit, NewKeyDialog *dialog)
{
    m_sender.send(edit,
                  [this, self = QPointer<BrowserPage>(this), asked = QPointer<NewKeyDialog>(dialog),
                   key](const Result<EditOutcome> &outcome) {
                      if (!self)
                          return;
                      const bool isMade = outcome && outcome->isDone;
                      const bool isDropped = !outcome && outcome.error().code == Error::Code::Cancelled;
                      const QString problem = isMade || isDropped ? QString()
                          : outcome ? tr("A key with that name exists: nothing was changed.")
                                    : tr("The key was not created. %1").arg(describe(outcome.error()));
                      if (asked)
                          asked->answer(isMade, problem);
                      else if (!problem.isEmpty())
                          tellNotMade(problem);
                      if (!isMade)
                          return;
                      m_keys->store().insert(key);
                      m_values->open(key, true);
                      m_keys->reveal(key);
                  });
}

/// Shows the problem on the page if the dialog was closed in the meantime.
void BrowserPage::tellNotMade(const QString &problem)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("New key"), problem, QMessageBox::Ok, this);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

QWidget *BrowserPage::firstFocus() const
{
    return m_keys->rows()->isVisibleTo(this) ? static_cast<QWidget *>(m_keys->rows()) : m_keys->searchField();
}

void BrowserPage::showExample()
{
    if (m_values->current() || m_keys->store().snapshot()->shown->empty())
        return;
    const KeySnapshot &keys = *m_keys->store().snapshot();
    const QByteArray key = keys.keyAt(quint32(keys.shown->size()) / 2).toByteArray();
    m_values->open(key, true);
    m_keys->reveal(key);
}

/// A single key is handled in its tab, where the action can be undone; several keys, including those in selected
/// folders, become a job.
void BrowserPage::forSelection(KeyAct act)
{
    const KeySelection selected = m_keys->selection();
    const int row = selected.rows == 1 ? selected.ranges.front().first : -1;
    if (act == KeyAct::Delete && row >= 0 && !selected.table->partAt(row).isFolder) {
        if (context().isReadOnly())
            return;
        m_values->open(selected.table->nameAt(row).toByteArray(), false);
        m_values->current()->askToDelete();
        return;
    }
    m_jobs->start(act, selected, m_keys->store().progress().isWhole());
}

} // namespace slotscope
