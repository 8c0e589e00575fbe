// SPDX-License-Identifier: GPL-3.0-or-later
#include "valuewords.h"

#include "core/base/text.h"

namespace slotscope::cli {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Parses names as `scan` prints them: quoted names contain escapes.
Result<ValueWords> unquoted(ValueWords words)
{
    const auto read = [](const QByteArray &word) -> Result<QByteArray> {
        const Result<Command> parsed = parseCommandLine(word);
        if (!parsed || parsed->size() != 1)
            return failure(Error::Code::InvalidArgument,
                           u"%1 is not a single word quoted as by redis-cli"_s.arg(toDisplay(word)));
        return parsed->front();
    };
    for (QByteArray &word : words.plain) {
        const Result<QByteArray> name = read(word);
        if (!name)
            return failure(name.error());
        word = *name;
    }
    if (words.field) {
        const Result<QByteArray> field = read(*words.field);
        if (!field)
            return failure(field.error());
        words.field = *field;
    }
    return words;
}

} // namespace

Result<ValueWords> readValueWords(const Context &context)
{
    ValueWords words;
    const bool exact = context.rawArguments.size() == context.arguments.size();
    const auto bytesAt = [&](qsizetype i) { return exact ? context.rawArguments[i] : context.arguments[i].toUtf8(); };
    bool onlyPlain = false;
    for (qsizetype i = 0; i < context.arguments.size(); ++i) {
        const QString &word = context.arguments[i];
        const bool takesValue = word == u"--field" || word == u"--only-if" || word == u"--file" || word == u"--format"
            || word == u"--proto";
        if (onlyPlain || !word.startsWith(u"--")) {
            words.plain.append(bytesAt(i));
        } else if (word == u"--") {
            onlyPlain = true;
        } else if (takesValue && i + 1 == context.arguments.size()) {
            return failure(Error::Code::InvalidArgument, u"%1: %2 needs a value"_s.arg(context.command, word));
        } else if (takesValue) {
            ++i;
            if (word == u"--field")
                words.field = bytesAt(i);
            else if (word == u"--only-if")
                words.onlyIf = bytesAt(i);
            else if (word == u"--format")
                words.format = context.arguments[i];
            else if (word == u"--proto")
                words.protos += context.arguments[i];
            else
                words.file = context.arguments[i];
        } else if (word == u"--head") {
            words.head = true;
        } else if (word == u"--copies") {
            words.copies = true;
        } else if (word == u"--yes") {
            words.yes = true;
        } else if (word == u"--replace") {
            words.replace = true;
        } else if (word == u"--quoted-input") {
            words.quotedInput = true;
        } else if (word == u"--help") {
            words.help = true;
        } else {
            return failure(Error::Code::InvalidArgument, u"%1: unknown argument “%2”"_s.arg(context.command, word));
        }
    }
    if (words.quotedInput)
        return unquoted(std::move(words));
    return words;
}

QString getHelp()
{
    return u"slotscope-cli [options] get KEY [OPTION]…\n\n"
           "Prints the whole value of a key of any type; its type, time to live and size go to standard error. A "
           "string\nis printed byte for byte; other types with one element per line, quoted as by redis-cli: a field "
           "or member, a tab, its\nvalue or score; an entry's id and its fields.\n\n"
           "  --field FIELD     only the value of this field of a hash, byte for byte\n"
           "  --format CHAIN    shows the string or the field decoded, such as \"gzip > json\"; auto: as it is "
           "detected\n"
           "  --proto DIR       the .proto files for --format protobuf:package.Message; may be repeated\n"
           "  --quoted-input    KEY and FIELD are quoted as scan prints names: \"a\\x00b\"\n"
           "  --head            only its properties: type, time to live, length, memory, encoding, slot, node\n"
           "  --copies          the key on the primary and on each replica of its shard: type, length, time to live, "
           "and\n"
           "                    whether the values are the same; exit code 1 if not\n"
           "Reading does not change the key's idle time, if the server supports that (CLIENT NO-TOUCH)."_s;
}

QString setHelp()
{
    return u"slotscope-cli [options] set KEY [VALUE] [OPTION]…\n\n"
           "Sets a string, or a field of a hash; its time to live stays. Without VALUE it is read from standard "
           "input,\nbyte for byte.\n\n"
           "  --field FIELD     this field of the hash KEY; its own time to live stays too\n"
           "  --file PATH       the value from a file\n"
           "  --quoted-input    KEY, VALUE and FIELD are quoted as scan prints names\n"
           "  --replace         even if the key has another type: its value is lost\n"
           "  --only-if OLD     only if the current value is OLD, in one step\n"
           "  --yes             does not ask if the connection is marked as production"_s;
}

} // namespace slotscope::cli
