// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <stop_token>

namespace slotscope {

/// A field of a message type. The numbers of the types are those of Google's FieldDescriptorProto.Type.
struct ProtoField
{
    enum class Type : quint8 {
        Double = 1,
        Float,
        Int64,
        UInt64,
        Int32,
        Fixed64,
        Fixed32,
        Bool,
        String,
        Group,
        Message,
        Bytes,
        UInt32,
        Enum,
        SFixed32,
        SFixed64,
        SInt32,
        SInt64,
    };

    quint32 number = 0;
    Type type = Type::Int32;
    bool repeated = false;
    bool packed = false; ///< how the .proto file says that a repeated field is written
    bool map = false;
    int of = -1; ///< index of the message type or the enum
    int oneof = -1; ///< index in ProtoMessage::oneofs
    QString name; ///< "[package.name]" for an extension
};

struct ProtoEnum
{
    QHash<qint32, QString> names; ///< the first name of each number
    QHash<QString, qint32> numbers;
};

struct ProtoMessage
{
    QString name; ///< with its package
    QString file;
    QHash<quint32, ProtoField> fields; ///< by number
    QHash<QString, quint32> numbers; ///< numbers of the fields by name
    QList<quint32> required;
    QStringList oneofs;
    bool isListed = true; ///< false for the entries of maps, and for types that come with protobuf

    [[nodiscard]] const ProtoField *field(quint32 number) const
    {
        const auto found = fields.constFind(number);
        return found == fields.constEnd() ? nullptr : &*found;
    }
};

/// What is wrong in a .proto file, in the words of Google's parser.
struct ProtoProblem
{
    QString file;
    int line = 0, column = 0; ///< counted from 1; 0 if the whole file is meant
    QString words;

    [[nodiscard]] QString toString() const; ///< "user.proto:3:5: Expected …"
};
inline constexpr qsizetype mostProtoProblems = 2000; ///< maximum number that is kept of a set of files
/// Adds the problem; the last one that fits says that there are more.
void addProblem(QList<ProtoProblem> &problems, const ProtoProblem &problem);

/// A .proto file as other files import it: "acme/user.proto".
struct ProtoText
{
    QString name;
    QByteArray text;
};

/// The message types of a set of .proto files. It does not change after it was made, so threads may share it.
struct ProtoSchema
{
    QList<ProtoMessage> messages;
    QList<ProtoEnum> enums;
    QHash<QString, int> byName;
    QList<ProtoProblem> problems;
    int files = 0; ///< number of files that were read

    [[nodiscard]] const ProtoMessage *message(const QString &name) const
    {
        const int index = byName.value(name, -1);
        return index < 0 ? nullptr : &messages[index];
    }
    /// Names of the message types for a choice, sorted.
    [[nodiscard]] QStringList types() const;
};
using ProtoSchemaPtr = std::shared_ptr<const ProtoSchema>;

/// Parses the files with Google's parser. Files with errors are left out, the others are usable. An import is looked up
/// by its name; if there is no such file, the nearest file is taken whose path ends like it. Stopped, it returns a set
/// without types.
[[nodiscard]] ProtoSchemaPtr parseProtoFiles(const QList<ProtoText> &files, QList<ProtoProblem> problems = {},
                                             const std::stop_token &stop = {});

/// Whether the text is written as the name of a message type: "package.Message".
[[nodiscard]] bool isProtoTypeName(const QString &text);

} // namespace slotscope
