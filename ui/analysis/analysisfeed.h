// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analyser.h"
#include "core/analysis/keysizesreader.h"
#include "core/analysis/rdbanalysis.h"
#include "core/analysis/reportstore.h"
#include "core/session/remote.h"

#include <QObject>
#include <QTimer>

namespace slotscope {

class PageContext;

/// The analyses of a connection: the running one and the stored ones. Files are read and written in other threads.
/// Reading RDB files needs no session and continues when the session changes. GUI thread.
class AnalysisFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisFeed)
public:
    explicit AnalysisFeed(PageContext &context, QObject *parent = nullptr);
    ~AnalysisFeed() override;

    void start(AnalysisRequest request);
    /// Analyses RDB files in place of the servers. The report is shown but not stored, because its cluster is not
    /// known.
    void startFiles(const QStringList &paths);
    void pause(); ///< has no effect on an analysis of files
    void goOn();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] const AnalysisProgress &progress() const { return m_progress; }
    [[nodiscard]] const AnalysisRequest &request() const { return m_request; }
    [[nodiscard]] RdbAnalysisProgress filesProgress() const; ///< valid during Step::Files

    /// Reads the sizes of all keys from the primaries again (INFO keysizes) and emits sizesChanged.
    void readSizes();
    [[nodiscard]] const ClusterKeySizesPtr &sizes() const { return m_sizes; } ///< null: not reported yet

    /// Reads the list of stored reports again; opens the newest one if no report is shown.
    void readList();
    [[nodiscard]] const QList<StoredReport> &stored() const { return m_stored; }
    /// Files in the folder of reports that are not valid reports.
    [[nodiscard]] const QStringList &unreadable() const { return m_unreadable; }
    void open(const QString &path);
    void remove(const QString &path);
    /// Reads a second report, for comparison with the one shown.
    void readFor(const QString &path, std::function<void(const Result<AnalysisReportPtr> &)> then);
    [[nodiscard]] const AnalysisReportPtr &report() const { return m_report; } ///< report shown; null: none
    [[nodiscard]] const QString &path() const { return m_path; } ///< file of the report shown; empty: it is not stored

Q_SIGNALS:
    void progressChanged();
    void runningChanged();
    void reportChanged();
    void storedChanged();
    void sizesChanged();
    void failed(const slotscope::Error &error); ///< an analysis or reading a file failed

private:
    void takeDoor();
    void takeList(const QList<StoredReport> &stored);
    void takeFiles(const Result<AnalysisReportPtr> &result);
    void end();
    void finish(const Result<AnalysisReportPtr> &result);
    void show(const AnalysisReportPtr &report, const QString &path);
    void store(const AnalysisReportPtr &report);
    void endFiles();

    PageContext &m_context;
    ReportStore m_files;
    std::unique_ptr<Remote<Analyser>> m_analyser; ///< null without a session
    std::unique_ptr<Remote<KeySizesReader>> m_sizesReader; ///< null without a session
    ClusterKeySizesPtr m_sizes;
    AnalysisRequest m_request;
    AnalysisProgress m_progress;
    bool m_isRunning = false;
    struct Files;
    std::shared_ptr<Files> m_reading; ///< shared with the thread that reads the files; null: no files are being read
    QTimer m_look; ///< polls m_reading
    bool m_isOfFormerSession = false; ///< whether the report shown is of an earlier session
    /// counters that identify the newest request, so that results of older ones are dropped
    quint64 m_run = 0, m_list = 0, m_file = 0, m_sizing = 0;
    QList<StoredReport> m_stored;
    QStringList m_unreadable;
    AnalysisReportPtr m_report;
    QString m_path;
};

} // namespace slotscope
