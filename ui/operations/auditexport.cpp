// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/auditexport.h"

#include "core/audit/auditreader.h"
#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/base/whendone.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSaveFile>
#include <QtConcurrent>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

Result<AuditWalk> writeAudit(const QString &path, const QString &folder, const AuditFilter &filter, bool csv)
{
    if (const QFileInfo former(path); former.exists() && !former.isFile())
        return failure(Error::Code::Io, tr("%1 is not a file").arg(path)); // it would be replaced by one
    QSaveFile file(path);
    const auto failed = [&file, &path] { return failure(Error::Code::Io, path + u": "_s + file.errorString()); };
    if (!file.open(QIODevice::WriteOnly))
        return failed();
    if (csv)
        file.write(auditCsvTitles() + "\r\n");
    const AuditWalk walk = walkAudit(folder, filter, [&file, csv](const AuditEntry &entry, const QByteArray &line) {
        const QByteArray row = csv ? csvOf(entry) + "\r\n" : line + '\n';
        return file.write(row) == row.size();
    });
    if (walk.error)
        return failure(*walk.error);
    if (!file.commit())
        return failed();
    return walk;
}

static QString wroteText(const AuditWalk &walk, const QString &path)
{
    const QString text = tr("%1 entries were written to %2.").arg(groupedNumber(walk.entries), path);
    return walk.damaged > 0 ? text + u' ' + tr("Lines that could not be read and were skipped: %1.").arg(walk.damaged)
                            : text;
}

void exportAudit(QWidget *parent, const QString &folder, const AuditFilter &filter, bool csv)
{
    const QString suffix = csv ? u"csv"_s : u"jsonl"_s;
    const QString path = QFileDialog::getSaveFileName(parent, tr("Export"), u"audit-log."_s + suffix,
                                                      u"%1 (*.%2)"_s.arg(suffix.toUpper(), suffix));
    if (path.isEmpty())
        return;
    whenDone(QtConcurrent::run([path, folder, filter, csv] { return writeAudit(path, folder, filter, csv); }), parent,
             [parent, path](const Result<AuditWalk> &written) {
                 auto *box = new QMessageBox(written ? QMessageBox::Information : QMessageBox::Warning, tr("Export"),
                                             written ? wroteText(*written, path)
                                                     : tr("Nothing was exported. %1").arg(written.error().detail),
                                             QMessageBox::Ok, parent);
                 box->setTextFormat(Qt::PlainText);
                 box->setAttribute(Qt::WA_DeleteOnClose);
                 box->open();
             });
}

} // namespace slotscope
