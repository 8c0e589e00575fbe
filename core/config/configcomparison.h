// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/settings.h"

#include <QList>
#include <QMap>

#include <vector>

namespace slotscope {

/// The settings of a node as it told them at one moment.
struct NodeConfig
{
    QByteArray nodeId;
    QString nodeName;
    bool isValkey = false;
    int major = 0; ///< of the version; 0: not told
    QByteArray file; ///< the configuration file; empty: it runs without one, so nothing is kept by CONFIG REWRITE
    bool isFileTold = false; ///< whether the node told which file it has
    /// Values by lower-case name. Of secrets only a mark: equal marks are equal values, within this program.
    QMap<QByteArray, QByteArray> values;
    std::optional<Error> problem; ///< why it told nothing
    qint64 readAt = 0; ///< ms since 1970
};

/// A setting over all nodes.
struct SettingRow
{
    enum class Cell : quint8 {
        AsMost,
        Differs,
        Unknown, ///< this node knows no such setting, or does not show it
        NotRead, ///< nothing of this node is known
    };
    QByteArray name;
    const SettingInfo *info = nullptr; ///< null: no entry in the table
    SettingInfo::Group group = SettingInfo::Group::Other;
    bool isSecret = false;
    std::optional<QByteArray> usual; ///< the default; nothing: not known, or not the same for all nodes
    QByteArray most; ///< the value that most nodes have
    QList<Cell> cells; ///< by node
    QList<QByteArray> values; ///< by node
    int differing = 0; ///< nodes; 0 for what each node has its own of
    bool isChanged = false; ///< from the default, on a node at least
    [[nodiscard]] bool isOwn() const { return info && info->isOwn(); }
};

struct ConfigComparison
{
    std::vector<SettingRow> rows; ///< by group, then by name
    int different = 0, changed = 0; ///< rows
    [[nodiscard]] const SettingRow *find(const QByteArray &name) const; ///< null: no node has it
};

/// What most nodes have is the value of the most nodes; of values that as many have, the default, then that of the node
/// that comes first. An older name of a setting that is there too is left out. Pure.
[[nodiscard]] ConfigComparison compareConfig(const std::vector<NodeConfig> &nodes);

/// The value for people: settingText(), and for secrets whether there is one.
[[nodiscard]] QString settingCellText(const SettingRow &row, const QByteArray &value);

} // namespace slotscope
