// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/answerlines.h"

#include "core/base/text.h"
#include "core/console/answercursors.h"

namespace slotscope {

std::unique_ptr<LineCursor> lineCursor(const Value &value, AnswerView view)
{
    switch (view) {
    case AnswerView::Cli: break;
    case AnswerView::Raw:
        if (value.isString())
            return std::make_unique<TextCursor>(value);
        break;
    case AnswerView::Tree: return std::make_unique<TreeCursor>(value);
    case AnswerView::Table: return std::make_unique<TableCursor>(value);
    case AnswerView::Json: return std::make_unique<JsonCursor>(value);
    case AnswerView::Bytes: return std::make_unique<BytesCursor>(value);
    }
    return std::make_unique<CliCursor>(value);
}

AnswerLines::AnswerLines(std::shared_ptr<const Value> value, AnswerView view)
    : m_value(std::move(value)), m_end(lineCursor(*m_value, view))
{
    findMore();
}

bool AnswerLines::findMore()
{
    for (qint64 i = 0; i < atOnce && !m_isWhole; ++i) {
        if (m_count % spacing == 0)
            m_marks.push_back(m_end->copy());
        if (m_end->next(nullptr))
            ++m_count;
        else
            m_isWhole = true;
    }
    return !m_isWhole;
}

QStringList AnswerLines::read(qint64 first, int most) const
{
    QStringList lines;
    if (first < 0 || first >= m_count)
        return lines;
    const auto at = m_marks[size_t(first / spacing)]->copy();
    for (qint64 skipped = 0; skipped < first % spacing; ++skipped)
        if (!at->next(nullptr))
            return lines;
    QByteArray line;
    for (int i = 0; i < most && first + i < m_count; ++i) {
        line.clear();
        if (!at->next(&line))
            break;
        lines.append(QString::fromUtf8(line));
    }
    return lines;
}

bool isShownRaw(const QByteArrayList &command)
{
    const QByteArray name = command.value(0).toLower();
    const QByteArray sub = command.value(1).toLower();
    if (name == "info" || name == "lolwut")
        return true;
    if (name == "memory")
        return sub == "malloc-stats" || sub == "doctor";
    if (name == "debug")
        return sub == "htstats" || sub == "htstats-key" || sub == "client-eviction";
    if (name == "cluster")
        return sub == "info" || sub == "nodes";
    if (name == "client")
        return sub == "list" || sub == "info";
    if (name == "latency")
        return sub == "graph" || sub == "doctor";
    return name == "proxy" && sub == "info";
}

} // namespace slotscope
