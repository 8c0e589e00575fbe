// SPDX-License-Identifier: GPL-3.0-or-later
// What this user's programs have changed on servers: the audit log. Needs no server.
#include "command.h"

#include "core/audit/auditfile.h"
#include "core/audit/auditreader.h"
#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QDateTime>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

enum class AuditForm : quint8 { Text, Json, Csv };

struct AuditOptions
{
    AuditFilter filter;
    qint64 newest = 0; ///< number of newest entries to show; 0: all
    AuditForm form = AuditForm::Text;
    bool help = false;
};

QString auditHelp()
{
    return u"slotscope-cli audit [OPTION]…\n\n"
           "What slotscope and slotscope-cli have sent from this account that may change a server: when, where, who,\n"
           "what, and the result; the oldest first. Passwords are never recorded. Needs no server.\n\n"
           "  --since TIME      from then on: 2026-11-29, 2026-11-29T18:00 (with Z: UTC), or 90s, 15m, 2h, 7d ago\n"
           "  --until TIME      before then\n"
           "  --cluster NAME    part of the connection's name or of its addresses\n"
           "  --node NODE       part of a node's address, or the start of its id\n"
           "  --find WORD       text in the command, user, error or part of the program (may be repeated)\n"
           "  --name COMMAND    start of the command: SET, \"CONFIG SET\"\n"
           "  --result RESULT   done, failed, unknown, not-sent, refused, queued or lost\n"
           "  --count N         only the newest N\n"
           "  --csv             as CSV; --json: one JSON object per line, as in the log's files\n\n"
           "unknown: the connection was lost, so that it may have been executed. Exit code 1 where nothing was found\n"
           "or a part of the log could not be read. docs/audit-log.md describes the format of the files."_s;
}

/// Applies an option that takes a value. Returns an error if the option does not accept the value.
Result<> takeAuditValue(const QString &option, const QString &value, AuditOptions &options)
{
    AuditFilter &filter = options.filter;
    if (option == u"--since" || option == u"--until") {
        const auto time = timeOf(value, QDateTime::currentMSecsSinceEpoch());
        if (!time)
            return failure(time.error());
        (option == u"--since" ? filter.since : filter.until) = *time;
    } else if (option == u"--cluster") {
        filter.cluster = value;
    } else if (option == u"--node") {
        filter.node = value;
    } else if (option == u"--find") {
        filter.words.append(value);
    } else if (option == u"--name") {
        filter.command = value;
    } else if (option == u"--result") {
        filter.result = auditResultNamed(value.toUtf8());
        if (!filter.result)
            return failure(Error::Code::InvalidArgument,
                           u"--result must be done, failed, unknown, not-sent, refused, queued or lost"_s);
    } else {
        const auto count = toInteger(value.toUtf8());
        if (!count || *count < 1)
            return failure(Error::Code::InvalidArgument, u"--count needs a number, at least 1"_s);
        options.newest = *count;
    }
    return {};
}

Result<AuditOptions> readAuditOptions(const QStringList &words)
{
    static const QStringList withValue{u"--since"_s, u"--until"_s, u"--cluster"_s, u"--node"_s,
                                       u"--find"_s,  u"--name"_s,  u"--result"_s,  u"--count"_s};
    AuditOptions options;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (withValue.contains(word)) {
            if (++i == words.size())
                return failure(Error::Code::InvalidArgument, u"%1 needs a value"_s.arg(word));
            if (const Result<> taken = takeAuditValue(word, words[i], options); !taken)
                return failure(taken.error());
        } else if (word == u"--csv") {
            options.form = AuditForm::Csv;
        } else if (word == u"--help" || word == u"-h") {
            options.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"unknown argument “%1”"_s.arg(word));
        }
    }
    return options;
}

QString resultWords(const AuditEntry &entry)
{
    QString words = QString(nameOf(entry.result));
    if (entry.failed > 0 && entry.count > 1)
        words += u" %1 of %2"_s.arg(groupedNumber(entry.failed), groupedNumber(entry.count));
    if (!entry.error.isEmpty())
        words += u": "_s + entry.error;
    return words;
}

QString textOf(const AuditEntry &entry)
{
    const QString when = QDateTime::fromMSecsSinceEpoch(entry.at).toString(u"yyyy-MM-dd hh:mm:ss.zzz"_s);
    QString what = entry.line();
    if (entry.count > 1)
        what += u"  (%1 of them)"_s.arg(groupedNumber(entry.count));
    const QString where = entry.address.isEmpty() ? entry.cluster : entry.address;
    const QString who = entry.user + (entry.user.isEmpty() ? u""_s : u" · "_s) + entry.osUser + u'@' + entry.host;
    return QStringList{when, where, who, entry.from, what, resultWords(entry)}.join(u"  "_s);
}

void printAudited(const AuditEntry &entry, const QByteArray &line, AuditForm form)
{
    if (form == AuditForm::Json)
        printOut(line);
    else if (form == AuditForm::Csv)
        printOut(csvOf(entry));
    else
        printOut(textOf(entry));
}

} // namespace

QCoro::Task<int> runAudit(Context context)
{
    auto options = readAuditOptions(context.arguments);
    if (!options)
        co_return usageError(u"audit: "_s + options.error().detail);
    if (options->help) {
        printOut(auditHelp());
        co_return exitDone;
    }
    if (context.json)
        options->form = AuditForm::Json;
    if (options->form == AuditForm::Csv)
        printOut(auditCsvTitles());
    const AuditForm form = options->form;
    const qint64 newest = options->newest;
    std::deque<std::pair<AuditEntry, QByteArray>> last;
    const AuditWalk walk = walkAudit(AuditFiles::defaultFolder(), options->filter,
                                     [&last, form, newest](const AuditEntry &entry, const QByteArray &line) {
                                         if (newest == 0) {
                                             printAudited(entry, line, form);
                                             return true;
                                         }
                                         last.emplace_back(entry, line);
                                         if (qint64(last.size()) > newest)
                                             last.pop_front();
                                         return true;
                                     });
    for (const auto &[entry, line] : last)
        printAudited(entry, line, form);
    if (walk.error)
        printError(*walk.error);
    if (walk.damaged > 0)
        printError(u"%1 lines of the log could not be read and were skipped"_s.arg(groupedNumber(walk.damaged)));
    if (walk.entries == 0)
        printAside(u"No entry of the audit log in %1 matches.\n"_s.arg(AuditFiles::defaultFolder()));
    co_return walk.entries == 0 || walk.damaged > 0 || walk.error ? exitFailed : exitDone;
}

} // namespace slotscope::cli
