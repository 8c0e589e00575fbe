// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysisreport.h"
#include "core/base/result.h"

#include <QSet>

namespace slotscope {

/// An entry in the list of stored reports.
struct StoredReport
{
    QString path;
    qint64 startedAt = 0; ///< ms since 1970
    qint64 keys = 0, bytes = 0;
    QString cluster, scope; ///< scope: description of the selected keys; empty: all keys
    bool isPartial = false;
};

struct ReportList
{
    QList<StoredReport> reports; ///< newest first
    QStringList unreadable; ///< files that do not start like a report, so that their cluster is unknown
};

/// Stores each report as a file in a folder only this user can read, because reports contain key names. Not for the GUI
/// thread.
class ReportStore final
{
public:
    static constexpr int mostReports = 100; ///< limit for all clusters; beyond it, the oldest are deleted
    static constexpr qsizetype mostBytes = 64 * 1024 * 1024; ///< limit for a file

    explicit ReportStore(QString folder) : m_folder(std::move(folder)) { }
    [[nodiscard]] static QString usualFolder();
    [[nodiscard]] const QString &folder() const { return m_folder; }

    /// Lists the reports of the cluster with these nodes; without cluster mode, those with this name.
    [[nodiscard]] ReportList list(const QSet<QByteArray> &nodes, const QString &cluster) const;
    /// Reads a stored report, or JSON as written by `analyse --json` and the window. The file is not changed.
    [[nodiscard]] static Result<AnalysisReportPtr> readFile(const QString &path);
    /// Reads a report. A damaged file is renamed to ".aside", and the error says so.
    [[nodiscard]] Result<AnalysisReportPtr> read(const QString &path) const;
    [[nodiscard]] Result<StoredReport> save(const AnalysisReport &report) const;

private:
    QString m_folder;
};

/// Describes a scope: "session:* · hash · slots 0-99"; empty: all keys.
[[nodiscard]] QString scopeWords(const AnalysisScope &scope);

} // namespace slotscope
