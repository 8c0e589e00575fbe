// SPDX-License-Identifier: GPL-3.0-or-later
// An answer as a table: one item a row.
#include "core/console/answercursors.h"

#include "core/base/text.h"

namespace slotscope {
namespace {

constexpr size_t rowsLookedAt = 200; // rows examined to determine the columns
constexpr qsizetype mostColumns = 32;

void appendCell(QByteArray *line, const QByteArray &cell)
{
    if (!line->isEmpty())
        line->append(QString(cellSeparator).toUtf8());
    line->append(cell);
}

} // namespace

TableCursor::TableCursor(const Value &value) : m_value(&value)
{
    QByteArrayList columns;
    const Value::List &items = value.items();
    if (!value.isAggregate()) {
        columns = {"value"};
    } else if (value.type() == Value::Type::Map || value.type() == Value::Type::Attribute) {
        m_shape = Shape::Pairs;
        columns = {"key", "value"};
    } else {
        const size_t some = std::min(items.size(), rowsLookedAt);
        bool allMaps = some > 0, allLists = some > 0;
        size_t widest = 0;
        for (size_t i = 0; i < some; ++i) {
            allMaps = allMaps && items[i].type() == Value::Type::Map;
            allLists = allLists && items[i].type() == Value::Type::Array && !items[i].items().empty();
            widest = std::max(widest, items[i].items().size());
        }
        m_shape = allMaps ? Shape::Maps : allLists ? Shape::Lists : Shape::List;
        columns = {"#"};
        if (m_shape == Shape::List)
            columns.append("value");
        for (size_t i = 0; m_shape == Shape::Lists && i < std::min(widest, size_t(mostColumns)); ++i)
            columns.append(QByteArray::number(qulonglong(i + 1)));
        for (size_t i = 0; m_shape == Shape::Maps && i < some; ++i)
            for (size_t k = 0; k + 1 < items[i].items().size() && columns.size() <= mostColumns; k += 2)
                if (const QByteArray name = items[i].items()[k].bytes(); !columns.contains(name))
                    columns.append(name);
    }
    m_columns = std::make_shared<const QByteArrayList>(std::move(columns));
}

TableCursor::TableCursor(const TableCursor &other, int)
    : m_value(other.m_value)
    , m_shape(other.m_shape)
    , m_columns(other.m_columns)
    , m_at(other.m_at)
    , m_hasHeader(other.m_hasHeader)
{ }

std::unique_ptr<LineCursor> TableCursor::copy() const
{
    return std::unique_ptr<LineCursor>(new TableCursor(*this, 0));
}

void TableCursor::writeRow(const Value &item, QByteArray *line) const
{
    appendCell(line, QByteArray::number(qulonglong(m_at + 1)));
    if (m_shape == Shape::List)
        appendCell(line, cellText(item));
    else if (m_shape == Shape::Lists)
        for (size_t i = 0; i < item.items().size() && i < size_t(mostColumns); ++i)
            appendCell(line, cellText(item.items()[i]));
    else
        for (qsizetype i = 1; i < m_columns->size(); ++i) {
            const Value *found = item.find(m_columns->at(i));
            line->append(QString(cellSeparator).toUtf8() + (found ? cellText(*found) : QByteArray()));
        }
}

bool TableCursor::next(QByteArray *line)
{
    if (!std::exchange(m_hasHeader, true)) {
        if (line)
            for (const QByteArray &column : *m_columns)
                appendCell(line, toDisplay(column).toUtf8());
        return true;
    }
    const Value::List &items = m_value->items();
    if (m_shape == Shape::One) {
        if (m_at++ > 0)
            return false;
        if (line)
            line->append(cellText(*m_value));
        return true;
    }
    if (m_at >= items.size())
        return false;
    if (m_shape == Shape::Pairs) {
        if (line)
            line->append(cellText(items[m_at]) + QString(cellSeparator).toUtf8() + cellText(items[m_at + 1]));
        m_at += 2;
        return true;
    }
    if (line)
        writeRow(items[m_at], line);
    ++m_at;
    return true;
}

} // namespace slotscope
