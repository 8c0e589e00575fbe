// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditfilter.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

bool hasPart(const QString &text, const QString &part)
{
    return text.contains(part, Qt::CaseInsensitive);
}

/// Formats a CSV cell so that a spreadsheet does not take it for a formula.
QString csvCell(QString text)
{
    if (!text.isEmpty() && u"=+-@\t"_s.contains(text.front()))
        text.prepend(u'\'');
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

} // namespace

bool AuditFilter::accepts(const AuditEntry &entry) const
{
    if ((since != 0 && entry.at < since) || (until != 0 && entry.at >= until) || (result && entry.result != *result))
        return false;
    if (of && !of->nodes.contains(entry.nodeId) && entry.seeds != of->seeds && entry.cluster != of->name
        && entry.result != AuditEntry::Result::Lost)
        return false;
    if (!cluster.isEmpty() && !hasPart(entry.cluster, cluster) && !hasPart(entry.seeds, cluster))
        return false;
    if (!node.isEmpty() && !hasPart(entry.address, node) && !entry.nodeId.startsWith(node.toUtf8()))
        return false;
    if (!command.isEmpty() && !entry.line().startsWith(command, Qt::CaseInsensitive))
        return false;
    if (words.isEmpty())
        return true;
    const QString all = QStringList{entry.line(), entry.user,    entry.osUser,  entry.from,
                                    entry.error,  entry.address, entry.cluster, entry.program}
                            .join(u'\n');
    return std::all_of(words.begin(), words.end(), [&all](const QString &word) { return hasPart(all, word); });
}

Result<qint64> timeOf(const QString &text, qint64 now)
{
    constexpr qint64 second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
    const QString trimmed = text.trimmed();
    const QChar unit = trimmed.isEmpty() ? QChar() : trimmed.back();
    const auto number = toInteger(trimmed.chopped(trimmed.isEmpty() ? 0 : 1).toUtf8());
    const qint64 scale = unit == u's' ? second : unit == u'm' ? minute : unit == u'h' ? hour : unit == u'd' ? day : 0;
    constexpr qint64 most = 100'000;
    if (scale > 0 && number && *number >= 0 && *number <= most * (day / scale))
        return now - *number * scale;
    const QDateTime time = QDateTime::fromString(trimmed, Qt::ISODateWithMs);
    if (time.isValid())
        return time.toMSecsSinceEpoch();
    return failure(
        Error::Code::InvalidArgument,
        tr("“%1” is not a time: 2026-11-29, 2026-11-29T18:00, with Z for UTC, or how long ago: 90s, 15m, 2h, 7d")
            .arg(text));
}

QByteArray auditCsvTitles()
{
    return "time,cluster,node,address,database,user,os user,host,program,from,command,count,result,failed,error,"
           "microseconds";
}

QByteArray csvOf(const AuditEntry &entry)
{
    const QStringList cells{QDateTime::fromMSecsSinceEpoch(entry.at, Qt::UTC).toString(Qt::ISODateWithMs),
                            entry.cluster,
                            QString::fromLatin1(entry.nodeId),
                            entry.address,
                            QString::number(entry.database),
                            entry.user,
                            entry.osUser,
                            entry.host,
                            entry.program,
                            entry.from,
                            entry.line(),
                            QString::number(entry.count),
                            QString(nameOf(entry.result)),
                            QString::number(entry.failed),
                            entry.error,
                            entry.microseconds < 0 ? QString() : QString::number(entry.microseconds)};
    QStringList quotedCells;
    for (const QString &cell : cells)
        quotedCells.append(csvCell(cell));
    return quotedCells.join(u',').toUtf8();
}

} // namespace slotscope
