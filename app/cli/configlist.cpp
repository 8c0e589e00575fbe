// SPDX-License-Identifier: GPL-3.0-or-later
#include "configlist.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/config/advisor.h"
#include "core/config/configreader.h"

#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

using Cell = SettingRow::Cell;

bool isListed(const SettingRow &row, const SettingsListed &listed)
{
    if ((listed.differing && row.differing == 0) || (listed.changed && !row.isChanged))
        return false;
    const QString word = listed.find.toLower();
    return word.isEmpty() || QString::fromLatin1(row.name).contains(word)
        || (!row.isSecret && std::any_of(row.values.begin(), row.values.end(), [&](const QByteArray &value) {
               return toDisplay(value).toLower().contains(word);
           }));
}

QString shownValue(const SettingRow &row, const QByteArray &value)
{
    return row.isSecret ? settingCellText(row, value) : value.isEmpty() ? u"\"\""_s : toDisplay(value);
}

QJsonObject settingJson(const SettingRow &row, const std::vector<NodeConfig> &nodes)
{
    const auto json = [&row](const QByteArray &value) -> QJsonValue {
        if (row.isSecret)
            return QJsonObject{{u"secret"_s, true}, {u"set"_s, !value.isEmpty()}};
        return toDisplay(value);
    };
    QJsonObject values;
    for (qsizetype i = 0; i < row.cells.size(); ++i)
        if (row.cells[i] == Cell::AsMost || row.cells[i] == Cell::Differs)
            values.insert(nodes[size_t(i)].nodeName, json(row.values[i]));
    return {{u"setting"_s, QString::fromLatin1(row.name)},
            {u"group"_s, settingGroupTitle(row.group)},
            {u"default"_s, row.usual ? QJsonValue(toDisplay(*row.usual)) : QJsonValue()},
            {u"most"_s, row.isOwn() ? QJsonValue() : json(row.most)},
            {u"differing"_s, row.differing},
            {u"changed"_s, row.isChanged},
            {u"nodes"_s, values}};
}

void printTable(const ConfigComparison &all, const std::vector<NodeConfig> &nodes, const SettingsListed &listed)
{
    QList<QStringList> rows{{u"SETTING"_s, u"MOST NODES"_s, u"DEFAULT"_s, u"DIFFERENT"_s}};
    for (const SettingRow &row : all.rows) {
        if (!isListed(row, listed))
            continue;
        QStringList others;
        for (qsizetype i = 0; i < row.cells.size(); ++i)
            if (row.cells[i] == Cell::Differs)
                others.append(nodes[size_t(i)].nodeName + u'=' + shownValue(row, row.values[i]));
        const QString usual = !row.usual ? u"-"_s : *row.usual == row.most ? u"="_s : shownValue(row, *row.usual);
        rows.append({QString::fromLatin1(row.name),
                     row.isOwn() ? u"(different on each node)"_s : shownValue(row, row.most), usual,
                     others.join(u"  "_s)});
    }
    printOut(tableText(rows));
}

void printAdvice(bool json, const std::vector<Advice> &all)
{
    static const char *const weights[] = {"note", "warning", "error"};
    QJsonArray list;
    for (const Advice &each : all) {
        const QString weight = QString::fromLatin1(weights[int(each.weight)]);
        if (json) {
            list.append(QJsonObject{{u"weight"_s, weight},
                                    {u"setting"_s, toDisplay(each.setting)},
                                    {u"title"_s, each.title},
                                    {u"why"_s, each.why},
                                    {u"nodes"_s, QJsonArray::fromStringList(each.nodes)},
                                    {u"command"_s, each.command}});
            continue;
        }
        printOut(u"%1: %2 (%3)"_s.arg(weight, each.title, toDisplay(each.setting)));
        printOut(u"  "_s + each.why);
        printOut(u"  on "_s + each.nodes.join(u", "_s));
        if (!each.command.isEmpty())
            printOut(u"  "_s + each.command);
    }
    if (json)
        printJson({{u"advice"_s, list}});
    else
        printAside(
            u"%1 recommendations; check what servers do not report (huge pages, overcommit, somaxconn, file limits) on their machines"_s
                .arg(all.size()));
}

} // namespace

QCoro::Task<int> listSettings(Context context, std::shared_ptr<ClusterSession> session, SettingsListed listed)
{
    std::vector<NodeConfig> nodes;
    int refused = 0;
    ConfigReader reader(session.get());
    const ClusterViewPtr view = session->view();
    for (const NodeState &node : view->nodes) {
        if (node.id.isEmpty() || (!listed.nodes.isEmpty() && !listed.nodes.contains(node.id)))
            continue;
        auto config = co_await reader.read(node.id);
        if (!config) {
            printError(config.error());
            ++refused;
            continue;
        }
        if (config->problem) {
            printError(*config->problem);
            ++refused;
        }
        nodes.push_back(std::move(*config));
    }
    if (listed.advice) {
        printAdvice(context.json, advise(nodes, *view));
        co_return refused == 0 ? exitDone : exitFailed;
    }
    const ConfigComparison all = compareConfig(nodes);
    if (context.json) {
        QJsonArray list;
        for (const SettingRow &row : all.rows)
            if (isListed(row, listed))
                list.append(settingJson(row, nodes));
        printJson({{u"settings"_s, list}, {u"different"_s, all.different}, {u"changed"_s, all.changed}});
    } else {
        printTable(all, nodes, listed);
        const auto answered =
            std::count_if(nodes.begin(), nodes.end(), [](const NodeConfig &node) { return !node.problem; });
        printAside(u"%1 settings of %2 nodes: %3 differ, %4 not the default"_s.arg(all.rows.size())
                       .arg(answered)
                       .arg(all.different)
                       .arg(all.changed));
    }
    co_return refused == 0 ? exitDone : exitFailed;
}

} // namespace slotscope::cli
