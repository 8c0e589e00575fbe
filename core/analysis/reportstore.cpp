// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/reportstore.h"

#include "core/analysis/reportjson.h"
#include "core/base/bytesjson.h"
#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/cluster/samecluster.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString reportFiles = u"*.report"_s;
constexpr qsizetype longestHead = 256 * 1024;

/// The first line of a file: the data for the list, so that listing need not read whole reports.
QJsonObject headOf(const AnalysisReport &report)
{
    QJsonArray nodes;
    for (const QByteArray &node : report.scope.nodes)
        nodes.append(jsonOfBytes(node));
    return {{u"slotscopeReport"_s, reportVersion},
            {u"startedAt"_s, report.outcome.startedAt},
            {u"keys"_s, report.sum.keys},
            {u"bytes"_s, report.sum.bytes},
            {u"cluster"_s, report.scope.cluster},
            {u"scope"_s, scopeWords(report.scope)},
            {u"partial"_s, report.outcome.isPartial()},
            {u"nodes"_s, nodes}};
}

StoredReport storedOf(const QJsonObject &head, const QString &path)
{
    return {.path = path,
            .startedAt = head[u"startedAt"_s].toInteger(),
            .keys = head[u"keys"_s].toInteger(),
            .bytes = head[u"bytes"_s].toInteger(),
            .cluster = head[u"cluster"_s].toString(),
            .scope = head[u"scope"_s].toString(),
            .isPartial = head[u"partial"_s].toBool()};
}

/// Whether it is a report exported for other programs, without the first line of stored ones.
bool isWithoutHead(const QByteArray &bytes)
{
    const QByteArray line = bytes.left(std::min(bytes.indexOf('\n'), longestHead));
    return !QJsonDocument::fromJson(line).object().contains(u"slotscopeReport"_s);
}

Result<AnalysisReport> parsedReport(const QByteArray &bytes)
{
    const qsizetype end = isWithoutHead(bytes) ? -1 : bytes.indexOf('\n');
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(bytes.mid(end + 1), &problem);
    if (!document.isObject())
        return failure(Error::Code::Parse, tr("the report is damaged: %1").arg(problem.errorString()));
    return reportFromJson(document.object());
}

} // namespace

QString scopeWords(const AnalysisScope &scope)
{
    QStringList words;
    if (!scope.only.isEmpty())
        words.append(tr("only %1").arg(scope.only));
    if (!scope.pattern.isEmpty())
        words += toDisplay(scope.pattern);
    if (!scope.type.isEmpty())
        words += toDisplay(scope.type);
    if (!scope.slotsOnly.isEmpty())
        words += tr("slots %1").arg(scope.slotsOnly);
    if (scope.database > 0)
        words += tr("database %1").arg(scope.database);
    return words.join(u" · "_s);
}

QString ReportStore::usualFolder()
{
    return dataFolder("SLOTSCOPE_REPORTS", u"reports"_s);
}

ReportList ReportStore::list(const QSet<QByteArray> &nodes, const QString &cluster) const
{
    ReportList list;
    QList<StoredReport> &found = list.reports;
    const QFileInfoList files = QDir(m_folder).entryInfoList({reportFiles}, QDir::Files);
    for (const QFileInfo &file : files) {
        QFile opened(file.filePath());
        const bool isOpen = !file.isSymLink() && opened.open(QIODevice::ReadOnly);
        const QByteArray line = isOpen ? opened.readLine(longestHead) : QByteArray();
        const QJsonObject head = QJsonDocument::fromJson(line).object();
        if (!head.contains(u"slotscopeReport"_s)) {
            list.unreadable.append(file.filePath());
            continue;
        }
        QSet<QByteArray> of;
        const QJsonArray ids = head[u"nodes"_s].toArray();
        for (const auto &node : ids)
            of.insert(bytesOfJson(node).value_or(QByteArray()));
        // without cluster mode there are no node ids, so compare names
        const bool isNamed = of.isEmpty() || nodes.isEmpty();
        if (isNamed ? head[u"cluster"_s].toString() == cluster : isSameCluster(of, nodes))
            found.append(storedOf(head, file.filePath()));
    }
    std::stable_sort(found.begin(), found.end(), [](const StoredReport &left, const StoredReport &right) {
        return left.startedAt > right.startedAt;
    });
    return list;
}

Result<AnalysisReportPtr> ReportStore::readFile(const QString &path)
{
    const auto bytes = readOwnFile(path, mostBytes);
    if (!bytes)
        return failure(bytes.error());
    auto report = parsedReport(*bytes);
    if (!report)
        return failure(report.error());
    return std::make_shared<const AnalysisReport>(std::move(*report));
}

Result<AnalysisReportPtr> ReportStore::read(const QString &path) const
{
    auto report = readFile(path);
    if (report || report.error().code != Error::Code::Parse)
        return report;
    const auto bytes = readOwnFile(path, mostBytes);
    if (!bytes)
        return failure(bytes.error());
    const QString aside = path + u".aside"_s;
    const bool isNewer =
        QJsonDocument::fromJson(bytes->left(bytes->indexOf('\n')))[u"slotscopeReport"_s].toInt() > reportVersion;
    if (isNewer)
        return failure(report.error());
    QFile::remove(aside);
    if (!QFile::rename(path, aside))
        return failure(report.error());
    return failure(Error::Code::Parse, tr("%1. It was moved aside as %2.").arg(report.error().detail, aside));
}

Result<StoredReport> ReportStore::save(const AnalysisReport &report) const
{
    if (const auto folder = makeOwnFolder(m_folder); !folder)
        return failure(folder.error());
    const QFileInfoList files = QDir(m_folder).entryInfoList({reportFiles}, QDir::Files, QDir::Time);
    for (qsizetype i = mostReports - 1; i < files.size(); ++i)
        QFile::remove(files[i].filePath());
    const QString when =
        QDateTime::fromMSecsSinceEpoch(report.outcome.startedAt, Qt::UTC).toString(u"yyyyMMdd-HHmmss"_s);
    const QString path = u"%1/%2-%3.report"_s.arg(m_folder, when)
                             .arg(QRandomGenerator::global()->generate() & 0xFFFFFFU, 6, 16, QLatin1Char('0'));
    const QJsonObject head = headOf(report);
    const QByteArray bytes = QJsonDocument(head).toJson(QJsonDocument::Compact) + '\n'
        + QJsonDocument(reportToJson(report)).toJson(QJsonDocument::Compact) + '\n';
    if (const auto written = replaceFile(path, bytes); !written)
        return failure(written.error());
    return storedOf(head, path);
}

} // namespace slotscope
