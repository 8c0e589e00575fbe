// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>
#include <utility>

namespace slotscope {

/// What is known about a server setting (CONFIG GET).
struct SettingInfo
{
    enum class Group : quint8 {
        Memory,
        Persistence,
        Latency,
        Cluster,
        Replication,
        Network,
        Clients,
        Security,
        Server,
        Other, ///< not in the table: belongs to a module or a later server
    };
    enum class Kind : quint8 {
        Text,
        Bool,
        Number,
        Bytes,
        Microseconds,
        Milliseconds,
        Seconds,
        Minutes,
        Percent,
        Choice,
        Secret,
    };
    const char *name;
    Group group;
    Kind kind;
    const char *defaults; ///< default; that of Valkey 8 and later follows a '|' if different; "?": none
    const char *choices; ///< for Kind::Choice, separated by blanks
    const char *flags; ///< 'i', 'p', 'o': see isFixed(), isProtected(), isOwn()
    const char *meaning; ///< one or two sentences, to be translated

    [[nodiscard]] bool isFixed() const; ///< CONFIG SET refuses it: it must be changed in the file, with a restart
    [[nodiscard]] bool isProtected() const; ///< CONFIG SET refuses it, unless enable-protected-configs allows it
    [[nodiscard]] bool isOwn() const; ///< individual to each node (a port, a folder), so differences mean nothing
    /// default for a server's product and major version
    [[nodiscard]] QByteArray defaultFor(bool isValkey, int major) const;
    [[nodiscard]] bool hasDefault() const;
    [[nodiscard]] QByteArrayList choiceList() const; ///< yes and no for Kind::Bool
    [[nodiscard]] QString words() const; ///< translated meaning
};

/// All settings in the table, by group.
[[nodiscard]] std::span<const SettingInfo> settingTable();
/// Pairs of an old name and the present one; servers report both.
[[nodiscard]] std::span<const std::pair<const char *, const char *>> settingAliases();

/// Null if it is not in the table.
[[nodiscard]] const SettingInfo *settingInfo(const QByteArray &name);
/// The present name for an old one; other names are returned unchanged.
[[nodiscard]] QByteArray mainSettingName(const QByteArray &name);
[[nodiscard]] QString settingGroupTitle(SettingInfo::Group group);
/// Formats a value for display: "4 GB", "10,000 µs", "10 %". Invalid numbers are returned unchanged.
[[nodiscard]] QString settingText(const SettingInfo *info, const QByteArray &value);
/// Whether two values mean the same: flags of notify-keyspace-events in any order, sizes with units, and of
/// client-output-buffer-limit only the classes in `typed`.
[[nodiscard]] bool isSameSetting(const SettingInfo *info, const QByteArray &now, const QByteArray &typed);
/// Converts user input for CONFIG SET ("100mb" -> "104857600"); other text is returned unchanged.
[[nodiscard]] QByteArray settingValue(const SettingInfo *info, const QByteArray &typed);

} // namespace slotscope
