// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/recentconnections.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const auto arrayName = u"recent"_s;

/// Same servers, user and database: the name and what else was set may differ.
bool samePlace(const ConnectionTarget &a, const ConnectionTarget &b)
{
    return a.seeds == b.seeds && a.credentials.user == b.credentials.user && a.database == b.database;
}

} // namespace

RecentConnections::RecentConnections(QSettings &settings, QObject *parent) : QObject(parent), m_settings(settings)
{
    load();
}

void RecentConnections::add(const ConnectionTarget &target, qint64 now)
{
    if (target.seeds.isEmpty())
        return;
    RecentConnection entry{.target = target, .hadPassword = !target.credentials.password.isEmpty(), .usedAt = now};
    entry.target.credentials.password.clear();
    m_list.removeIf([&target](const RecentConnection &known) { return samePlace(known.target, target); });
    m_list.prepend(entry);
    if (m_list.size() > maximum)
        m_list.resize(maximum);
    save();
    Q_EMIT changed();
}

void RecentConnections::remove(const ConnectionTarget &target)
{
    if (m_list.removeIf([&target](const RecentConnection &known) { return samePlace(known.target, target); }) == 0)
        return;
    save();
    Q_EMIT changed();
}

void RecentConnections::load()
{
    const int count = m_settings.beginReadArray(arrayName);
    for (int i = 0; i < std::min(count, maximum); ++i) {
        m_settings.setArrayIndex(i);
        auto target = ConnectionTarget::parse(m_settings.value(u"uri"_s).toString());
        if (!target)
            continue; // written by hand, or by a later version
        target->credentials.user = m_settings.value(u"user"_s).toString(); // a socket's URI has no room for it
        target->credentials.password.clear();
        m_list.append({.target = *target,
                       .hadPassword = m_settings.value(u"password"_s).toBool(),
                       .usedAt = m_settings.value(u"used"_s).toLongLong()});
    }
    m_settings.endArray();
}

void RecentConnections::save()
{
    m_settings.remove(arrayName);
    m_settings.beginWriteArray(arrayName, int(m_list.size()));
    for (int i = 0; i < m_list.size(); ++i) {
        const RecentConnection &entry = m_list.at(i);
        m_settings.setArrayIndex(i);
        m_settings.setValue(u"uri"_s, entry.target.toUri(false));
        m_settings.setValue(u"user"_s, entry.target.credentials.user);
        m_settings.setValue(u"password"_s, entry.hadPassword);
        m_settings.setValue(u"used"_s, entry.usedAt);
    }
    m_settings.endArray();
}

} // namespace slotscope
