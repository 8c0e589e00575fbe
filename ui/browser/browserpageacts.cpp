// SPDX-License-Identifier: GPL-3.0-or-later
// What BrowserPage asks about before it is done: a new key, a job with many, another database.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "ui/browser/browserpage.h"
#include "ui/browser/bulkstrip.h"
#include "ui/browser/expirydialog.h"
#include "ui/browser/keypane.h"
#include "ui/browser/newkeydialog.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"

#include <QComboBox>
#include <QMessageBox>
#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

void BrowserPage::askToChangeDatabase()
{
    auto *question =
        new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                        tr("Values with changes that are not saved are open. Another database closes them."),
                        QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(question->addButton(tr("Stay here"), QMessageBox::RejectRole));
    const QAbstractButton *drop = question->addButton(tr("Change without saving"), QMessageBox::DestructiveRole);
    connect(question, &QMessageBox::finished, this, [this, question, drop] {
        if (question->clickedButton() == drop)
            changeDatabase();
        else
            m_database->setCurrentIndex(m_database->findData(m_databaseInUse));
    });
    question->open();
}

void BrowserPage::askForNewKey()
{
    if (context().isReadOnly() || !m_sender.services())
        return;
    auto *dialog = new NewKeyDialog(context().theme(), m_keys->selectedFolder(), this);
    connect(dialog, &NewKeyDialog::agreed, this, &BrowserPage::makeKey);
    dialog->open();
}

void BrowserPage::makeKey(const QByteArray &key, const Edit &edit)
{
    m_sender.send(edit, [this, self = QPointer<BrowserPage>(this), key](const Result<EditOutcome> &outcome) {
        if (!self)
            return;
        if (outcome && outcome->isDone) {
            m_keys->store().insert(key);
            m_values->open(key, true);
            m_keys->reveal(key);
            return;
        }
        if (!outcome && outcome.error().code == Error::Code::Cancelled)
            return;
        auto *box = new QMessageBox(QMessageBox::Warning, tr("New key"),
                                    outcome ? tr("A key of that name exists: nothing was changed.")
                                            : tr("The key was not made."),
                                    QMessageBox::Ok, this);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        if (!outcome)
            box->setInformativeText(describe(outcome.error()));
        box->open();
    });
}

/// One key is asked about in its tab, where it can be taken back; many are a job, over all that is below the folders.
void BrowserPage::forSelection(BulkRequest::Act act)
{
    const KeySelection selected = m_keys->selection();
    if (context().isReadOnly() || selected.rows == 0)
        return;
    if (m_bulk->isRunning()) {
        auto *box = new QMessageBox(QMessageBox::Information, tr("A job is running"),
                                    tr("Wait for it, or stop it: one job with many keys runs at a time."),
                                    QMessageBox::Ok, this);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
        return;
    }
    const int row = selected.ranges.front().first;
    if (act == BulkRequest::Act::Delete && selected.rows == 1 && !selected.table->partAt(row).isFolder) {
        m_values->open(selected.table->nameAt(row).toByteArray(), false);
        m_values->current()->askToDelete();
        return;
    }
    // the database is the one that these keys were found in, whatever is chosen meanwhile
    const int database = selected.request.database;
    QtConcurrent::run([selected] {
        return selected.names();
    }).then(this, [this, act, database](const QByteArrayList &all) { askForBulk(act, all, database); });
}

void BrowserPage::askForBulk(BulkRequest::Act act, const QByteArrayList &all, int database)
{
    const QString count = groupedNumber(all.size());
    if (act == BulkRequest::Act::Expire) {
        auto *dialog = new ExpiryDialog(tr("%1 keys").arg(count), 3'600'000, false, this);
        connect(dialog, &ExpiryDialog::forChosen, this, [this, all, count, database](qint64 ttlMs) {
            BulkRequest request{.act = ttlMs < 0 ? BulkRequest::Act::Persist : BulkRequest::Act::Expire,
                                .ttlMs = ttlMs,
                                .keys = all,
                                .database = database};
            m_bulk->start(request,
                          ttlMs < 0 ? tr("Let %1 keys live for ever").arg(count)
                                    : tr("Let %1 keys live for %2").arg(count, duration(ttlMs)));
        });
        connect(dialog, &ExpiryDialog::untilChosen, this, [this, all, count, database](qint64 at) {
            if (at <= QDateTime::currentMSecsSinceEpoch()) // it passed while the dialog was open: nothing is deleted by
                                                           // that
                return;
            BulkRequest request{.act = BulkRequest::Act::Expire, .expireAt = at, .keys = all, .database = database};
            m_bulk->start(request,
                          tr("Let %1 keys live until %2")
                              .arg(count, QDateTime::fromMSecsSinceEpoch(at).toString(u"yyyy-MM-dd HH:mm:ss"_s)));
        });
        dialog->open();
        return;
    }
    const bool isWhole = m_keys->store().progress().isWhole();
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Delete keys"), tr("Delete %1 keys?").arg(count),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"bulkQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(
        (isWhole ? tr("These are all keys that the scan found below what is selected.")
                 : tr("The scan is not through: keys that it has not read yet are not among them."))
        + u' ' + tr("This cannot be taken back."));
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *remove = question->addButton(tr("Delete %1 keys").arg(count), QMessageBox::DestructiveRole);
    connect(remove, &QAbstractButton::clicked, this, [this, all, count, database] {
        m_bulk->start({.act = BulkRequest::Act::Delete, .keys = all, .database = database},
                      tr("Delete %1 keys").arg(count));
    });
    question->open();
}

} // namespace slotscope
