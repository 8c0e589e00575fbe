// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"

#include <QObject>
#include <QTimer>

#include <memory>

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
    /// `key`: of the setting that says whose record is kept. `folder`: where the files lie.
    RecordKeeper(PageContext &context, const QString &key, const QString &folder, QObject *parent = nullptr);
    ~RecordKeeper() override; ///< writes what there is

    /// Of a new session; null: there is none. What was recorded before is written first.
    void setRecord(std::shared_ptr<KeptRecord> record);
    void takeView(); ///< the context has one
    [[nodiscard]] bool isOn() const { return m_isOn; }
    void setOn(bool on); ///< off: the file goes
    /// Where it lies, and how it went: "Kept at 12:03 in …"; empty where nothing is kept.
    [[nodiscard]] QString words() const;
    [[nodiscard]] const QString &folder() const { return m_files.folder(); }
    [[nodiscard]] bool hasProblem() const { return !m_problem.isEmpty(); }

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed();
    void filled(); ///< the record has what was kept
    void writing(); ///< the record is written next

private:
    void load();
    void removeFile(const QString &path);
    void takePlace();
    void write();
    void takeFound(const Result<KeptFiles::Found> &found);

    PageContext &m_context;
    QString m_key;
    KeptFiles m_files;
    std::shared_ptr<KeptRecord> m_record;
    QTimer m_timer;
    bool m_isOn = false, m_isBusy = false;
    quint64 m_generation = 0;
    QString m_path; ///< known once it was looked for
    QString m_problem;
    qint64 m_writtenAt = 0; ///< ms since 1970
    QSet<QString> m_kept; ///< places whose record is kept
};

} // namespace slotscope
