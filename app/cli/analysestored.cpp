// SPDX-License-Identifier: GPL-3.0-or-later
// Reports that were made before: which there are, one of them, and what changed since.
#include "analysewords.h"

#include "core/analysis/reportcomparison.h"
#include "core/base/bytesjson.h"
#include "core/base/text.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

#include <utility>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString momentText(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString changeKind(ReportChange::Kind kind)
{
    switch (kind) {
    case ReportChange::Kind::All: return u"all"_s;
    case ReportChange::Kind::Type: return u"type"_s;
    case ReportChange::Kind::Namespace: return u"namespace"_s;
    case ReportChange::Kind::Key: return u"key"_s;
    }
    return {};
}

QJsonObject jsonOfSum(const KeySum &sum)
{
    return {{u"keys"_s, sum.keys}, {u"bytes"_s, sum.bytes}};
}

QJsonObject jsonOfChange(const ReportChange &change)
{
    QJsonObject object{{u"kind"_s, changeKind(change.kind)},
                       {u"name"_s, jsonOfBytes(change.name)},
                       {u"before"_s, change.isUnknownBefore ? QJsonValue() : jsonOfSum(change.before)},
                       {u"after"_s, change.isUnknownAfter ? QJsonValue() : jsonOfSum(change.after)}};
    if (!change.isUnknownBefore && !change.isUnknownAfter) {
        object[u"bytes"_s] = change.bytes();
        object[u"keys"_s] = change.keys();
    }
    return object;
}

QJsonObject jsonOfSide(const AnalysisReport &report)
{
    QJsonObject object = jsonOfSum(report.sum);
    object[u"startedAt"_s] = report.outcome.startedAt;
    object[u"scope"_s] = scopeWords(report.scope);
    object[u"partial"_s] = report.outcome.isPartial();
    return object;
}

QString sideText(const KeySum &sum, bool isUnknown)
{
    return isUnknown ? u"not reported"_s : sum.keys == 0 ? u"none"_s : byteSize(sum.bytes);
}

QString withSign(qint64 number, const QString &text)
{
    return number < 0 ? u'-' + text : number > 0 ? u'+' + text : text;
}

QString changesText(const QList<ReportChange> &changes, int top)
{
    QList<QStringList> rows{{u"what"_s, u"before"_s, u"after"_s, u"change"_s, u"keys"_s, u"name"_s}};
    QMap<ReportChange::Kind, int> told;
    for (const ReportChange &change : changes) {
        if (++told[change.kind] > top)
            continue;
        const bool isSure = !change.isUnknownBefore && !change.isUnknownAfter;
        const qint64 bytes = change.bytes(), keys = change.keys();
        rows.append({changeKind(change.kind), sideText(change.before, change.isUnknownBefore),
                     sideText(change.after, change.isUnknownAfter),
                     (isSure ? QString() : u"≈ "_s) + withSign(bytes, byteSize(std::abs(bytes))),
                     change.kind == ReportChange::Kind::Key ? QString() : withSign(keys, groupedNumber(std::abs(keys))),
                     QString::fromUtf8(change.name.isEmpty() ? QByteArray() : nameText(change.name))});
    }
    return tableText(rows, {1, 2, 3, 4});
}

} // namespace

ReportList storedReports(const Opened &opened)
{
    QSet<QByteArray> nodes;
    if (opened.view && opened.view->cluster)
        for (const NodeState &node : opened.view->nodes)
            nodes.insert(node.id);
    return ReportStore(ReportStore::usualFolder()).list(nodes, opened.target.title());
}

int listReports(const Opened &opened, bool json)
{
    const ReportList list = storedReports(opened);
    for (const QString &path : list.unreadable)
        printAside(u"%1 is not a readable report\n"_s.arg(path));
    if (json) {
        QJsonArray reports;
        for (const StoredReport &stored : list.reports)
            reports.append(QJsonObject{{u"file"_s, stored.path},
                                       {u"startedAt"_s, stored.startedAt},
                                       {u"keys"_s, stored.keys},
                                       {u"bytes"_s, stored.bytes},
                                       {u"cluster"_s, stored.cluster},
                                       {u"scope"_s, stored.scope},
                                       {u"partial"_s, stored.isPartial}});
        printJson({{u"reports"_s, reports}, {u"unreadable"_s, QJsonArray::fromStringList(list.unreadable)}});
        return exitDone;
    }
    QList<QStringList> rows{{u"made"_s, u"keys"_s, u"memory"_s, u"of"_s, u"file"_s}};
    for (const StoredReport &stored : list.reports)
        rows.append(
            {momentText(stored.startedAt), groupedNumber(stored.keys), byteSize(stored.bytes),
             (stored.scope.isEmpty() ? u"all keys"_s : stored.scope) + (stored.isPartial ? u", a part"_s : QString()),
             QFileInfo(stored.path).fileName()});
    printOut(list.reports.isEmpty() ? u"no report of this cluster is saved"_s : tableText(rows, {1, 2}));
    return exitDone;
}

Result<AnalysisReportPtr> reportNamed(const QString &word, const Opened &opened)
{
    if (word == u"last") {
        const ReportList list = storedReports(opened);
        if (list.reports.isEmpty())
            return failure(Error::Code::InvalidArgument, u"no report of this cluster is saved (analyse --save)"_s);
        return ReportStore::readFile(list.reports.front().path);
    }
    const QString stored = QDir(ReportStore::usualFolder()).filePath(word);
    const bool isName = !word.contains(u'/') && !QFile::exists(word) && QFile::exists(stored);
    auto report = ReportStore::readFile(isName ? stored : word);
    if (!report && report.error().code == Error::Code::Parse)
        return failure(Error::Code::Parse, u"%1: %2"_s.arg(word, report.error().detail));
    return report;
}

void printComparison(const AnalysisReportPtr &one, const AnalysisReportPtr &other, int top, bool json)
{
    AnalysisReportPtr before = one, after = other;
    if (before->outcome.startedAt > after->outcome.startedAt)
        std::swap(before, after);
    const QList<ReportChange> changes = compared(*before, *after);
    const QString unlike = unlikeness(*before, *after);
    if (json) {
        QJsonArray list;
        for (const ReportChange &change : changes)
            list.append(jsonOfChange(change));
        printJson({{u"before"_s, jsonOfSide(*before)},
                   {u"after"_s, jsonOfSide(*after)},
                   {u"unlike"_s, unlike},
                   {u"changes"_s, list}});
    } else {
        const auto side = [](const AnalysisReport &report) {
            return u"%1 · %2 keys, %3"_s.arg(momentText(report.outcome.startedAt), groupedNumber(report.sum.keys),
                                             byteSize(report.sum.bytes));
        };
        printOut(u"before  %1\nafter   %2, %3 later\n\n%4"_s.arg(
            side(*before), side(*after), duration(after->outcome.startedAt - before->outcome.startedAt),
            changesText(changes, top)));
    }
    if (!unlike.isEmpty())
        printAside(unlike + u'\n');
}

} // namespace slotscope::cli
