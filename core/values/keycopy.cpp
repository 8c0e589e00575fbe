// SPDX-License-Identifier: GPL-3.0-or-later
// A key under another name, in whatever slot: copied, compared, and only then is the old one let go.
#include "core/base/tr.h"
#include "core/values/editlink.h"
#include "core/values/valueeditor.h"
#include "core/values/wholevalue.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Link = std::shared_ptr<DedicatedLink>;

Error copyError(Error::Code code, const Link &link, const QString &command, const QString &detail)
{
    return {
        .code = code, .detail = detail, .serverPrefix = {}, .node = link->endpoint().toString(), .command = command};
}

struct Copied
{
    Link source, target;
    QByteArray key, name;
    ValueType type = ValueType::None;
    QByteArray payload;
};

/// Whether both names now have the same value.
QCoro::Task<Result<bool>> isEqual(std::shared_ptr<Copied> copied)
{
    const Result<Value> again = co_await askOver(copied->target, commandOf("DUMP", copied->name));
    if (!again)
        co_return failure(again.error());
    if (again->bytes() == copied->payload)
        co_return Result<bool>(true);
    const Result<Value> left = co_await askOver(copied->source, wholeValue(copied->type, copied->key));
    if (!left)
        co_return failure(left.error());
    const Result<Value> right = co_await askOver(copied->target, wholeValue(copied->type, copied->name));
    if (!right)
        co_return failure(right.error());
    co_return Result<bool>(elementsOf(copied->type, *left) == elementsOf(copied->type, *right));
}

/// Reads the old key and creates the new one with the remaining time to live.
QCoro::Task<Result<>> make(std::shared_ptr<Copied> copied)
{
    const std::vector<Command> reads{{"TYPE"_ba, copied->key}, {"DUMP"_ba, copied->key}, {"PTTL"_ba, copied->key}};
    const auto told = co_await copied->source->sendAll(reads);
    if (!told)
        co_return failure(told.error());
    for (size_t i = 0; i < reads.size(); ++i)
        if (const auto error = errorOf((*told)[i], copied->source->endpoint().toString(), commandName(reads[i])))
            co_return failure(*error);
    if ((*told)[1].isNull() || (*told)[2].toInteger() == 0 || (*told)[2].toInteger() == -2)
        co_return failure(copyError(Error::Code::Outdated, copied->source, u"DUMP"_s, tr("the key no longer exists")));
    copied->type = valueTypeOf((*told)[0].bytes());
    copied->payload = (*told)[1].bytes();
    const QByteArray ttl = QByteArray::number(std::max<qint64>(0, (*told)[2].toInteger()));
    const Result<Value> restored =
        co_await askOver(copied->target, commandOf("RESTORE", copied->name, ttl, copied->payload));
    if (restored)
        co_return Result<>();
    Error error = restored.error();
    if (error.serverPrefix == "BUSYKEY")
        error.detail = tr("a key with that name exists: nothing was changed");
    co_return failure(std::move(error));
}

/// Deletes the copy unless it was changed since it was watched. The returned error describes the state of both names.
QCoro::Task<Error> dropCopy(std::shared_ptr<Copied> copied, QString why)
{
    const std::vector<Command> drop{{"MULTI"_ba}, {"UNLINK"_ba, copied->name}, {"EXEC"_ba}};
    const auto dropped = co_await copied->target->sendAll(drop);
    const bool isGone = dropped && !dropped->back().isNull() && !dropped->back().isError();
    co_return copyError(Error::Code::Outdated, copied->source, u"UNLINK"_s,
                        isGone ? tr("%1: nothing was renamed. Try again").arg(why)
                               : tr("%1: the old key was kept, so both names exist now").arg(why));
}

/// Deletes the old key unless it was changed since it was watched; in that case the copy is deleted.
QCoro::Task<Result<>> dropOld(std::shared_ptr<Copied> copied)
{
    const std::vector<Command> drop{{"MULTI"_ba}, {"UNLINK"_ba, copied->key}, {"EXEC"_ba}};
    const auto dropped = co_await copied->source->sendAll(drop);
    if (!dropped)
        co_return failure(
            copyError(dropped.error().code, copied->source, u"UNLINK"_s,
                      tr("the copy exists, but it is not known whether the old key was deleted: check both")));
    for (size_t i = 0; i < drop.size(); ++i) {
        const auto error = errorOf((*dropped)[i], copied->source->endpoint().toString(), u"UNLINK"_s);
        if (!error)
            continue;
        Error told = co_await dropCopy(copied, tr("the old key could not be deleted (%1)").arg(error->detail));
        co_return failure(std::move(told));
    }
    if (!dropped->back().isNull())
        co_return Result<>();
    Error told = co_await dropCopy(copied, tr("another client changed the key in the meantime"));
    co_return failure(std::move(told));
}

QCoro::Task<Result<>> copyKey(QPointer<ClusterSession> session, std::shared_ptr<Copied> copied, int database,
                              bool removesOld, UserConsent consent)
{
    QList<Command> writes{{"RESTORE"_ba, copied->name, "0"_ba, ""_ba}};
    if (removesOld)
        writes.append({"UNLINK"_ba, copied->key});
    if (const Result<> allowed = co_await askGate(session, writes, consent); !allowed)
        co_return failure(allowed.error());
    const QByteArrayList from(1, copied->key), to(1, copied->name);
    const Result<Link> source = co_await watching(session, from, database);
    if (!source)
        co_return failure(source.error());
    const Result<Link> target = co_await watching(session, to, database);
    if (!target)
        co_return failure(target.error());
    copied->source = *source;
    copied->target = *target;
    if (const Result<> made = co_await make(copied); !made)
        co_return failure(made.error());
    // our own RESTORE counts as a change of the watched name, so watch it again before comparing
    const Result<Value> unwatched = co_await askOver(copied->target, commandOf("UNWATCH"));
    if (!unwatched)
        co_return failure(unwatched.error());
    const Result<Value> watched = co_await askOver(copied->target, commandOf("WATCH", copied->name));
    if (!watched)
        co_return failure(watched.error());
    const Result<bool> equal = co_await isEqual(copied);
    if (!equal)
        co_return failure(equal.error());
    if (!*equal)
        co_return failure(copyError(Error::Code::NotWhole, copied->target, u"RESTORE"_s,
                                    tr("the copy differs from the old key, which was kept; both names exist now")));
    if (!removesOld)
        co_return Result<>();
    co_return co_await dropOld(copied);
}

} // namespace

QCoro::Task<Result<>> ValueEditor::copy(QByteArray key, QByteArray name, bool removesOld, UserConsent consent)
{
    const auto copied = std::make_shared<Copied>();
    copied->key = std::move(key);
    copied->name = std::move(name);
    return copyKey(m_session, copied, m_database, removesOld, consent);
}

} // namespace slotscope
