// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sentinelwatch.h"

#include "core/base/errortext.h"
#include "core/base/logging.h"
#include "core/base/tr.h"
#include "core/session/linkreach.h"

#include <QPointer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 believedAfterMs = 10'000;
constexpr size_t mostSentinels = 64; // limit, so that a hostile Sentinel cannot use up all sockets by naming others

std::vector<Command> questionsAbout(const QByteArray &name)
{
    return {{"SENTINEL"_ba, "MASTER"_ba, name},
            {"SENTINEL"_ba, "SLAVES"_ba, name}, // REPLICAS exists only since Redis 5; the old name works everywhere
            {"SENTINEL"_ba, "SENTINELS"_ba, name},
            {"SENTINEL"_ba, "CKQUORUM"_ba, name},
            {"SENTINEL"_ba, "GET-MASTER-ADDR-BY-NAME"_ba, name}};
}

Error wrongPassword(const QString &sentinel)
{
    return {.code = Error::Code::WrongPassword,
            .detail =
                tr("the password of the Sentinels is wrong (it is set separately from the password of the servers)"),
            .serverPrefix = {},
            .node = sentinel,
            .command = {}};
}

/// Adds an explanation if the server is no Sentinel. It is recognised by not knowing the SENTINEL command, so
/// "redis_mode:sentinel" need not be queried.
Error explained(Error error)
{
    if (error.code == Error::Code::ServerError && error.detail.contains(u"unknown command"_s, Qt::CaseInsensitive))
        error.detail =
            tr("a server answers at this address, not a Sentinel: connect to it with redis:// (%1)").arg(error.detail);
    return error;
}

} // namespace

SentinelWatch::SentinelWatch(const ConnectionTarget &target, const SessionOptions &options, QObject *parent)
    : QObject(parent), m_target(target), m_options(options)
{
    auto state = std::make_shared<SentinelState>();
    state->primaryName = target.sentinel.primaryName;
    m_state = std::move(state);
    connect(&m_ticker, &QTimer::timeout, this, &SentinelWatch::tick);
}

SentinelWatch::~SentinelWatch()
{
    blockSignals(true);
    for (const auto &[name, watched] : std::exchange(m_watched, {}))
        watched->link->disconnect(this);
}

void SentinelWatch::start()
{
    m_startedAt = m_options.clock->ms();
    for (const Endpoint &seed : std::as_const(m_target.seeds))
        open(seed, true);
    if (m_options.pollMs > 0)
        m_ticker.start(m_options.pollMs);
}

ConnectionOptions SentinelWatch::optionsFor(const Watched &watched, const Endpoint &endpoint) const
{
    ConnectionOptions options;
    options.endpoint = endpoint;
    if (!watched.withoutPassword)
        options.credentials = m_target.sentinel.credentials;
    options.tls = m_target.sentinel.tls.value_or(m_target.tls);
    options.way = m_target.way;
    options.cluster = m_target.title();
    options.seeds = m_target.seedsText();
    options.connectTimeoutMs = m_options.connectTimeoutMs;
    options.handshakeTimeoutMs = options.commandTimeoutMs = m_options.pollTimeoutMs;
    return options;
}

void SentinelWatch::open(const Endpoint &endpoint, bool isNamed)
{
    const QString name = endpoint.toString();
    if (m_watched.contains(name) || m_watched.size() >= mostSentinels || !m_target.permits(endpoint))
        return;
    auto watched = std::make_shared<Watched>();
    watched->word.address = watched->word.reach.address = name;
    watched->word.isNamed = isNamed;
    watched->link = new NodeLink(optionsFor(*watched, endpoint), this);
    m_watched.emplace(name, watched);
    connectLink(watched);
}

void SentinelWatch::connectLink(const WatchedPtr &watched)
{
    connect(watched->link, &NodeLink::stateChanged, this, [this, watched] { handleLink(watched); });
    watched->link->start();
}

void SentinelWatch::updateReach(Watched &watched)
{
    Reach &reach = watched.word.reach;
    takeReach(*watched.link, reach);
    // we connected without a password and this Sentinel requires one, so it is our password that is wrong
    if (watched.withoutPassword && reach.error.code == Error::Code::AuthRequired)
        reach.error = wrongPassword(watched.word.address);
}

/// Reacts to a link's state change. A Sentinel without a password refuses our login as if the password were wrong, so
/// after that error one attempt is made without a password. A Sentinel that needs one refuses that attempt too.
void SentinelWatch::handleLink(const WatchedPtr &watched)
{
    const bool refused =
        watched->link->state() == NodeLink::State::Refused && watched->link->error().code == Error::Code::WrongPassword;
    if (refused && !watched->withoutPassword && !m_target.sentinel.credentials.password.isEmpty()) {
        const Endpoint endpoint = watched->link->endpoint();
        watched->word.error = watched->link->error();
        watched->withoutPassword = true;
        watched->link->disconnect(this);
        watched->link->deleteLater();
        watched->link = new NodeLink(optionsFor(*watched, endpoint), this);
        connectLink(watched);
        return;
    }
    updateReach(*watched);
    if (watched->word.reach.state == Reach::State::Refused || watched->word.reach.state == Reach::State::Waiting)
        watched->word.hasAnswered = false; // its earlier report is outdated
    if (watched->link->isReady())
        ask(watched);
    publish();
}

QCoro::Task<> SentinelWatch::ask(WatchedPtr watched)
{
    if (std::exchange(watched->asking, true))
        co_return;
    const QPointer<SentinelWatch> self(this);
    const QPointer<NodeLink> link(watched->link);
    const std::vector<Command> questions = questionsAbout(m_target.sentinel.primaryName.toUtf8());
    const Connection::Replies replies = co_await link->sendAll(questions);
    watched->asking = false;
    if (!self || !link || link != watched->link)
        co_return;
    updateReach(*watched);
    if (replies)
        take(watched, *replies);
    publish();
}

void SentinelWatch::take(const WatchedPtr &watched, const std::vector<Value> &replies)
{
    SentinelWord &word = watched->word;
    const auto refused = errorOf(replies[0], word.address, u"SENTINEL MASTER"_s);
    const auto primary =
        refused ? Result<SentinelPrimary>(failure(*refused)) : parseSentinelPrimary(replies[0], replies[4]);
    word.hasAnswered = true;
    word.needsNoPassword = watched->withoutPassword;
    word.primary = primary ? *primary : SentinelPrimary();
    word.error = primary ? Error() : explained(primary.error());
    if (!primary)
        return;
    word.reachedPrimary = reached(word.primary.address);
    if (!replies[1].isError()) // otherwise the replicas reported before are still the best known
        word.replicas = parseSentinelPeers(replies[1]);
    word.reachedReplicas.clear();
    for (const QString &replica : std::as_const(word.replicas))
        word.reachedReplicas << reached(replica);
    word.others = parseSentinelPeers(replies[2]);
    const auto quorum = errorOf(replies[3], word.address, u"SENTINEL CKQUORUM"_s);
    word.isQuorumKnown = !quorum || quorum->serverPrefix == "NOQUORUM";
    word.quorumProblem = quorum && quorum->serverPrefix == "NOQUORUM" ? quorum->detail : QString();
    for (const QString &other : std::as_const(word.others))
        if (const auto endpoint = Endpoint::parse(reached(other), defaultSentinelPort))
            open(*endpoint, false);
}

/// Applies the user's address map.
QString SentinelWatch::reached(const QString &announced) const
{
    const auto mapped = m_target.addressMap.constFind(announced);
    return mapped == m_target.addressMap.constEnd() ? announced : mapped->toString();
}

void SentinelWatch::tick()
{
    for (const auto &[name, watched] : std::map(m_watched))
        if (watched->link->isReady())
            ask(watched);
    dropForgotten();
    publish();
}

void SentinelWatch::refresh(bool byUser)
{
    for (const auto &[name, watched] : std::map(m_watched)) {
        if (byUser && std::exchange(watched->withoutPassword, false)) { // the Sentinel's users may have changed
            const Endpoint endpoint = watched->link->endpoint();
            watched->link->disconnect(this);
            watched->link->deleteLater();
            watched->link = new NodeLink(optionsFor(*watched, endpoint), this);
            connectLink(watched);
            continue;
        }
        watched->link->retryNow(byUser);
        if (watched->link->isReady())
            ask(watched);
    }
}

/// Whether the Sentinels' answer can be used. An unreachable Sentinel causes no further delay if another has answered.
bool SentinelWatch::isSettled() const
{
    bool anyTells = false, allDone = true;
    for (const auto &[name, watched] : m_watched) {
        const bool fails =
            watched->word.reach.state == Reach::State::Waiting || watched->word.reach.state == Reach::State::Refused;
        anyTells = anyTells || watched->word.tellsPrimary();
        allDone = allDone && (fails || watched->word.hasAnswered);
    }
    return allDone || (anyTells && m_options.clock->ms() - m_startedAt > m_options.searchAfterMs);
}

void SentinelWatch::publish()
{
    auto state = std::make_shared<SentinelState>();
    state->primaryName = m_target.sentinel.primaryName;
    for (const auto &[name, watched] : m_watched)
        state->sentinels.append(watched->word);
    settleEpoch(*state);
    state->isSettled = m_state->isSettled || isSettled();
    const SentinelWord *leading = state->leading();
    state->lastPrimary = leading ? leading->reachedPrimary : m_state->lastPrimary;
    if (leading && leading->reachedPrimary != m_state->lastPrimary)
        qCInfo(lcSession).nospace() << leading->address << " names " << leading->primary.address << " as the primary “"
                                    << state->primaryName << "”";
    m_state = std::move(state);
    Q_EMIT changed();
}

/// Accepts an older configuration epoch only if most Sentinels report it for a while: they were configured anew
/// (SENTINEL REMOVE and MONITOR restart at 0), or the newer epoch was false.
void SentinelWatch::settleEpoch(SentinelState &state)
{
    quint64 newest = 0;
    qsizetype telling = 0;
    for (const SentinelWord &word : std::as_const(state.sentinels)) {
        if (!word.tellsPrimary())
            continue;
        ++telling;
        newest = std::max(newest, word.primary.epoch);
    }
    state.newestEpoch = std::max(m_state->newestEpoch, newest);
    const bool isOlder = telling > 0 && newest < m_state->newestEpoch && 2 * telling > state.sentinels.size();
    const qint64 now = m_options.clock->ms();
    m_olderSince = !isOlder ? 0 : m_olderSince == 0 ? now : m_olderSince;
    if (isOlder && now - m_olderSince >= believedAfterMs)
        state.newestEpoch = newest;
}

/// Drops a Sentinel that the user did not configure, that does not answer, and that no answering Sentinel names any
/// more.
void SentinelWatch::dropForgotten()
{
    QStringList named;
    bool anyAnswers = false;
    for (const auto &[name, watched] : m_watched) {
        if (!watched->word.tellsPrimary())
            continue;
        anyAnswers = true;
        for (const QString &other : std::as_const(watched->word.others))
            named << reached(other);
    }
    for (auto entry = m_watched.begin(); anyAnswers && entry != m_watched.end();) {
        const Watched &watched = *entry->second;
        const bool isForgotten = !watched.word.isNamed && watched.link->failures() > 0 && !named.contains(entry->first);
        if (isForgotten) {
            watched.link->disconnect(this);
            watched.link->deleteLater();
        }
        entry = isForgotten ? m_watched.erase(entry) : std::next(entry);
    }
}

QCoro::Task<Result<Value>> SentinelWatch::send(Command command)
{
    const SentinelWord *leading = m_state->leading();
    WatchedPtr chosen;
    for (const auto &[name, watched] : m_watched)
        if (watched->link->isReady() && (!chosen || (leading && name == leading->address)))
            chosen = watched;
    if (!chosen)
        co_return failure(m_state->whyNone());
    const QString name = commandName(command), address = chosen->word.address;
    const QPointer<NodeLink> link(chosen->link);
    Connection::Reply reply = co_await link->send(std::move(command));
    co_return checked(std::move(reply), address, name);
}

} // namespace slotscope
