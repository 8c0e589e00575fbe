// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/exporting.h"

#include "core/base/errortext.h"
#include "core/base/secrets.h"
#include "core/base/tr.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostExported = 2000, mostExportProblems = 20;

struct SecretField
{
    QLatin1StringView key;
    QString *of;
};

std::array<SecretField, 3> secretsOf(ConnectionTarget &target)
{
    return {SecretField{"password"_L1, &target.credentials.password},
            {"keyPassphrase"_L1, &target.tls.keyPassphrase},
            {"sentinelPassword"_L1, &target.sentinel.credentials.password}};
}

} // namespace

QByteArray exportedConnections(const QList<SavedConnection> &list, bool withSecrets)
{
    QJsonArray connections;
    for (SavedConnection connection : list) {
        QJsonObject object = toJson(connection);
        for (const auto &own :
             {"id"_L1, "used"_L1, "usedAt"_L1, "kind"_L1, "server"_L1, "keepsSecrets"_L1, "hadPassword"_L1})
            object.remove(own);
        object.insert(u"name"_s, connection.target.title());
        const bool isReferred = object.contains("passwordFrom"_L1) || object.contains("passwordCommand"_L1);
        if (!isReferred && (connection.hadPassword || connection.keepsSecrets))
            object.insert(u"passwordFrom"_s, u"ask"_s);
        if (withSecrets)
            for (const auto &[key, text] : secretsOf(connection.target))
                if (!text->isEmpty())
                    object.insert(key, *text);
        connections.append(object);
    }
    return QJsonDocument(QJsonObject{{u"version"_s, 1}, {u"connections"_s, connections}}).toJson();
}

bool SavedExport::isOne(const QJsonObject &root)
{
    const QJsonArray entries = root.value(u"connections"_s).toArray();
    return root.contains("version"_L1) && std::any_of(entries.begin(), entries.end(), [](const QJsonValue &entry) {
               return entry.toObject().contains("uri"_L1);
           });
}

ImportedConnections SavedExport::read(const QJsonObject &root)
{
    ImportedConnections found;
    found.source = u"Slotscope"_s;
    int number = 0;
    for (const QJsonValue &value : root.value(u"connections"_s).toArray()) {
        ++number;
        QJsonObject object = value.toObject();
        object.insert(u"id"_s, u"imported"_s);
        auto read = savedFromJson(object);
        const bool isOne = read && !read->target.seeds.isEmpty();
        if (!isOne || found.list.size() >= mostExported) {
            if (found.problems.size() < mostExportProblems)
                found.problems << tr("entry %1 is left out: %2")
                                      .arg(number)
                                      .arg(!read       ? describe(read.error())
                                               : isOne ? tr("there are too many")
                                                       : tr("it has no address"));
            continue;
        }
        ImportedConnection one;
        one.connection = *read;
        one.connection.id.clear();
        one.connection.used = 0;
        one.connection.usedAt = 0;
        one.connection.keepsSecrets = false; // the keychain of this computer knows nothing of it
        ConnectionTarget &target = one.connection.target;
        if (target.name.isEmpty())
            target.name = target.title();
        one.command = std::exchange(target.credentials.command, {});
        if (!one.command.isEmpty())
            one.notes << tr("its command for the password was not taken over: %1").arg(one.command.line);
        for (const auto &[key, text] : secretsOf(target)) {
            *text = object.value(key).toString();
            rememberSecret(text->toUtf8());
        }
        one.connection.hadPassword = one.connection.hadPassword || target.hasPassword() || !one.command.isEmpty();
        found.list.append(std::move(one));
    }
    return found;
}

} // namespace slotscope
