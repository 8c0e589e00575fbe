// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/slowlog/commandshape.h"

#include <QCryptographicHash>
#include <QHash>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype mostPlaces = 4; // more arguments are shown as any number
constexpr qsizetype digestShown = 8; // characters shown of a script's SHA1
constexpr qsizetype scriptShown = 24; // bytes shown of a script's first line
const QByteArray ellipsis = "\xe2\x80\xa6"_ba;

const QSet<QByteArray> &takersOfManyKeys()
{
    static const QSet<QByteArray> commands{"MGET"_ba,  "MSET"_ba,   "DEL"_ba,    "UNLINK"_ba, "EXISTS"_ba,
                                           "TOUCH"_ba, "SUNION"_ba, "SINTER"_ba, "SDIFF"_ba,  "PFCOUNT"_ba};
    return commands;
}

const QSet<QByteArray> &callersOfScripts()
{
    static const QSet<QByteArray> commands{"EVALSHA"_ba, "EVALSHA_RO"_ba, "FCALL"_ba, "FCALL_RO"_ba};
    return commands;
}

/// The first line of a script that says something: neither blank nor "#!lua …".
QByteArray firstLineOf(const QByteArray &script)
{
    for (const QByteArray &each : script.split('\n')) {
        const QByteArray line = each.simplified();
        if (!line.isEmpty() && !line.startsWith("#!"))
            return line;
    }
    return {};
}

/// Identifies a script by the SHA1 of its text, as SCRIPT LOAD and EVALSHA do, and by its beginning. The log keeps only
/// the beginning of a long text; its SHA1 still tells scripts apart, but is not that of the script and is marked.
QByteArray scriptMark(const QByteArray &script)
{
    const QByteArray digest = QCryptographicHash::hash(script, QCryptographicHash::Sha1).toHex().left(digestShown);
    const QByteArray line = firstLineOf(script);
    const QByteArray mark = (isCut({script}) ? "~" + digest : digest) + ellipsis;
    return line.isEmpty()
        ? mark
        : mark + " {" + line.left(scriptShown).trimmed() + (line.size() > scriptShown ? ellipsis : "") + '}';
}

qint64 percentile(const std::vector<qint64> &sorted, int percent)
{
    const size_t rank = (sorted.size() * size_t(percent) + 99) / 100;
    return sorted[std::max<size_t>(rank, 1) - 1];
}

} // namespace

QByteArray shapeOf(const Command &command)
{
    if (command.isEmpty())
        return {};
    QByteArray shape = commandName(command).toUtf8();
    const QByteArray name = command.first().toUpper();
    qsizetype named = shape.contains(' ') && command.size() > 1 ? 2 : 1;
    if (callersOfScripts().contains(name) && command.size() > 1) {
        const bool isDigest = name.startsWith("EVALSHA");
        shape += ' ' + (isDigest ? command[1].left(digestShown).toLower() + ellipsis : command[1]);
        named = 2;
    } else if ((name == "EVAL" || name == "EVAL_RO") && command.size() > 1) {
        shape += ' ' + scriptMark(command[1]);
        named = 2;
    }
    const qsizetype places = command.size() - named;
    if (places > mostPlaces || (places > 1 && takersOfManyKeys().contains(name)))
        return shape + " ?" + ellipsis;
    for (qsizetype i = 0; i < places; ++i)
        shape += " ?";
    return shape;
}

std::vector<ShapeFigures> figuresOf(const std::vector<SlowlogEntryPtr> &entries)
{
    struct Gathered
    {
        std::vector<qint64> costs;
        QSet<QByteArray> nodes;
    };
    QHash<QByteArray, Gathered> groups;
    for (const SlowlogEntryPtr &entry : entries) {
        Gathered &group = groups[entry->shape];
        group.costs.push_back(entry->cost);
        group.nodes.insert(entry->nodeId);
    }
    std::vector<ShapeFigures> figures;
    for (auto group = groups.begin(); group != groups.end(); ++group) {
        std::vector<qint64> &costs = group->costs;
        std::sort(costs.begin(), costs.end());
        ShapeFigures each{.shape = group.key(), .nodes = group->nodes.values()};
        std::sort(each.nodes.begin(), each.nodes.end());
        each.count = qint64(costs.size());
        for (const qint64 cost : costs)
            each.total += cost;
        each.p50 = percentile(costs, 50);
        each.p99 = percentile(costs, 99);
        each.longest = costs.back();
        figures.push_back(std::move(each));
    }
    std::sort(figures.begin(), figures.end(), [](const ShapeFigures &left, const ShapeFigures &right) {
        return left.total != right.total ? left.total > right.total : left.shape < right.shape;
    });
    return figures;
}

} // namespace slotscope
