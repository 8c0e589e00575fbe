// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs of KeyJobs that move keys: to a file, from a file, to another connection.
#include "core/base/text.h"
#include "core/session/sessiondoor.h"
#include "core/transfer/copyjob.h"
#include "core/transfer/exportjob.h"
#include "ui/shared/bulkstrip.h"
#include "ui/browser/jobdialog.h"
#include "ui/browser/keyjobs.h"
#include "ui/shared/pagecontext.h"

#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLineEdit>
#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

struct FileKind
{
    KeyFileFormat format;
    QString suffix;
};

const FileKind &fileKind(int at)
{
    static const std::array<FileKind, 3> kinds{FileKind{KeyFileFormat::Lines, u".jsonl"_s},
                                               FileKind{KeyFileFormat::Commands, u".redis"_s},
                                               FileKind{KeyFileFormat::Csv, u".csv"_s}};
    return kinds.at(size_t(at));
}

/// A folder in which the user is likely to look for files.
QString transferFolder()
{
    const QString downloads = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return QFileInfo(downloads).isDir() ? downloads : QDir::homePath();
}

QString proposedPath(const QString &title)
{
    QString name = title;
    for (QChar &letter : name)
        if (!letter.isLetterOrNumber() && letter != u'-' && letter != u'.')
            letter = u'-';
    return transferFolder() + u'/' + name + u'-' + QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s)
        + fileKind(0).suffix;
}

QString folderProblem(const QString &path)
{
    const QFileInfo info(path);
    if (path.isEmpty())
        return KeyJobs::tr("Enter the name of a file.");
    if (info.isDir())
        return KeyJobs::tr("This is a folder.");
    if (!info.dir().exists())
        return KeyJobs::tr("Folder %1 not found.").arg(info.dir().path());
    return {};
}

QList<QPair<QString, QVariant>> conflictChoices()
{
    return {{KeyJobs::tr("Skip it and list it in the report"), int(OnConflict::Skip)},
            {KeyJobs::tr("Replace it"), int(OnConflict::Replace)}};
}

} // namespace

void KeyJobs::askForExport(const QByteArrayList &keys, int database)
{
    const QString title = tr("Export %1 keys").arg(groupedNumber(keys.size()));
    auto *dialog = new JobDialog(title, tr("Export"), m_parent);
    auto *format = dialog->addChoice(tr("Format"),
                                     {{tr("JSON lines: every byte, can be imported"), 0},
                                      {tr("Commands, as redis-cli reads them"), 1},
                                      {tr("CSV, for other programs"), 2}});
    QLineEdit *path = dialog->addFile(tr("File"), JobDialog::FileUse::Write, proposedPath(m_context.title()),
                                      tr("JSON lines (*.jsonl);;Commands (*.redis *.txt);;CSV (*.csv);;All (*)"));
    connect(format, &QComboBox::currentIndexChanged, path, [path](int at) {
        for (int other = 0; other < 3; ++other)
            if (path->text().endsWith(fileKind(other).suffix))
                path->setText(path->text().chopped(fileKind(other).suffix.size()) + fileKind(at).suffix);
    });
    dialog->setCheck([path] { return folderProblem(path->text()); });
    dialog->setNote([format, path] {
        static const std::array<QString, 3> words{
            tr("Keys with their times to live and all elements, importable into other server versions. Only you can "
               "read the file."),
            tr("Each key is deleted before it is created. Only you can read the file."),
            tr("One element per line, for reading only: Slotscope cannot import it again. The file's permissions let "
               "only you read it.")};
        const QString what = words.at(size_t(format->currentIndex()));
        return QFileInfo::exists(path->text()) ? what + u' ' + tr("This file exists: it will be replaced.") : what;
    });
    connect(dialog, &JobDialog::agreed, this, [this, dialog, format, path, keys, database, title] {
        if (!m_context.door())
            return;
        ExportRequest request;
        request.keys = keys;
        request.database = database;
        request.path = path->text();
        request.format = fileKind(format->currentIndex()).format;
        request.perSecond = dialog->perSecond();
        BulkTask task = bulkTask<ExportJob>(m_context.sharedDoor(), request);
        task.title = tr("%1 to %2").arg(title, QFileInfo(request.path).fileName());
        task.changedWords = tr("%1 written");
        task.untouchedWords = tr("%1 were already gone");
        task.total = keys.size();
        m_strip.start(std::move(task));
    });
    dialog->open();
}

void KeyJobs::askForImport(int database)
{
    if (!m_context.door() || m_context.isReadOnly())
        return;
    if (m_strip.isRunning()) {
        tellBusy();
        return;
    }
    auto *dialog = new JobDialog(tr("Import keys into %1").arg(m_context.title()), tr("Import"), m_parent);
    QLineEdit *path = dialog->addFile(tr("File"), JobDialog::FileUse::Read, QString(),
                                      tr("Exported keys and commands (*.jsonl *.redis *.txt);;All (*)"));
    auto *what = dialog->addChoice(
        tr("What to do"),
        {{tr("Only check: read the file, see which keys exist, write nothing"), true}, {tr("Write the keys"), false}});
    auto *conflict = dialog->addChoice(tr("If a key exists"), conflictChoices());
    connect(what, &QComboBox::currentIndexChanged, dialog, [dialog, what, conflict] {
        dialog->actButton()->setText(what->currentData().toBool() ? tr("Check") : tr("Import"));
        conflict->setEnabled(!what->currentData().toBool());
    });
    what->setCurrentIndex(1);
    dialog->setCheck([path] {
        if (path->text().isEmpty())
            return tr("Choose an export file, or a file of commands.");
        return QFileInfo(path->text()).isFile() ? QString() : tr("File not found.");
    });
    dialog->setNote([] {
        return tr("Each value is stored under its key in one step, once it is complete. A file of commands is executed "
                  "line by line.");
    });
    connect(dialog, &JobDialog::agreed, this, [this, dialog, path, what, conflict, database] {
        ImportRequest request;
        request.path = path->text();
        request.database = database;
        request.dryRun = what->currentData().toBool();
        request.conflict = OnConflict(conflict->currentData().toInt());
        request.perSecond = dialog->perSecond();
        runImport(request);
    });
    dialog->open();
}

void KeyJobs::runImport(const ImportRequest &request)
{
    if (!m_context.door())
        return;
    if (m_strip.isRunning()) {
        tellBusy();
        return;
    }
    const QString file = QFileInfo(request.path).fileName();
    BulkTask task = bulkTask<ImportJob>(m_context.sharedDoor(), request);
    task.title = request.dryRun ? tr("Check %1").arg(file) : tr("Import %1").arg(file);
    task.changedWords = request.dryRun ? tr("%1 would be written") : tr("%1 written");
    task.untouchedWords = tr("%1 already exist, or had expired");
    if (!request.dryRun) {
        task.owner = this;
        task.atEnd = [this](const BulkProgress &) { Q_EMIT keysChanged(); };
        task.replace = [this, request](const QByteArrayList &keys) {
            ImportRequest again = request;
            again.conflict = OnConflict::Replace;
            again.onlyKeys = keys;
            runImport(again);
        };
    }
    m_strip.start(std::move(task));
}

void KeyJobs::askForCopy(const QByteArrayList &keys, int database)
{
    const QString count = groupedNumber(keys.size());
    const QList<OtherConnection> others = m_context.others();
    QList<QPair<QString, QVariant>> names;
    for (const OtherConnection &other : others)
        names.append({other.readOnly ? tr("%1 (read-only)").arg(other.title) : other.title, QVariant()});
    auto *dialog = new JobDialog(tr("Copy %1 keys").arg(count), tr("Copy"), m_parent);
    auto *target = dialog->addChoice(tr("To"), names);
    QLineEdit *number = dialog->addField(tr("Database"), u"0"_s);
    auto *conflict = dialog->addChoice(tr("If a key exists"), conflictChoices());
    dialog->setCheck([others, target, number] {
        if (others.isEmpty())
            return tr("First open the target connection in another tab.");
        const OtherConnection &chosen = others.at(target->currentIndex());
        const auto door = chosen.door.lock();
        if (!door)
            return tr("This connection was closed.");
        if (chosen.readOnly)
            return tr("This connection is read-only.");
        if (door->state() != SessionState::Ready)
            return tr("This connection is not connected.");
        bool isNumber = false;
        return number->text().toUInt(&isNumber) <= 65'535 && isNumber ? QString()
                                                                      : tr("Enter the number of a database.");
    });
    dialog->setNote([] {
        return tr("Values are copied unchanged (DUMP, RESTORE) if a first key shows that the target accepts them, "
                  "otherwise element by element. Times to live stay, and each copy is read again and compared.");
    });
    connect(dialog, &JobDialog::agreed, this, [this, dialog, others, target, number, conflict, keys, database, count] {
        const OtherConnection chosen = others.at(target->currentIndex());
        const auto targetDoor = chosen.door.lock();
        if (!m_context.door() || !targetDoor)
            return;
        CopyRequest request;
        request.keys = keys;
        request.database = database;
        request.targetDatabase = number->text().toInt();
        request.conflict = OnConflict(conflict->currentData().toInt());
        request.perSecond = dialog->perSecond();
        // both sessions live in the same thread, and the target's session is fetched before the job starts
        const auto session = std::make_shared<QPointer<ClusterSession>>();
        targetDoor->withSession([session](ClusterSession &found) { *session = &found; });
        BulkTask task = bulkTask<CopyJob>(m_context.sharedDoor(), request,
                                          [session](CopyRequest &prepared) { prepared.target = *session; });
        task.doors.append(targetDoor);
        task.title = tr("Copy %1 keys to %2").arg(count, chosen.title);
        task.changedWords = tr("%1 copied and compared");
        task.untouchedWords = tr("%1 already exist there, or were gone");
        task.connection = chosen.title;
        task.total = keys.size();
        m_strip.start(std::move(task));
    });
    dialog->open();
}

} // namespace slotscope
