// SPDX-License-Identifier: GPL-3.0-or-later
// One MIGRATE: its words, and what it was refused with.
#include "core/base/tr.h"
#include "core/operations/migration/keymover.h"

#include "core/base/text.h"
#include "core/net/passwordsource.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

Error migrateError(const KeyRoute &route, const QByteArrayList &keys, const Value &reply)
{
    Error error = *errorOf(reply, route.source.address, u"MIGRATE"_s);
    const QString key = toDisplay(keys.front().left(60));
    const QString what =
        keys.size() == 1 ? u"“%1”"_s.arg(key) : tr("%1 keys such as “%2”").arg(QString::number(keys.size()), key);
    error.detail = tr("slot %1, migrating %2 to %3: %4")
                       .arg(QString::number(slotOfKey(keys.front())), what, route.target.address, error.detail);
    const bool late = reply.bytes().contains("timeout reading") || reply.bytes().contains("timeout writing");
    if (keys.size() == 1 && late)
        error.detail += tr(". MIGRATE allows %1 for each step of its I/O; a huge key may need more: set "
                           "--call-timeout, below the cluster-node-timeout of both nodes")
                            .arg(duration(route.migrateTimeoutMs));
    return error;
}

QByteArray timedOutIn(const KeyRoute &route, int database)
{
    return route.sourceRun + '/' + QByteArray::number(database);
}

/// AUTH2 user password, AUTH password, or nothing. Determined for each call, because a token may expire during the run.
static QByteArrayList migrateLogin(const KeyRoute &route)
{
    const Credentials now = withCurrentPassword(route.credentials);
    if (!now.user.isEmpty())
        return {"AUTH2"_ba, now.user.toUtf8(), now.password.toUtf8()};
    return now.password.isEmpty() ? QByteArrayList() : QByteArrayList{"AUTH"_ba, now.password.toUtf8()};
}

Command migrateCommand(const KeyRoute &route, int database, const QByteArrayList &keys, bool replace, int limitMs)
{
    Command command;
    command.reserve(keys.size() + 10);
    command << "MIGRATE"_ba << route.targetHost << route.targetPort << ""_ba << QByteArray::number(database)
            << QByteArray::number(limitMs);
    if (replace)
        command << "REPLACE"_ba;
    command += migrateLogin(route);
    command << "KEYS"_ba;
    command += keys;
    return command;
}

Error stuckError(const KeyRoute &route, const QByteArray &key)
{
    return {.code = Error::Code::ServerError,
            .detail = tr("it replies OK to MIGRATE of “%1” (slot %2) to %3 again and again, but still has the key")
                          .arg(toDisplay(key.left(60)))
                          .arg(slotOfKey(key))
                          .arg(route.target.address),
            .serverPrefix = {},
            .node = route.source.address,
            .command = u"MIGRATE"_s};
}

} // namespace slotscope
