// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/settings.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QHash>
#include <QMap>

#include <algorithm>
#include <cstring>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = SettingInfo::Kind;

QString inUnits(qint64 number, const QString &unit)
{
    return groupedNumber(number) + u' ' + unit;
}

/// Sorts flags, and expands "A" (redis.conf 7.0: g$lshztxed).
QByteArray keyEventFlags(const QByteArray &flags)
{
    QByteArray all = flags;
    if (all.contains('A')) {
        all.replace("A", "");
        all += "g$lshztxed";
    }
    std::sort(all.begin(), all.end());
    all.resize(std::unique(all.begin(), all.end()) - all.begin());
    return all;
}

/// Parses a size with the servers' units (k = 1000, kb = 1024); nullopt if it is invalid.
std::optional<qint64> sizeOf(const QByteArray &typed)
{
    const QByteArray text = typed.trimmed().toLower();
    static const std::pair<const char *, qint64> units[] = {{"kb", 1 << 10}, {"mb", 1 << 20},  {"gb", 1 << 30},
                                                            {"k", 1000},     {"m", 1'000'000}, {"g", 1'000'000'000},
                                                            {"b", 1}};
    for (const auto &[name, size] : units) {
        if (!text.endsWith(name))
            continue;
        const auto number = toInteger(text.left(text.size() - qsizetype(std::strlen(name))).trimmed());
        qint64 bytes = 0;
        return !number || __builtin_mul_overflow(*number, size, &bytes) ? std::nullopt : std::optional(bytes);
    }
    return toInteger(text);
}

/// Maps each client class to its hard limit and soft limit, both in bytes, and its seconds.
QMap<QByteArray, QByteArrayList> bufferLimits(const QByteArray &text)
{
    QMap<QByteArray, QByteArrayList> limits;
    const QByteArrayList words = text.simplified().toLower().split(' ');
    for (qsizetype i = 0; i + 3 < words.size(); i += 4) {
        QByteArrayList three;
        for (qsizetype k = 1; k < 4; ++k) {
            const auto size = sizeOf(words[i + k]);
            three.append(size ? QByteArray::number(*size) : words[i + k]);
        }
        limits.insert(words[i] == "replica" ? "slave"_ba : words[i], three);
    }
    return limits;
}

/// Exact: "4 GB", "100 MB", "64 bytes"; bytes if no unit divides it evenly.
QString wholeBytes(qint64 bytes)
{
    static const std::pair<qint64, const char *> units[] = {{1LL << 40, "TB"}, {1 << 30, "GB"}, {1 << 20, "MB"}};
    for (const auto &[size, name] : units)
        if (bytes >= size && bytes % size == 0)
            return inUnits(bytes / size, QString::fromLatin1(name));
    if (bytes >= 1024 && bytes % 1024 == 0)
        return inUnits(bytes / 1024, u"KB"_s);
    return groupedNumber(bytes);
}

} // namespace

bool SettingInfo::isFixed() const
{
    return std::strchr(flags, 'i') != nullptr;
}

bool SettingInfo::isProtected() const
{
    return std::strchr(flags, 'p') != nullptr;
}

bool SettingInfo::isOwn() const
{
    return std::strchr(flags, 'o') != nullptr;
}

bool SettingInfo::hasDefault() const
{
    return std::strcmp(defaults, "?") != 0;
}

QByteArray SettingInfo::defaultFor(bool isValkey, int major) const
{
    const QByteArray all(defaults);
    const auto bar = all.indexOf('|');
    if (bar < 0)
        return all;
    return isValkey && major >= 8 ? all.mid(bar + 1) : all.left(bar);
}

QByteArrayList SettingInfo::choiceList() const
{
    if (kind == Kind::Bool)
        return {"yes"_ba, "no"_ba};
    return QByteArray(choices).split(' ');
}

QString SettingInfo::words() const
{
    return tr(meaning);
}

const SettingInfo *settingInfo(const QByteArray &name)
{
    static const QHash<QByteArray, const SettingInfo *> byName = [] {
        QHash<QByteArray, const SettingInfo *> all;
        for (const SettingInfo &info : settingTable())
            all.insert(info.name, &info);
        return all;
    }();
    return byName.value(name);
}

QByteArray mainSettingName(const QByteArray &name)
{
    static const QHash<QByteArray, QByteArray> mains = [] {
        QHash<QByteArray, QByteArray> all;
        for (const auto &[other, main] : settingAliases())
            all.insert(other, main);
        return all;
    }();
    return mains.value(name, name);
}

QString settingGroupTitle(SettingInfo::Group group)
{
    using Group = SettingInfo::Group;
    switch (group) {
    case Group::Memory: return tr("Memory");
    case Group::Persistence: return tr("Persistence");
    case Group::Latency: return tr("Latency, slow log");
    case Group::Cluster: return tr("Cluster");
    case Group::Replication: return tr("Replication");
    case Group::Network: return tr("Network and TLS");
    case Group::Clients: return tr("Clients");
    case Group::Security: return tr("Security");
    case Group::Server: return tr("Server");
    case Group::Other: break;
    }
    return tr("Other");
}

QString settingText(const SettingInfo *info, const QByteArray &value)
{
    const auto number = toInteger(value);
    if (!info || !number)
        return toDisplay(value);
    switch (info->kind) {
    case Kind::Bytes: return *number > 0 ? wholeBytes(*number) : groupedNumber(*number);
    case Kind::Microseconds: return *number > 0 ? inUnits(*number, u"µs"_s) : groupedNumber(*number);
    case Kind::Milliseconds: return *number > 0 ? inUnits(*number, u"ms"_s) : groupedNumber(*number);
    case Kind::Seconds: return *number > 0 ? inUnits(*number, u"s"_s) : groupedNumber(*number);
    case Kind::Minutes: return *number > 0 ? inUnits(*number, u"min"_s) : groupedNumber(*number);
    case Kind::Percent: return inUnits(*number, u"%"_s);
    case Kind::Number:
        return info->isOwn() ? toDisplay(value) : groupedNumber(*number); // no separators in a port
                                                                          // number
    default: return toDisplay(value);
    }
}

QByteArray settingValue(const SettingInfo *info, const QByteArray &typed)
{
    if (!info || info->kind != Kind::Bytes)
        return typed;
    const auto size = sizeOf(typed);
    return size ? QByteArray::number(*size) : typed;
}

bool isSameSetting(const SettingInfo *info, const QByteArray &now, const QByteArray &typed)
{
    const QByteArray name = info ? QByteArray(info->name) : QByteArray();
    if (name == "notify-keyspace-events")
        return keyEventFlags(now) == keyEventFlags(typed);
    if (name == "client-output-buffer-limit") {
        const auto has = bufferLimits(now), wants = bufferLimits(typed);
        for (auto each = wants.cbegin(); each != wants.cend(); ++each)
            if (has.value(each.key()) != *each)
                return false;
        return !wants.isEmpty();
    }
    return now == settingValue(info, typed);
}

} // namespace slotscope
