// SPDX-License-Identifier: GPL-3.0-or-later
// call --file, --compare, --resp2, --resp3: commands over connections of their own, as a tab of the console sends them.
#include "callwords.h"
#include "output.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/console/completion.h"
#include "core/console/consoletab.h"
#include "core/protocol/print.h"
#include "core/protocol/replyjson.h"

#include <QFile>
#include <QJsonArray>

#include <cstdio>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

using State = ConsoleOutcome::State;

Result<ConsoleAim> aimOf(const ClusterSession &session, const QString &to)
{
    using Kind = ConsoleAim::Kind;
    if (to.isEmpty())
        return ConsoleAim();
    if (to == u"all")
        return ConsoleAim{.kind = Kind::All};
    if (to == u"primaries")
        return ConsoleAim{.kind = Kind::Primaries};
    if (to == u"replicas")
        return ConsoleAim{.kind = Kind::Replicas};
    const auto id = session.resolveNode(to);
    if (!id)
        return failure(id.error());
    return ConsoleAim{.kind = Kind::Node, .nodeId = *id};
}

Result<QByteArray> readScript(const QString &path)
{
    QFile file(path);
    const bool open = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open)
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    return file.readAll();
}

/// Result of one command.
struct Said
{
    std::vector<ConsoleOutcome> outcomes;
    std::vector<std::shared_ptr<const Value>> values; ///< replies; null: none
    std::optional<Error> problem; ///< why the command was not sent
    bool isGood = false;
};

QCoro::Task<Said> sayOne(std::shared_ptr<ConsoleTab> tab, ConsoleOrder order, ConnectionTarget target, bool yes)
{
    Said said;
    Result<bool> done = co_await tab->run(order);
    if (!done && done.error().code == Error::Code::NeedsConsent) {
        GateVerdict verdict;
        verdict.kind = GateVerdict::Kind::Ask;
        if (done.error().serverPrefix == "NAME")
            verdict.kind = GateVerdict::Kind::AskForName;
        verdict.why = done.error().detail;
        const auto consent = consentTo(verdict, target, yes);
        if (consent) {
            order.consent = *consent;
            done = co_await tab->run(order);
        }
    }
    if (!done)
        said.problem = done.error();
    said.isGood = done && *done;
    said.outcomes = tab->outcomes(order.entry);
    for (int node = 0; done && node < int(said.outcomes.size()); ++node) {
        const auto value = co_await tab->answer(order.entry, node);
        std::shared_ptr<const Value> known;
        if (value)
            known = *value;
        said.values.push_back(known);
    }
    tab->forget(order.entry);
    co_return said;
}

QJsonObject jsonOf(const Said &said, const QString &line)
{
    QJsonArray replies;
    for (size_t i = 0; i < said.outcomes.size(); ++i) {
        const ConsoleOutcome &outcome = said.outcomes[i];
        QJsonObject object{{u"node"_s, outcome.nodeName},
                           {u"id"_s, QString::fromUtf8(outcome.nodeId)},
                           {u"microseconds"_s, outcome.microseconds},
                           {u"replica"_s, outcome.fromReplica}};
        if (outcome.state == State::Refused)
            object[u"error"_s] = toDisplay(outcome.serverError);
        else if (i < said.values.size() && said.values[i])
            object[u"reply"_s] = replyToJson(*said.values[i]);
        else
            object[u"error"_s] = outcome.state == State::Failed ? describe(outcome.error) : outcome.note;
        replies.append(object);
    }
    QJsonObject object{{u"replies"_s, replies}};
    if (!line.isEmpty())
        object[u"command"_s] = line;
    if (said.problem)
        object[u"error"_s] = describe(*said.problem);
    return object;
}

void printSaid(const Said &said, bool named)
{
    const bool terminal = outIsTerminal();
    for (size_t i = 0; i < said.outcomes.size(); ++i) {
        const ConsoleOutcome &outcome = said.outcomes[i];
        QByteArray text;
        if (outcome.state == State::Failed)
            text = "(error) " + describe(outcome.error).toUtf8();
        else if (i >= said.values.size() || !said.values[i])
            text = outcome.note.toUtf8();
        else
            text = terminal ? printForTerminal(*said.values[i]) : printRaw(*said.values[i]);
        if (named)
            text.prepend(outcome.nodeName.toUtf8() + (text.contains('\n') ? ":\n" : ": "));
        printOut(text);
    }
    if (said.problem)
        printError(*said.problem);
}

/// Prints one row per node and marks differences. Returns exit code 1 if replies differ or a node did not reply.
int printCompared(const Said &said, bool json)
{
    const BroadcastTable table(said.values);
    const BroadcastRows rows = table.rows(false, 0, BroadcastTable::mostRows);
    bool allAnswered = !said.values.empty();
    for (size_t i = 0; i < said.outcomes.size(); ++i)
        allAnswered = allAnswered && i < said.values.size() && said.values[i];
    if (json) {
        QJsonArray array;
        for (const BroadcastRow &row : rows.rows) {
            QJsonObject cells;
            for (size_t i = 0; i < row.cells.size(); ++i)
                if (!row.cells[i].isMissing)
                    cells[said.outcomes[i].nodeName] = row.cells[i].text;
            array.append(QJsonObject{{u"name"_s, row.label}, {u"differs"_s, row.differs}, {u"values"_s, cells}});
        }
        QJsonObject object = jsonOf(said, {});
        object.remove(u"replies"_s);
        object[u"rows"_s] = array;
        object[u"differing"_s] = rows.differing;
        object[u"isCut"_s] = rows.isCut;
        object[u"allAnswered"_s] = allAnswered;
        printJson(object);
    } else {
        QStringList head{u" "_s, u"name"_s};
        for (const ConsoleOutcome &outcome : said.outcomes)
            head.append(outcome.nodeName + (outcome.fromReplica ? u" R"_s : u" P"_s));
        QList<QStringList> lines{head};
        for (const BroadcastRow &row : rows.rows) {
            QStringList line{row.differs ? u"≠"_s : u" "_s, row.label};
            for (const BroadcastCell &cell : row.cells)
                line.append(cell.isMissing ? u"-"_s : (cell.differs ? u"≠ "_s : QString()) + cell.text);
            lines.append(line);
        }
        printOut(tableText(lines));
    }
    for (const ConsoleOutcome &outcome : said.outcomes)
        if (outcome.state == State::Failed)
            printError(outcome.error);
        else if (outcome.state == State::Refused)
            printError(outcome.nodeName + u": "_s + toDisplay(outcome.serverError));
    if (rows.isCut)
        printError(u"a reply is longer: only its first %1 rows were compared"_s.arg(BroadcastTable::mostRows));
    return said.isGood && allAnswered && rows.differing == 0 ? exitDone : exitFailed;
}

Result<QList<TypedCommand>> linesOf(const CallWords &words)
{
    if (words.file.isEmpty()) {
        TypedCommand one;
        one.command = words.command;
        return QList<TypedCommand>{one};
    }
    const Result<QByteArray> script = readScript(words.file);
    if (!script)
        return failure(script.error());
    const QList<TypedCommand> lines = commandsIn(*script);
    for (const TypedCommand &line : lines)
        if (line.faultAt >= 0)
            return failure(Error::Code::InvalidArgument,
                           u"%1, line %2, column %3: %4; nothing was sent"_s.arg(words.file)
                               .arg(line.line + 1)
                               .arg(line.faultAt + 1)
                               .arg(line.fault));
    return lines;
}

} // namespace

QCoro::Task<int> runOnOwnLinks(Context context, CallWords words)
{
    const Result<QList<TypedCommand>> read = linesOf(words);
    if (!read && read.error().code == Error::Code::InvalidArgument)
        co_return usageError(read.error().detail);
    if (!read) {
        printError(read.error());
        co_return exitFailed;
    }
    const QList<TypedCommand> lines = *read;
    const Opened opened = co_await openSession(context);
    if (!opened.session)
        co_return exitFailed;
    const Result<ConsoleAim> aim = aimOf(*opened.session, words.to);
    if (!aim) {
        printError(aim.error());
        co_return exitFailed;
    }
    const auto tab = std::make_shared<ConsoleTab>(opened.session.get());
    if (words.resp3)
        tab->setResp3(*words.resp3);
    int failed = 0;
    quint64 entry = 0;
    for (const TypedCommand &line : lines) {
        ConsoleOrder order;
        order.entry = ++entry;
        order.command = line.command;
        order.aim = *aim;
        const LinkEffect effect = linkEffectOf(line.command);
        if (effect == LinkEffect::Subscribe || effect == LinkEffect::Monitor) {
            printError(u"%1 does not end by itself: use the console of the window"_s.arg(commandName(line.command)));
            co_return exitUsage;
        }
        const Said said = co_await sayOne(tab, order, opened.target, words.yes);
        if (words.compares)
            co_return printCompared(said, context.json);
        if (context.json && words.file.isEmpty())
            printJson(jsonOf(said, {}));
        else if (context.json)
            printJsonLine(
                jsonOf(said, commandLine(secretsIn(line.command).isEmpty() ? line.command : line.command.mid(0, 1))));
        else
            printSaid(said, aim->isBroadcast());
        if (said.isGood)
            continue;
        ++failed;
        if (words.goesOn || words.file.isEmpty())
            continue;
        printError(u"stopped at line %1; with --go-on it would have continued"_s.arg(line.line + 1));
        co_return exitFailed;
    }
    if (failed > 0)
        co_return exitFailed;
    co_return exitDone;
}

} // namespace slotscope::cli
