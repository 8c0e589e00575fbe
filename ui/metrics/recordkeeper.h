// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metricskept.h"

#include <QObject>
#include <QTimer>

class QSettings;

namespace slotscope {

class PageContext;

/// Keeps the record of a connection on disk where the user wants it, so that a restart goes on with it: read once the
/// nodes are known, written each minute and at the end; both on other threads. GUI thread.
class RecordKeeper final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordKeeper)
public:
    explicit RecordKeeper(PageContext &context, QObject *parent = nullptr);
    ~RecordKeeper() override; ///< writes what there is

    /// Of a new session; null: there is none. What was recorded before is written first.
    void setBook(std::shared_ptr<MetricsBook> book);
    void takeView(); ///< the context has one
    [[nodiscard]] bool isOn() const { return m_isOn; }
    void setOn(bool on); ///< off: the file goes
    /// Where it lies, and how it went: "kept at 12:03 in …"; empty before the nodes are known.
    [[nodiscard]] QString words() const;
    [[nodiscard]] bool hasProblem() const { return !m_problem.isEmpty(); }

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed();
    void filled(); ///< the book has what was kept

private:
    void load();
    void removeFile(const QString &path);
    void takePlace();
    void write();
    void takeFound(const Result<RecordFiles::Found> &found);

    PageContext &m_context;
    RecordFiles m_files;
    std::shared_ptr<MetricsBook> m_book;
    QTimer m_timer;
    bool m_isOn = false, m_isBusy = false;
    quint64 m_generation = 0;
    QString m_path; ///< known once it was looked for
    QString m_problem;
    qint64 m_writtenAt = 0; ///< ms since 1970
    QSet<QString> m_kept; ///< places whose record is kept
};

} // namespace slotscope
