// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/secretstore.h"

#include "core/base/secrets.h"
#include "core/base/tr.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const auto serviceName = u"slotscope"_s;

Error refusal(const QKeychain::Job &job)
{
    const bool isMissing = job.error() == QKeychain::NoBackendAvailable;
    return {.code = Error::Code::Process,
            .detail = isMissing ? tr("no keychain is running (Secret Service or KWallet): %1").arg(job.errorString())
                                : tr("the keychain refused the request: %1").arg(job.errorString()),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

/// Starts a job. `done` is called once, with the job or, on timeout, with null. `late` is called if it succeeds after
/// that.
void begin(QKeychain::Job *job, QObject *owner, const std::function<void(QKeychain::Job *)> &done,
           const std::function<void()> &late = {})
{
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    auto *deadline = new QTimer(job);
    deadline->setSingleShot(true);
    const auto once = std::make_shared<bool>(false);
    QObject::connect(job, &QKeychain::Job::finished, owner, [once, done, late](QKeychain::Job *ended) {
        if (!std::exchange(*once, true))
            done(ended);
        else if (late && ended->error() == QKeychain::NoError)
            late();
    });
    QObject::connect(deadline, &QTimer::timeout, owner, [once, done] {
        if (!std::exchange(*once, true))
            done(nullptr);
    });
    deadline->start(SecretStore::deadlineMs);
    job->start();
}

tl::unexpected<Error> tooLate()
{
    return failure(Error::Code::Timeout,
                   tr("the keychain did not answer within %1 s").arg(SecretStore::deadlineMs / 1000));
}

void takeMissing(QString &mine, const QString &kept)
{
    if (mine.isEmpty())
        mine = kept;
}

} // namespace

SecretStore::Secrets SecretStore::Secrets::of(const ConnectionTarget &target)
{
    return {.password = target.credentials.password,
            .keyPassphrase = target.tls.keyPassphrase,
            .sentinelPassword = target.sentinel.credentials.password};
}

void SecretStore::Secrets::complete(const Secrets &kept)
{
    takeMissing(password, kept.password);
    takeMissing(keyPassphrase, kept.keyPassphrase);
    takeMissing(sentinelPassword, kept.sentinelPassword);
}

void SecretStore::Secrets::addTo(ConnectionTarget &target) const
{
    takeMissing(target.credentials.password, password);
    takeMissing(target.tls.keyPassphrase, keyPassphrase);
    takeMissing(target.sentinel.credentials.password, sentinelPassword);
}

Awaited<Result<SecretStore::Secrets>> SecretStore::read(const QString &id)
{
    Awaited<Result<Secrets>>::Completer completer;
    auto awaited = completer.awaited();
    auto *job = new QKeychain::ReadPasswordJob(serviceName);
    job->setKey(id);
    begin(job, this, [completer](QKeychain::Job *ended) mutable {
        if (!ended) {
            completer.complete(tooLate());
        } else if (ended->error() == QKeychain::EntryNotFound) {
            completer.complete(Secrets{});
        } else if (ended->error() != QKeychain::NoError) {
            completer.complete(failure(refusal(*ended)));
        } else {
            const QByteArray text = static_cast<QKeychain::ReadPasswordJob *>(ended)->textData().toUtf8();
            const QJsonObject object = QJsonDocument::fromJson(text).object();
            Secrets secrets{.password = object.value(u"password"_s).toString(),
                            .keyPassphrase = object.value(u"keyPassphrase"_s).toString(),
                            .sentinelPassword = object.value(u"sentinelPassword"_s).toString()};
            rememberSecret(secrets.password.toUtf8());
            rememberSecret(secrets.keyPassphrase.toUtf8());
            rememberSecret(secrets.sentinelPassword.toUtf8());
            completer.complete(std::move(secrets));
        }
    });
    return awaited;
}

Awaited<Result<>> SecretStore::write(const QString &id, const Secrets &secrets)
{
    if (secrets.isEmpty())
        return forget(id);
    Awaited<Result<>>::Completer completer;
    auto awaited = completer.awaited();
    auto *job = new QKeychain::WritePasswordJob(serviceName);
    job->setKey(id);
    QJsonObject object{{u"password"_s, secrets.password}, {u"keyPassphrase"_s, secrets.keyPassphrase}};
    if (!secrets.sentinelPassword.isEmpty())
        object.insert(u"sentinelPassword"_s, secrets.sentinelPassword);
    job->setTextData(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
    begin(
        job, this,
        [completer](QKeychain::Job *ended) mutable {
            if (!ended)
                completer.complete(tooLate());
            else if (ended->error() != QKeychain::NoError)
                completer.complete(failure(refusal(*ended)));
            else
                completer.complete({});
        },
        [this, id] { std::ignore = forget(id); }); // the caller was already told that it was not stored
    return awaited;
}

Awaited<Result<>> SecretStore::forget(const QString &id)
{
    Awaited<Result<>>::Completer completer;
    auto awaited = completer.awaited();
    auto *job = new QKeychain::DeletePasswordJob(serviceName);
    job->setKey(id);
    begin(job, this, [completer](QKeychain::Job *ended) mutable {
        if (!ended)
            completer.complete(tooLate());
        else if (ended->error() != QKeychain::NoError && ended->error() != QKeychain::EntryNotFound)
            completer.complete(failure(refusal(*ended)));
        else
            completer.complete({});
    });
    return awaited;
}

} // namespace slotscope
