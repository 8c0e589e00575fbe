// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QObject>

class QSettings;

namespace slotscope {

/// Same servers, reached the same way, same user and database: the name and what else was set may differ. Behind SSH
/// the address alone names no server.
[[nodiscard]] bool samePlace(const ConnectionTarget &a, const ConnectionTarget &b);

struct RecentConnection
{
    ConnectionTarget target; ///< never with a password
    bool hadPassword = false; ///< it has to be asked for again
    qint64 usedAt = 0; ///< ms since 1970
    friend bool operator==(const RecentConnection &, const RecentConnection &) = default;
};

/// The connections used last, newest first, kept in the settings. A password never gets there.
class RecentConnections final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecentConnections)
public:
    static constexpr int maximum = 20;

    /// The settings outlive this.
    explicit RecentConnections(QSettings &settings, QObject *parent = nullptr);

    [[nodiscard]] const QList<RecentConnection> &list() const { return m_list; }
    /// To the front; what leads to the same place as the same user is replaced, but its name and environment stay where
    /// the new one says none. `now` in ms since 1970.
    void add(const ConnectionTarget &target, qint64 now);
    void remove(const ConnectionTarget &target);
    /// The target, with the name and the environment of the connection that was used before to one of its servers,
    /// where it says none: for servers that nothing but their address tells apart.
    [[nodiscard]] ConnectionTarget marked(ConnectionTarget target) const;

Q_SIGNALS:
    void changed();
    /// The settings could not be written: why, with the file.
    void notKept(const slotscope::Error &reason);

private:
    void load();
    void save();

    QSettings &m_settings;
    QList<RecentConnection> m_list;
};

/// The tabs that were open last, in their order: what a start without words opens again. Never with a password.
struct OpenConnections
{
    QList<RecentConnection> list;
    int current = 0;

    [[nodiscard]] static OpenConnections load(QSettings &settings);
    /// Targets with a password are kept as such that had one.
    static void save(QSettings &settings, const QList<ConnectionTarget> &targets, int current);
};

} // namespace slotscope
