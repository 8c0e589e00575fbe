// SPDX-License-Identifier: GPL-3.0-or-later
// Saved connections to a file and from one.
#include "savedfiles.h"

#include "password.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/profile/composeservices.h"
#include "core/profile/exporting.h"
#include "core/profile/importfile.h"
#include "core/profile/sealedfile.h"
#include "core/profile/secretstore.h"

#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Reads the passphrase from the environment (for scripts), or from the terminal; asks twice for a new one.
Result<QString> passphraseFor(bool isNew)
{
    if (const QString given = qEnvironmentVariable("SLOTSCOPE_EXPORT_PASSPHRASE"); !given.isEmpty())
        return given;
    auto passphrase = askPassword(isNew ? u"Passphrase for the file: "_s : u"Passphrase of the file: "_s);
    if (!passphrase || !isNew)
        return passphrase;
    if (passphrase->isEmpty())
        return failure(Error::Code::InvalidArgument, u"a passphrase is needed"_s);
    const auto again = askPassword(u"Repeat it: "_s);
    if (!again)
        return again;
    if (*again != *passphrase)
        return failure(Error::Code::InvalidArgument, u"the two passphrases differ; nothing was written"_s);
    return passphrase;
}

Result<ImportedConnections> readImport(const QString &path)
{
    const ImportFile file = readImportFile(path);
    if (file.sealed.isEmpty())
        return file.read;
    const auto passphrase = passphraseFor(false);
    if (!passphrase)
        return tl::make_unexpected(passphrase.error());
    return openImport(file.sealed, *passphrase).read;
}

int printAdded(const Context &context, const ImportedConnections &imported, const AddedConnections &added)
{
    QJsonArray list;
    for (const ImportedConnection &each : imported.list) {
        const QString name = each.connection.target.name;
        const bool isNew = !added.known.contains(name);
        list.append(
            QJsonObject{{u"name"_s, name}, {u"added"_s, isNew}, {u"notes"_s, QJsonArray::fromStringList(each.notes)}});
        if (!context.json)
            printOut(u"%1%2%3"_s.arg(isNew ? u"added: "_s : u"already exists: "_s, name,
                                     each.notes.isEmpty() ? QString() : u" ("_s + each.notes.join(u"; "_s) + u')'));
    }
    const QStringList problems = imported.problems + added.problems;
    for (const QString &problem : problems)
        printError(problem);
    if (context.json)
        printJson({{u"source"_s, imported.source}, {u"connections"_s, list}});
    return problems.isEmpty() ? exitDone : exitFailed;
}

/// Stores each secret in the keychain under the connection's id; without a keychain, the user is asked for it each
/// time.
QCoro::Task<bool> keepImported(std::shared_ptr<SavedConnections> saved, AddedConnections added)
{
    SecretStore store;
    for (qsizetype i = 0; i < added.ids.size(); ++i) {
        const SecretStore::Secrets secrets = SecretStore::Secrets::of(added.targets[i]);
        const SavedConnection *known = saved->find(added.ids[i]);
        if (secrets.isEmpty() || !known)
            continue;
        SavedConnection connection = *known;
        const auto kept = co_await store.write(connection.id, secrets);
        if (!kept) {
            printError(kept.error());
            co_return false;
        }
        connection.keepsSecrets = true;
        if (const auto put = saved->put(connection); !put)
            printError(put.error());
    }
    co_return true;
}

} // namespace

QCoro::Task<int> importSaved(Context context, std::shared_ptr<SavedConnections> saved, QStringList words)
{
    QCommandLineParser parser;
    parser.addOptions({{u"folder"_s, u"Folder for the imported connections."_s, u"NAME"_s},
                       {u"keep-passwords"_s, u"Store the file's passwords in the system's keychain."_s},
                       {u"with-commands"_s, u"Import the programs that the file names for passwords."_s}});
    if (!parser.parse(words) || parser.positionalArguments().size() != 1)
        co_return usageError(
            u"saved import FILE [--folder F] [--keep-passwords] [--with-commands]: %1"_s.arg(parser.errorText()));
    const QString path = parser.positionalArguments().constFirst();
    auto imported = readImport(path);
    if (!imported) {
        printError(u"%1: %2"_s.arg(path, describe(imported.error())));
        co_return exitFailed;
    }
    for (ImportedConnection &each : imported->list)
        if (parser.isSet(u"with-commands"_s) && !each.command.isEmpty()) {
            each.connection.target.credentials.command = each.command;
            each.notes.removeIf([&each](const QString &note) { return note.contains(each.command.line); });
            each.notes << u"with the command: "_s + each.command.line;
        }
    const auto added = addConnections(*saved, *imported, parser.value(u"folder"_s));
    if (!added) {
        printError(added.error());
        co_return exitFailed;
    }
    const int code = printAdded(context, *imported, *added);
    const bool hasPassword =
        std::any_of(added->targets.cbegin(), added->targets.cend(),
                    [](const ConnectionTarget &each) { return !SecretStore::Secrets::of(each).isEmpty(); });
    if (hasPassword && parser.isSet(u"keep-passwords"_s)) {
        const bool kept = co_await keepImported(saved, *added);
        co_return kept ? code : exitFailed;
    }
    if (hasPassword && !context.json)
        printAside(
            u"Passwords were not imported: you are asked for them. With --keep-passwords they are stored in the keychain.\n"_s);
    co_return code;
}

QCoro::Task<int> exportSaved(std::shared_ptr<SavedConnections> saved, QStringList words)
{
    QCommandLineParser parser;
    parser.addOptions({{u"with-secrets"_s, u"Include the keychain's passwords, encrypted with a passphrase."_s},
                       {u"overwrite"_s, u"Overwrite the file."_s}});
    if (!parser.parse(words) || parser.positionalArguments().size() != 1)
        co_return usageError(u"saved export FILE [--with-secrets] [--overwrite]: %1"_s.arg(parser.errorText()));
    const QString path = parser.positionalArguments().constFirst();
    const bool withSecrets = parser.isSet(u"with-secrets"_s);
    if (QFileInfo::exists(path) && !parser.isSet(u"overwrite"_s))
        co_return usageError(u"%1 already exists: --overwrite replaces it"_s.arg(path));
    QList<SavedConnection> list;
    int code = exitDone;
    for (SavedConnection connection : QList<SavedConnection>(saved->list())) {
        if (!connection.file.isEmpty()) // it is already in a file
            continue;
        if (withSecrets && connection.keepsSecrets) {
            SecretStore store;
            const auto secrets = co_await store.read(connection.id);
            if (secrets) {
                secrets->addTo(connection.target);
            } else {
                printError(u"“%1” is exported without its password: %2"_s.arg(connection.target.title(),
                                                                              describe(secrets.error())));
                code = exitFailed;
            }
        }
        list.append(connection);
    }
    QByteArray bytes = exportedConnections(list, withSecrets);
    if (withSecrets) {
        const auto passphrase = passphraseFor(true);
        const auto closed = passphrase ? sealed(bytes, *passphrase) : Result<QByteArray>(failure(passphrase.error()));
        if (!closed) {
            printError(closed.error());
            co_return exitFailed;
        }
        bytes = *closed;
    }
    const auto written = withSecrets ? replaceSecretFile(path, bytes) : replaceFile(path, bytes, 0644);
    if (!written) {
        printError(written.error());
        co_return exitFailed;
    }
    printOut(u"%1 connections were written to %2%3"_s.arg(list.size())
                 .arg(path, withSecrets ? u", encrypted with the passphrase"_s : QString()));
    co_return code;
}

} // namespace slotscope::cli
