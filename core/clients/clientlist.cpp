// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/clientlist.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QHash>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

using Field = std::pair<QByteArray, QByteArray>;

bool isFieldName(QByteArrayView name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    });
}

/// Splits a line into fields. A word that starts no field belongs to the previous one, because a socket's path may
/// contain blanks.
QList<Field> fieldsOf(const QByteArray &line)
{
    QList<Field> fields;
    const QList<QByteArray> words = line.split(' ');
    for (const QByteArray &word : words) {
        const qsizetype equals = word.indexOf('=');
        if (equals > 0 && isFieldName(QByteArrayView(word).first(equals)))
            fields.append({word.left(equals), word.mid(equals + 1)});
        else if (!fields.isEmpty())
            fields.back().second += ' ' + word;
    }
    return fields;
}

bool takeText(ClientLine &client, const Field &field)
{
    static const QHash<QByteArray, QByteArray ClientLine::*> texts{
        {"addr", &ClientLine::address},     {"name", &ClientLine::name},   {"user", &ClientLine::user},
        {"lib-name", &ClientLine::library}, {"cmd", &ClientLine::command}, {"lib-ver", &ClientLine::libraryVersion},
        {"flags", &ClientLine::flags},
    };
    QByteArray ClientLine::*const member = texts.value(field.first, nullptr);
    if (!member)
        return false;
    client.*member = field.second;
    return true;
}

bool takeNumber(ClientLine &client, const Field &field)
{
    const QByteArray &name = field.first;
    const auto number = toInteger(field.second);
    if (!number)
        return false;
    if (name == "id")
        client.id = *number;
    else if (name == "age")
        client.age = *number;
    else if (name == "idle")
        client.idle = *number;
    else if (name == "tot-mem")
        client.memory = *number;
    else if (name == "omem")
        client.replyBytes = *number;
    else if (name == "multi")
        client.queued = *number;
    else if (name == "db")
        client.database = int(*number);
    else if (name == "sub" || name == "psub" || name == "ssub")
        client.channels += *number;
    else
        return false;
    return true;
}

} // namespace

bool ClientLine::isOurs() const
{
    return name == "slotscope";
}

Result<std::vector<ClientLine>> parseClientList(const QByteArray &text)
{
    std::vector<ClientLine> clients;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &whole : lines) {
        const QByteArray line = whole.endsWith('\r') ? whole.chopped(1) : whole;
        if (line.isEmpty())
            continue;
        ClientLine client;
        for (const Field &field : fieldsOf(line))
            if (!takeText(client, field) && !takeNumber(client, field))
                client.others.append(field);
        if (client.id <= 0)
            return failure(Error::Code::Parse,
                           tr("this is not a line of CLIENT LIST: %1").arg(toDisplay(line.left(80))));
        clients.push_back(std::move(client));
    }
    return clients;
}

/// The part before the last colon. Valkey 9.1 writes a socket as "[/run/r.sock:0]:0", others as "/run/r.sock:0".
QByteArray clientHost(const QByteArray &address)
{
    const qsizetype colon = address.lastIndexOf(':');
    QByteArray host = colon < 0 ? address : address.left(colon);
    if (host.startsWith('[') && host.endsWith(']'))
        host = host.mid(1, host.size() - 2);
    if (host.startsWith('/') && host.endsWith(":0"))
        host.chop(2);
    return host;
}

bool isSocketAddress(const QByteArray &address)
{
    return address.startsWith('/') || address.startsWith("[/") || address.isEmpty();
}

QByteArray libraryOf(const ClientLine &client)
{
    if (client.library.isEmpty())
        return {};
    return client.libraryVersion.isEmpty() ? client.library : client.library + ' ' + client.libraryVersion;
}

} // namespace slotscope
