// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QObject>

class QSettings;

namespace slotscope {

/// Whether servers, route, user and database are the same; name and other settings may differ. Behind SSH, an address
/// alone does not identify a server.
[[nodiscard]] bool samePlace(const ConnectionTarget &a, const ConnectionTarget &b);

struct RecentConnection
{
    ConnectionTarget target; ///< never contains a password
    bool hadPassword = false; ///< the user must be asked for the password again
    qint64 usedAt = 0; ///< ms since 1970
    friend bool operator==(const RecentConnection &, const RecentConnection &) = default;
};

/// The most recently used connections, newest first, stored in the settings, never with passwords.
class RecentConnections final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecentConnections)
public:
    static constexpr int maximum = 20;

    /// The settings must outlive this object.
    explicit RecentConnections(QSettings &settings, QObject *parent = nullptr);

    [[nodiscard]] const QList<RecentConnection> &list() const { return m_list; }
    /// Adds a connection at the front, replacing one to the same place with the same user, whose name and environment
    /// are kept if the new one has none. `now` is in ms since 1970.
    void add(const ConnectionTarget &target, qint64 now);
    void remove(const ConnectionTarget &target);
    /// Returns the target completed with name and environment of a former connection to one of its servers: for servers
    /// that can be recognised only by address.
    [[nodiscard]] ConnectionTarget marked(ConnectionTarget target) const;

Q_SIGNALS:
    void changed();
    /// The settings could not be written; `reason` contains the file.
    void notKept(const slotscope::Error &reason);

private:
    void load();
    void save();

    QSettings &m_settings;
    QList<RecentConnection> m_list;
};

/// The tabs that were open last, in order, which a start without arguments opens again. Never with passwords.
struct OpenConnections
{
    QList<RecentConnection> list;
    int current = 0;

    [[nodiscard]] static OpenConnections load(QSettings &settings);
    /// For targets with a password, only the fact that they had one is stored.
    static void save(QSettings &settings, const QList<ConnectionTarget> &targets, int current);
};

} // namespace slotscope
