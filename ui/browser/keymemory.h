// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>
#include <QVariantMap>

class QSettings;

namespace slotscope {

/// Keys and searches that the user comes back to, and how he looks at the keys, kept for each place that is connected
/// to. Names of keys get to the settings by it, never values. GUI thread.
class KeyMemory
{
public:
    static constexpr qsizetype mostFavourites = 200, mostRecent = 20, mostSearches = 20;

    /// What was kept for all places; setPlace() chooses among it.
    void restore(const QSettings &settings);
    /// Writes what is kept for this place; the others stay as they are.
    void save(QSettings &settings) const;
    /// Which place: a connection's name, or its URI without a password. What was there before this call goes.
    void setPlace(const QString &place);
    [[nodiscard]] const QString &place() const { return m_place; }

    [[nodiscard]] const QByteArrayList &favourites() const { return m_favourites; } ///< by name
    [[nodiscard]] const QByteArrayList &recent() const { return m_recent; } ///< that were opened, newest first
    [[nodiscard]] const QStringList &searches() const { return m_searches; } ///< newest first
    [[nodiscard]] bool isFavourite(const QByteArray &key) const { return m_favourites.contains(key); }
    void setFavourite(const QByteArray &key, bool is);
    void opened(const QByteArray &key);
    void searched(const QString &text);
    void forgetRecent(); ///< keys and searches; favourites stay

    /// What parts names into folders here; empty: nothing was chosen.
    [[nodiscard]] const QList<QByteArray> &delimiters() const { return m_delimiters; }
    void setDelimiters(const QList<QByteArray> &delimiters) { m_delimiters = delimiters; }
    [[nodiscard]] const QByteArray &formats() const { return m_formats; } ///< chosen here: FormatMemory::save()
    void setFormats(const QByteArray &formats) { m_formats = formats; }

private:
    [[nodiscard]] static QString groupOf(const QString &place);

    QVariantMap m_kept; ///< by group
    QString m_place;
    QByteArrayList m_favourites, m_recent;
    QStringList m_searches;
    QList<QByteArray> m_delimiters;
    QByteArray m_formats;
};

} // namespace slotscope
