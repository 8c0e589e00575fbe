// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>
#include <utility>

namespace slotscope {

/// What is known of a setting of the servers (CONFIG GET).
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
        Other, ///< no entry of the table: of a module, or of a later server
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
    const char *defaults; ///< that of Valkey 8 and later after a '|', where it is another one; "?": none
    const char *choices; ///< of Kind::Choice, separated by blanks
    const char *flags; ///< 'i', 'p', 'o': see isFixed(), isProtected(), isOwn()
    const char *meaning; ///< one sentence or two, to be translated

    [[nodiscard]] bool isFixed() const; ///< CONFIG SET refuses it: it stands in the file, and the server is restarted
    [[nodiscard]] bool isProtected() const; ///< the same, unless enable-protected-configs allows it
    [[nodiscard]] bool isOwn() const; ///< of each node: a port, a folder; that nodes differ in it means nothing
    [[nodiscard]] QByteArray defaultFor(bool isValkey, int major) const; ///< of a server's product and major version
    [[nodiscard]] bool hasDefault() const;
    [[nodiscard]] QByteArrayList choiceList() const; ///< yes and no for Kind::Bool
    [[nodiscard]] QString words() const; ///< the meaning, translated
};

/// All settings with an entry, by group.
[[nodiscard]] std::span<const SettingInfo> settingTable();
/// Older names and the names that they stand for: the servers tell both.
[[nodiscard]] std::span<const std::pair<const char *, const char *>> settingAliases();

/// Null: no entry.
[[nodiscard]] const SettingInfo *settingInfo(const QByteArray &name);
/// The name that an older one stands for; the same name where it is none.
[[nodiscard]] QByteArray mainSettingName(const QByteArray &name);
[[nodiscard]] QString settingGroupTitle(SettingInfo::Group group);
/// "4 GB", "10,000 µs", "10 %": a value for people. What is no number of the setting's kind comes as it is.
[[nodiscard]] QString settingText(const SettingInfo *info, const QByteArray &value);
/// Whether two values mean the same: flags of notify-keyspace-events in any order, sizes with units, and of
/// client-output-buffer-limit the classes that `typed` names.
[[nodiscard]] bool isSameSetting(const SettingInfo *info, const QByteArray &now, const QByteArray &typed);
/// What a user typed, as CONFIG SET wants it ("100mb" -> "104857600"); the text itself where it is no such number.
[[nodiscard]] QByteArray settingValue(const SettingInfo *info, const QByteArray &typed);

} // namespace slotscope
