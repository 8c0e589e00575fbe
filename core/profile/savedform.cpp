// SPDX-License-Identifier: GPL-3.0-or-later
// A saved connection as JSON.
#include "core/base/tr.h"
#include "core/net/passwordsource.h"
#include "core/profile/savedconnections.h"

#include <QJsonArray>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Parses "keychain", "env:NAME", "command:LINE", "ask".
Result<> readPasswordFrom(const QString &from, const QJsonObject &object, SavedConnection &connection)
{
    QString line = object.value(u"passwordCommand"_s).toString();
    connection.hadPassword = connection.hadPassword || !from.isEmpty();
    if (from.startsWith(u"command:"_s))
        line = from.mid(8).trimmed();
    else if (from.startsWith(u"env:"_s))
        connection.passwordVariable = from.mid(4).trimmed();
    else if (from == u"keychain")
        connection.keepsSecrets = true;
    else if (!from.isEmpty() && from != u"ask")
        return failure(Error::Code::InvalidArgument,
                       tr("passwordFrom: only keychain, env:NAME, command:LINE and ask are allowed"));
    if (line.isEmpty())
        return {};
    if (const auto why = PasswordSource::whyNot(line))
        return failure(Error::Code::InvalidArgument, u"passwordCommand: "_s + *why);
    constexpr double longest = PasswordSource::longestValidSeconds;
    const double seconds = std::max(object.value(u"passwordValidSeconds"_s).toDouble(),
                                    60 * object.value(u"passwordValidMinutes"_s).toDouble());
    connection.target.credentials.command = {.line = line, .validSeconds = int(std::clamp(seconds, 0.0, longest))};
    return {};
}

} // namespace

QJsonObject toJson(const SavedConnection &connection)
{
    QJsonObject object{{u"id"_s, connection.id},
                       {u"uri"_s, connection.target.toUri(false)},
                       {u"user"_s, connection.target.credentials.user}, // stored separately, because a socket's URI
                                                                        // cannot contain it
                       {u"used"_s, connection.used},
                       {u"usedAt"_s, connection.usedAt}};
    if (const PasswordCommand &command = connection.target.credentials.command; !command.isEmpty()) {
        object.insert(u"passwordCommand"_s, command.line);
        if (command.validSeconds > 0)
            object.insert(u"passwordValidSeconds"_s, command.validSeconds);
    }
    if (!connection.passwordVariable.isEmpty())
        object.insert(u"passwordFrom"_s, u"env:"_s + connection.passwordVariable);
    for (const auto &[key, text] : {std::pair{"folder"_L1, connection.folder},
                                    {"notes"_L1, connection.notes},
                                    {"colour"_L1, connection.colour},
                                    {"kind"_L1, connection.kind},
                                    {"server"_L1, connection.server}})
        if (!text.isEmpty())
            object.insert(key, text);
    for (const auto &[key, yes] : {std::pair{"favourite"_L1, connection.isFavourite},
                                   {"keepsSecrets"_L1, connection.keepsSecrets},
                                   {"hadPassword"_L1, connection.hadPassword}})
        if (yes)
            object.insert(key, true);
    if (!connection.tags.isEmpty())
        object.insert(u"tags"_s, QJsonArray::fromStringList(connection.tags));
    return object;
}

Result<SavedConnection> savedFromJson(const QJsonObject &object, UriOf whose)
{
    auto target = parseUri(object.value(u"uri"_s).toString(), whose);
    if (!target)
        return tl::make_unexpected(target.error());
    if (const QString user = object.value(u"user"_s).toString(); !user.isEmpty())
        target->credentials.user = user;
    SavedConnection connection;
    connection.id = object.value(u"id"_s).toString();
    connection.target = *target;
    connection.target.clearSecrets();
    if (connection.id.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("a saved connection has no id"));
    connection.folder = object.value(u"folder"_s).toString();
    connection.tags = object.value(u"tags"_s).toVariant().toStringList();
    connection.notes = object.value(u"notes"_s).toString();
    connection.colour = object.value(u"colour"_s).toString();
    connection.isFavourite = object.value(u"favourite"_s).toBool();
    connection.keepsSecrets = object.value(u"keepsSecrets"_s).toBool();
    connection.hadPassword = object.value(u"hadPassword"_s).toBool();
    if (const QString name = object.value(u"name"_s).toString(); !name.isEmpty())
        connection.target.name = name;
    if (const auto from = readPasswordFrom(object.value(u"passwordFrom"_s).toString(), object, connection); !from)
        return tl::make_unexpected(from.error());
    connection.kind = object.value(u"kind"_s).toString();
    connection.server = object.value(u"server"_s).toString();
    connection.used = object.value(u"used"_s).toInt();
    connection.usedAt = qint64(object.value(u"usedAt"_s).toDouble());
    return connection;
}

} // namespace slotscope
