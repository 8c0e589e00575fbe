// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/keymemory.h"

#include <QCryptographicHash>
#include <QSettings>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const QString keysGroup = u"browser/keys/"_s;
constexpr qsizetype longestDatabaseName = 60;

QByteArrayList bytesOf(const QVariant &list)
{
    QByteArrayList names;
    const QVariantList entries = list.toList();
    for (const QVariant &entry : entries)
        names.append(entry.toByteArray());
    return names;
}

QVariantList variantsOf(const QByteArrayList &names)
{
    QVariantList list;
    for (const QByteArray &name : names)
        list.append(name);
    return list;
}

template <typename List, typename Entry>
void toFront(List &list, const Entry &entry, qsizetype most)
{
    list.removeAll(entry);
    list.prepend(entry);
    list.resize(std::min(list.size(), most));
}

} // namespace

QString KeyMemory::groupOf(const QString &place)
{
    return QString::fromLatin1(QCryptographicHash::hash(place.toUtf8(), QCryptographicHash::Sha1).toHex().left(16));
}

void KeyMemory::restore(const QSettings &settings)
{
    m_kept.clear();
    const QStringList all = settings.allKeys();
    for (const QString &key : all)
        if (key.startsWith(keysGroup))
            m_kept.insert(key.mid(keysGroup.size()), settings.value(key));
    if (!m_place.isEmpty())
        setPlace(std::exchange(m_place, QString())); // setPlace() was called before anything was restored
}

void KeyMemory::save(QSettings &settings) const
{
    if (m_place.isEmpty())
        return;
    QVariantMap kept;
    if (!m_favourites.isEmpty())
        kept[u"favourites"_s] = variantsOf(m_favourites);
    if (!m_recent.isEmpty())
        kept[u"recent"_s] = variantsOf(m_recent);
    if (!m_searches.isEmpty())
        kept[u"searches"_s] = m_searches;
    if (!m_delimiters.isEmpty())
        kept[u"delimiters"_s] = variantsOf(m_delimiters);
    QVariantMap names;
    for (const auto &[database, name] : m_databaseNames.asKeyValueRange())
        names[QString::number(database)] = name;
    if (!names.isEmpty())
        kept[u"databaseNames"_s] = names;
    if (!m_formats.isEmpty())
        kept[u"formats"_s] = m_formats;
    if (!m_protoFolders.isEmpty())
        kept[u"protoFolders"_s] = m_protoFolders;
    const QString group = keysGroup + groupOf(m_place);
    if (kept.isEmpty())
        settings.remove(group);
    else
        settings.setValue(group, kept);
}

void KeyMemory::setPlace(const QString &place)
{
    if (place == m_place)
        return;
    m_place = place;
    const QVariantMap kept = m_kept.value(groupOf(place)).toMap();
    m_favourites = bytesOf(kept.value(u"favourites"_s));
    m_recent = bytesOf(kept.value(u"recent"_s));
    m_searches = kept.value(u"searches"_s).toStringList();
    m_delimiters = bytesOf(kept.value(u"delimiters"_s));
    m_formats = kept.value(u"formats"_s).toByteArray();
    m_protoFolders = kept.value(u"protoFolders"_s).toStringList();
    m_databaseNames.clear();
    const QVariantMap names = kept.value(u"databaseNames"_s).toMap();
    for (const auto &[database, name] : names.asKeyValueRange())
        nameDatabase(database.toInt(), name.toString());
}

void KeyMemory::nameDatabase(int database, const QString &name)
{
    const QString plain = name.simplified().left(longestDatabaseName);
    if (plain.isEmpty())
        m_databaseNames.remove(database);
    else
        m_databaseNames[database] = plain;
}

void KeyMemory::setFavourite(const QByteArray &key, bool is)
{
    m_favourites.removeAll(key);
    if (is && m_favourites.size() < mostFavourites)
        m_favourites.insert(std::lower_bound(m_favourites.begin(), m_favourites.end(), key), key);
}

void KeyMemory::opened(const QByteArray &key)
{
    toFront(m_recent, key, mostRecent);
}

void KeyMemory::searched(const QString &text)
{
    if (!text.isEmpty())
        toFront(m_searches, text, mostSearches);
}

void KeyMemory::forgetRecent()
{
    m_recent.clear();
    m_searches.clear();
}

} // namespace slotscope
