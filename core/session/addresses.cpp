// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/addresses.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/session/clustersession.h"

#include <QElapsedTimer>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Deletes the link once control is back in the event loop: a link must not be deleted inside one of its own callbacks.
using TrialLink = std::unique_ptr<NodeLink, decltype([](NodeLink *link) { link->deleteLater(); })>;

QString placeText(const QString &host, quint16 port)
{
    return host.isEmpty() || port == 0 ? QString() : Endpoint{.host = host, .port = port, .socketPath = {}}.toString();
}

QString mapKeyOf(const NodePlace &place, const ConnectionTarget &target)
{
    for (const QString &key : {place.announced, place.hostname, QString::fromLatin1(place.id)})
        if (!key.isEmpty() && target.addressMap.contains(key))
            return key;
    return {};
}

AddressSource sourceOf(const NodePlace &place, const ConnectionTarget &target)
{
    if (place.used.isEmpty())
        return AddressSource::None;
    if (!place.mapKey.isEmpty() && target.addressMap.value(place.mapKey).toString() == place.used)
        return place.mapKey == QString::fromLatin1(place.id) && place.mapKey != place.announced
            ? AddressSource::MappedId
            : AddressSource::MappedAddress;
    const auto used = Endpoint::parse(place.used);
    if (used && !target.sentinel.isOn() && target.seeds.contains(*used))
        return AddressSource::Seed;
    if (place.used == place.announced)
        return AddressSource::Announced;
    if (place.used == place.hostname)
        return AddressSource::HostName;
    const auto isHostOf = [&used](const Endpoint &seed) { return used && seed.host == used->host; };
    const bool isSeedHost = std::any_of(target.seeds.cbegin(), target.seeds.cend(), isHostOf);
    return isSeedHost && !target.sentinel.isOn() ? AddressSource::SeedHost : AddressSource::Other;
}

/// Returns the product and version from a HELLO reply, such as "Redis 7.0.15".
QString serverOf(const Value &hello)
{
    const Value *product = hello.find("server"), *version = hello.find("version");
    if (!product || !version)
        return {};
    QString name = toDisplay(product->bytes());
    if (!name.isEmpty())
        name[0] = name.at(0).toUpper();
    return name + u' ' + toDisplay(version->bytes());
}

QString tlsText(const TlsSettings &tls)
{
    if (!tls.on)
        return {};
    if (tls.insecure)
        return tr("TLS, the certificate is not verified");
    return tls.pin.isEmpty() ? tr("TLS, the certificate is trusted") : tr("TLS, the certificate matches the pin");
}

} // namespace

QString NodePlace::keyToMap() const
{
    return !mapKey.isEmpty() ? mapKey : announced.isEmpty() ? QString::fromLatin1(id) : announced;
}

QString sourceName(AddressSource source)
{
    switch (source) {
    case AddressSource::None: return u"none"_s;
    case AddressSource::Seed: return u"seed"_s;
    case AddressSource::Announced: return u"announced"_s;
    case AddressSource::HostName: return u"host-name"_s;
    case AddressSource::MappedAddress: return u"mapped-address"_s;
    case AddressSource::MappedId: return u"mapped-id"_s;
    case AddressSource::SeedHost: return u"seed-host"_s;
    case AddressSource::Other: return u"other"_s;
    }
    return {};
}

QString sourceText(AddressSource source)
{
    switch (source) {
    case AddressSource::None: return tr("no address announced");
    case AddressSource::Seed: return tr("entered by you");
    case AddressSource::Announced: return tr("announced");
    case AddressSource::HostName: return tr("announced host name");
    case AddressSource::MappedAddress: return tr("your address map");
    case AddressSource::MappedId: return tr("your address map, by node id");
    case AddressSource::SeedHost: return tr("the host of a server that you entered, with the announced port");
    case AddressSource::Other: return tr("neither announced nor from your address map");
    }
    return {};
}

QList<NodePlace> placesOf(const ClusterView &view, const ConnectionTarget &target)
{
    QList<NodePlace> places;
    for (const NodeState &node : view.nodes) {
        if (node.id.isEmpty() || node.condition == NodeCondition::Handshake)
            continue;
        NodePlace place;
        place.id = node.id;
        place.announced = node.address.isOdd ? QString() : placeText(node.address.host, node.address.port);
        place.hostname = node.address.isOdd ? QString() : placeText(node.address.hostname, node.address.port);
        place.used = node.reach.address;
        place.isPrimary = node.primary;
        place.reach = node.reach;
        const NodeObservation *seen = view.observationOf(node.id);
        // without cluster mode, a node is identified by the address at which it is reached
        if (!view.cluster && seen && !seen->announcedAs.isEmpty())
            place.announced = seen->announcedAs.constFirst();
        place.mapKey = mapKeyOf(place, target);
        place.source = sourceOf(place, target);
        places.append(place);
    }
    QStringList needless = target.addressMap.keys();
    for (const NodePlace &place : std::as_const(places))
        needless.removeAll(place.mapKey);
    needless.sort();
    for (const QString &key : std::as_const(needless)) {
        NodePlace place;
        place.mapKey = place.announced = key;
        place.used = target.addressMap.value(key).toString();
        place.source = key.contains(u':') ? AddressSource::MappedAddress : AddressSource::MappedId;
        places.append(place);
    }
    return places;
}

QString trialText(const PlaceTrial &trial)
{
    if (trial.error)
        return describe(*trial.error);
    QStringList parts;
    if (trial.isExpected)
        parts << tr("this node answers");
    else if (trial.isAnother)
        parts << tr("another server answers, or this one was restarted");
    else if (trial.nodeId.isEmpty())
        parts << tr("a server answers that does not report which node it is");
    else if (trial.expected.isEmpty())
        parts << tr("the node %1 answers").arg(toDisplay(trial.nodeId.left(8)));
    else
        parts << tr("another node answers: %1").arg(toDisplay(trial.nodeId.left(8)));
    if (!trial.server.isEmpty())
        parts << trial.server;
    if (trial.milliseconds >= 0)
        parts << tr("%1 ms").arg(trial.milliseconds, 0, 'f', trial.milliseconds < 10 ? 1 : 0);
    if (!trial.tls.isEmpty())
        parts << trial.tls;
    return parts.join(u" · "_s);
}

QCoro::Task<Result<PlaceTrial>> PlaceTester::test(Endpoint endpoint, QByteArray expected, bool isGuess)
{
    if (!m_session)
        co_return failure(Error::Code::Cancelled);
    // a node announced this address, and the user's permitted hosts exclude it: send no password there
    if (!isGuess && !m_session->target().permits(endpoint))
        co_return failure(Error::Code::Outside, endpoint.toString());
    PlaceTrial trial;
    trial.address = endpoint.toString();
    trial.expected = expected;
    QElapsedTimer clock;
    clock.start();
    const TrialLink link(m_session->linkForTrial(endpoint, isGuess));
    const QPointer<NodeLink> alive(link.get());
    link->start();
    const QPointer<ClusterSession> session = m_session; // the tester may be deleted during the co_await
    const QString tls = tlsText(session->target().tls);
    const bool ready = co_await link->settled();
    if (!alive)
        co_return failure(Error::Code::Cancelled);
    trial.milliseconds = double(clock.nsecsElapsed()) / 1e6;
    if (ready) {
        trial.tls = tls;
        trial.nodeId = link->identity().nodeId;
        trial.server = serverOf(link->connection()->hello());
        trial.isExpected = !trial.nodeId.isEmpty() && trial.nodeId == expected;
        // without cluster mode there are no node ids, so the run ids of the two server processes are compared
        const ClusterViewPtr view = trial.nodeId.isEmpty() && session ? session->view() : nullptr;
        const NodeObservation *known = view ? view->observationOf(expected) : nullptr;
        const QByteArray runId = link->identity().runId;
        if (known && known->info && !known->info->runId.isEmpty() && !runId.isEmpty()) {
            trial.isExpected = runId == known->info->runId;
            trial.isAnother = !trial.isExpected;
        }
    } else {
        trial.error = link->error();
    }
    link->stop();
    co_return Result<PlaceTrial>(trial);
}

} // namespace slotscope
