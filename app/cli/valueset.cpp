// SPDX-License-Identifier: GPL-3.0-or-later
// set: a new value for one key or field, without losing what is not named.
#include "command.h"
#include "valuewords.h"

#include "core/values/valueeditor.h"
#include "core/values/valuereader.h"

#include <QFile>

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Takes the value from the arguments, a file, or standard input.
Result<QByteArray> newValue(const ValueWords &words)
{
    if (words.plain.size() == 2)
        return words.plain[1];
    QFile file(words.file);
    const bool open = words.file.isEmpty() ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open)
        return failure(Error::Code::Io, u"%1: %2"_s.arg(words.file, file.errorString()));
    return file.readAll();
}

/// Remaining time to live of the field; -1 if it has none, does not exist, or the server does not support field TTLs.
QCoro::Task<Result<qint64>> ttlOfField(std::shared_ptr<ValueReader> reader, QByteArray key, QByteArray field)
{
    const auto head = co_await reader->head(key);
    if (!head)
        co_return failure(head.error());
    if (!head->hasFieldTtls)
        co_return Result<qint64>(-1);
    const QByteArrayList fields(1, field);
    const auto ttls = co_await reader->fieldTtls(key, fields);
    if (!ttls)
        co_return failure(ttls.error());
    co_return Result<qint64>(ttls->front());
}

} // namespace

QCoro::Task<int> runSet(Context context)
{
    const auto words = readValueWords(context);
    if (!words)
        co_return usageError(words.error().detail);
    if (words->help) {
        printOut(setHelp());
        co_return exitDone;
    }
    if (words->plain.isEmpty() || words->plain.size() > 2 || (words->plain.size() == 2 && !words->file.isEmpty()))
        co_return usageError(u"set: give a key and a single value"_s);
    const auto value = newValue(*words);
    if (!value) {
        printError(value.error());
        co_return exitFailed;
    }
    const Opened opened = co_await openSession(context, WaitFor::OneNode);
    if (!opened.session)
        co_return exitFailed;
    const QByteArray key = words->plain.front();
    Edit edit{.key = key, .alsoWatched = {}, .checks = {}, .commands = {{"SET"_ba, key, *value, "KEEPTTL"_ba}}};
    if (words->field) {
        const auto ttl = co_await ttlOfField(std::make_shared<ValueReader>(opened.session.get()), key, *words->field);
        if (!ttl) {
            printError(ttl.error());
            co_return exitFailed;
        }
        edit = edits::setField(key, *words->field, words->onlyIf, *value, *ttl);
        edit.checks.clear();
    }
    if (!words->field) { // do not overwrite a value of another type by accident
        const NodeReply type = co_await opened.session->browse(commandOf("TYPE", key));
        if (!type.reply) {
            printError(type.reply.error());
            co_return exitFailed;
        }
        const QByteArray word = type.reply->bytes();
        if (word != "string" && word != "none" && !words->replace) {
            printError(u"the key holds a %1: nothing was changed. --field sets a field of a hash; --replace puts the "
                       u"string in "
                       "its place"_s.arg(QString::fromLatin1(word)));
            co_return exitFailed;
        }
        edit.checks = {{.read = {"TYPE"_ba, key}, .expected = word}};
    }
    if (words->onlyIf)
        edit.checks = {{.read = words->field ? Command{"HGET"_ba, key, *words->field} : Command{"GET"_ba, key},
                        .expected = *words->onlyIf}};
    edit.keepsFormer = false;
    const GateVerdict verdict = co_await opened.session->judge(edit.commands.front());
    const auto consent = consentTo(verdict, opened.target, words->yes);
    if (!consent)
        co_return exitUsage;
    ValueEditor editor(opened.session.get());
    const auto outcome = co_await editor.apply(edit, *consent);
    if (!outcome) {
        printError(outcome.error());
        co_return exitFailed;
    }
    if (!outcome->isDone) {
        printError(u"nothing was changed: the value is not OLD"_s);
        co_return exitFailed;
    }
    if (context.json)
        printJsonLine({{u"done"_s, true}, {u"node"_s, outcome->node}});
    co_return exitDone;
}

} // namespace slotscope::cli
