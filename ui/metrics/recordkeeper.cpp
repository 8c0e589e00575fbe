// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/recordkeeper.h"

#include "core/base/errortext.h"
#include "core/profile/clustermarks.h"
#include "ui/metrics/placekey.h"
#include "ui/shared/pagecontext.h"

#include <QDateTime>
#include <QSettings>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int writeEveryMs = 60'000;
const QString keepKey = u"metrics/keep"_s;

QString problemWords(const Error &error)
{
    return error.detail.isEmpty() ? describe(error) : error.detail;
}

} // namespace

RecordKeeper::RecordKeeper(PageContext &context, QObject *parent)
    : QObject(parent), m_context(context), m_files(RecordFiles::usualFolder())
{
    m_timer.setInterval(writeEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &RecordKeeper::write);
    connect(&context, &PageContext::connectionChanged, this, &RecordKeeper::takePlace);
}

RecordKeeper::~RecordKeeper()
{
    setBook(nullptr);
}

void RecordKeeper::setBook(std::shared_ptr<MetricsBook> book)
{
    if (m_isOn && m_book && !m_path.isEmpty()) // nobody waits for it: the program ends when it is written
        (void)QtConcurrent::run(
            [files = m_files, path = m_path, old = m_book] { (void)files.save(path, old->kept()); });
    ++m_generation;
    m_isBusy = false;
    m_path.clear();
    m_problem.clear();
    m_writtenAt = 0;
    m_timer.stop();
    m_book = std::move(book);
}

void RecordKeeper::takeView()
{
    if (m_isOn && m_path.isEmpty() && m_problem.isEmpty())
        load();
}

/// Reads what is kept before anything is written: a record that has just begun never replaces an older one.
void RecordKeeper::load()
{
    if (m_isBusy || !m_book || !m_context.view())
        return;
    m_isBusy = true;
    const QSet<QByteArray> nodes = nodeIdsOf(*m_context.view());
    QtConcurrent::run([files = m_files, nodes, place = placeKey(m_context.target()), book = m_book] {
        auto found = files.find(nodes, place);
        if (found)
            book->takeKept(found->kept);
        return found;
    }).then(this, [this, generation = m_generation](const Result<RecordFiles::Found> &found) {
        if (generation == m_generation)
            takeFound(found);
    });
}

void RecordKeeper::takeFound(const Result<RecordFiles::Found> &found)
{
    m_isBusy = false;
    if (!found) {
        m_problem = problemWords(found.error());
    } else {
        if (!m_isOn) { // switched off while it was read
            removeFile(found->path);
            Q_EMIT changed();
            return;
        }
        m_path = found->path;
        if (!found->aside.isEmpty())
            m_context.tellUser(
                m_context.title(),
                tr("A kept record could not be used: %1. It was set aside as %2.").arg(found->why, found->aside));
        m_timer.start();
        write();
        Q_EMIT filled();
    }
    Q_EMIT changed();
}

void RecordKeeper::write()
{
    if (!m_isOn || m_isBusy || !m_book || m_path.isEmpty())
        return;
    m_isBusy = true;
    QtConcurrent::run([files = m_files, path = m_path, book = m_book] {
        return files.save(path, book->kept());
    }).then(this, [this, path = m_path, generation = m_generation](const Result<> &done) {
        if (generation != m_generation)
            return;
        m_isBusy = false;
        m_problem = done ? QString() : problemWords(done.error());
        if (done)
            m_writtenAt = QDateTime::currentMSecsSinceEpoch();
        if (!m_isOn) // it was switched off meanwhile
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
        if (!m_path.isEmpty() && !m_isBusy) // else when what is being written is done
            removeFile(m_path);
        m_path.clear();
        m_writtenAt = 0;
    }
    Q_EMIT changed();
}

void RecordKeeper::removeFile(const QString &path)
{
    QtConcurrent::run([path] { return RecordFiles::remove(path); }).then(this, [this](const Result<> &done) {
        if (!done) {
            m_problem = problemWords(done.error());
            Q_EMIT changed();
        }
    });
}

QString RecordKeeper::words() const
{
    if (!m_problem.isEmpty() && !m_isOn)
        return tr("✕ Nothing is kept any more, but the file could not be removed: %1").arg(m_problem);
    if (!m_problem.isEmpty())
        return tr("✕ Not kept: %1").arg(m_problem);
    if (!m_isOn)
        return tr("Nothing is kept. With this, a day of minutes goes to a file in %1.").arg(RecordFiles::usualFolder());
    if (m_writtenAt == 0)
        return tr("To be kept in %1").arg(m_path.isEmpty() ? RecordFiles::usualFolder() : m_path);
    return tr("Kept at %1 in %2").arg(QDateTime::fromMSecsSinceEpoch(m_writtenAt).toString(u"HH:mm:ss"_s), m_path);
}

void RecordKeeper::save(QSettings &settings) const
{
    const QString key = keepKey + u'/' + placeKey(m_context.target());
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
        if (key.startsWith(keepKey + u'/') && settings.value(key).toBool())
            m_kept.insert(key.mid(keepKey.size() + 1));
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
