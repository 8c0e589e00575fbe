// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keypiecewriter.h"

#include "core/base/tr.h"
#include "core/cluster/slot.h"
#include "core/session/keyowner.h"
#include "core/transfer/temporaryname.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 temporaryLifeMs = 86'400'000;

bool isPassed(const KeyPiece &piece)
{
    return piece.expireAt >= 0 && piece.expireAt <= QDateTime::currentMSecsSinceEpoch();
}

/// Whether a single command stores the value with its expiry.
bool isDirect(const KeyPiece &piece)
{
    return piece.isPayload || (piece.type == ValueType::String && piece.part == 0 && piece.isLast);
}

Command directCommand(const KeyPiece &piece, OnConflict conflict)
{
    Command command = commandsFor(piece, piece.key).front();
    if (piece.isPayload) {
        if (conflict == OnConflict::Replace)
            command << "REPLACE"_ba;
        return command;
    }
    if (piece.expireAt >= 0)
        command << "PXAT"_ba << QByteArray::number(piece.expireAt);
    if (conflict == OnConflict::Skip)
        command << "NX"_ba;
    return command;
}

/// Sets the expiry and renames the value to its final name; RENAMENX returns 0 if that exists.
std::vector<Command> namingCommands(const KeyPiece &piece, const QByteArray &temporary, OnConflict conflict)
{
    std::vector<Command> commands;
    if (piece.expireAt >= 0)
        commands.push_back({"PEXPIREAT"_ba, temporary, QByteArray::number(piece.expireAt)});
    else
        commands.push_back({"PERSIST"_ba, temporary});
    commands.push_back({conflict == OnConflict::Skip ? "RENAMENX"_ba : "RENAME"_ba, temporary, piece.key});
    return commands;
}

KeyWritten written(KeyWritten::Kind kind)
{
    return {.kind = kind, .error = {}};
}

KeyWritten failed(const Error &error)
{
    return {.kind = error.serverPrefix == "BUSYKEY" ? KeyWritten::Kind::Exists : KeyWritten::Kind::Failed,
            .error = error};
}

/// Interprets the reply to the command that stored the key.
KeyWritten outcomeOf(const Value &answer)
{
    const bool isThere = answer.isNull() || (answer.type() == Value::Type::Integer && answer.toInteger() == 0);
    return written(isThere ? KeyWritten::Kind::Exists : KeyWritten::Kind::Written);
}

/// The outcome after the connection ended when the key may already have been stored.
KeyWritten inDoubt(Error error)
{
    error.detail = tr("the connection was lost during the write; the key may have been written: %1").arg(error.detail);
    return {.kind = KeyWritten::Kind::Failed, .error = error};
}

} // namespace

struct KeyPieceWriter::Shared
{
    using Ptr = std::shared_ptr<Shared>;
    struct Call
    {
        std::vector<KeyPiece> pieces;
        std::vector<KeyWritten> outcomes;
    };
    using CallPtr = std::shared_ptr<Call>;
    /// Indices of one node's keys, and of those that must be written one by one.
    struct Work
    {
        std::vector<size_t> keys;
        std::vector<size_t> alone;
    };
    using WorkPtr = std::shared_ptr<Work>;

    QPointer<ClusterSession> session;
    int database = -1;
    OnConflict conflict = OnConflict::Skip;
    UserConsent consent = UserConsent::None;
    quint64 number = QRandomGenerator::system()->generate64(); ///< number for the next temporary name

    static QCoro::Task<> writeOnNode(Ptr self, CallPtr call, QByteArray nodeId, WorkPtr work);
    static QCoro::Task<Result<>> leaveExisting(Ptr self, NodeLink *link, CallPtr call, WorkPtr work);
    static QCoro::Task<Result<>> writeDirect(Ptr self, NodeLink *link, CallPtr call, WorkPtr work);
    static QCoro::Task<Result<>> writeBuilt(Ptr self, NodeLink *link, CallPtr call, WorkPtr work);
    static QCoro::Task<Result<Value>> run(Ptr self, Command command);
    static QCoro::Task<KeyWritten> writeAlone(Ptr self, KeyPiece piece);
    static QCoro::Task<KeyWritten> giveName(Ptr self, KeyPiece piece, QByteArray temporary);

    static void refuse(const CallPtr &call, const WorkPtr &work, size_t index, const Error &error);
};

/// Records a failed write. After a temporary error (such as LOADING), the piece is written again, separately.
void KeyPieceWriter::Shared::refuse(const CallPtr &call, const WorkPtr &work, size_t index, const Error &error)
{
    call->outcomes[index] = failed(error);
    if (isPassingRefusal(error))
        work->alone.push_back(index);
}

QCoro::Task<Result<Value>> KeyPieceWriter::Shared::run(Ptr self, Command command)
{
    if (!self->session)
        co_return failure(Error::Code::Cancelled);
    const NodeReply told = co_await self->session->executeIn(self->database, std::move(command), self->consent);
    co_return told.reply;
}

QCoro::Task<KeyWritten> KeyPieceWriter::Shared::giveName(Ptr self, KeyPiece piece, QByteArray temporary)
{
    const std::vector<Command> commands = namingCommands(piece, temporary, self->conflict);
    const Result<Value> expiry = co_await run(self, commands[0]);
    if (!expiry)
        co_return failed(expiry.error());
    const Result<Value> named = co_await run(self, commands[1]);
    if (!named) {
        const Error::Code code = named.error().code;
        const bool isLost = code == Error::Code::MaybeExecuted || code == Error::Code::Timeout;
        co_return isLost ? inDoubt(named.error()) : failed(named.error());
    }
    const KeyWritten outcome = outcomeOf(*named);
    if (outcome.kind == KeyWritten::Kind::Exists)
        std::ignore = co_await run(self, commandOf("UNLINK", temporary));
    co_return outcome;
}

/// Writes a piece command by command, following redirects.
QCoro::Task<KeyWritten> KeyPieceWriter::Shared::writeAlone(Ptr self, KeyPiece piece)
{
    if (isDirect(piece)) {
        const Result<Value> put = co_await run(self, directCommand(piece, self->conflict));
        co_return put ? outcomeOf(*put) : failed(put.error());
    }
    const QByteArray temporary = temporaryNameFor(piece.key, self->number++);
    std::vector<Command> commands = commandsFor(piece, temporary);
    commands.push_back({"PEXPIRE"_ba, temporary, QByteArray::number(temporaryLifeMs)});
    for (const Command &command : commands) {
        const Result<Value> made = co_await run(self, command);
        if (made)
            continue;
        std::ignore = co_await run(self, commandOf("UNLINK", temporary));
        co_return failed(made.error());
    }
    co_return co_await giveName(self, std::move(piece), temporary);
}

QCoro::Task<Result<>> KeyPieceWriter::Shared::leaveExisting(Ptr self, NodeLink *link, CallPtr call, WorkPtr work)
{
    if (self->conflict != OnConflict::Skip)
        co_return Result<>();
    std::vector<Command> commands;
    for (const size_t index : work->keys)
        commands.push_back({"EXISTS"_ba, call->pieces[index].key});
    const QString node = link->endpoint().toString();
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    std::vector<size_t> left;
    for (size_t i = 0; i < work->keys.size(); ++i) {
        const size_t index = work->keys[i];
        const Value &answer = (*answers)[i];
        if (const auto error = errorOf(answer, node, u"EXISTS"_s); error && isPassingRefusal(*error))
            work->alone.push_back(index);
        else if (!error && answer.toInteger() > 0)
            call->outcomes[index] = written(KeyWritten::Kind::Exists);
        else
            left.push_back(index); // a user without permission for EXISTS may still be permitted to write
    }
    work->keys = std::move(left);
    co_return Result<>();
}

QCoro::Task<Result<>> KeyPieceWriter::Shared::writeDirect(Ptr self, NodeLink *link, CallPtr call, WorkPtr work)
{
    std::vector<Command> commands;
    std::vector<size_t> direct, built;
    for (const size_t index : work->keys) {
        const KeyPiece &piece = call->pieces[index];
        if (!isDirect(piece)) {
            built.push_back(index);
            continue;
        }
        direct.push_back(index);
        commands.push_back(directCommand(piece, self->conflict));
    }
    work->keys = std::move(built);
    if (commands.empty())
        co_return Result<>();
    const QString node = link->endpoint().toString();
    const auto answers = co_await link->sendAll(commands);
    for (size_t i = 0; i < direct.size(); ++i) {
        if (!answers && self->conflict == OnConflict::Replace) {
            work->alone.push_back(direct[i]); // writing twice does no harm
        } else if (!answers) {
            call->outcomes[direct[i]] = answers.error().code == Error::Code::ConnectionLost ? failed(answers.error())
                                                                                            : inDoubt(answers.error());
        } else if (const auto error = errorOf((*answers)[i], node, commandName(commands[i]))) {
            refuse(call, work, direct[i], *error);
        } else {
            call->outcomes[direct[i]] = outcomeOf((*answers)[i]);
        }
    }
    co_return Result<>();
}

/// Builds all values under temporary names, then renames those that were built.
QCoro::Task<Result<>> KeyPieceWriter::Shared::writeBuilt(Ptr self, NodeLink *link, CallPtr call, WorkPtr work)
{
    if (work->keys.empty())
        co_return Result<>();
    const QString node = link->endpoint().toString();
    std::vector<Command> commands;
    std::vector<size_t> ends; // index after the last command of each key
    std::vector<QByteArray> temporaries;
    for (const size_t index : work->keys) {
        temporaries.push_back(temporaryNameFor(call->pieces[index].key, self->number++));
        for (Command &command : commandsFor(call->pieces[index], temporaries.back()))
            commands.push_back(std::move(command));
        commands.push_back({"PEXPIRE"_ba, temporaries.back(), QByteArray::number(temporaryLifeMs)});
        ends.push_back(commands.size());
    }
    const auto answers = co_await link->sendAll(commands);
    if (!answers) { // nothing has been renamed yet
        work->alone.insert(work->alone.end(), work->keys.begin(), work->keys.end());
        co_return Result<>();
    }
    std::vector<Command> naming;
    std::vector<std::pair<size_t, size_t>> named; // index of the key, and position of the reply with its outcome
    for (size_t i = 0, at = 0; i < work->keys.size(); at = ends[i], ++i) {
        std::optional<Error> error;
        for (size_t each = at; each < ends[i] && !error; ++each)
            error = errorOf((*answers)[each], node, commandName(commands[each]));
        if (error) {
            refuse(call, work, work->keys[i], *error);
            naming.push_back({"UNLINK"_ba, temporaries[i]});
            continue;
        }
        for (Command &command : namingCommands(call->pieces[work->keys[i]], temporaries[i], self->conflict))
            naming.push_back(std::move(command));
        named.push_back({i, naming.size() - 1});
    }
    const auto told = co_await link->sendAll(naming);
    std::vector<Command> leftOver;
    for (const auto &[i, place] : named) {
        const size_t index = work->keys[i];
        if (!told) {
            call->outcomes[index] = inDoubt(told.error());
        } else if (const auto error = errorOf((*told)[place], node, commandName(naming[place]))) {
            refuse(call, work, index, *error);
            leftOver.push_back({"UNLINK"_ba, temporaries[i]});
        } else {
            call->outcomes[index] = outcomeOf((*told)[place]);
            if (call->outcomes[index].kind == KeyWritten::Kind::Exists)
                leftOver.push_back({"UNLINK"_ba, temporaries[i]});
        }
    }
    if (!leftOver.empty())
        std::ignore = co_await link->sendAll(leftOver); // if this fails, the temporary keys expire within a day
    co_return Result<>();
}

QCoro::Task<> KeyPieceWriter::Shared::writeOnNode(Ptr self, CallPtr call, QByteArray nodeId, WorkPtr work)
{
    const std::vector<size_t> all = work->keys;
    Result<NodeLink *> link = failure(Error::Code::Cancelled);
    if (self->session)
        link = co_await self->session->linkTo(nodeId, self->database);
    Result<> done;
    if (!link)
        done = failure(link.error());
    else
        done = co_await leaveExisting(self, *link, call, work);
    if (!done) { // nothing was written: write each key separately, so that it gets its own error
        work->alone = all;
        co_return;
    }
    done = co_await writeDirect(self, *link, call, work);
    if (done)
        done = co_await writeBuilt(self, *link, call, work);
}

KeyPieceWriter::KeyPieceWriter(QPointer<ClusterSession> session, int database, OnConflict conflict, UserConsent consent)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->session = std::move(session);
    m_shared->database = database;
    m_shared->conflict = conflict;
    m_shared->consent = consent;
}

KeyPieceWriter::~KeyPieceWriter() = default;

QList<Command> KeyPieceWriter::gateSample()
{
    return {{"SET"_ba, "k"_ba, "v"_ba},
            {"RESTORE"_ba, "k"_ba, "0"_ba, ""_ba},
            {"HSET"_ba, "k"_ba, "f"_ba, "v"_ba},
            {"RENAME"_ba, "k"_ba, "k"_ba},
            {"UNLINK"_ba, "k"_ba}};
}

QCoro::Task<std::vector<KeyWritten>> KeyPieceWriter::write(std::vector<KeyPiece> pieces)
{
    const Shared::Ptr shared = m_shared;
    const auto call = std::make_shared<Shared::Call>();
    call->pieces = std::move(pieces);
    call->outcomes.resize(call->pieces.size());
    const ClusterViewPtr view = shared->session ? shared->session->view() : nullptr;
    std::map<QByteArray, Shared::WorkPtr> byNode;
    std::vector<size_t> alone;
    for (size_t index = 0; index < call->pieces.size(); ++index) {
        if (isPassed(call->pieces[index])) {
            call->outcomes[index] = written(KeyWritten::Kind::Expired);
            continue;
        }
        const QByteArray owner = view ? ownerOfKey(*view, call->pieces[index].key) : QByteArray();
        if (owner.isEmpty()) {
            alone.push_back(index);
            continue;
        }
        Shared::WorkPtr &work = byNode[owner];
        if (!work)
            work = std::make_shared<Shared::Work>();
        work->keys.push_back(index);
    }
    std::vector<QCoro::Task<>> tasks;
    for (const auto &[node, work] : byNode)
        tasks.push_back(Shared::writeOnNode(shared, call, node, work));
    for (QCoro::Task<> &task : tasks)
        co_await task;
    for (const auto &[node, work] : byNode)
        alone.insert(alone.end(), work->alone.begin(), work->alone.end());
    for (const size_t index : alone)
        call->outcomes[index] = co_await Shared::writeAlone(shared, call->pieces[index]);
    co_return std::move(call->outcomes);
}

struct KeyPieceWriter::LongWrite
{
    QByteArray key, temporary; ///< an empty `temporary` means that nothing was begun
};

KeyPieceWriter::LongPtr KeyPieceWriter::begin()
{
    return std::make_shared<LongWrite>();
}

QCoro::Task<> KeyPieceWriter::drop(LongPtr writing)
{
    const Shared::Ptr shared = m_shared;
    if (!writing->temporary.isEmpty())
        std::ignore = co_await Shared::run(shared, commandOf("UNLINK", std::exchange(writing->temporary, {})));
}

QCoro::Task<std::optional<KeyWritten>> KeyPieceWriter::add(LongPtr writing, KeyPiece piece)
{
    const Shared::Ptr shared = m_shared;
    if (isPassed(piece)) {
        co_await drop(writing);
        co_return written(KeyWritten::Kind::Expired);
    }
    if (isDirect(piece))
        co_return co_await Shared::writeAlone(shared, std::move(piece));
    if (piece.part == 0) {
        co_await drop(writing);
        if (shared->conflict == OnConflict::Skip) {
            const Result<Value> there = co_await Shared::run(shared, commandOf("EXISTS", piece.key));
            if (there && there->toInteger() > 0)
                co_return written(KeyWritten::Kind::Exists);
        }
        writing->key = piece.key;
        writing->temporary = temporaryNameFor(piece.key, shared->number++);
    }
    std::vector<Command> commands = commandsFor(piece, writing->temporary);
    if (piece.part == 0)
        commands.push_back({"PEXPIRE"_ba, writing->temporary, QByteArray::number(temporaryLifeMs)});
    for (const Command &command : commands) {
        const Result<Value> made = co_await Shared::run(shared, command);
        if (made)
            continue;
        co_await drop(writing);
        co_return failed(made.error());
    }
    if (!piece.isLast)
        co_return std::nullopt;
    const KeyWritten outcome = co_await Shared::giveName(shared, std::move(piece), writing->temporary);
    if (outcome.kind == KeyWritten::Kind::Failed)
        co_await drop(writing);
    writing->temporary.clear();
    co_return outcome;
}

} // namespace slotscope
