// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/values/valueeditor.h"

#include "core/base/tr.h"
#include "core/values/editlink.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

using Link = std::shared_ptr<DedicatedLink>;

constexpr int rounds = 5; // number of tries if others change other parts of the same key

std::optional<QByteArray> answerOf(const Value &value)
{
    if (value.isNull())
        return std::nullopt;
    if (value.type() == Value::Type::Integer || value.type() == Value::Type::Boolean)
        return QByteArray::number(value.toInteger());
    return value.bytes();
}

Error misshapen(const QString &node)
{
    return {
        .code = Error::Code::Protocol,
        .detail =
            tr("the reply to EXEC does not match the commands that were sent: read the key again to see what was done"),
        .serverPrefix = {},
        .node = node,
        .command = u"EXEC"_s};
}

/// The present replies to the checks' commands.
QCoro::Task<Result<QList<std::optional<QByteArray>>>> readChecks(Link link, QList<EditCheck> checks)
{
    const QString node = link->endpoint().toString();
    std::vector<Command> reads;
    for (const EditCheck &check : std::as_const(checks))
        reads.push_back(check.read);
    QList<std::optional<QByteArray>> answers;
    if (reads.empty())
        co_return Result<QList<std::optional<QByteArray>>>(answers);
    const auto replies = co_await link->sendAll(reads);
    if (!replies)
        co_return failure(replies.error());
    for (size_t i = 0; i < reads.size(); ++i) {
        if (const auto error = errorOf((*replies)[i], node, commandName(reads[i])))
            co_return failure(*error);
        answers.append(answerOf((*replies)[i]));
    }
    co_return Result<QList<std::optional<QByteArray>>>(std::move(answers));
}

bool hold(const QList<EditCheck> &checks, const QList<std::optional<QByteArray>> &answers)
{
    for (qsizetype i = 0; i < checks.size(); ++i)
        if (checks[i].expected != answers[i])
            return false;
    return true;
}

/// MULTI, the commands and EXEC, together with what is needed to keep the former value.
std::vector<Command> transaction(const Edit &edit, bool keepsFormer)
{
    std::vector<Command> all{{"MULTI"_ba}};
    if (keepsFormer) {
        all.push_back({"DUMP"_ba, edit.key});
        all.push_back({"PTTL"_ba, edit.key});
    }
    for (const Command &command : edit.commands)
        all.push_back(command);
    if (keepsFormer) {
        all.push_back({"DUMP"_ba, edit.key});
        all.push_back({"PTTL"_ba, edit.key});
    }
    all.push_back({"EXEC"_ba});
    return all;
}

/// Whether a JSON command found nothing at its path: JSON.SET answers nil, the others nil for each match, or 0.
bool hasDoneNothing(const Command &command, const Value &answer)
{
    if (!command.front().startsWith("JSON."))
        return false;
    if (answer.isAggregate())
        return answer.items().empty() || answer.items().front().isNull();
    return answer.isNull() || (answer.type() == Value::Type::Integer && answer.toInteger() == 0);
}

enum class Came : quint8 { Done, ChangedMeanwhile, NoRightToDump };

struct Executed
{
    Came came = Came::Done;
    EditOutcome outcome;
};

/// Splits the replies to MULTI … EXEC. If a command was refused when queued, that is the error, and the server has
/// executed none.
Result<Executed> taken(const Edit &edit, const std::vector<Command> &sent, std::vector<Value> replies, bool keepsFormer,
                       const QString &node)
{
    for (size_t i = 0; i + 1 < replies.size(); ++i) {
        const auto error = errorOf(replies[i], node, commandName(sent[i]));
        if (!error)
            continue;
        if (keepsFormer && error->code == Error::Code::NoPermission && sent[i].front() == "DUMP")
            return Executed{.came = Came::NoRightToDump, .outcome = {}};
        return failure(*error);
    }
    Value &executed = replies.back();
    if (const auto error = errorOf(executed, node, u"EXEC"_s))
        return failure(*error);
    if (executed.isNull())
        return Executed{.came = Came::ChangedMeanwhile, .outcome = {}};
    Value::List &answers = executed.items();
    const size_t around = keepsFormer ? 4 : 0, before = keepsFormer ? 2 : 0;
    if (answers.size() != size_t(edit.commands.size()) + around)
        return failure(misshapen(node));
    Executed done;
    done.outcome.isDone = true;
    done.outcome.node = node;
    for (size_t i = 0; i < size_t(edit.commands.size()); ++i) {
        Value &answer = answers[before + i];
        if (const auto error = errorOf(answer, node, commandName(edit.commands[qsizetype(i)])))
            return failure(*error);
        if (hasDoneNothing(edit.commands[qsizetype(i)], answer))
            return failure(Error{.code = Error::Code::ServerError,
                                 .detail = tr("the server changed nothing, because the path no longer exists"),
                                 .serverPrefix = {},
                                 .node = node,
                                 .command = commandName(edit.commands[qsizetype(i)])});
        done.outcome.replies.push_back(std::move(answer));
    }
    if (keepsFormer) {
        FormerValue former;
        former.key = edit.key;
        former.before = answerOf(answers.front());
        former.after = answerOf(answers[answers.size() - 2]);
        former.ttlAfterMs = answers.back().toInteger();
        former.ttlMs = answers[1].toInteger();
        former.at = steadyMs();
        done.outcome.former = std::move(former);
    }
    return done;
}

QCoro::Task<Result<Executed>> attempt(Link link, Edit edit, bool keepsFormer)
{
    const QString node = link->endpoint().toString();
    const auto answers = co_await readChecks(link, edit.checks);
    if (!answers)
        co_return failure(answers.error());
    if (!hold(edit.checks, *answers)) {
        Executed differs;
        differs.outcome.now = *answers;
        differs.outcome.node = node;
        co_return Result<Executed>(std::move(differs));
    }
    const std::vector<Command> sent = transaction(edit, keepsFormer);
    auto replies = co_await link->sendAll(sent);
    if (!replies) {
        Error error = replies.error();
        error.command = edit.commands.isEmpty() ? u"EXEC"_s : commandName(edit.commands.front());
        co_return failure(std::move(error));
    }
    co_return taken(edit, sent, std::move(*replies), keepsFormer, node);
}

QCoro::Task<Result<EditOutcome>> applied(QPointer<ClusterSession> session, Edit edit, int database, UserConsent consent)
{
    const Result<> allowed = co_await askGate(session, edit.commands, consent);
    if (!allowed)
        co_return failure(allowed.error());
    bool keepsFormer = edit.keepsFormer;
    const QByteArrayList watched = QByteArrayList{edit.key} + edit.alsoWatched;
    for (int i = 0; i < rounds; ++i) {
        const Result<Link> link = co_await watching(session, watched, database);
        if (!link)
            co_return failure(link.error());
        Result<Executed> executed = co_await attempt(*link, edit, keepsFormer);
        if (!executed)
            co_return failure(executed.error());
        if (executed->came == Came::NoRightToDump) {
            keepsFormer = false;
        } else if (executed->came == Came::Done) {
            if (executed->outcome.former)
                executed->outcome.former->database = database;
            co_return Result<EditOutcome>(std::move(executed->outcome));
        }
    }
    co_return failure(Error{.code = Error::Code::NotReached,
                            .detail = tr("other clients keep changing this key: nothing was changed. Try again"),
                            .serverPrefix = {},
                            .node = {},
                            .command = edit.commands.isEmpty() ? QString() : commandName(edit.commands.front())});
}

} // namespace

QCoro::Task<Result<EditOutcome>> ValueEditor::apply(Edit edit, UserConsent consent)
{
    return applied(m_session, std::move(edit), m_database, consent);
}

namespace {

constexpr qint64 ttlToleranceMs = 2000; // tolerance between two readings of a time to live

/// Whether the time to live is still the same, apart from the time that has passed.
bool isSameTtl(qint64 then, qint64 now, qint64 elapsedMs)
{
    if (then < 0 || now < 0)
        return then == now;
    return std::abs(then - elapsedMs - now) <= ttlToleranceMs;
}

QCoro::Task<Result<EditOutcome>> takenBack(QPointer<ClusterSession> session, FormerValue former, UserConsent consent)
{
    const qint64 elapsed = steadyMs() - former.at;
    if (former.before && former.ttlMs >= 0 && former.ttlMs - elapsed <= 0)
        co_return failure(Error{.code = Error::Code::Outdated,
                                .detail = tr("the value would have expired by now: nothing was changed"),
                                .serverPrefix = {},
                                .node = {},
                                .command = u"RESTORE"_s});
    if (!session)
        co_return failure(Error::Code::Cancelled);
    const NodeReply ttl = co_await session->browse(commandOf("PTTL", former.key), former.database);
    if (!ttl.reply)
        co_return failure(ttl.reply.error());
    if (!isSameTtl(former.ttlAfterMs, ttl.reply->toInteger(), elapsed)) {
        EditOutcome differs;
        differs.now.append(answerOf(*ttl.reply));
        differs.node = ttl.nodeName;
        co_return Result<EditOutcome>(std::move(differs));
    }
    Edit edit{.key = former.key, .alsoWatched = {}, .checks = {}, .commands = {}, .keepsFormer = true};
    edit.checks.append({.read = {"DUMP"_ba, former.key}, .expected = former.after});
    if (former.before) {
        const qint64 left = former.ttlMs < 0 ? 0 : std::max<qint64>(1, former.ttlMs - elapsed);
        edit.commands.append({"RESTORE"_ba, former.key, QByteArray::number(left), *former.before, "REPLACE"_ba});
    } else {
        edit.commands.append({"UNLINK"_ba, former.key});
    }
    Result<EditOutcome> outcome = co_await applied(session, edit, former.database, consent);
    co_return outcome;
}

} // namespace

QCoro::Task<Result<EditOutcome>> ValueEditor::takeBack(FormerValue former, UserConsent consent)
{
    return takenBack(m_session, std::move(former), consent);
}

} // namespace slotscope
