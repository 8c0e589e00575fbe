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

/// Reads a connection without tunnel commands and renamed commands, which only the user may set; those in a file are
/// reported in the notes.
Result<SavedConnection> readWithoutOwn(const QJsonObject &object, QStringList &notes)
{
    auto read = savedFromJson(object);
    if (read)
        return read;
    auto own = savedFromJson(object, UriOf::User);
    if (!own)
        return read;
    if (own->target.way.isProgram()) {
        notes << tr("the tunnel command of the connection was not imported: %1").arg(own->target.way.toString());
        own->target.way = {};
    }
    for (auto it = own->target.renamed.cbegin(); it != own->target.renamed.cend(); ++it)
        notes << tr("the renamed command of the connection was not imported: %1=%2")
                     .arg(QString::fromLatin1(it.key()), QString::fromLatin1(it.value()));
    own->target.renamed.clear();
    return own;
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
        QStringList notes;
        auto read = readWithoutOwn(object, notes);
        const bool isOne = read && !read->target.seeds.isEmpty();
        if (!isOne || found.list.size() >= mostExported) {
            if (found.problems.size() < mostExportProblems)
                found.problems << tr("entry %1 is skipped: %2")
                                      .arg(number)
                                      .arg(!read       ? describe(read.error())
                                               : isOne ? tr("there are too many")
                                                       : tr("it has no address"));
            continue;
        }
        ImportedConnection one;
        one.connection = *read;
        one.notes = notes;
        one.connection.id.clear();
        one.connection.used = 0;
        one.connection.usedAt = 0;
        one.connection.keepsSecrets = false; // this computer's keychain has no entry for it
        ConnectionTarget &target = one.connection.target;
        if (target.name.isEmpty())
            target.name = target.title();
        one.command = std::exchange(target.credentials.command, {});
        if (!one.command.isEmpty())
            one.notes << tr("the password command of the connection was not imported: %1").arg(one.command.line);
        const QString variable = std::exchange(one.connection.passwordVariable, {});
        if (!variable.isEmpty())
            one.notes
                << tr("the environment variable for the connection's password was not imported: %1").arg(variable);
        for (const auto &[key, text] : secretsOf(target)) {
            *text = object.value(key).toString();
            rememberSecret(text->toUtf8());
        }
        one.connection.hadPassword =
            one.connection.hadPassword || target.hasPassword() || !one.command.isEmpty() || !variable.isEmpty();
        found.list.append(std::move(one));
    }
    return found;
}

} // namespace slotscope
