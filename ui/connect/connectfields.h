// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QHash>

namespace slotscope {

/// Contents of the connect dialog's fields, as typed.
struct ConnectFields
{
    QString hosts; ///< separated by commas or spaces
    QString user;
    QString password;
    PasswordCommand command; ///< empty: no password command
    QString database;
    QString name;
    bool readOnly = false;
    int refreshSeconds = 0; ///< 0: default interval
    EnvironmentKind environment = EnvironmentKind::None;
    TlsSettings tls;
    bool throughSentinels = false;
    SentinelSettings sentinel; ///< used only with throughSentinels
    Way::Kind through = Way::Kind::Direct; ///< Socks5 stands for both kinds of proxy
    QString way; ///< text of the field for the route: SSH hosts, the proxy, or the command
    QString renamed; ///< such as "CONFIG=abc, FLUSHALL=xyz"
    QStringList permittedHosts; ///< has no field and can only be set in the URI
    QList<std::pair<QString, QString>> map; ///< pairs of announced and reachable address
    friend bool operator==(const ConnectFields &, const ConnectFields &) = default;
};

enum class ConnectField : quint8 { Hosts, User, Database, Sentinel, Way, Map, Renamed };

struct CheckedFields
{
    ConnectionTarget target; ///< valid only if there is no problem
    QHash<ConnectField, QString> problems; ///< problem of each invalid field
    QHash<ConnectField, QString> hints; ///< hints for valid fields
    int badMapRow = -1;
};

/// Parses the fields. Pure function.
[[nodiscard]] CheckedFields checkFields(const ConnectFields &fields);
[[nodiscard]] ConnectFields fieldsOf(const ConnectionTarget &target);

/// Text such as "just now", "5 min ago" or "yesterday", for older times the date; both times in ms since 1970.
[[nodiscard]] QString agoText(qint64 then, qint64 now);

} // namespace slotscope
