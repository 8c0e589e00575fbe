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

/// The analyses of a connection: the one that runs, and those that are stored. Files are read and written on other
/// threads. RDB files need no session: their reading goes on through a change of it. GUI thread.
class AnalysisFeed final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AnalysisFeed)
public:
    explicit AnalysisFeed(PageContext &context, QObject *parent = nullptr);
    ~AnalysisFeed() override;

    void start(AnalysisRequest request);
    /// RDB files in place of the servers; their report is shown, and not stored: whose they are is not known.
    void startFiles(const QStringList &paths);
    void pause(); ///< not of files
    void goOn();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] const AnalysisProgress &progress() const { return m_progress; }
    [[nodiscard]] const AnalysisRequest &request() const { return m_request; }
    [[nodiscard]] RdbAnalysisProgress filesProgress() const; ///< while Step::Files

    /// Asks the primaries for the sizes of all keys (INFO keysizes) anew; sizesChanged tells.
    void readSizes();
    [[nodiscard]] const ClusterKeySizesPtr &sizes() const { return m_sizes; } ///< null: not told yet

    /// Reads the list of stored reports again; the newest is opened where none is shown.
    void readList();
    [[nodiscard]] const QList<StoredReport> &stored() const { return m_stored; }
    /// Files in the folder of reports that are none.
    [[nodiscard]] const QStringList &unreadable() const { return m_unreadable; }
    void open(const QString &path);
    void remove(const QString &path);
    /// Reads one beside the one that is shown.
    void readFor(const QString &path, std::function<void(const Result<AnalysisReportPtr> &)> then);
    [[nodiscard]] const AnalysisReportPtr &report() const { return m_report; } ///< shown; null: none
    [[nodiscard]] const QString &path() const { return m_path; } ///< of the shown one; empty: it is not stored

Q_SIGNALS:
    void progressChanged();
    void runningChanged();
    void reportChanged();
    void storedChanged();
    void sizesChanged();
    void failed(const slotscope::Error &error); ///< an analysis that came to nothing, a file

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
    std::unique_ptr<Remote<KeySizesReader>> m_sizesReader; ///< the same
    ClusterKeySizesPtr m_sizes;
    AnalysisRequest m_request;
    AnalysisProgress m_progress;
    bool m_isRunning = false;
    struct Files;
    std::shared_ptr<Files> m_reading; ///< shared with the thread that reads; null: no files are read
    QTimer m_look; ///< at m_reading
    bool m_isOfFormerSession = false; ///< the report that is shown
    quint64 m_run = 0, m_list = 0, m_file = 0, m_sizing = 0; ///< what an earlier run, list, … brings is dropped
    QList<StoredReport> m_stored;
    QStringList m_unreadable;
    AnalysisReportPtr m_report;
    QString m_path;
};

} // namespace slotscope
