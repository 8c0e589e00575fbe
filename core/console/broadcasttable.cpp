// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/broadcasttable.h"

#include "core/base/text.h"
#include "core/console/answercursors.h"

#include <QHash>

namespace slotscope {
namespace {

using Fields = std::vector<std::pair<QByteArray, QByteArray>>; ///< pairs of label and text

/// Reads lines of the form "name:value", as in INFO.
bool readColonLines(const QByteArray &text, Fields &fields)
{
    qsizetype lines = 0, good = 0;
    for (const QByteArray &raw : text.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        ++lines;
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0 || line.left(colon).contains(' '))
            continue;
        ++good;
        if (fields.size() <= size_t(BroadcastTable::mostRows))
            fields.emplace_back(line.left(colon), toDisplay(line.mid(colon + 1)).toUtf8());
    }
    return lines > 1 && good * 10 >= lines * 9;
}

Fields fieldsOf(const Value &value)
{
    Fields fields;
    const Value::List &items = value.items();
    const size_t most = size_t(BroadcastTable::mostRows) + 1;
    if (value.type() == Value::Type::Map) {
        for (size_t i = 0; i + 1 < items.size() && fields.size() < most; i += 2)
            fields.emplace_back(cellText(items[i]), cellText(items[i + 1]));
        return fields;
    }
    if (value.isAggregate()) {
        for (size_t i = 0; i < items.size() && fields.size() < most; ++i)
            fields.emplace_back(QByteArray::number(qulonglong(i) + 1), shortText(items[i]));
        if (items.empty())
            fields.emplace_back(QByteArray(), shortText(value));
        return fields;
    }
    if (value.isString() && value.bytes().contains('\n') && readColonLines(value.bytes(), fields))
        return fields;
    fields.clear();
    fields.emplace_back(QByteArray(), cellText(value));
    return fields;
}

/// Marks cells that differ from the most frequent text of the row.
void compare(BroadcastRow &row)
{
    QHash<QString, int> counts;
    for (const BroadcastCell &cell : row.cells)
        if (!cell.isMissing)
            ++counts[cell.text];
    if (counts.size() < 2)
        return;
    QString usual;
    int most = 0;
    for (const BroadcastCell &cell : row.cells) {
        if (cell.isMissing || counts.value(cell.text) <= most)
            continue;
        most = counts.value(cell.text);
        usual = cell.text;
    }
    for (BroadcastCell &cell : row.cells)
        cell.differs = !cell.isMissing && cell.text != usual;
    row.differs = true;
}

} // namespace

BroadcastTable::BroadcastTable(const std::vector<std::shared_ptr<const Value>> &answers)
{
    QHash<QByteArray, size_t> rowOf;
    for (size_t node = 0; node < answers.size(); ++node) {
        if (!answers[node])
            continue;
        QHash<QByteArray, int> seen;
        for (const auto &[label, text] : fieldsOf(*answers[node])) {
            // numbered, because a name may occur twice
            const QByteArray name = label + '#' + QByteArray::number(seen[label]++);
            auto known = rowOf.find(name);
            if (known == rowOf.end()) {
                if (m_rows.size() >= size_t(mostRows)) {
                    m_isCut = true;
                    continue;
                }
                known = rowOf.insert(name, m_rows.size());
                BroadcastRow row;
                row.label = QString::fromUtf8(label);
                row.cells.resize(answers.size());
                for (BroadcastCell &cell : row.cells)
                    cell.isMissing = true;
                m_rows.push_back(std::move(row));
            }
            BroadcastCell &cell = m_rows[*known].cells[node];
            cell.text = QString::fromUtf8(text);
            cell.isMissing = false;
        }
    }
    for (BroadcastRow &row : m_rows) {
        compare(row);
        for (size_t node = 0; node < answers.size(); ++node) // the node answered, but without this row
            if (answers[node] && row.cells[node].isMissing)
                row.differs = row.cells[node].differs = true;
        m_differing += row.differs ? 1 : 0;
    }
}

BroadcastRows BroadcastTable::rows(bool onlyDifferences, int first, int most) const
{
    BroadcastRows rows;
    rows.first = first;
    rows.compared = int(m_rows.size());
    rows.differing = m_differing;
    rows.count = onlyDifferences ? m_differing : int(m_rows.size());
    rows.isCut = m_isCut;
    int at = 0;
    for (const BroadcastRow &row : m_rows) {
        if (onlyDifferences && !row.differs)
            continue;
        if (at >= first && at < first + most)
            rows.rows.push_back(row);
        ++at;
    }
    return rows;
}

} // namespace slotscope
