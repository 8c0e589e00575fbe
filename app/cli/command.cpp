// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "core/profile/clustermarks.h"

#include <QSet>
#include <QSettings>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

QByteArray nameText(const QByteArray &bytes)
{
    if (bytes.isEmpty() || !bytes.isValidUtf8())
        return quoted(bytes);
    for (const char32_t character : QString::fromUtf8(bytes).toUcs4())
        if (!showsItself(character) || character == U' ' || character == U'"' || character == U'\''
            || character == U'\\' || character == U'\u00a0')
            return quoted(bytes);
    return bytes;
}

int usageError(const QString &text)
{
    printError(text + u" (see slotscope-cli --help)"_s);
    return exitUsage;
}

int needlessWords(const QString &command, const Context &context)
{
    return usageError(
        u"%1: unknown argument “%2”; options must precede the command"_s.arg(command, context.arguments.front()));
}

QString tableText(QList<QStringList> rows, const QList<int> &rightAligned)
{
    for (QStringList &row : rows)
        for (QString &cell : row) // before the widths are measured
            cell = terminalSafe(cell, LineBreaks::Quote);
    QList<qsizetype> widths;
    for (const QStringList &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    QString text;
    for (const QStringList &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString cell =
                rightAligned.contains(int(i)) ? row[i].rightJustified(widths[i]) : row[i].leftJustified(widths[i]);
            line += (i == 0 ? QString() : u"  "_s) + cell;
        }
        while (line.endsWith(u' '))
            line.chop(1);
        text += line + u'\n';
    }
    text.chop(1);
    return text;
}

namespace {

/// Reports map entries that the user typed but that no node uses.
void tellUnusedMaps(const ConnectionTarget &target, const ClusterView &view)
{
    QSet<QString> names;
    for (const NodeState &node : view.nodes)
        names += {QString::fromLatin1(node.id), node.address.toString(),
                  Endpoint{.host = node.address.hostname, .port = node.address.port, .socketPath = {}}.toString()};
    for (auto it = target.addressMap.cbegin(); it != target.addressMap.cend(); ++it)
        if (!names.contains(it.key()))
            printError(u"--map %1=%2: no node announces this address; the entry is not used"_s.arg(
                it.key(), it.value().toString()));
}

} // namespace

QString whereText(const Opened &opened)
{
    const bool isAddress = opened.target.name.isEmpty() && opened.view && opened.view->nodes.size() > 1;
    return isAddress ? u"the cluster at "_s + opened.target.title() : opened.target.title();
}

Result<QByteArrayList> nodesNamed(const Opened &opened, const QStringList &names, bool primaries)
{
    QByteArrayList ids;
    for (const QString &name : names) {
        const auto id = opened.session->resolveNode(name);
        if (!id)
            return failure(id.error());
        if (!ids.contains(*id))
            ids.append(*id);
    }
    if (names.isEmpty())
        for (const NodeState &node : opened.view->nodes)
            if (!node.id.isEmpty() && node.condition != NodeCondition::Handshake
                && node.condition != NodeCondition::NoAddress && (!primaries || node.primary))
                ids.append(node.id);
    return ids;
}

QCoro::Task<Opened> openSession(Context context, WaitFor what, int pollMs)
{
    if (!context.target) {
        if (context.json)
            printJson(
                {{u"error"_s, describe(context.target.error())}, {u"code"_s, codeName(context.target.error().code)}});
        printError(context.target.error());
        co_return Opened{};
    }
    SessionOptions options;
    options.pollMs = pollMs;
    options.pollTimeoutMs = context.timeoutMs;
    options.connectTimeoutMs = context.timeoutMs;
    auto session = std::make_shared<ClusterSession>(*context.target, options);
    QObject::connect(session.get(), &ClusterSession::passwordProblemChanged, session.get(), [watched = session.get()] {
        if (const auto problem = watched->passwordProblem()) // open connections stay open
            printError(*problem);
    });
    session->start();
    const auto connected =
        co_await session->connected(context.timeoutMs + 500, what); // a frozen node takes the whole timeout
    if (!connected) {
        if (context.json)
            printJson({{u"error"_s, describe(connected.error())}, {u"code"_s, codeName(connected.error().code)}});
        printError(connected.error());
        co_return Opened{};
    }
    tellUnusedMaps(*context.target, **connected);
    QSettings settings(u"slotscope"_s, u"slotscope"_s); // the same settings as the window
    Opened opened{session, *connected, ClusterMarks(settings).marked(*context.target, nodeIdsOf(**connected))};
    session->setEnvironment(opened.target.environment);
    co_return opened;
}

} // namespace slotscope::cli
