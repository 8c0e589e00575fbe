// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configcomparison.h"

#include "core/base/secrets.h"
#include "core/base/tr.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Cell = SettingRow::Cell;

/// All settings that any node reported, without the old name of a setting that is also reported under its present name.
QSet<QByteArray> namesOf(const std::vector<NodeConfig> &nodes)
{
    QSet<QByteArray> names;
    for (const NodeConfig &node : nodes)
        for (auto each = node.values.keyBegin(); each != node.values.keyEnd(); ++each)
            names.insert(*each);
    for (const auto &[other, main] : settingAliases())
        if (names.contains(main))
            names.remove(other);
    return names;
}

/// The default, if it is the same for all nodes that have the setting.
std::optional<QByteArray> defaultOf(const SettingRow &row, const std::vector<NodeConfig> &nodes)
{
    std::optional<QByteArray> found;
    if (!row.info || row.isSecret || row.isOwn() || !row.info->hasDefault())
        return found;
    for (size_t i = 0; i < nodes.size(); ++i) {
        if (row.cells[qsizetype(i)] == Cell::NotRead || row.cells[qsizetype(i)] == Cell::Unknown)
            continue;
        const QByteArray one = row.info->defaultFor(nodes[i].isValkey, nodes[i].major);
        if (found && *found != one)
            return std::nullopt;
        found = one;
    }
    return found;
}

QByteArray mostOf(const SettingRow &row)
{
    QHash<QByteArray, int> counts;
    const auto isKnown = [&row](qsizetype i) { return row.cells[i] != Cell::NotRead && row.cells[i] != Cell::Unknown; };
    for (qsizetype i = 0; i < row.values.size(); ++i)
        if (isKnown(i))
            ++counts[row.values[i]];
    QByteArray best;
    int bestCount = 0;
    for (qsizetype i = 0; i < row.values.size(); ++i) {
        const int count = isKnown(i) ? counts.value(row.values[i]) : 0;
        const bool isUsual = row.usual && row.values[i] == *row.usual;
        if (count > bestCount || (count > 0 && count == bestCount && isUsual)) {
            best = row.values[i];
            bestCount = count;
        }
    }
    return best;
}

SettingRow rowOf(const QByteArray &name, const std::vector<NodeConfig> &nodes)
{
    SettingRow row;
    row.name = name;
    row.info = settingInfo(name);
    if (!row.info)
        row.info = settingInfo(mainSettingName(name)); // an older server uses the old name
    row.group = row.info ? row.info->group : SettingInfo::Group::Other;
    row.isSecret = isSecretSetting(name) || (row.info && row.info->kind == SettingInfo::Kind::Secret);
    for (const NodeConfig &node : nodes) {
        const auto found = node.values.constFind(name);
        const bool isThere = found != node.values.cend();
        row.cells.append(node.problem ? Cell::NotRead : isThere ? Cell::AsMost : Cell::Unknown);
        row.values.append(isThere ? *found : QByteArray());
    }
    row.usual = defaultOf(row, nodes);
    row.most = mostOf(row);
    for (qsizetype i = 0; i < row.cells.size(); ++i) {
        if (row.cells[i] != Cell::AsMost)
            continue;
        if (row.values[i] != row.most && !row.isOwn()) {
            row.cells[i] = Cell::Differs;
            ++row.differing;
        }
        const NodeConfig &node = nodes[size_t(i)];
        // without a known version, only a default common to all versions is used
        const bool hasDefault = row.info && !row.isOwn() && row.info->hasDefault()
            && (node.major > 0 || !QByteArrayView(row.info->defaults).contains('|'));
        row.isChanged = row.isChanged
            || (hasDefault && !row.isSecret && row.values[i] != row.info->defaultFor(node.isValkey, node.major))
            || (row.isSecret && !row.isOwn() && !row.values[i].isEmpty());
    }
    return row;
}

} // namespace

const SettingRow *ConfigComparison::find(const QByteArray &name) const
{
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&name](const SettingRow &row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

ConfigComparison compareConfig(const std::vector<NodeConfig> &nodes)
{
    ConfigComparison all;
    const QSet<QByteArray> names = namesOf(nodes);
    all.rows.reserve(size_t(names.size()));
    for (const QByteArray &name : names)
        all.rows.push_back(rowOf(name, nodes));
    std::sort(all.rows.begin(), all.rows.end(), [](const SettingRow &a, const SettingRow &b) {
        return std::tie(a.group, a.name) < std::tie(b.group, b.name);
    });
    for (const SettingRow &row : all.rows) {
        all.different += row.differing > 0 ? 1 : 0;
        all.changed += row.isChanged ? 1 : 0;
    }
    return all;
}

QString settingCellText(const SettingRow &row, const QByteArray &value)
{
    if (row.isSecret)
        return value.isEmpty() ? tr("none") : u"••••"_s;
    return value.isEmpty() ? u"\"\""_s : settingText(row.info, value);
}

} // namespace slotscope
