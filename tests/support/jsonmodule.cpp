// SPDX-License-Identifier: GPL-3.0-or-later
// A module for test servers with the few JSON commands that Slotscope sends, because the JSON modules are not packaged.
// Commands and replies as documented for RedisJSON 2 and valkey-json: JSON.GET and JSON.SET with one path, JSON.DEL,
// JSON.ARRAPPEND. Paths are "$", or "$" followed by ["name"] and [index]. The declarations below describe the servers'
// module interface, version 1.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace {

struct Context;
struct String;
struct Key;
struct Type;
struct Io;
using Command = int (*)(Context *, String **, int);

struct TypeMethods
{
    uint64_t version;
    void *(*load)(Io *, int);
    void (*save)(Io *, void *);
    void (*rewrite)(Io *, String *, void *);
    size_t (*memory)(const void *);
    void (*digest)(void *, void *);
    void (*free)(void *);
};

// functions of the server, found by name
int (*setAttributes)(Context *, const char *, int, int);
int (*createCommand)(Context *, const char *, Command, const char *, int, int, int);
Type *(*createType)(Context *, const char *, int, TypeMethods *);
Key *(*openKey)(Context *, String *, int);
void (*closeKey)(Key *);
int (*keyType)(Key *);
Type *(*valueType)(Key *);
void *(*valueOf)(Key *);
int (*setValue)(Key *, Type *, void *);
int (*deleteKey)(Key *);
const char *(*textOf)(const String *, size_t *);
int (*replyText)(Context *, const char *, size_t);
int (*replyWord)(Context *, const char *);
int (*replyError)(Context *, const char *);
int (*replyNull)(Context *);
int (*replyNumber)(Context *, long long);
int (*replicate)(Context *);
void (*saveBytes)(Io *, const char *, size_t);
char *(*loadBytes)(Io *, size_t *);
void (*freeBytes)(void *);

Type *s_type;

constexpr int forReading = 1, forWriting = 2, isEmpty = 0, done = 0;

QByteArray bytesOf(const String *text)
{
    size_t length = 0;
    const char *data = textOf(text, &length);
    return {data, qsizetype(length)};
}

/// A JSON value as text; Qt writes only objects and arrays, so the value is put into an array.
QByteArray jsonOf(const QJsonValue &value)
{
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return text.mid(1, text.size() - 2);
}

std::optional<QJsonValue> valueFrom(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson('[' + text + ']');
    return document.array().size() == 1 ? std::optional<QJsonValue>(document.array().first()) : std::nullopt;
}

/// The steps of a path: strings and whole numbers.
std::optional<QJsonArray> stepsOf(QByteArray path)
{
    if (!path.startsWith('$'))
        return std::nullopt;
    path = path.mid(1);
    path.replace("][", ",");
    if (path.isEmpty())
        return QJsonArray();
    const QJsonDocument steps = QJsonDocument::fromJson(path);
    return steps.isArray() ? std::optional<QJsonArray>(steps.array()) : std::nullopt;
}

std::optional<QJsonValue> at(const QJsonValue &value, const QJsonValue &step)
{
    if (step.isString() && value.isObject() && value.toObject().contains(step.toString()))
        return value.toObject().value(step.toString());
    if (step.isDouble() && value.isArray() && step.toInt() < value.toArray().size())
        return value.toArray().at(step.toInt());
    return std::nullopt;
}

std::optional<QJsonValue> found(QJsonValue value, const QJsonArray &steps)
{
    for (const QJsonValue &step : steps) {
        const auto next = at(value, step);
        if (!next)
            return std::nullopt;
        value = *next;
    }
    return value;
}

/// The value with another one at the path; nullopt removes it.
QJsonValue changed(const QJsonValue &value, QJsonArray steps, const std::optional<QJsonValue> &after)
{
    if (steps.isEmpty())
        return after.value_or(QJsonValue());
    const QJsonValue step = QJsonValue(steps.takeAt(0));
    const bool isLast = steps.isEmpty();
    if (value.isObject()) {
        QJsonObject object = value.toObject();
        if (isLast && !after)
            object.remove(step.toString());
        else
            object[step.toString()] = changed(object.value(step.toString()), steps, after);
        return object;
    }
    QJsonArray array = value.toArray();
    if (isLast && !after)
        array.removeAt(step.toInt());
    else
        array[step.toInt()] = changed(array.at(step.toInt()), steps, after);
    return array;
}

/// Opens the key of a command; null after an error reply for a key of another type.
Key *opened(Context *context, String **words, int mode)
{
    Key *key = openKey(context, words[1], mode);
    if (keyType(key) == isEmpty || valueType(key) == s_type)
        return key;
    closeKey(key);
    replyError(context, "WRONGTYPE Operation against a key holding the wrong kind of value");
    return nullptr;
}

QJsonValue documentOf(Key *key)
{
    return *static_cast<QJsonValue *>(valueOf(key));
}

int get(Context *context, String **words, int count)
{
    Key *key = opened(context, words, forReading);
    if (!key)
        return done;
    const bool exists = keyType(key) != isEmpty;
    if (!exists) {
        replyNull(context);
    } else if (count == 2) {
        const QByteArray text = jsonOf(documentOf(key));
        replyText(context, text.constData(), size_t(text.size()));
    } else if (const auto steps = stepsOf(bytesOf(words[2]))) {
        const auto value = found(documentOf(key), *steps);
        const QByteArray text = value ? '[' + jsonOf(*value) + ']' : QByteArray("[]");
        replyText(context, text.constData(), size_t(text.size()));
    } else {
        replyError(context, "ERR this path is not supported here");
    }
    closeKey(key);
    return done;
}

/// JSON.SET, JSON.DEL and JSON.ARRAPPEND.
int change(Context *context, String **words, int count)
{
    const QByteArray name = bytesOf(words[0]).toUpper();
    Key *key = opened(context, words, forReading | forWriting);
    if (!key)
        return done;
    const bool exists = keyType(key) != isEmpty;
    const auto steps = stepsOf(count > 2 ? bytesOf(words[2]) : "$");
    const auto given = count > 3 ? valueFrom(bytesOf(words[3])) : std::nullopt;
    const auto before = exists && steps ? found(documentOf(key), *steps) : std::nullopt;
    if (!steps || (name != "JSON.DEL" && !given)) {
        replyError(context, "ERR expected a path and a JSON value");
    } else if (name == "JSON.SET") {
        QJsonArray above = *steps;
        if (!above.isEmpty())
            above.removeLast();
        if (!exists && !steps->isEmpty()) {
            replyError(context, "ERR new objects must be created at the root");
        } else if (exists && !found(documentOf(key), above)) {
            replyNull(context);
        } else {
            setValue(key, s_type, new QJsonValue(changed(exists ? documentOf(key) : QJsonValue(), *steps, given)));
            replyWord(context, "OK");
        }
    } else if (!before) {
        replyNumber(context, 0);
    } else if (name == "JSON.DEL") {
        if (steps->isEmpty())
            deleteKey(key);
        else
            setValue(key, s_type, new QJsonValue(changed(documentOf(key), *steps, std::nullopt)));
        replyNumber(context, 1);
    } else {
        QJsonArray array = before->toArray();
        array.append(*given);
        setValue(key, s_type, new QJsonValue(changed(documentOf(key), *steps, QJsonValue(array))));
        replyNumber(context, array.size());
    }
    closeKey(key);
    replicate(context);
    return done;
}

void *load(Io *io, int)
{
    size_t length = 0;
    char *bytes = loadBytes(io, &length);
    const auto value = valueFrom(QByteArray(bytes, qsizetype(length)));
    freeBytes(bytes);
    return new QJsonValue(value.value_or(QJsonValue()));
}

void save(Io *io, void *value)
{
    const QByteArray text = jsonOf(*static_cast<QJsonValue *>(value));
    saveBytes(io, text.constData(), size_t(text.size()));
}

void rewrite(Io *, String *, void *) { }

void release(void *value)
{
    delete static_cast<QJsonValue *>(value);
}

} // namespace

extern "C" __attribute__((visibility("default"))) int RedisModule_OnLoad(Context *context, String **, int)
{
    const auto find = *reinterpret_cast<int (**)(const char *, void *)>(context);
    const auto take = [find](const char *name, auto &function) { return find(name, &function) == done; };
    const bool all = take("RedisModule_SetModuleAttribs", setAttributes)
        && take("RedisModule_CreateCommand", createCommand) && take("RedisModule_CreateDataType", createType)
        && take("RedisModule_OpenKey", openKey) && take("RedisModule_CloseKey", closeKey)
        && take("RedisModule_KeyType", keyType) && take("RedisModule_ModuleTypeGetType", valueType)
        && take("RedisModule_ModuleTypeGetValue", valueOf) && take("RedisModule_ModuleTypeSetValue", setValue)
        && take("RedisModule_DeleteKey", deleteKey) && take("RedisModule_StringPtrLen", textOf)
        && take("RedisModule_ReplyWithStringBuffer", replyText) && take("RedisModule_ReplyWithSimpleString", replyWord)
        && take("RedisModule_ReplyWithError", replyError) && take("RedisModule_ReplyWithNull", replyNull)
        && take("RedisModule_ReplyWithLongLong", replyNumber) && take("RedisModule_ReplicateVerbatim", replicate)
        && take("RedisModule_SaveStringBuffer", saveBytes) && take("RedisModule_LoadStringBuffer", loadBytes)
        && take("RedisModule_Free", freeBytes);
    if (!all)
        return 1;
    setAttributes(context, "ReJSON", 1, 1);
    TypeMethods methods{.version = 1,
                        .load = load,
                        .save = save,
                        .rewrite = rewrite,
                        .memory = nullptr,
                        .digest = nullptr,
                        .free = release};
    s_type = createType(context, "ReJSON-RL", 0, &methods);
    if (!s_type || createCommand(context, "JSON.GET", get, "readonly", 1, 1, 1) != done)
        return 1;
    for (const char *name : {"JSON.SET", "JSON.DEL", "JSON.ARRAPPEND"})
        if (createCommand(context, name, change, "write", 1, 1, 1) != done)
            return 1;
    return done;
}
