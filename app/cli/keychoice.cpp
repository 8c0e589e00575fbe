// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychoice.h"

#include "core/base/bytesjson.h"
#include "core/base/errortext.h"
#include "core/base/signals.h"
#include "core/base/text.h"
#include "core/keys/keyindex.h"
#include "core/keys/keyscanner.h"
#include "core/protocol/command.h"
#include "core/protocol/replyjson.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype failuresShown = 20;

/// Collects each key name once.
class Gatherer final : public KeyOutlet
{
public:
    void put(KeyBatch batch) override
    {
        for (const Value &key : batch.keys)
            if (m_index.insert(key.bytes()))
                m_keys.append(key.bytes());
    }
    [[nodiscard]] const QByteArrayList &keys() const { return m_keys; }

private:
    KeyIndex m_index;
    QByteArrayList m_keys;
};

Error badLine(const QString &path, qint64 line, const QString &why)
{
    return {.code = Error::Code::Parse,
            .detail = u"%1, line %2: %3; nothing was done"_s.arg(path).arg(line).arg(why),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

/// Parses the key name of one line as `scan` prints it: plain, quoted, or a JSON object with "key".
Result<QByteArray> nameOf(const QByteArray &line, const QString &path, qint64 number)
{
    if (line.contains('\0') || line.endsWith('\r'))
        return failure(badLine(path, number,
                               line.endsWith('\r')
                                   ? u"it ends with a carriage return, which would be part of the name"_s
                                   : u"it contains a zero byte: use --null for names that end with one"_s));
    if (line.startsWith("{\"")) {
        if (const auto key = bytesOfJson(QJsonDocument::fromJson(line).object().value(u"key"_s)))
            return *key;
        return failure(badLine(path, number, u"it is not a JSON object with a key"_s));
    }
    if (!line.startsWith('"') && !line.startsWith('\'') && !line.contains(' ') && !line.contains('\t'))
        return line;
    const Result<Command> parsed = parseCommandLine(line);
    if (!parsed)
        return failure(badLine(path, number, u"the quotes are not valid"_s));
    if (parsed->size() != 1)
        return failure(badLine(path, number, u"it contains more than a name; quote names that contain spaces"_s));
    return parsed->front();
}

/// The error names the line.
Result<QByteArrayList> namesOf(const QString &path, bool zero)
{
    QFile file(path);
    const bool open = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open)
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    QByteArrayList names;
    KeyIndex seen;
    qint64 number = 0;
    const QByteArrayList lines = file.readAll().split(zero ? '\0' : '\n');
    for (const QByteArray &line : lines) {
        ++number;
        if (line.isEmpty() && number == lines.size())
            break;
        const Result<QByteArray> name = zero ? Result<QByteArray>(line) : nameOf(line, path, number);
        if (!name)
            return failure(name.error());
        if (seen.insert(*name))
            names.append(*name);
    }
    return names;
}

} // namespace

bool KeyChoice::take(const QString &option, const QByteArray &value)
{
    if (option == u"--match")
        scan.pattern = value;
    else if (option == u"--type")
        scan.type = value;
    else if (option == u"--from")
        file = QString::fromUtf8(value);
    else
        return false;
    return true;
}

const QStringList &KeyChoice::options()
{
    static const QStringList all{u"--match"_s, u"--type"_s, u"--from"_s};
    return all;
}

QString KeyChoice::help()
{
    return u"  --match PATTERN   names that match, as SCAN MATCH does; * is every key\n"
           "  --type TYPE       and are of this type\n"
           "  --from FILE       key names from a file, one per line as scan prints them; - is standard input\n"
           "  --null            also -0: each name in FILE ends with a zero byte, as scan -0 prints them\n"_s;
}

QCoro::Task<std::optional<QByteArrayList>> chooseKeys(KeyChoice choice, std::shared_ptr<ClusterSession> session)
{
    if (!choice.file.isEmpty()) {
        const auto names = namesOf(choice.file, choice.zero);
        if (!names) {
            printError(names.error());
            co_return std::nullopt;
        }
        co_return *names;
    }
    KeyScanner scanner(session.get());
    const Signals stops([&scanner] { scanner.stop(); });
    const auto gatherer = std::make_shared<Gatherer>();
    const auto scanned = co_await scanner.scan(
        choice.scan, gatherer, [&](const ScanProgress &progress) { showProgress(summaryOf(progress, choice.scan)); });
    clearProgress();
    if (!scanned) {
        printError(scanned.error());
        co_return std::nullopt;
    }
    if (!scanned->isWhole()) {
        printError(u"not every key could be read (%1), so nothing was done"_s.arg(summaryOf(*scanned, choice.scan)));
        co_return std::nullopt;
    }
    co_return gatherer->keys();
}

bool agreesTo(const QString &what, const QString &warning, bool yes)
{
    if (yes)
        return true;
    if (!::isatty(STDIN_FILENO)) {
        printError(
            u"this would %1. Nothing was changed: there is no terminal to ask on, and --yes is not given"_s.arg(what));
        return false;
    }
    printAside(u"This will %1.%2\nType yes to do it: "_s.arg(what, warning.isEmpty() ? QString() : u' ' + warning));
    char line[512] = {};
    if (std::fgets(line, sizeof line, stdin) && QString::fromUtf8(line).trimmed() == u"yes")
        return true;
    printError(u"nothing was changed"_s);
    return false;
}

ProgressLine::ProgressLine()
    : m_sink(std::make_shared<BatchSink<BulkProgress>>(&m_receiver, [](const Batch<BulkProgress> &batch) {
        if (batch.items.empty() || batch.items.back().isOver())
            return;
        const BulkProgress &now = batch.items.back();
        QString text = now.total >= 0 ? u"%1 of %2"_s.arg(groupedNumber(now.handled()), groupedNumber(now.total))
                                      : groupedNumber(now.handled());
        if (now.bytesTotal > 0)
            text += u" · %1 of %2"_s.arg(byteSize(now.bytes), byteSize(now.bytesTotal));
        else if (now.bytes > 0)
            text += u" · "_s + byteSize(now.bytes);
        showProgress(text);
    }))
{ }

ProgressLine::~ProgressLine()
{
    clearProgress();
}

int tellJob(const BulkProgress &progress, const QString &changed, const QString &untouched, bool json, bool aside,
            bool places)
{
    const bool isDone = progress.state == BulkProgress::State::Done;
    for (const QString &note : progress.notes)
        printAside(note + u'\n');
    if (json && !aside) {
        QJsonArray failures, conflicts;
        for (const BulkFailure &failure : progress.failures)
            failures.append(QJsonObject{{u"key"_s, jsonOfBytes(failure.key)}, {u"error"_s, describe(failure.error)}});
        for (const QByteArray &key : progress.conflicts)
            conflicts.append(jsonOfBytes(key));
        printJson({{u"keys"_s, progress.total},
                   {u"changed"_s, progress.changed},
                   {u"untouched"_s, progress.untouched},
                   {u"failed"_s, progress.failed},
                   {u"whole"_s, isDone},
                   {u"conflicts"_s, conflicts},
                   {u"failures"_s, failures}});
    } else {
        for (const BulkFailure &failure : progress.failures.mid(0, failuresShown))
            printError(QString::fromUtf8(places ? failure.key : nameText(failure.key)) + u": "_s
                       + describe(failure.error));
        if (progress.failed > failuresShown)
            printError(u"… and %1 more"_s.arg(groupedNumber(progress.failed - failuresShown)));
        QString text = u"%1 of %2 %3"_s.arg(groupedNumber(progress.changed), groupedNumber(progress.total), changed);
        if (progress.untouched > 0)
            text += u", %1 %2"_s.arg(groupedNumber(progress.untouched), untouched);
        text += u", %1 failed, in %2"_s.arg(groupedNumber(progress.failed), duration(progress.elapsedMs));
        if (!isDone)
            text += u" · stopped, %1 not reached"_s.arg(groupedNumber(progress.total - progress.handled()));
        if (aside)
            printAside(text + u'\n');
        else
            printOut(text);
    }
    return isDone && progress.failed == 0 ? exitDone : exitFailed;
}

} // namespace slotscope::cli
