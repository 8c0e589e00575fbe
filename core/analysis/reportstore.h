// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/base/result.h"

#include <QSet>

namespace slotscope {

/// What the list of stored reports tells of one.
struct StoredReport
{
    QString path;
    qint64 startedAt = 0; ///< ms since 1970
    qint64 keys = 0, bytes = 0;
    QString cluster, scope; ///< scope: what was chosen, in words; empty: all keys
    bool isPartial = false;
};

struct ReportList
{
    QList<StoredReport> reports; ///< newest first
    QStringList unreadable; ///< files that do not begin as a report does; whose they are is not known
};

/// Reports as files, one each, in a folder of the user's alone: names of keys are data. Not for the GUI thread.
class ReportStore final
{
public:
    static constexpr int mostReports = 100; ///< of all clusters; the oldest go
    static constexpr qsizetype mostBytes = 64 * 1024 * 1024; ///< of a file

    explicit ReportStore(QString folder) : m_folder(std::move(folder)) { }
    [[nodiscard]] static QString usualFolder();
    [[nodiscard]] const QString &folder() const { return m_folder; }

    /// Those of the cluster with these nodes, or where it has none in common of this name.
    [[nodiscard]] ReportList list(const QSet<QByteArray> &nodes, const QString &cluster) const;
    /// A stored report, or JSON as `analyse --json` and the window write it; the file is only read.
    [[nodiscard]] static Result<AnalysisReportPtr> readFile(const QString &path);
    /// A file that is damaged is set aside (".aside"), and the error says so.
    [[nodiscard]] Result<AnalysisReportPtr> read(const QString &path) const;
    [[nodiscard]] Result<StoredReport> save(const AnalysisReport &report) const;

private:
    QString m_folder;
};

/// "session:* · hash · slots 0-99"; empty: all keys.
[[nodiscard]] QString scopeWords(const AnalysisScope &scope);

} // namespace slotscope
