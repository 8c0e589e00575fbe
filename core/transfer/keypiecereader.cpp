// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/keypiecereader.h"

#include "core/base/tr.h"
#include "core/session/keyowner.h"
#include "core/transfer/keywindows.h"
#include "core/values/editlink.h"

#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int readTries = 4;
constexpr qint64 payloadAtOnce = 4 << 20; // memory in bytes; a larger key is dumped separately
constexpr int mostRestarts = 5;

using LinkPtr = std::shared_ptr<DedicatedLink>;

bool isMoved(const Error &error)
{
    return isPassingRefusal(error) || error.code == Error::Code::ConnectionLost
        || error.code == Error::Code::MaybeExecuted || error.code == Error::Code::NoRoute;
}

} // namespace

struct KeyPieceReader::Shared
{
    using Ptr = std::shared_ptr<Shared>;
    /// The queries of one call to one node.
    struct Work
    {
        std::vector<size_t> keys; ///< indices of keys
        std::vector<size_t> again; ///< keys to query again, because they moved or changed their type
    };
    struct Call
    {
        QByteArrayList keys;
        std::vector<KeyRead> reads;
        std::vector<QByteArray> cursors; ///< scan cursors after the first window
    };
    using CallPtr = std::shared_ptr<Call>;
    using WorkPtr = std::shared_ptr<Work>;

    QPointer<ClusterSession> session;
    int database = -1;
    Form form = Form::Value;
    std::map<QByteArray, LinkPtr> links; ///< by node id
    std::optional<ServerAbilities> abilities;

    static QCoro::Task<> learn(Ptr self);
    static QCoro::Task<Result<LinkPtr>> linkTo(Ptr self, QByteArray nodeId);
    static QCoro::Task<> readOnNode(Ptr self, CallPtr call, QByteArray nodeId, WorkPtr work);
    static QCoro::Task<Result<>> readHeads(Ptr self, LinkPtr link, CallPtr call, WorkPtr work);
    static QCoro::Task<Result<>> readValues(Ptr self, LinkPtr link, CallPtr call, WorkPtr work);
    static QCoro::Task<Result<>> readFieldExpiries(LinkPtr link, CallPtr call, WorkPtr work);

    /// Handles an error reply: after a temporary error, the key is queried again; any other error is final.
    static void refuse(const CallPtr &call, const WorkPtr &work, size_t index, const Error &error);
};

void KeyPieceReader::Shared::refuse(const CallPtr &call, const WorkPtr &work, size_t index, const Error &error)
{
    call->reads[index].kind = KeyRead::Kind::Failed;
    call->reads[index].error = error;
    if (isPassingRefusal(error) || error.serverPrefix == "WRONGTYPE")
        work->again.push_back(index);
}

/// Finds out which commands the servers have; if that is not known, they are tried.
QCoro::Task<> KeyPieceReader::Shared::learn(Ptr self)
{
    ServerAbilities abilities;
    if (self->session) {
        const auto table = co_await self->session->commands();
        if (table) {
            abilities.expireTime = (*table)->find({"PEXPIRETIME"_ba}) != nullptr;
            abilities.fieldExpiry = (*table)->find({"HPEXPIRETIME"_ba}) != nullptr;
        }
    }
    self->abilities = abilities;
}

QCoro::Task<Result<LinkPtr>> KeyPieceReader::Shared::linkTo(Ptr self, QByteArray nodeId)
{
    const auto known = self->links.find(nodeId);
    if (known != self->links.end() && known->second->isOpen())
        co_return Result<LinkPtr>(known->second);
    if (!self->session)
        co_return failure(Error::Code::Cancelled);
    LinkPool::LeaseOptions options;
    options.database = self->database;
    options.noTouch = true;
    const auto link = co_await self->session->lease(nodeId, options);
    if (!link)
        co_return failure(link.error());
    self->links[nodeId] = *link;
    co_return Result<LinkPtr>(*link);
}

QCoro::Task<Result<>> KeyPieceReader::Shared::readHeads(Ptr self, LinkPtr link, CallPtr call, WorkPtr work)
{
    const bool asksSize = self->form == Form::Payload;
    std::vector<Command> commands{{"TIME"_ba}};
    for (const size_t index : work->keys)
        appendHeadCommands(call->keys[qsizetype(index)], *self->abilities, asksSize, commands);
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    const QString node = link->endpoint().toString();
    const qint64 now = serverTimeMs((*answers)[0]);
    const size_t each = (commands.size() - 1) / std::max<size_t>(1, work->keys.size());
    for (size_t i = 0; i < work->keys.size(); ++i) {
        const size_t index = work->keys[i], first = 1 + i * each;
        KeyRead &read = call->reads[index];
        read = {};
        const Value &type = (*answers)[first], &expiry = (*answers)[first + 1];
        std::optional<Error> error = errorOf(type, node, u"TYPE"_s);
        if (!error)
            error = errorOf(expiry, node, commandName(commands[first + 1]));
        if (error) {
            refuse(call, work, index, *error);
            continue;
        }
        read.piece.key = call->keys[qsizetype(index)];
        read.piece.typeWord = type.bytes();
        read.piece.type = valueTypeOf(type.bytes());
        read.piece.expireAt = expiryOf(expiry, *self->abilities, now);
        read.kind = read.piece.type == ValueType::None ? KeyRead::Kind::Gone : KeyRead::Kind::Whole;
        read.piece.isPayload = self->form == Form::Payload || read.piece.type == ValueType::Other;
        if (asksSize && (*answers)[first + 2].toInteger() > payloadAtOnce)
            read.kind = KeyRead::Kind::Long;
    }
    co_return Result<>();
}

/// Reads the first window of each value, which for most keys is all of it.
QCoro::Task<Result<>> KeyPieceReader::Shared::readValues(Ptr self, LinkPtr link, CallPtr call, WorkPtr work)
{
    std::vector<Command> commands;
    std::vector<std::pair<size_t, size_t>> places; // index of the key, and of its first command
    for (const size_t index : work->keys) {
        KeyRead &read = call->reads[index];
        if (read.kind != KeyRead::Kind::Whole)
            continue;
        places.push_back({index, commands.size()});
        appendFirstWindow(read.piece, commands);
    }
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    const QString node = link->endpoint().toString();
    for (const auto &[index, first] : places) {
        KeyRead &read = call->reads[index];
        if (const auto error = errorOf((*answers)[first], node, commandName(commands[first]))) {
            refuse(call, work, index, *error);
            continue;
        }
        const Value &more = first + 1 < answers->size() ? (*answers)[first + 1] : (*answers)[first];
        switch (takeFirstWindow((*answers)[first], more, read.piece)) {
        case WindowOutcome::Whole: break;
        case WindowOutcome::Gone: read.kind = KeyRead::Kind::Gone; break;
        case WindowOutcome::More:
            read.kind = KeyRead::Kind::Long;
            read.piece = {};
            break;
        }
    }
    if (!self->abilities->fieldExpiry)
        co_return Result<>();
    co_return co_await readFieldExpiries(link, call, work);
}

QCoro::Task<Result<>> KeyPieceReader::Shared::readFieldExpiries(LinkPtr link, CallPtr call, WorkPtr work)
{
    std::vector<Command> commands;
    std::vector<size_t> asked;
    for (const size_t index : work->keys) {
        const KeyRead &read = call->reads[index];
        if (read.kind != KeyRead::Kind::Whole || read.piece.type != ValueType::Hash || read.piece.isPayload)
            continue;
        commands.push_back(fieldExpiryCommand(read.piece));
        asked.push_back(index);
    }
    if (commands.empty())
        co_return Result<>();
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    for (size_t i = 0; i < asked.size(); ++i) {
        if (const auto error = errorOf((*answers)[i], link->endpoint().toString(), u"HPEXPIRETIME"_s))
            refuse(call, work, asked[i], *error);
        else
            takeFieldExpiries((*answers)[i], call->reads[asked[i]].piece);
    }
    co_return Result<>();
}

QCoro::Task<> KeyPieceReader::Shared::readOnNode(Ptr self, CallPtr call, QByteArray nodeId, WorkPtr work)
{
    Result<> done;
    const auto link = co_await linkTo(self, nodeId);
    if (!link)
        done = failure(link.error());
    else
        done = co_await readHeads(self, *link, call, work);
    if (done)
        done = co_await readValues(self, *link, call, work);
    if (done)
        co_return;
    work->again.clear();
    for (const size_t index : work->keys) { // the connection was lost; reading again does no harm
        call->reads[index] = {};
        call->reads[index].error = done.error();
        work->again.push_back(index);
    }
}

KeyPieceReader::KeyPieceReader(QPointer<ClusterSession> session, int database, Form form)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->session = std::move(session);
    m_shared->database = database;
    m_shared->form = form;
}

KeyPieceReader::~KeyPieceReader() = default;

QCoro::Task<Result<std::vector<KeyRead>>> KeyPieceReader::read(QByteArrayList keys)
{
    const Shared::Ptr shared = m_shared;
    const auto call = std::make_shared<Shared::Call>();
    call->keys = std::move(keys);
    call->reads.resize(size_t(call->keys.size()));
    if (!shared->abilities)
        co_await Shared::learn(shared);
    std::vector<size_t> due(call->reads.size());
    for (size_t i = 0; i < due.size(); ++i)
        due[i] = i;
    for (int attempt = 0; attempt < readTries && !due.empty(); ++attempt) {
        if (attempt > 0 && shared->session)
            std::ignore = co_await shared->session->fullCheck();
        const ClusterViewPtr view = shared->session ? shared->session->view() : nullptr;
        if (!view)
            co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
        std::map<QByteArray, Shared::WorkPtr> byNode;
        std::vector<size_t> unowned;
        for (const size_t index : due) {
            const QByteArray owner = ownerOfKey(*view, call->keys[qsizetype(index)]);
            if (owner.isEmpty()) {
                call->reads[index].error = {.code = Error::Code::NoRoute,
                                            .detail = tr("no node serves its slot"),
                                            .serverPrefix = {},
                                            .node = {},
                                            .command = u"TYPE"_s};
                unowned.push_back(index);
                continue;
            }
            Shared::WorkPtr &work = byNode[owner];
            if (!work)
                work = std::make_shared<Shared::Work>();
            work->keys.push_back(index);
        }
        std::vector<QCoro::Task<>> tasks;
        for (const auto &[node, work] : byNode)
            tasks.push_back(Shared::readOnNode(shared, call, node, work));
        for (QCoro::Task<> &task : tasks)
            co_await task;
        due = unowned;
        for (const auto &[node, work] : byNode)
            due.insert(due.end(), work->again.begin(), work->again.end());
    }
    co_return Result<std::vector<KeyRead>>(std::move(call->reads));
}

struct KeyPieceReader::LongRead
{
    QByteArray key;
    LinkPtr link; ///< the connection that watches the key
    KeyPiece head; ///< key, type and expiry
    WindowCursor cursor;
    int part = 0;
    int restarts = 0;
};

namespace {

QCoro::Task<Result<Value>> askedWhole(LinkPtr link, Command command)
{
    const QString name = commandName(command), node = link->endpoint().toString();
    Connection::Reply reply = co_await link->send(std::move(command));
    co_return checked(std::move(reply), node, name);
}

Error goneError(const LinkPtr &link, const QString &command)
{
    return {.code = Error::Code::Outdated,
            .detail = tr("the key no longer exists"),
            .serverPrefix = {},
            .node = link->endpoint().toString(),
            .command = command};
}

/// Reads the groups of a stream, with their consumers and pending entries.
QCoro::Task<Result<StreamState>> streamState(LinkPtr link, QByteArray key)
{
    const Result<Value> info = co_await askedWhole(link, commandOf("XINFO", "STREAM", key));
    if (!info)
        co_return failure(info.error());
    StreamState state = streamStateOf(*info);
    const Result<Value> groups = co_await askedWhole(link, commandOf("XINFO", "GROUPS", key));
    if (!groups)
        co_return failure(groups.error());
    state.groups = streamGroupsOf(*groups);
    for (StreamState::Group &group : state.groups) {
        const Result<Value> consumers = co_await askedWhole(link, commandOf("XINFO", "CONSUMERS", key, group.name));
        if (!consumers)
            co_return failure(consumers.error());
        group.consumers = consumersOf(*consumers);
        QByteArray from = "-"_ba;
        for (bool isThrough = false; !isThrough;) {
            const Result<Value> time = co_await askedWhole(link, commandOf("TIME"));
            const Result<Value> page = co_await askedWhole(
                link, commandOf("XPENDING", key, group.name, from, "+", QByteArray::number(windowItems)));
            if (!page || !time)
                co_return failure(page ? time.error() : page.error());
            appendPending(*page, serverTimeMs(*time), group.pending);
            isThrough = int(page->items().size()) < windowItems;
            if (!isThrough)
                from = '(' + group.pending.back().id;
        }
    }
    co_return Result<StreamState>(std::move(state));
}

} // namespace

QCoro::Task<Result<KeyPieceReader::LongPtr>> KeyPieceReader::begin(QByteArray key)
{
    const Shared::Ptr shared = m_shared;
    const auto reading = std::make_shared<LongRead>();
    reading->key = key;
    if (!shared->abilities)
        co_await Shared::learn(shared);
    const QByteArrayList watched(1, key);
    const auto link = co_await watching(shared->session, watched, shared->database);
    if (!link)
        co_return failure(link.error());
    reading->link = *link;
    std::vector<Command> commands{{"TIME"_ba}};
    appendHeadCommands(key, *shared->abilities, false, commands);
    const auto answers = co_await reading->link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    for (size_t i = 0; i < commands.size(); ++i)
        if (const auto error = errorOf((*answers)[i], (*link)->endpoint().toString(), commandName(commands[i])))
            co_return failure(*error);
    reading->head.key = key;
    reading->head.typeWord = (*answers)[1].bytes();
    reading->head.type = valueTypeOf(reading->head.typeWord);
    reading->head.expireAt = expiryOf((*answers)[2], *shared->abilities, serverTimeMs((*answers)[0]));
    reading->head.isPayload = shared->form == Form::Payload || reading->head.type == ValueType::Other;
    if (reading->head.type == ValueType::None)
        co_return failure(goneError(reading->link, u"TYPE"_s));
    co_return Result<LongPtr>(reading);
}

namespace {

using LongPtr = KeyPieceReader::LongPtr;

QCoro::Task<Result<KeyPiece>> nextWindowOf(LongPtr reading, bool knowsFieldExpiry)
{
    KeyPiece piece = reading->head;
    const Command command = windowCommand(piece, reading->cursor);
    const Result<Value> answer = co_await askedWhole(reading->link, command);
    if (!answer)
        co_return failure(answer.error());
    if (!takeWindow(*answer, piece, reading->cursor))
        co_return failure(goneError(reading->link, commandName(command)));
    if (piece.type == ValueType::Hash && knowsFieldExpiry && !piece.items.empty() && !piece.isPayload) {
        const Result<Value> expiries = co_await askedWhole(reading->link, fieldExpiryCommand(piece));
        if (!expiries)
            co_return failure(expiries.error());
        takeFieldExpiries(*expiries, piece);
    }
    piece.part = reading->part;
    piece.isLast = reading->cursor.atEnd;
    if (piece.isLast && piece.type == ValueType::Stream && !piece.isPayload) {
        Result<StreamState> state = co_await streamState(reading->link, piece.key);
        if (!state)
            co_return failure(state.error());
        piece.stream = std::move(*state);
    }
    if (!piece.isLast)
        co_return Result<KeyPiece>(std::move(piece));
    const std::vector<Command> nothing{{"MULTI"_ba}, {"EXEC"_ba}};
    const auto unchanged = co_await reading->link->sendAll(nothing);
    if (!unchanged)
        co_return failure(unchanged.error());
    piece.changed = unchanged->back().isNull() || unchanged->back().isError();
    co_return Result<KeyPiece>(std::move(piece));
}

} // namespace

QCoro::Task<Result<KeyPiece>> KeyPieceReader::next(LongPtr reading)
{
    const Shared::Ptr shared = m_shared;
    for (;;) {
        Result<KeyPiece> piece = co_await nextWindowOf(reading, shared->abilities->fieldExpiry);
        if (piece) {
            ++reading->part;
            co_return piece;
        }
        if (!isMoved(piece.error()) || ++reading->restarts > mostRestarts)
            co_return piece;
        auto anew = co_await begin(reading->key);
        if (!anew)
            co_return failure(anew.error());
        (*anew)->restarts = reading->restarts;
        *reading = std::move(**anew);
    }
}

} // namespace slotscope
