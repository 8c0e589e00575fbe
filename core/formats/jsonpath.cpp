// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/jsonpath.h"

#include "core/base/tr.h"
#include "core/formats/jsonwalker.h"

namespace slotscope {

QByteArray memberPath(const QByteArray &path, const QString &name)
{
    return path + '[' + jsonQuoted(name) + ']';
}

QByteArray jsonPathOf(const FormatTree &tree, quint32 node)
{
    QList<quint32> line; // from the node up to the root, which is not included
    for (quint32 each = node; each != 0; each = tree.at(each).parent)
        line.prepend(each);
    QByteArray path = "$";
    for (const quint32 each : std::as_const(line)) {
        const quint32 parent = tree.at(each).parent;
        if (tree.at(parent).kind == FormatNode::Kind::Array)
            path += '[' + QByteArray::number(tree.childrenOf(parent).indexOf(each)) + ']';
        else
            path = memberPath(path, tree.at(each).name);
    }
    return path;
}

std::optional<QByteArray> onlyMatch(QByteArrayView reply)
{
    JsonWalker walker(reply);
    const auto first = walker.next();
    if (!first || first->kind != JsonEvent::Kind::BeginArray)
        return std::nullopt;
    int matches = 0;
    while (const auto event = walker.next()) {
        const bool begins = event->kind == JsonEvent::Kind::BeginArray || event->kind == JsonEvent::Kind::BeginObject;
        const bool ends = event->kind == JsonEvent::Kind::EndArray || event->kind == JsonEvent::Kind::EndObject;
        if (walker.depth() == (begins ? 2 : 1) && !ends && event->kind != JsonEvent::Kind::Name)
            ++matches;
    }
    const QByteArrayView text = reply.trimmed();
    if (walker.hasProblem() || matches != 1 || text.size() < 3)
        return std::nullopt;
    return text.sliced(1, text.size() - 2).trimmed().toByteArray();
}

QString whyNotJson(QByteArrayView text)
{
    JsonWalker walker(text);
    int tokens = 0;
    while (walker.next())
        ++tokens;
    if (const auto problem = walker.problem())
        return tr("Line %1, column %2: %3").arg(problem->line).arg(problem->column).arg(problem->words);
    if (tokens == 0)
        return tr("This is no JSON value: it is empty. A text needs quotes, such as \"text\".");
    return walker.lenient() ? tr("NaN and Infinity are not JSON.") : QString();
}

} // namespace slotscope
