// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/settings.h"

#include <QList>
#include <QMap>

#include <vector>

namespace slotscope {

/// The settings of a node at one moment.
struct NodeConfig
{
    QByteArray nodeId;
    QString nodeName;
    bool isValkey = false;
    int major = 0; ///< major version; 0: unknown
    QByteArray file; ///< configuration file; empty: none, so CONFIG REWRITE is not possible
    bool isFileTold = false; ///< whether the node reported its file
    /// Values by lower-case name. Secrets are replaced by marks, which are equal for equal values while this program
    /// runs.
    QMap<QByteArray, QByteArray> values;
    std::optional<Error> problem; ///< why there is no data
    qint64 readAt = 0; ///< ms since 1970
};

/// A setting on all nodes.
struct SettingRow
{
    enum class Cell : quint8 {
        AsMost,
        Differs,
        Unknown, ///< the node does not know the setting, or hides it
        NotRead, ///< there is no data from this node
    };
    QByteArray name;
    const SettingInfo *info = nullptr; ///< null: not in the table
    SettingInfo::Group group = SettingInfo::Group::Other;
    bool isSecret = false;
    std::optional<QByteArray> usual; ///< default value; nullopt: unknown, or different between nodes
    QByteArray most; ///< most common value
    QList<Cell> cells; ///< one per node
    QList<QByteArray> values; ///< one per node
    int differing = 0; ///< number of differing nodes; 0 for settings that are individual to each node
    bool isChanged = false; ///< at least one node differs from the default
    [[nodiscard]] bool isOwn() const { return info && info->isOwn(); }
};

struct ConfigComparison
{
    std::vector<SettingRow> rows; ///< sorted by group, then name
    int different = 0, changed = 0; ///< numbers of rows
    [[nodiscard]] const SettingRow *find(const QByteArray &name) const; ///< null: no node has it
};

/// Compares settings. The reference is the most common value; if several are equally common, the default, else the one
/// that occurs first. The old name of a setting that is also reported under its present name is left out. Pure.
[[nodiscard]] ConfigComparison compareConfig(const std::vector<NodeConfig> &nodes);

/// The value for display: settingText(), or for secrets whether there is one.
[[nodiscard]] QString settingCellText(const SettingRow &row, const QByteArray &value);

} // namespace slotscope
