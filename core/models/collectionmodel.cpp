// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/collectionmodel.h"

#include "core/base/clock.h"
#include "core/base/text.h"

#include <QDateTime>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype shownBytes = 400; // limit for a value in a cell
constexpr int shownFields = 12; // limit for a stream entry

QString cellText(const QByteArray &bytes)
{
    return bytes.size() > shownBytes ? toDisplay(bytes.left(shownBytes)) + u'…' : toDisplay(bytes);
}

QString fieldsText(const ValueRow &row)
{
    QStringList words;
    for (const auto &[field, value] : row.fields) {
        if (words.size() >= shownFields) {
            words.append(u"…"_s);
            break;
        }
        words.append(cellText(field) + u'=' + cellText(value));
    }
    return words.join(u"  "_s);
}

/// The shortest number that stands for this score: Redis before 7.2 prints 0.1 as 0.10000000000000001.
QString scoreText(const QByteArray &score)
{
    return QString::fromLatin1(storedScore(score).value_or(score));
}

/// Converts the milliseconds at the start of an entry's id to local time, without the date if it is today.
QString timeOf(const QByteArray &id)
{
    const auto ms = toUnsigned(id.left(id.indexOf('-')));
    constexpr quint64 until = 253402300800000; // year 10000
    if (!ms || *ms < 1'000'000'000'000 || *ms > until) // ids that contain no time
        return {};
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(qint64(*ms));
    return time.toString(time.date() == QDate::currentDate() ? u"HH:mm:ss"_s : u"yyyy-MM-dd HH:mm:ss"_s);
}

} // namespace

QString ttlWords(qint64 ttlMs)
{
    if (ttlMs == -1)
        return CollectionModel::tr("none");
    if (ttlMs == 0)
        return CollectionModel::tr("expired");
    return ttlMs < 0 ? u"…"_s : duration(ttlMs);
}

void CollectionModel::setType(ValueType type, bool fieldTtls, bool isSearch)
{
    beginResetModel();
    if (m_type != type)
        m_changes.clear();
    m_type = type;
    m_isSearch = isSearch;
    switch (type) {
    case ValueType::List: m_columns = {Column::Position, Column::Value, Column::Size}; break;
    case ValueType::Set: m_columns = {Column::Name, Column::Size}; break;
    case ValueType::SortedSet: m_columns = {Column::Position, Column::Name, Column::Score}; break;
    case ValueType::Stream: m_columns = {Column::Name, Column::Time, Column::Fields}; break;
    default:
        m_columns = {Column::Name, Column::Value};
        if (fieldTtls)
            m_columns.append(Column::Ttl);
        m_columns.append(Column::Size);
    }
    if (isSearch) // ranks are unknown in a search
        m_columns.removeOne(Column::Position);
    forget();
    endResetModel();
    Q_EMIT changesChanged();
}

void CollectionModel::restart()
{
    beginResetModel();
    forget();
    endResetModel();
}

void CollectionModel::forget()
{
    m_total = -1;
    m_isThrough = false;
    m_pages.clear();
    m_pageAges.clear();
    m_rows.clear();
    m_places.clear();
}

void CollectionModel::setTotal(qint64 total)
{
    const int before = rowCount(), after = int(std::min<qint64>(std::max<qint64>(total, 0), INT_MAX));
    if (!isByPosition() || before == after) {
        m_total = total;
        return;
    }
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_total = total;
        endInsertRows();
    } else {
        beginRemoveRows({}, after, before - 1);
        m_total = total;
        endRemoveRows();
    }
}

qint64 CollectionModel::readRows() const
{
    return qint64(m_rows.size());
}

void CollectionModel::takePage(int first, const std::vector<ValueRow> &rows)
{
    const int page = first / pageRows * pageRows;
    m_pages[page] = rows;
    m_pageAges.removeOne(page);
    m_pageAges.append(page);
    while (m_pageAges.size() > mostPages)
        m_pages.erase(m_pageAges.takeFirst());
    const int last = std::min(rowCount(), page + int(rows.size())) - 1;
    if (last >= page)
        Q_EMIT dataChanged(index(page, 0), index(last, columnCount() - 1));
}

void CollectionModel::takeMore(std::vector<ValueRow> rows, bool isLast)
{
    std::vector<ValueRow> fresh;
    QSet<QByteArray> within;
    for (ValueRow &row : rows) {
        if (m_places.contains(row.name) || within.contains(row.name))
            continue;
        within.insert(row.name);
        fresh.push_back(std::move(row));
    }
    m_isThrough = isLast;
    if (fresh.empty())
        return;
    const int first = int(m_rows.size());
    beginInsertRows({}, first, first + int(fresh.size()) - 1);
    for (ValueRow &row : fresh) {
        m_places.insert(row.name, int(m_rows.size()));
        m_rows.push_back(std::move(row));
    }
    endInsertRows();
}

QList<int> CollectionModel::missingPages(int first, int last) const
{
    QList<int> missing;
    for (int page = std::max(0, first) / pageRows * pageRows; page <= last && page < rowCount(); page += pageRows)
        if (!m_pages.contains(page))
            missing.append(page);
    return missing;
}

QByteArrayList CollectionModel::missingTtls(int first, int last) const
{
    QByteArrayList names;
    for (int row = std::max(0, first); row <= last && row < int(m_rows.size()); ++row)
        if (m_rows[size_t(row)].ttlMs == -2)
            names.append(m_rows[size_t(row)].name);
    return names;
}

void CollectionModel::takeTtls(const QByteArrayList &fields, const QList<qint64> &ttls)
{
    for (qsizetype i = 0; i < fields.size() && i < ttls.size(); ++i) {
        const int row = rowOf(fields[i]);
        if (row < 0)
            continue;
        m_rows[size_t(row)].ttlMs = ttls[i] == -2 ? 0 : ttls[i]; // -2: gone meanwhile
        m_rows[size_t(row)].ttlReadAt = steadyMs();
        tellRow(row);
    }
}

bool CollectionModel::countDown(int first, int last)
{
    const int section = sectionOf(Column::Ttl), from = std::max(0, first), to = std::min(last, int(m_rows.size()) - 1);
    bool counts = false, expires = false;
    for (int at = from; section >= 0 && at <= to; ++at) {
        ValueRow &row = m_rows[size_t(at)];
        if (row.ttlMs <= 0)
            continue;
        counts = true;
        if (row.ttlAt(steadyMs()) == 0) {
            row.ttlMs = 0;
            expires = true;
        }
    }
    if (counts)
        Q_EMIT dataChanged(index(from, section), index(to, section), {Qt::DisplayRole});
    return expires;
}

const ValueRow *CollectionModel::row(int row) const
{
    if (row < 0)
        return nullptr;
    if (!isByPosition())
        return row < int(m_rows.size()) ? &m_rows[size_t(row)] : nullptr;
    const auto page = m_pages.find(row / pageRows * pageRows);
    const size_t within = size_t(row % pageRows);
    return page != m_pages.end() && within < page->second.size() ? &page->second[within] : nullptr;
}

int CollectionModel::rowOf(const QByteArray &name) const
{
    return m_places.value(name, -1);
}

QByteArray CollectionModel::nameAt(int at) const
{
    if (m_type == ValueType::List)
        return QByteArray::number(at);
    const ValueRow *found = row(at);
    return found ? found->name : QByteArray();
}

const CollectionModel::Change *CollectionModel::changeAt(int at) const
{
    if (m_changes.empty() || !row(at))
        return nullptr;
    const auto change = m_changes.find(nameAt(at));
    return change == m_changes.end() ? nullptr : &change->second;
}

void CollectionModel::tellRow(int at)
{
    Q_EMIT dataChanged(index(at, 0), index(at, columnCount() - 1));
}

void CollectionModel::replaceAll(std::vector<ValueRow> rows)
{
    const bool sameNames = rows.size() == m_rows.size()
        && std::equal(rows.begin(), rows.end(), m_rows.begin(),
                      [](const ValueRow &a, const ValueRow &b) { return a.name == b.name; });
    if (sameNames) {
        for (size_t i = 0; i < rows.size(); ++i)
            rows[i].ttlMs = -2; // read again when the rows are visible
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_rows.clear();
    m_places.clear();
    for (ValueRow &row : rows) {
        if (m_places.contains(row.name))
            continue;
        m_places.insert(row.name, int(m_rows.size()));
        m_rows.push_back(std::move(row));
    }
    m_isThrough = true;
    endResetModel();
}

void CollectionModel::dropPagesBut(int first, int last)
{
    const int from = std::max(0, first) / pageRows * pageRows;
    std::erase_if(m_pages, [from, last](const auto &page) { return page.first < from || page.first > last; });
    m_pageAges.removeIf([this](int page) { return !m_pages.contains(page); });
}

int CollectionModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return isByPosition() ? int(std::min<qint64>(std::max<qint64>(m_total, 0), INT_MAX)) : int(m_rows.size());
}

int CollectionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant CollectionModel::text(int at, const ValueRow &values, Column column) const
{
    switch (column) {
    case Column::Position: return groupedNumber(at);
    case Column::Name: return cellText(values.name);
    case Column::Value: return cellText(values.value);
    case Column::Score: return scoreText(values.score);
    case Column::Time: return timeOf(values.name);
    case Column::Fields: return fieldsText(values);
    case Column::Ttl: return ttlWords(values.ttlAt(steadyMs()));
    case Column::Size: return byteSize(m_type == ValueType::Set ? values.name.size() : values.valueSize);
    }
    return {};
}

QVariant CollectionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Column column = columnAt(index.column());
    const bool number =
        column == Column::Position || column == Column::Score || column == Column::Ttl || column == Column::Size;
    if (role == NumberRole)
        return number;
    if (role == MonospaceRole)
        return column != Column::Ttl && column != Column::Size && column != Column::Time;
    const ValueRow *found = row(index.row());
    if (role == ReadRole)
        return found != nullptr;
    if (role == NameRole)
        return nameAt(index.row());
    if (!found)
        return role == Qt::DisplayRole && column != Column::Position ? QVariant(u"…"_s)
            : role == Qt::DisplayRole                                ? QVariant(groupedNumber(index.row()))
                                                                     : QVariant();
    const Change *change = changeAt(index.row());
    ValueRow shown = *found;
    if (change && change->value) {
        shown.value = *change->value;
        shown.valueSize = shown.value.size();
    }
    if (change && change->score)
        shown.score = *change->score;
    if (change && change->ttlMs) {
        shown.ttlMs = *change->ttlMs;
        shown.ttlReadAt = 0;
    }
    const bool isChanged = change
        && ((column == Column::Value && change->value) || (column == Column::Score && change->score)
            || (column == Column::Ttl && change->ttlMs));
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), shown, column);
    case Qt::EditRole: return column == Column::Score ? scoreText(shown.score) : QString::fromUtf8(shown.value);
    case WasRole: return isChanged ? text(index.row(), change->was, column) : QVariant();
    case WholeRole: return found->isWhole();
    case ToneRole:
        return int(column == Column::Position || column == Column::Size || column == Column::Time
                           || (column == Column::Ttl && shown.ttlMs < 0)
                       ? Tone::Muted
                       : Tone::Neutral);
    default: return {};
    }
}

QVariant CollectionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= m_columns.size())
        return {};
    const Column column = columnAt(section);
    if (role == Qt::TextAlignmentRole) {
        const bool right =
            column == Column::Position || column == Column::Score || column == Column::Ttl || column == Column::Size;
        return int(Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Position: return m_type == ValueType::List ? tr("Index") : tr("Rank");
    case Column::Name:
        return m_type == ValueType::Hash ? tr("Field") : m_type == ValueType::Stream ? tr("Id") : tr("Member");
    case Column::Value: return tr("Value");
    case Column::Score: return tr("Score");
    case Column::Time: return tr("Time");
    case Column::Fields: return tr("Fields");
    case Column::Ttl: return tr("Field TTL");
    case Column::Size: return tr("Size");
    }
    return {};
}

Qt::ItemFlags CollectionModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const ValueRow *found = row(index.row());
    if (m_readOnly || !found)
        return flags;
    const Column column = columnAt(index.column());
    const bool isText = found->isWhole() && found->value.isValidUtf8() && !found->value.contains('\0');
    if ((column == Column::Value && isText) || column == Column::Score)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool CollectionModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    return stageText(nameAt(index.row()), ValueRow(*row(index.row())), columnAt(index.column()), value.toString());
}

} // namespace slotscope
