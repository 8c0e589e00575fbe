// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/recentconnections.h"

#include "core/net/ownuri.h"
#include "core/base/ownfiles.h"
#include "core/profile/settingsfile.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const auto arrayName = u"recent"_s;
const auto openName = u"open"_s;
const auto currentName = u"window/tab"_s;

bool saysAnother(const ConnectionTarget &known, const ConnectionTarget &target)
{
    const bool isNamed = !known.name.isEmpty() && !target.name.isEmpty();
    const bool isPlaced = known.environment != EnvironmentKind::None && target.environment != EnvironmentKind::None;
    return (isNamed && known.name != target.name) || (isPlaced && known.environment != target.environment);
}

/// Copies name and environment from `known` if `target` has none. If they differ in one of them, nothing is copied, so
/// that a name is never combined with another connection's environment.
void takeMarks(const ConnectionTarget &known, ConnectionTarget &target)
{
    if (saysAnother(known, target))
        return;
    if (target.name.isEmpty())
        target.name = known.name;
    if (target.environment == EnvironmentKind::None)
        target.environment = known.environment;
}

RecentConnection entryOf(const ConnectionTarget &target, qint64 usedAt)
{
    RecentConnection entry{.target = target, .hadPassword = target.hasPassword(), .usedAt = usedAt};
    entry.target.credentials.password.clear();
    // not stored: only saved connections keep a command, after it was shown to the user
    entry.target.credentials.command = {};
    entry.target.sentinel.credentials.password.clear();
    return entry;
}

QList<RecentConnection> readList(QSettings &settings, const QString &name)
{
    QList<RecentConnection> list;
    const int count = settings.beginReadArray(name);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        auto target = parseOwnUri(settings.value(u"uri"_s).toString());
        if (!target)
            continue; // edited by hand, or written by a later version
        // stored separately, because a socket's URI cannot contain it
        target->credentials.user = settings.value(u"user"_s).toString();
        target->credentials.password.clear();
        target->sentinel.credentials.password.clear();
        list.append({.target = *target,
                     .hadPassword = settings.value(u"password"_s).toBool(),
                     .usedAt = settings.value(u"used"_s).toLongLong()});
    }
    settings.endArray();
    return list;
}

void writeList(QSettings &settings, const QString &name, const QList<RecentConnection> &list)
{
    settings.remove(name);
    settings.beginWriteArray(name, int(list.size()));
    for (int i = 0; i < list.size(); ++i) {
        const RecentConnection &entry = list.at(i);
        settings.setArrayIndex(i);
        settings.setValue(u"uri"_s, entry.target.toUri(false));
        settings.setValue(u"user"_s, entry.target.credentials.user);
        settings.setValue(u"password"_s, entry.hadPassword);
        settings.setValue(u"used"_s, entry.usedAt);
    }
    settings.endArray();
}

} // namespace

bool samePlace(const ConnectionTarget &a, const ConnectionTarget &b)
{
    return a.isSamePlace(b) && a.credentials.user == b.credentials.user && a.database == b.database;
}

RecentConnections::RecentConnections(QSettings &settings, QObject *parent) : QObject(parent), m_settings(settings)
{
    load();
}

void RecentConnections::add(const ConnectionTarget &target, qint64 now)
{
    if (target.seeds.isEmpty())
        return;
    const SettingsUpdate update(m_settings);
    load();
    ConnectionTarget whole = target;
    for (const RecentConnection &known : std::as_const(m_list))
        if (samePlace(known.target, target))
            takeMarks(known.target, whole);
    m_list.removeIf([&target](const RecentConnection &known) { return samePlace(known.target, target); });
    m_list.prepend(entryOf(whole, now));
    if (m_list.size() > maximum)
        m_list.resize(maximum);
    save();
    Q_EMIT changed();
}

void RecentConnections::remove(const ConnectionTarget &target)
{
    const SettingsUpdate update(m_settings);
    load();
    if (m_list.removeIf([&target](const RecentConnection &known) { return samePlace(known.target, target); }) == 0)
        return;
    save();
    Q_EMIT changed();
}

void RecentConnections::load()
{
    m_list = readList(m_settings, arrayName).mid(0, maximum);
}

void RecentConnections::save()
{
    writeList(m_settings, arrayName, m_list);
    m_settings.sync();
    if (m_settings.status() != QSettings::NoError)
        Q_EMIT notKept(whyNotWritten(m_settings.fileName()));
}

ConnectionTarget RecentConnections::marked(ConnectionTarget target) const
{
    for (const RecentConnection &known : m_list)
        if (std::any_of(target.seeds.cbegin(), target.seeds.cend(),
                        [&known](const Endpoint &seed) { return known.target.seeds.contains(seed); }))
            takeMarks(known.target, target);
    return target;
}

OpenConnections OpenConnections::load(QSettings &settings)
{
    OpenConnections open;
    open.list = readList(settings, openName);
    open.current = std::clamp(settings.value(currentName).toInt(), 0, std::max(0, int(open.list.size()) - 1));
    return open;
}

void OpenConnections::save(QSettings &settings, const QList<ConnectionTarget> &targets, int current)
{
    QList<RecentConnection> list;
    for (const ConnectionTarget &target : targets)
        list.append(entryOf(target, 0));
    writeList(settings, openName, list);
    settings.setValue(currentName, current);
}

} // namespace slotscope
