// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/keptfiles.h"

#include <QObject>
#include <QTimer>

#include <memory>

class QSettings;

namespace slotscope {

class PageContext;

/// Saves the record of a connection on disk if the user wants it, so that it continues after a restart: read once the
/// nodes are known, written every minute and at the end, both in other threads. GUI thread.
class RecordKeeper final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordKeeper)
public:
    /// `key`: settings key with the list of places whose record is saved. `folder`: where the files are.
    RecordKeeper(PageContext &context, const QString &key, const QString &folder, QObject *parent = nullptr);
    ~RecordKeeper() override; ///< saves the current record

    /// Sets the record of a new session; null: there is none. The previous record is saved first.
    void setRecord(std::shared_ptr<KeptRecord> record);
    void takeView(); ///< the context has a view now
    [[nodiscard]] bool isOn() const { return m_isOn; }
    void setOn(bool on); ///< off: the file is removed
    /// State of saving, such as "Saved at 12:03 in …"; empty if saving is off.
    [[nodiscard]] QString words() const;
    [[nodiscard]] const QString &folder() const { return m_files.folder(); }
    [[nodiscard]] bool hasProblem() const { return !m_problem.isEmpty(); }

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    void changed();
    void filled(); ///< saved data was merged into the record
    void writing(); ///< the record is about to be written

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
    QString m_path; ///< known after the file was searched
    QString m_problem;
    qint64 m_writtenAt = 0; ///< ms since 1970
    QSet<QString> m_kept; ///< places whose record is saved
};

} // namespace slotscope
