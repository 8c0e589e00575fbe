// SPDX-License-Identifier: GPL-3.0-or-later
// What CollectionEditor reads, and when: what is looked at, and it again when the key was read again.
#include "core/base/whendone.h"
#include "ui/browser/collectioneditor.h"
#include "ui/browser/editsender.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"

#include <QLineEdit>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int rowsAtOnce = 500; // elements per reading of a collection that only grows
constexpr int fewestAtOnce = 10;
constexpr qint64 bytesAtOnce = 4 * 1024 * 1024;
constexpr int ahead = 100; // rows below the visible area that are read in advance

} // namespace

/// A small collection is read again completely, with its rows in place. For a large one only the count is updated,
/// until it is read again from the start.
void CollectionEditor::refreshGrowing()
{
    if (m_model.readRows() > rowsAtOnce || !m_model.isThrough() || m_model.readRows() == 0) {
        if (m_head.length != m_model.total() && !isChanged())
            restart();
        return;
    }
    const quint64 round = m_round;
    const auto take = [this, round](const Result<ValueWindow> &window) {
        if (round != m_round)
            return;
        if (!window) {
            Q_EMIT problemFound(window.error());
            return;
        }
        Q_EMIT wasRead();
        if (m_table->isEditing())
            return;
        if (!window->isLast()) { // new elements were added
            if (!isChanged())
                restart();
            return;
        }
        const QByteArray current = m_table->currentIndex().data(CollectionModel::NameRole).toByteArray();
        m_model.setTotal(window->total);
        m_model.replaceAll(window->rows);
        if (const int row = m_model.rowOf(current); row >= 0 && m_table->currentIndex().row() != row)
            m_table->setCurrentIndex(m_model.index(row, 0));
        updateNote();
        readVisible();
        updateStrip();
    };
    if (m_head.type == ValueType::Stream) {
        const bool newest = m_order->current() == 0;
        whenDone(m_services->reader.call<ValueWindow>([key = m_head.key, newest](ValueReader &reader) {
            return reader.entries(key, "-"_ba, "+"_ba, rowsAtOnce + 1, newest);
        }),
                 this, take);
        return;
    }
    whenDone(m_services->reader.call<ValueWindow>(
                 [key = m_head.key, type = m_head.type, match = m_filter->text().toUtf8()](ValueReader &reader) {
                     return reader.scan(key, type, "0"_ba, match, rowsAtOnce + 1);
                 }),
             this, take);
}

void CollectionEditor::readVisible()
{
    const int first = m_table->firstVisible(), last = m_table->lastVisible();
    fitColumns();
    if (m_model.isByPosition()) {
        const QList<int> pages = m_model.missingPages(first, last + ahead);
        for (const int page : pages)
            readPage(page);
        return;
    }
    if (!m_model.isThrough() && last + ahead >= m_model.readRows())
        readMore();
    if (m_head.hasFieldTtls)
        readTtls(first, last);
}

void CollectionEditor::readPage(int first)
{
    if (m_pagesUnderway.contains(first) || first >= m_model.rowCount())
        return;
    m_pagesUnderway.insert(first);
    const quint64 round = m_round;
    whenDone(m_services->reader.call<ValueWindow>([key = m_head.key, type = m_head.type, first](ValueReader &reader) {
        return reader.range(key, type, first, first + CollectionModel::pageRows - 1, false);
    }),
             this, [this, round, first](const Result<ValueWindow> &window) {
                 if (round != m_round)
                     return;
                 m_pagesUnderway.remove(first);
                 takeWindow(window, true, first);
             });
}

/// Number of elements per reading: fewer if they are large according to the server's estimate for the whole key.
int CollectionEditor::rowsToRead() const
{
    if (m_head.memory <= 0 || m_head.length <= 0)
        return rowsAtOnce;
    const qint64 each = std::max<qint64>(1, m_head.memory / m_head.length);
    return int(std::clamp<qint64>(bytesAtOnce / each, fewestAtOnce, rowsAtOnce));
}

void CollectionEditor::readMore()
{
    if (m_moreUnderway || m_model.isThrough())
        return;
    m_moreUnderway = true;
    const quint64 round = m_round;
    const auto take = [this, round](const Result<ValueWindow> &window) {
        if (round != m_round)
            return;
        m_moreUnderway = false;
        takeWindow(window, false, 0);
    };
    if (m_head.type == ValueType::Stream) {
        const bool newest = m_order->current() == 0, isFirst = m_model.readRows() == 0;
        const QByteArray from = newest || isFirst ? "-"_ba : "(" + m_cursor,
                         to = newest && !isFirst ? "(" + m_cursor : "+"_ba;
        whenDone(m_services->reader.call<ValueWindow>(
                     [key = m_head.key, from, to, newest, count = rowsToRead()](ValueReader &reader) {
                         return reader.entries(key, from, to, count, newest);
                     }),
                 this, take);
        return;
    }
    whenDone(m_services->reader.call<ValueWindow>([key = m_head.key, type = m_head.type, cursor = m_cursor,
                                                   match = m_filter->text().toUtf8()](ValueReader &reader) {
        return reader.scan(key, type, cursor, match, rowsAtOnce);
    }),
             this, take);
}

void CollectionEditor::takeWindow(const Result<ValueWindow> &window, bool byPosition, int first)
{
    if (!window) {
        Q_EMIT problemFound(window.error());
        return;
    }
    Q_EMIT wasRead();
    if (window->total >= 0)
        m_model.setTotal(window->total);
    if (byPosition) {
        m_model.takePage(first, window->rows);
        fitColumns();
        updateStrip();
    } else {
        m_cursor = window->cursor;
        m_model.takeMore(window->rows, window->isLast());
        // a scan may return nothing although it is not finished, so continue until the visible area is filled
        QMetaObject::invokeMethod(this, &CollectionEditor::readVisible, Qt::QueuedConnection);
    }
    updateNote();
}

void CollectionEditor::readTtls(int first, int last)
{
    const QByteArrayList fields = m_ttlsUnderway ? QByteArrayList() : m_model.missingTtls(first, last);
    if (fields.isEmpty())
        return;
    m_ttlsUnderway = true;
    const quint64 round = m_round;
    whenDone(m_services->reader.call<QList<qint64>>(
                 [key = m_head.key, fields](ValueReader &reader) { return reader.fieldTtls(key, fields); }),
             this, [this, round, fields](const Result<QList<qint64>> &ttls) {
                 if (round != m_round)
                     return;
                 m_ttlsUnderway = false;
                 if (!ttls) {
                     Q_EMIT problemFound(ttls.error());
                     return;
                 }
                 m_model.takeTtls(fields, *ttls);
                 readVisible();
             });
}

/// Lets the times to live of visible fields count down. When one expires, a small hash is read again.
void CollectionEditor::countDown()
{
    if (isVisible() && m_model.countDown(m_table->firstVisible(), m_table->lastVisible()) && !m_table->isEditing()
        && !isChanged()) // an unsaved change of the field stays where it can be seen
        refreshGrowing();
}

} // namespace slotscope
