// SPDX-License-Identifier: GPL-3.0-or-later
// Where each node is reached: what it announces, what is used in its place, and why.
#include "command.h"

#include "core/base/errortext.h"
#include "core/cluster/viewjson.h"
#include "core/session/addresses.h"

#include <QJsonArray>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

QString addressesHelp()
{
    return u"slotscope-cli [options] addresses [--test]\n\n"
           "Where each node is reached from here: the address that it announces, the address that is used, and how "
           "that\n"
           "one was found (seed, announced, host-name, mapped-address, mapped-id, seed-host, other). Exit code 1 where "
           "a\n"
           "node does not answer.\n\n"
           "  --test      connects to each address and shows which node answers there\n\n"
           "To map a node whose announced address cannot be reached, use --map ANNOUNCED:PORT=REACHABLE:PORT, or by "
           "its\n"
           "id with --map ID=REACHABLE:PORT; `saved add` keeps the map."_s;
}

bool hasProblem(const NodePlace &place)
{
    return place.reach.state == Reach::State::Waiting || place.reach.state == Reach::State::Refused;
}

QJsonObject toJson(const NodePlace &place, const std::optional<PlaceTrial> &trial, const ConnectionTarget &target)
{
    const bool isNode = !place.id.isEmpty(); // otherwise an entry of the address map that no node needs
    QJsonObject object{{u"id"_s, isNode ? QJsonValue(QString::fromLatin1(place.id)) : QJsonValue()},
                       {u"role"_s, isNode ? QJsonValue(place.isPrimary ? u"primary"_s : u"replica"_s) : QJsonValue()},
                       {u"announced"_s, place.announced},
                       {u"hostName"_s, place.hostname},
                       {u"used"_s, place.used},
                       {u"source"_s, sourceName(place.source)},
                       {u"mappedBy"_s, place.mapKey},
                       {u"through"_s, target.way.isProgram() ? target.way.title() : target.way.toString()},
                       {u"answers"_s, isNode ? QJsonValue(place.answers()) : QJsonValue()}};
    if (hasProblem(place))
        object.insert(u"error"_s, describe(place.reach.error));
    if (!trial)
        return object;
    const bool isKnown = !trial->error && !trial->expected.isEmpty()
        && (!trial->nodeId.isEmpty() || trial->isExpected || trial->isAnother);
    QJsonObject tried{{u"address"_s, trial->address},
                      {u"isThisNode"_s, isKnown ? QJsonValue(trial->isExpected) : QJsonValue()},
                      {u"nodeId"_s, QString::fromLatin1(trial->nodeId)},
                      {u"server"_s, trial->server},
                      {u"milliseconds"_s, trial->milliseconds < 0 ? QJsonValue() : QJsonValue(trial->milliseconds)},
                      {u"tls"_s, trial->tls}};
    if (trial->error)
        tried.insert(u"error"_s, describe(*trial->error));
    object.insert(u"test"_s, tried);
    return object;
}

/// Tests one address after the other, so that each measured time is its own.
QCoro::Task<QList<PlaceTrial>> testAll(ClusterSession *session, QList<NodePlace> places)
{
    QList<PlaceTrial> trials;
    PlaceTester tester{QPointer<ClusterSession>(session)};
    for (const NodePlace &place : std::as_const(places)) {
        PlaceTrial trial;
        trial.address = place.used;
        const auto endpoint = Endpoint::parse(place.used);
        if (!endpoint) {
            trial.error = endpoint.error();
            trials.append(trial);
            continue;
        }
        const bool isGuess = place.source == AddressSource::SeedHost || place.source == AddressSource::Other;
        const auto tried = co_await tester.test(*endpoint, place.id, isGuess);
        if (tried)
            trial = *tried;
        else
            trial.error = tried.error();
        trials.append(trial);
    }
    co_return trials;
}

} // namespace

QCoro::Task<int> runAddresses(Context context)
{
    QStringList words = context.arguments;
    if (words.contains(u"--help"_s) || words.contains(u"-h"_s)) {
        printOut(addressesHelp());
        co_return exitDone;
    }
    const bool tests = words.removeAll(u"--test"_s) > 0;
    if (!words.isEmpty())
        co_return usageError(u"addresses [--test]"_s);
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const QList<NodePlace> places = placesOf(*opened.view, opened.target);
    QList<PlaceTrial> trials;
    if (tests)
        trials = co_await testAll(opened.session.get(), places);
    bool isGood = true;
    QJsonArray array;
    QList<QStringList> rows{{u"NODE"_s, u"ANNOUNCED"_s, u"USED"_s, u"FOUND"_s, tests ? u"TEST"_s : u"STATE"_s}};
    for (qsizetype i = 0; i < places.size(); ++i) {
        const NodePlace &place = places[i];
        const std::optional<PlaceTrial> trial = tests ? std::optional(trials[i]) : std::nullopt;
        isGood = isGood && (place.id.isEmpty() || (trial ? trial->isGood() : place.answers()));
        array.append(toJson(place, trial, opened.target));
        const QString announced = place.announced.isEmpty() ? u"-"_s : place.announced;
        rows.append({place.id.isEmpty() || place.id.contains(':') ? u"-"_s : QString::fromLatin1(place.id.left(8)),
                     place.hostname.isEmpty() ? announced : announced + u" ("_s + place.hostname + u')',
                     place.used.isEmpty() ? u"-"_s : place.used, sourceText(place.source),
                     trial                    ? trialText(*trial)
                         : place.id.isEmpty() ? u"no node announces it"_s
                         : place.answers()    ? u"answers"_s
                         : hasProblem(place)  ? describe(place.reach.error)
                                              : u"not connected yet"_s});
    }
    if (context.json) {
        printJson({{u"nodes"_s, array}});
        co_return isGood ? exitDone : exitFailed;
    }
    printOut(tableText(rows));
    if (!opened.target.way.isDirect())
        printOut(u"\nAll connections go through %1."_s.arg(opened.target.way.title()));
    for (const NodePlace &place : places)
        if (!place.answers() && place.mapKey.isEmpty() && !place.used.isEmpty()) {
            printAside(
                u"To map a node that is reached at another address: --map %1=HOST:PORT\n"_s.arg(place.keyToMap()));
            break;
        }
    co_return isGood ? exitDone : exitFailed;
}

} // namespace slotscope::cli
