// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/keyjobs.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/keys/bulkjob.h"
#include "core/protocol/command.h"
#include "core/transfer/renamejob.h"
#include "ui/shared/bulkstrip.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/shared/pagecontext.h"

#include <QDateTime>
#include <QMessageBox>
#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// The common prefix of all names up to their last common `delimiter`, if they have one.
QByteArray commonPrefix(const QByteArrayList &keys)
{
    QByteArray prefix = keys.isEmpty() ? QByteArray() : keys.front();
    for (const QByteArray &key : keys) {
        const auto [mine, theirs] = std::mismatch(prefix.begin(), prefix.end(), key.begin(), key.end());
        prefix.truncate(mine - prefix.begin());
    }
    const qsizetype end = prefix.lastIndexOf(':');
    return end >= 0 ? prefix.left(end + 1) : prefix;
}

/// Text about the effect of setting an expiry, shown before the time is chosen.
QString endlessWords(const QByteArrayList &keys, const QByteArray &pattern, bool scanIsWhole)
{
    constexpr qsizetype named = 3, longestName = 40;
    QStringList names;
    for (const QByteArray &key : keys.mid(0, named))
        names += toDisplay(key.size() > longestName ? key.first(longestName) : key)
            + (key.size() > longestName ? u"…"_s : QString());
    const QString what = KeyJobs::tr("Dry run: %1 keys of %2 had no time to live when they were last read (%3).")
                             .arg(groupedNumber(keys.size()), toDisplay(pattern),
                                  names.join(u", "_s) + (keys.size() > named ? u", …"_s : QString()));
    const QString left = KeyJobs::tr("A key that gets a time to live before the job reaches it is not changed.");
    return scanIsWhole ? what + u' ' + left
                       : what + u' ' + left + u' '
            + KeyJobs::tr("The scan has not finished: keys that it has not read are not included.");
}

/// Which of the server's keys a selection contains.
QString extentWords(const KeySelection &selection, bool scanIsWhole)
{
    if (!selection.filter.isEmpty())
        return KeyJobs::tr("Only the keys that match the search “%1” are included; the others stay.")
                   .arg(selection.filter)
            + (scanIsWhole ? QString() : u' ' + KeyJobs::tr("The scan has not finished."));
    return scanIsWhole ? KeyJobs::tr("These are all the keys that the scan found there.")
                       : KeyJobs::tr("The scan has not finished: keys that it has not read yet are not included.");
}

} // namespace

KeyJobs::KeyJobs(PageContext &context, BulkStrip &strip, QWidget *parent)
    : QObject(parent), m_context(context), m_strip(strip), m_parent(parent)
{ }

void KeyJobs::tellBusy()
{
    auto *box =
        new QMessageBox(QMessageBox::Information, tr("A job is running"),
                        tr("Wait until the running job ends, or stop it: only one job with many keys runs at a time."),
                        QMessageBox::Ok, m_parent);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void KeyJobs::start(KeyAct act, const KeySelection &selection, bool scanIsWhole)
{
    if (selection.rows == 0 || !m_context.door())
        return;
    const bool onlyReads = act == KeyAct::Export || act == KeyAct::Copy;
    if (m_context.isReadOnly() && !onlyReads)
        return;
    if (m_strip.isRunning()) {
        tellBusy();
        return;
    }
    // use the database in which these keys were found, even if another one is chosen in the meantime
    constexpr int named = 3;
    QString what = selection.titles(named).join(u", "_s);
    if (selection.rows > named)
        what = tr("%1 and %2 more").arg(what, groupedNumber(selection.rows - named));
    whenDone(QtConcurrent::run([selection] { return selection.names(); }), this,
             [this, act, what, scan = selection.request, scanIsWhole,
              extent = extentWords(selection, scanIsWhole)](const QByteArrayList &keys) {
                 if (keys.isEmpty() || !m_context.door())
                     return;
                 if (act == KeyAct::Delete)
                     askToDelete(keys, what, scan.database, extent);
                 else
                     ask(act, keys, scan, scanIsWhole);
             });
}

void KeyJobs::ask(KeyAct act, const QByteArrayList &keys, const ScanRequest &scan, bool scanIsWhole)
{
    const int database = scan.database;
    switch (act) {
    case KeyAct::Delete: break; // handled earlier, because the question names the selection
    case KeyAct::Expire: askForExpiry(keys, database, false, {}); break;
    case KeyAct::ExpireEndless:
        askForExpiry(keys, database, true, endlessWords(keys, scan.pattern, scanIsWhole));
        break;
    case KeyAct::Export: askForExport(keys, database); break;
    case KeyAct::Copy: askForCopy(keys, database); break;
    case KeyAct::RenamePrefix: askForPrefix(keys, database); break;
    }
}

void KeyJobs::askToDelete(const QByteArrayList &keys, const QString &what, int database, const QString &extent)
{
    const QString title = keys.size() == 1 ? tr("Delete 1 key") : tr("Delete %1 keys").arg(groupedNumber(keys.size()));
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Delete keys"),
                        tr("%1: %2?", "Delete 10 keys: “config:*”?").arg(title, what), QMessageBox::NoButton, m_parent);
    question->setObjectName(u"bulkQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(extent + u' ' + tr("This cannot be undone."));
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *remove = question->addButton(title, QMessageBox::DestructiveRole);
    connect(remove, &QAbstractButton::clicked, this, [this, keys, database, title] {
        if (!m_context.door())
            return;
        BulkRequest request;
        request.act = BulkRequest::Act::Delete;
        request.keys = keys;
        request.database = database;
        BulkTask task = bulkTask<BulkJob>(m_context.sharedDoor(), request);
        task.title = title;
        task.untouchedWords = tr("%1 were already gone");
        task.total = keys.size();
        task.owner = this;
        task.atEnd = [this](const BulkProgress &) { Q_EMIT keysChanged(); };
        m_strip.start(std::move(task));
    });
    question->open();
}

void KeyJobs::askForExpiry(const QByteArrayList &keys, int database, bool onlyEndless, const QString &words)
{
    const QString count = groupedNumber(keys.size());
    const auto begin = [this, keys, database, onlyEndless](BulkRequest request, const QString &title) {
        if (!m_context.door())
            return;
        request.keys = keys;
        request.database = database;
        request.onlyWithoutTtl = onlyEndless && request.act == BulkRequest::Act::Expire;
        const bool persists = request.act == BulkRequest::Act::Persist;
        BulkTask task = bulkTask<BulkJob>(m_context.sharedDoor(), request);
        task.title = title;
        task.untouchedWords = persists ? tr("%1 had no expiry, or were gone")
            : request.onlyWithoutTtl   ? tr("%1 had a time to live by then, or were gone")
                                       : tr("%1 were already gone");
        task.total = keys.size();
        m_strip.start(std::move(task));
    };
    auto *dialog = new ExpiryDialog(tr("%1 keys").arg(count), 3'600'000, false, m_parent);
    dialog->addWords(words);
    connect(dialog, &ExpiryDialog::forChosen, this, [begin, count](qint64 ttlMs) {
        BulkRequest request;
        request.act = ttlMs < 0 ? BulkRequest::Act::Persist : BulkRequest::Act::Expire;
        request.ttlMs = ttlMs;
        begin(request,
              ttlMs < 0 ? tr("Remove the expiry of %1 keys").arg(count)
                        : tr("Let %1 keys expire in %2").arg(count, duration(ttlMs)));
    });
    connect(dialog, &ExpiryDialog::untilChosen, this, [begin, count](qint64 at) {
        // the time passed while the dialog was open; do not delete the keys for that
        if (at <= QDateTime::currentMSecsSinceEpoch())
            return;
        BulkRequest request;
        request.act = BulkRequest::Act::Expire;
        request.expireAt = at;
        begin(request,
              tr("Let %1 keys expire at %2")
                  .arg(count, QDateTime::fromMSecsSinceEpoch(at).toString(u"yyyy-MM-dd HH:mm:ss"_s)));
    });
    dialog->open();
}

void KeyJobs::askForPrefix(const QByteArrayList &keys, int database)
{
    const QByteArray prefix = commonPrefix(keys);
    auto *dialog = new ElementDialog(tr("Rename %1 keys").arg(groupedNumber(keys.size())), tr("Rename"), m_parent);
    dialog->addField(tr("Current prefix"), prefix);
    BytesField *name = dialog->addField(tr("New prefix"), prefix);
    name->setFocus();
    name->selectAll();
    dialog->addWords(tr(
        "Times to live stay. If the new name is taken, the key is not renamed. If the new name is in another slot, the "
        "key is copied, the copy is compared, and then the old key is deleted: for a moment, both names exist."));
    dialog->setCheck([prefix, keys](const QByteArrayList &values) {
        if (values[0] == values[1])
            return tr("Enter another prefix.");
        if (prefix.startsWith(values[0]))
            return QString();
        const auto fits = std::count_if(keys.begin(), keys.end(),
                                        [&values](const QByteArray &key) { return key.startsWith(values[0]); });
        return fits == keys.size()
            ? QString()
            : tr("%1 of them do not begin with this prefix.").arg(groupedNumber(keys.size() - fits));
    });
    connect(dialog, &ElementDialog::agreed, this, [this, keys, database](const QByteArrayList &values) {
        if (!m_context.door())
            return;
        RenameRequest request;
        request.keys = keys;
        request.from = values[0];
        request.to = values[1];
        request.database = database;
        BulkTask task = bulkTask<RenameJob>(m_context.sharedDoor(), request);
        task.title = tr("Rename %1 keys to %2…").arg(groupedNumber(keys.size()), toDisplay(values[1]));
        task.changedWords = tr("%1 renamed");
        task.untouchedWords = tr("the new name of %1 was taken");
        task.total = keys.size();
        task.owner = this;
        task.atEnd = [this](const BulkProgress &) { Q_EMIT keysChanged(); };
        m_strip.start(std::move(task));
    });
    dialog->open();
}

} // namespace slotscope
