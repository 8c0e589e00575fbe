// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/uri.h"

#include <QHash>

namespace slotscope {

/// What stands in the fields of the connect dialog, as typed.
struct ConnectFields
{
    QString hosts; ///< separated by commas or blanks
    QString user;
    QString password;
    PasswordCommand command; ///< empty: none
    QString database;
    QString name;
    bool readOnly = false;
    int refreshSeconds = 0; ///< 0: as often as usual
    EnvironmentKind environment = EnvironmentKind::None;
    TlsSettings tls;
    bool throughSentinels = false;
    SentinelSettings sentinel; ///< of meaning with throughSentinels
    Way::Kind through = Way::Kind::Direct; ///< Socks5 for either kind of proxy
    QString way; ///< what its field says: SSH's hosts, the proxy, or the command
    QString renamed; ///< "CONFIG=abc, FLUSHALL=xyz"
    QStringList permittedHosts; ///< has no field: named in the URI only
    QList<std::pair<QString, QString>> map; ///< announced, reachable
    friend bool operator==(const ConnectFields &, const ConnectFields &) = default;
};

enum class ConnectField : quint8 { Hosts, User, Database, Sentinel, Way, Map, Renamed };

struct CheckedFields
{
    ConnectionTarget target; ///< of use where there is no problem
    QHash<ConnectField, QString> problems; ///< why a field cannot be used
    QHash<ConnectField, QString> hints; ///< what to know of a field that can
    int badMapRow = -1;
};

/// Reads the fields. Pure.
[[nodiscard]] CheckedFields checkFields(const ConnectFields &fields);
[[nodiscard]] ConnectFields fieldsOf(const ConnectionTarget &target);

/// "just now", "5 min ago", "yesterday", then the date; both in ms since 1970.
[[nodiscard]] QString agoText(qint64 then, qint64 now);

} // namespace slotscope
