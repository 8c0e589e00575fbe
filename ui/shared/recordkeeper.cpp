// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/recordkeeper.h"

#include "core/base/ownfiles.h"
#include "core/base/errortext.h"
#include "core/base/whendone.h"
#include "core/profile/clustermarks.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/placekey.h"

#include <QDateTime>
#include <QSettings>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int writeEveryMs = 60'000;

QString problemWords(const Error &error)
{
    return error.detail.isEmpty() ? describe(error) : error.detail;
}

} // namespace

RecordKeeper::RecordKeeper(PageContext &context, const QString &key, const QString &folder, QObject *parent)
    : QObject(parent), m_context(context), m_key(key), m_files(folder)
{
    m_timer.setInterval(writeEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &RecordKeeper::write);
    connect(&context, &PageContext::connectionChanged, this, &RecordKeeper::takePlace);
}

RecordKeeper::~RecordKeeper()
{
    setRecord(nullptr);
}

void RecordKeeper::setRecord(std::shared_ptr<KeptRecord> record)
{
    if (m_isOn && m_record && !m_path.isEmpty()) { // not awaited: the program ends only after it is written
        Q_EMIT writing();
        (void)QtConcurrent::run(
            [files = m_files, path = m_path, old = m_record] { (void)files.save(path, old->bytes()); });
    }
    ++m_generation;
    m_isBusy = false;
    m_path.clear();
    m_problem.clear();
    m_writtenAt = 0;
    m_timer.stop();
    m_record = std::move(record);
}

void RecordKeeper::takeView()
{
    if (m_isOn && m_path.isEmpty() && m_problem.isEmpty())
        load();
}

/// Reads the saved record before the first write, so that a new record never replaces an older one.
void RecordKeeper::load()
{
    if (m_isBusy || !m_record || !m_context.view())
        return;
    m_isBusy = true;
    const QSet<QByteArray> nodes = nodeIdsOf(*m_context.view());
    whenDone(QtConcurrent::run([files = m_files, nodes, place = placeKey(m_context.target()), record = m_record] {
                 auto found = files.find(nodes, place, *record);
                 if (found && !found->bytes.isEmpty())
                     record->take(found->bytes);
                 return found;
             }),
             this, [this, generation = m_generation](const Result<KeptFiles::Found> &found) {
                 if (generation == m_generation)
                     takeFound(found);
             });
}

void RecordKeeper::takeFound(const Result<KeptFiles::Found> &found)
{
    m_isBusy = false;
    if (!found) {
        m_problem = problemWords(found.error());
    } else {
        if (!m_isOn) { // switched off while the file was read
            removeFile(found->path);
            Q_EMIT changed();
            return;
        }
        m_path = found->path;
        if (!found->aside.isEmpty())
            m_context.tellUser(
                m_context.title(),
                tr("A saved record could not be used: %1. It was moved aside as %2.").arg(found->why, found->aside));
        m_timer.start();
        Q_EMIT filled();
        write();
    }
    Q_EMIT changed();
}

void RecordKeeper::write()
{
    if (!m_isOn || m_isBusy || !m_record || m_path.isEmpty())
        return;
    m_isBusy = true;
    Q_EMIT writing();
    whenDone(QtConcurrent::run(
                 [files = m_files, path = m_path, record = m_record] { return files.save(path, record->bytes()); }),
             this, [this, path = m_path, generation = m_generation](const Result<> &done) {
                 if (generation != m_generation)
                     return;
                 m_isBusy = false;
                 m_problem = done ? QString() : problemWords(done.error());
                 if (done)
                     m_writtenAt = QDateTime::currentMSecsSinceEpoch();
                 if (!m_isOn) // switched off in the meantime
                     removeFile(path);
                 Q_EMIT changed();
             });
}

void RecordKeeper::setOn(bool on)
{
    if (on == m_isOn)
        return;
    m_isOn = on;
    m_problem.clear();
    if (on)
        m_kept.insert(placeKey(m_context.target()));
    else
        m_kept.remove(placeKey(m_context.target()));
    if (on) {
        m_path.clear();
        load();
    } else {
        m_timer.stop();
        if (!m_path.isEmpty() && !m_isBusy) // otherwise the file is removed after the write in progress
            removeFile(m_path);
        m_path.clear();
        m_writtenAt = 0;
    }
    Q_EMIT changed();
}

void RecordKeeper::removeFile(const QString &path)
{
    whenDone(QtConcurrent::run([path] { return slotscope::removeFile(path); }), this, [this](const Result<> &done) {
        if (!done) {
            m_problem = problemWords(done.error());
            Q_EMIT changed();
        }
    });
}

QString RecordKeeper::words() const
{
    if (!m_problem.isEmpty() && !m_isOn)
        return tr("✕ Saving is off, but the file could not be removed: %1").arg(m_problem);
    if (!m_problem.isEmpty())
        return tr("✕ Not saved: %1").arg(m_problem);
    if (!m_isOn)
        return {};
    if (m_writtenAt == 0)
        return tr("To be saved in %1").arg(m_path.isEmpty() ? folder() : m_path);
    return tr("Saved at %1 in %2").arg(QDateTime::fromMSecsSinceEpoch(m_writtenAt).toString(u"HH:mm:ss"_s), m_path);
}

void RecordKeeper::save(QSettings &settings) const
{
    const QString key = m_key + u'/' + placeKey(m_context.target());
    if (m_isOn)
        settings.setValue(key, true);
    else
        settings.remove(key);
}

void RecordKeeper::restore(const QSettings &settings)
{
    m_kept.clear();
    const QStringList all = settings.allKeys();
    for (const QString &key : all)
        if (key.startsWith(m_key + u'/') && settings.value(key).toBool())
            m_kept.insert(key.mid(m_key.size() + 1));
    takePlace();
}

void RecordKeeper::takePlace()
{
    const bool on = m_kept.contains(placeKey(m_context.target()));
    if (on != m_isOn && m_path.isEmpty()) {
        m_isOn = on;
        takeView();
        Q_EMIT changed();
    }
}

} // namespace slotscope
