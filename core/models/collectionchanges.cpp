// SPDX-License-Identifier: GPL-3.0-or-later
// What CollectionModel holds of changes that are not saved yet.
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/models/collectionmodel.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

void CollectionModel::stage(int at, Column column, const QByteArray &bytes)
{
    if (const ValueRow *found = row(at))
        stage(nameAt(at), ValueRow(*found), column, bytes);
}

void CollectionModel::stage(const QByteArray &name, const ValueRow &was, Column column, const QByteArray &bytes)
{
    auto [change, isNew] = m_changes.try_emplace(name);
    if (isNew)
        change->second.was = was;
    const auto different = [](const QByteArray &now, const QByteArray &before) {
        return now == before ? std::nullopt : std::optional<QByteArray>(now);
    };
    Change &staged = change->second;
    if (column == Column::Value)
        staged.value = different(bytes, staged.was.value);
    else if (column == Column::Score)
        staged.score = different(bytes, staged.was.score);
    else if (const auto ttl = toInteger(bytes); column == Column::Ttl && ttl)
        staged.ttlMs = *ttl == staged.was.ttlMs ? std::nullopt : std::optional<qint64>(*ttl);
    if (!staged.value && !staged.score && !staged.ttlMs)
        m_changes.erase(change);
    // for a sorted set, the number of the changed row is unknown, so report all rows as changed; only few are visible
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT changesChanged();
}

bool CollectionModel::stageText(const QByteArray &name, const ValueRow &was, Column column, const QString &text)
{
    QByteArray bytes = text.toUtf8();
    if (column == Column::Score) {
        const auto stored = storedScore(bytes.trimmed());
        if (stored && stored == storedScore(was.score)) // unchanged: do not rewrite the number in another form
            bytes = was.score;
        else if (stored)
            bytes = *stored;
        else
            return false;
    }
    stage(name, was, column, bytes);
    return true;
}

void CollectionModel::unstage(int at)
{
    if (row(at) && m_changes.erase(nameAt(at)) > 0) {
        tellRow(at);
        Q_EMIT changesChanged();
    }
}

void CollectionModel::dropChanges()
{
    m_changes.clear();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT changesChanged();
}

qsizetype CollectionModel::changeCount() const
{
    qsizetype count = 0;
    for (const auto &[name, change] : m_changes)
        count += qsizetype(change.value.has_value()) + qsizetype(change.score.has_value())
            + qsizetype(change.ttlMs.has_value());
    return count;
}

QString CollectionModel::changeWords() const
{
    int values = 0, scores = 0, ttls = 0;
    for (const auto &[name, change] : m_changes) {
        values += change.value ? 1 : 0;
        scores += change.score ? 1 : 0;
        ttls += change.ttlMs ? 1 : 0;
    }
    QStringList words;
    if (values > 0)
        words.append(tr("%n value(s)", nullptr, values));
    if (scores > 0)
        words.append(tr("%n score(s)", nullptr, scores));
    if (ttls > 0)
        words.append(tr("%n field TTL(s)", nullptr, ttls));
    return words.join(u", "_s);
}

QByteArrayList CollectionModel::changedNames() const
{
    QByteArrayList names;
    for (const auto &[name, change] : m_changes)
        names.append(name);
    return names;
}

Edit CollectionModel::edit(const QByteArray &key) const
{
    Edit all;
    all.key = key;
    all.keepsFormer = true;
    const auto add = [&all](const Edit &one) {
        all.checks += one.checks;
        all.commands += one.commands;
    };
    for (const auto &[name, change] : m_changes) {
        if (change.value && m_type == ValueType::List) {
            add(edits::setItem(key, name.toLongLong(), change.was.value, *change.value));
        } else if (change.value) {
            // HSET removes the field's time to live, so set its present or its new one again
            const ValueRow *now = row(rowOf(name));
            add(edits::setField(key, name, change.was.value, *change.value, change.ttlMs || !now ? -1 : now->ttlMs));
        }
        if (change.score)
            add(edits::setScore(key, name, change.was.score, *change.score));
        if (change.ttlMs)
            add(edits::expireField(key, name, *change.ttlMs));
    }
    return all;
}

void CollectionModel::takeSaved()
{
    const auto saved = std::exchange(m_sent, {});
    const auto apply = [](ValueRow &row, const Change &change) {
        if (change.value) {
            row.value = *change.value;
            row.valueSize = row.value.size();
        }
        if (change.score)
            row.score = *change.score;
        if (change.ttlMs) {
            row.ttlMs = *change.ttlMs;
            row.ttlReadAt = steadyMs();
        }
    };
    for (const auto &[name, sent] : saved) {
        if (const int row = rowOf(name); row >= 0)
            apply(m_rows[size_t(row)], sent);
        if (const auto now = m_changes.find(name); now != m_changes.end()) {
            apply(now->second.was, sent);
            const auto settle = [](auto &staged, const auto &was) {
                if (staged && *staged == was)
                    staged.reset();
            };
            settle(now->second.value, now->second.was.value);
            settle(now->second.score, now->second.was.score);
            settle(now->second.ttlMs, now->second.was.ttlMs);
            if (!now->second.value && !now->second.score && !now->second.ttlMs)
                m_changes.erase(now);
        }
    }
    for (auto &[first, rows] : m_pages) {
        for (size_t i = 0; i < rows.size(); ++i) {
            const auto sent = saved.find(m_type == ValueType::List ? QByteArray::number(first + int(i)) : rows[i].name);
            if (sent != saved.end())
                apply(rows[i], sent->second);
        }
    }
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT changesChanged();
}

} // namespace slotscope
