// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyfacts.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/cluster/slot.h"

#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype keysPerPipeline = 500;
constexpr int redirectTries = 3;

using LinkPtr = std::shared_ptr<DedicatedLink>;

/// One query about a key, and where its reply is stored.
struct Question
{
    KeyFact fact = KeyFact::Type;
    size_t key = 0; ///< index of the key
};

QByteArray lengthCommandOf(const QByteArray &type)
{
    static const QHash<QByteArray, QByteArray> commands{{"string"_ba, "STRLEN"_ba}, {"list"_ba, "LLEN"_ba},
                                                        {"hash"_ba, "HLEN"_ba},     {"set"_ba, "SCARD"_ba},
                                                        {"zset"_ba, "ZCARD"_ba},    {"stream"_ba, "XLEN"_ba}};
    return commands.value(type);
}

/// Appends the commands that ask for the wanted facts of a key. OBJECT IDLETIME comes before any command that could
/// reset the idle time.
void appendQuestions(const QByteArray &key, size_t index, KeyFactSet wanted, std::vector<Command> &commands,
                     std::vector<Question> &questions)
{
    const auto ask = [&](KeyFact fact, Command command) {
        commands.push_back(std::move(command));
        questions.push_back({fact, index});
    };
    if (wanted.testFlag(KeyFact::Idle))
        ask(KeyFact::Idle, {"OBJECT"_ba, "IDLETIME"_ba, key});
    ask(KeyFact::Type, {"TYPE"_ba, key});
    if (wanted.testFlag(KeyFact::Ttl))
        ask(KeyFact::Ttl, {"PTTL"_ba, key});
    if (wanted.testFlag(KeyFact::Encoding))
        ask(KeyFact::Encoding, {"OBJECT"_ba, "ENCODING"_ba, key});
    if (wanted.testFlag(KeyFact::Memory))
        ask(KeyFact::Memory, {"MEMORY"_ba, "USAGE"_ba, key, "SAMPLES"_ba, "5"_ba});
}

/// Stores one answer. A fact that the server does not report (no idle time under an LFU policy, no MEMORY before 4.0)
/// stays absent; a command that the user may not run is recorded as a problem.
void takeAnswer(const Value &answer, KeyFact fact, const QString &node, const QString &command, KeyFacts &facts)
{
    facts.tried |= fact;
    if (const auto error = errorOf(answer, node, command)) {
        const bool isAsked = fact == KeyFact::Type || error->code == Error::Code::NoPermission;
        if (isAsked && facts.problem.isEmpty())
            facts.problem = describe(*error);
        return;
    }
    const bool isNumber = answer.type() == Value::Type::Integer;
    switch (fact) {
    case KeyFact::Type: facts.type = answer.bytes(); break;
    case KeyFact::Encoding: facts.encoding = answer.bytes(); break;
    case KeyFact::Ttl:
        if (isNumber)
            facts.ttlMs = answer.toInteger();
        break;
    case KeyFact::Memory:
        if (isNumber)
            facts.memory = answer.toInteger();
        break;
    case KeyFact::Length:
        if (isNumber)
            facts.length = answer.toInteger();
        break;
    case KeyFact::Idle:
        if (isNumber)
            facts.idleSeconds = answer.toInteger();
        break;
    }
}

bool isRedirect(const Value &answer)
{
    const QByteArray word = answer.errorCode();
    return word == "MOVED" || word == "ASK" || word == "TRYAGAIN" || word == "CLUSTERDOWN";
}

} // namespace

void KeyFacts::take(const KeyFacts &newer)
{
    if (!newer.type.isEmpty() && !type.isEmpty() && newer.type != type)
        *this = {}; // the key now has another value
    if (!newer.type.isEmpty())
        type = newer.type;
    if (newer.ttlMs)
        ttlMs = newer.ttlMs;
    if (newer.memory)
        memory = newer.memory;
    if (newer.length)
        length = newer.length;
    if (!newer.encoding.isEmpty())
        encoding = newer.encoding;
    if (newer.idleSeconds)
        idleSeconds = newer.idleSeconds;
    problem = newer.problem;
    tried |= newer.tried;
    readAt = newer.readAt;
}

struct KeyFactsReader::Shared
{
    using Ptr = std::shared_ptr<Shared>;
    /// The queries of one call to one node.
    struct Work
    {
        std::vector<size_t> keys; ///< indices of keys
        std::vector<size_t> again; ///< keys that now have another owner
    };
    struct Call
    {
        QByteArrayList keys;
        KeyFactSet wanted;
        int database = 0;
        std::vector<KeyFacts> facts;
    };
    using CallPtr = std::shared_ptr<Call>;

    QPointer<ClusterSession> session;
    std::map<std::pair<QByteArray, int>, LinkPtr> links; ///< links by node id and database

    static QCoro::Task<Result<LinkPtr>> linkTo(Ptr self, QByteArray nodeId, int database);
    static QCoro::Task<> readOnNode(Ptr self, CallPtr call, QByteArray nodeId, std::shared_ptr<Work> work);
    static QCoro::Task<Result<>> ask(LinkPtr link, CallPtr call, std::shared_ptr<Work> work, qsizetype first);
    static QCoro::Task<Result<>> askLengths(LinkPtr link, CallPtr call, std::vector<size_t> keys);
    [[nodiscard]] QByteArray ownerOf(const ClusterView &view, QByteArrayView key) const;
};

QByteArray KeyFactsReader::Shared::ownerOf(const ClusterView &view, QByteArrayView key) const
{
    int index = view.cluster ? view.owner[slotOfKey(key)] : -1;
    if (!view.cluster && !view.shards.empty())
        index = view.shards.front().primary;
    return index < 0 ? QByteArray() : view.nodes[size_t(index)].id;
}

QCoro::Task<Result<LinkPtr>> KeyFactsReader::Shared::linkTo(Ptr self, QByteArray nodeId, int database)
{
    const auto key = std::make_pair(nodeId, database);
    const auto known = self->links.find(key);
    if (known != self->links.end() && known->second->isOpen())
        co_return Result<LinkPtr>(known->second);
    LinkPool::LeaseOptions options;
    options.database = database;
    options.noTouch = true;
    if (!self->session)
        co_return failure(Error::Code::Cancelled);
    const auto link = co_await self->session->lease(nodeId, options);
    if (!link)
        co_return failure(link.error());
    self->links[key] = *link;
    co_return Result<LinkPtr>(*link);
}

/// Queries the length of keys whose type is known now.
QCoro::Task<Result<>> KeyFactsReader::Shared::askLengths(LinkPtr link, CallPtr call, std::vector<size_t> keys)
{
    std::vector<Command> commands;
    std::vector<size_t> asked;
    for (const size_t index : keys) {
        const QByteArray name = lengthCommandOf(call->facts[index].type);
        call->facts[index].tried |= KeyFact::Length;
        if (name.isEmpty())
            continue;
        commands.push_back({name, call->keys[qsizetype(index)]});
        asked.push_back(index);
    }
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    const QString node = link->endpoint().toString();
    for (size_t i = 0; i < asked.size(); ++i)
        if (!isRedirect((*answers)[i]))
            takeAnswer((*answers)[i], KeyFact::Length, node, commandName(commands[i]), call->facts[asked[i]]);
    co_return Result<>();
}

QCoro::Task<Result<>> KeyFactsReader::Shared::ask(LinkPtr link, CallPtr call, std::shared_ptr<Work> work,
                                                  qsizetype first)
{
    const size_t last = std::min(work->keys.size(), size_t(first + keysPerPipeline));
    std::vector<Command> commands;
    std::vector<Question> questions;
    for (size_t i = size_t(first); i < last; ++i) {
        const size_t index = work->keys[i];
        call->facts[index] = {};
        appendQuestions(call->keys[qsizetype(index)], index, call->wanted, commands, questions);
    }
    const auto answers = co_await link->sendAll(commands);
    if (!answers)
        co_return failure(answers.error());
    const QString node = link->endpoint().toString();
    std::vector<size_t> there;
    for (size_t i = 0; i < questions.size(); ++i) {
        const Question &question = questions[i];
        const Value &answer = (*answers)[i];
        if (isRedirect(answer)) {
            if (question.fact == KeyFact::Type)
                work->again.push_back(question.key);
            continue;
        }
        takeAnswer(answer, question.fact, node, commandName(commands[i]), call->facts[question.key]);
        call->facts[question.key].readAt = steadyMs();
        if (question.fact == KeyFact::Type && !answer.isError())
            there.push_back(question.key);
    }
    if (!call->wanted.testFlag(KeyFact::Length) || !link->leavesIdle())
        co_return Result<>();
    co_return co_await askLengths(link, call, there);
}

QCoro::Task<> KeyFactsReader::Shared::readOnNode(Ptr self, CallPtr call, QByteArray nodeId, std::shared_ptr<Work> work)
{
    const auto link = co_await linkTo(self, nodeId, call->database);
    Result<> read = Result<>();
    if (!link)
        read = failure(link.error());
    size_t done = 0;
    while (read && done < work->keys.size()) {
        read = co_await ask(*link, call, work, qsizetype(done));
        if (read)
            done += size_t(keysPerPipeline);
    }
    for (size_t i = done; !read && i < work->keys.size(); ++i)
        call->facts[work->keys[i]].problem = describe(read.error());
}

KeyFactsReader::KeyFactsReader(QPointer<ClusterSession> session) : m_shared(std::make_shared<Shared>())
{
    m_shared->session = std::move(session);
}

KeyFactsReader::~KeyFactsReader() = default;

QCoro::Task<Result<std::vector<KeyFacts>>> KeyFactsReader::read(QByteArrayList keys, KeyFactSet wanted, int database)
{
    const Shared::Ptr shared = m_shared;
    auto call = std::make_shared<Shared::Call>();
    call->keys = std::move(keys);
    call->wanted = wanted;
    call->database = database;
    call->facts.resize(size_t(call->keys.size()));
    std::vector<size_t> due(call->facts.size());
    for (size_t i = 0; i < due.size(); ++i)
        due[i] = i;
    for (int attempt = 0; attempt < redirectTries && !due.empty(); ++attempt) {
        if (attempt > 0 && shared->session)
            std::ignore = co_await shared->session->fullCheck();
        const ClusterViewPtr view = shared->session ? shared->session->view() : nullptr;
        if (!view)
            co_return failure(Error::Code::NoRoute, tr("the cluster is not connected yet"));
        std::map<QByteArray, std::shared_ptr<Shared::Work>> byNode;
        for (const size_t index : due) {
            const QByteArray owner = shared->ownerOf(*view, call->keys[qsizetype(index)]);
            if (owner.isEmpty()) {
                call->facts[index].problem = tr("no node serves its slot");
                continue;
            }
            auto &work = byNode[owner];
            if (!work)
                work = std::make_shared<Shared::Work>();
            work->keys.push_back(index);
        }
        std::vector<QCoro::Task<>> tasks;
        for (const auto &[node, work] : byNode)
            tasks.push_back(Shared::readOnNode(shared, call, node, work));
        for (QCoro::Task<> &task : tasks)
            co_await task;
        due.clear();
        for (const auto &[node, work] : byNode)
            due.insert(due.end(), work->again.begin(), work->again.end());
    }
    for (const size_t index : due)
        call->facts[index].problem = tr("its slot is being migrated to another node");
    co_return Result<std::vector<KeyFacts>>(std::move(call->facts));
}

} // namespace slotscope
