// SPDX-License-Identifier: GPL-3.0-or-later
// Saved connections to a file, and the passwords of a file into the keychain.
#include "application.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/whendone.h"
#include "core/profile/exporting.h"
#include "core/profile/sealedfile.h"
#include "ui/connect/connectionspage.h"
#include "ui/connect/startpage.h"

#include <QtConcurrent>

namespace slotscope {

namespace {

/// Runs in a thread of its own, because deriving a key from a passphrase and writing the file take time.
Result<> writeExport(const QList<SavedConnection> &list, const QString &path, const QString &passphrase)
{
    QByteArray bytes = exportedConnections(list, !passphrase.isEmpty());
    if (!passphrase.isEmpty()) {
        const auto closed = sealed(bytes, passphrase);
        if (!closed)
            return tl::make_unexpected(closed.error());
        bytes = *closed;
    }
    return passphrase.isEmpty() ? replaceFile(path, bytes, 0644) : replaceSecretFile(path, bytes);
}

} // namespace

/// With an empty passphrase, secrets are not exported.
QCoro::Task<> Application::exportSaved(QString path, QString passphrase)
{
    const QPointer<Application> self(this);
    QList<SavedConnection> list;
    QStringList silent;
    const QList<SavedConnection> all = m_saved.list();
    for (SavedConnection connection : all) {
        if (!connection.file.isEmpty())
            continue;
        if (!passphrase.isEmpty() && connection.keepsSecrets) {
            const auto secrets = co_await m_secrets.read(connection.id);
            if (!self)
                co_return;
            if (secrets)
                secrets->addTo(connection.target);
            else
                silent << tr("“%1” is exported without its password: %2")
                              .arg(connection.target.title(), describe(secrets.error()));
        }
        list.append(connection);
    }
    whenDone(QtConcurrent::run([list, path, passphrase] { return writeExport(list, path, passphrase); }), this,
             [this, path, silent, count = list.size()](const Result<> &done) {
                 if (!m_startPage)
                     return;
                 const QString what =
                     done ? tr("%1 connections are in %2.").arg(count).arg(path) : tr("%1 was not written.").arg(path);
                 m_startPage->connections()->tellOfFile(
                     what, done ? silent.mid(0, 10).join(QLatin1Char('\n')) : describe(done.error()));
             });
}

/// Stores each secret under its connection's id. If the keychain refuses, this is reported once; the user is then asked
/// for the passwords.
QCoro::Task<> Application::keepImported(AddedConnections added)
{
    const QPointer<Application> self(this);
    for (qsizetype i = 0; i < added.ids.size(); ++i) {
        const SecretStore::Secrets secrets = SecretStore::Secrets::of(added.targets[i]);
        const SavedConnection *known = m_saved.find(added.ids[i]);
        if (secrets.isEmpty() || !known)
            continue;
        SavedConnection connection = *known;
        const auto kept = co_await m_secrets.write(connection.id, secrets);
        if (!self)
            co_return;
        if (!kept) {
            tellNotSaved(tr("The passwords of the file are not stored: you are asked for them."), kept.error());
            co_return;
        }
        connection.keepsSecrets = true;
        if (const auto put = m_saved.put(connection); !put)
            tellNotKept(put.error());
    }
}

} // namespace slotscope
