// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QMap>
#include <QString>
#include <QVariantMap>

class QSettings;

namespace slotscope {

/// Favourites, recent keys, searches and view options of the user, separate for each place. It writes names of database
/// keys to the settings, never values. GUI thread.
class KeyMemory
{
public:
    static constexpr qsizetype mostFavourites = 200, mostRecent = 20, mostSearches = 20;

    /// Reads what was saved for all places; setPlace() chooses one of them.
    void restore(const QSettings &settings);
    /// Writes the data of this place; other places are not changed.
    void save(QSettings &settings) const;
    /// Sets the place: the name of a connection, or its URI without a password. Unsaved data of the previous place is
    /// dropped.
    void setPlace(const QString &place);
    [[nodiscard]] const QString &place() const { return m_place; }

    [[nodiscard]] const QByteArrayList &favourites() const { return m_favourites; } ///< sorted by name
    [[nodiscard]] const QByteArrayList &recent() const { return m_recent; } ///< recently opened keys, newest first
    [[nodiscard]] const QStringList &searches() const { return m_searches; } ///< newest first
    [[nodiscard]] bool isFavourite(const QByteArray &key) const { return m_favourites.contains(key); }
    void setFavourite(const QByteArray &key, bool is);
    void opened(const QByteArray &key);
    void searched(const QString &text);
    void forgetRecent(); ///< clears recent keys and searches, but not favourites

    /// Delimiters that divide names into folders; empty: nothing was chosen.
    [[nodiscard]] const QList<QByteArray> &delimiters() const { return m_delimiters; }
    void setDelimiters(const QList<QByteArray> &delimiters) { m_delimiters = delimiters; }
    /// The user's names for databases, by number.
    [[nodiscard]] const QMap<int, QString> &databaseNames() const { return m_databaseNames; }
    void nameDatabase(int database, const QString &name); ///< an empty name removes it
    [[nodiscard]] const QByteArray &formats() const { return m_formats; } ///< saved by FormatMemory::save()
    void setFormats(const QByteArray &formats) { m_formats = formats; }
    [[nodiscard]] const QStringList &protoFolders() const { return m_protoFolders; } ///< folders of .proto files
    void setProtoFolders(const QStringList &folders) { m_protoFolders = folders; }

private:
    [[nodiscard]] static QString groupOf(const QString &place);

    QVariantMap m_kept; ///< settings group of each place
    QString m_place;
    QByteArrayList m_favourites, m_recent;
    QStringList m_searches, m_protoFolders;
    QList<QByteArray> m_delimiters;
    QMap<int, QString> m_databaseNames;
    QByteArray m_formats;
};

} // namespace slotscope
