// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/auditreader.h"

#include "core/audit/auditfile.h"
#include "core/base/ownfiles.h"

#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qint64 slice = 512 * 1024;
constexpr qint64 orderSlackMs = 3'600'000; // lines are in the order of writing, and a slow command is written late
constexpr qsizetype longestLine = 256 * 1024; // our own lines are much shorter

/// A fast test before parsing: whether the line can match at all. Our lines contain the result without blanks.
bool mayFit(const QByteArray &line, const AuditFilter &filter)
{
    return !filter.result || line.contains('"' + QByteArray(nameOf(*filter.result).data()) + '"');
}

/// Takes the lines of a slice that ends at a line end, last one first. Returns false if no further slice is needed.
bool takeSlice(const QByteArray &bytes, qint64 begin, const AuditFilter &filter, qsizetype most, AuditWindow &window)
{
    for (qsizetype end = bytes.size(); end > 0;) {
        const qsizetype before = end >= 2 ? bytes.lastIndexOf('\n', end - 2) : -1;
        const QByteArray line = bytes.mid(before + 1, end - before - 1).trimmed();
        end = before + 1;
        if (line.isEmpty())
            continue;
        if (!mayFit(line, filter))
            continue;
        const auto entry = auditEntryOf(line);
        if (entry && filter.since != 0 && entry->at < filter.since - orderSlackMs) {
            window.isWhole = true; // all earlier lines are older than `since`
            return false;
        }
        if (!entry)
            ++window.damaged;
        else if (filter.accepts(*entry))
            window.entries.append(*entry);
        window.next.offset = begin + end;
        if (window.entries.size() >= most)
            return false;
    }
    return true;
}

/// Reads a file backwards. Returns false if no further lines are needed, or the file could not be read. A line that
/// starts before the slice is completed with the next slice.
bool readBackwards(const QString &path, const AuditFilter &filter, qsizetype most, const std::stop_token &stop,
                   AuditWindow &window)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        if (file.exists())
            window.error = Error{.code = Error::Code::Io,
                                 .detail = path + u": "_s + file.errorString(),
                                 .serverPrefix = {},
                                 .node = {},
                                 .command = {}};
        return true; // the file was renamed meanwhile, so its lines are read from another file
    }
    qint64 end = window.next.offset < 0 ? file.size() : std::min(window.next.offset, file.size());
    QByteArray rest;
    while (end > 0 && !stop.stop_requested()) {
        const qint64 begin = std::max<qint64>(0, end - slice);
        file.seek(begin);
        QByteArray bytes = file.read(end - begin) + rest;
        const qsizetype whole = begin == 0 ? 0 : bytes.indexOf('\n') + 1;
        rest = bytes.left(whole);
        if (rest.size() > longestLine) {
            rest.clear();
            ++window.damaged;
        }
        if (!takeSlice(bytes.mid(whole), begin + whole, filter, most, window))
            return false;
        end = begin;
    }
    return !stop.stop_requested();
}

} // namespace

AuditWindow readAuditWindow(const QString &folder, const AuditFilter &filter, const AuditPlace &from, qsizetype most,
                            const std::stop_token &stop)
{
    AuditWindow window;
    window.next = from;
    QStringList files = AuditFiles::in(folder);
    while (!files.isEmpty() && !from.file.isEmpty() && files.constLast() != from.file)
        files.removeLast();
    while (!files.isEmpty()) {
        const QString file = files.takeLast();
        if (window.next.file != file)
            window.next = {.file = file, .offset = -1};
        if (!readBackwards(file, filter, most, stop, window))
            return window;
    }
    window.isWhole = true;
    return window;
}

AuditWalk walkAudit(const QString &folder, const AuditFilter &filter,
                    const std::function<bool(const AuditEntry &, const QByteArray &line)> &take)
{
    AuditWalk walk;
    const QStringList files = AuditFiles::in(folder);
    for (const QString &path : files) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            walk.error = Error{.code = Error::Code::Io,
                               .detail = path + u": "_s + file.errorString(),
                               .serverPrefix = {},
                               .node = {},
                               .command = {}};
            continue;
        }
        while (!file.atEnd()) {
            const QByteArray line = file.readLine(longestLine).trimmed();
            if (line.isEmpty() || !mayFit(line, filter))
                continue;
            const auto entry = auditEntryOf(line);
            if (!entry) {
                ++walk.damaged;
                continue;
            }
            if (!filter.accepts(*entry))
                continue;
            ++walk.entries;
            if (!take(*entry, line))
                return walk;
        }
    }
    return walk;
}

} // namespace slotscope
