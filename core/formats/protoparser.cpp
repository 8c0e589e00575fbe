// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that includes the headers of protobuf. Its library parses .proto files; values are read and written by
// our own reader and writer, which are bounded.
#include "core/base/tr.h"
#include "core/formats/protonames.h"
#include "core/formats/protoschema.h"

#include <algorithm>
#include <google/protobuf/any.pb.h>
#include <google/protobuf/api.pb.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <mutex>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
namespace pb = google::protobuf;

namespace {

#if GOOGLE_PROTOBUF_VERSION >= 4022000
using PbText = absl::string_view;
#define SLOTSCOPE_ON_ERROR RecordError
#else
using PbText = const std::string &;
#define SLOTSCOPE_ON_ERROR AddError
#endif

/// The library's texts are std::string or string_view, depending on its version.
template <typename Text>
QString fromPb(const Text &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// The library would print its log to standard error; what matters in it also arrives as an error of a file.
void silenceLog()
{
#if GOOGLE_PROTOBUF_VERSION < 4022000
    static std::once_flag once;
    std::call_once(once, [] { pb::SetLogHandler(nullptr); });
#endif
}

/// A file of the set, before its types are linked with those of the others.
struct ParsedFile
{
    pb::FileDescriptorProto proto;
    pb::compiler::SourceLocationTable places; ///< positions of the parts of `proto`
    bool isGood = false;
    bool isBuiltIn = false;
    int state = 0; ///< 0: not begun, 1: its imports are being built, 2: done
};

class SyntaxErrors final : public pb::io::ErrorCollector
{
public:
    SyntaxErrors(const QString &file, QList<ProtoProblem> &problems) : m_file(file), m_problems(problems) { }
    void SLOTSCOPE_ON_ERROR(int line, pb::io::ColumnNumber column, PbText words) override
    {
        if (++m_count <= mostOfFile)
            addProblem(m_problems, {m_file, line + 1, column + 1, fromPb(words)});
    }

private:
    static constexpr int mostOfFile = 20;
    const QString &m_file;
    QList<ProtoProblem> &m_problems;
    int m_count = 0;
};

class NoErrors final : public pb::io::ErrorCollector
{
public:
    void SLOTSCOPE_ON_ERROR(int /*line*/, pb::io::ColumnNumber /*column*/, PbText /*words*/) override { }
};

/// The library's parser recurses for each block in a block, without a limit.
bool isShallow(const ProtoText &text, QList<ProtoProblem> &problems)
{
    constexpr int deepest = 64;
    NoErrors errors;
    pb::io::ArrayInputStream stream(text.text.data(), int(text.text.size()));
    pb::io::Tokenizer tokens(&stream, &errors);
    for (int depth = 0; tokens.Next();) {
        depth += tokens.current().text == "{" ? 1 : tokens.current().text == "}" ? -1 : 0;
        if (depth > deepest) {
            addProblem(problems,
                       {text.name, tokens.current().line + 1, tokens.current().column + 1,
                        tr("blocks are nested deeper than %1 levels").arg(deepest)});
            return false;
        }
        depth = std::max(depth, 0);
    }
    return true;
}

class LinkErrors final : public pb::DescriptorPool::ErrorCollector
{
public:
    LinkErrors(const ParsedFile &file, QList<ProtoProblem> &problems) : m_file(file), m_problems(problems) { }
    void SLOTSCOPE_ON_ERROR(PbText file, PbText element, const pb::Message *part, ErrorLocation place,
                            PbText words) override
    {
        if (++m_count > mostOfFile)
            return;
        int line = -1, column = 0;
        m_file.places.Find(part, place, &line, &column);
        addProblem(m_problems,
                   {fromPb(file), line + 1, line < 0 ? 0 : column + 1, fromPb(element) + u": "_s + fromPb(words)});
    }

private:
    static constexpr int mostOfFile = 5; // a type that is defined twice has an error for each of its fields
    const ParsedFile &m_file;
    QList<ProtoProblem> &m_problems;
    int m_count = 0;
};

/// Removes options that programs have defined themselves: nothing here uses them, the files that define them are often
/// not at hand, and the library would parse their texts without a limit on the depth.
template <typename Options>
void keepPlainOptions(Options *options)
{
    auto *all = options->mutable_uninterpreted_option();
    int kept = 0;
    for (int i = 0; i < all->size(); ++i) {
        const pb::UninterpretedOption &option = all->Get(i);
        if (!option.has_aggregate_value() && option.name_size() == 1 && !option.name(0).is_extension())
            all->SwapElements(i, kept++);
    }
    all->DeleteSubrange(kept, all->size() - kept);
}

void keepPlainOptions(pb::EnumDescriptorProto *enumeration)
{
    keepPlainOptions(enumeration->mutable_options());
    for (pb::EnumValueDescriptorProto &value : *enumeration->mutable_value())
        value.clear_options();
}

void keepPlainOptions(pb::DescriptorProto *message)
{
    keepPlainOptions(message->mutable_options());
    for (auto *fields : {message->mutable_field(), message->mutable_extension()})
        for (pb::FieldDescriptorProto &field : *fields)
            keepPlainOptions(field.mutable_options());
    for (pb::OneofDescriptorProto &oneof : *message->mutable_oneof_decl())
        oneof.clear_options();
    for (auto &range : *message->mutable_extension_range())
        range.clear_options();
    for (pb::EnumDescriptorProto &enumeration : *message->mutable_enum_type())
        keepPlainOptions(&enumeration);
    for (pb::DescriptorProto &nested : *message->mutable_nested_type())
        keepPlainOptions(&nested);
}

class ProtoSetBuilder
{
public:
    ProtoSetBuilder(ProtoSchema &schema, const std::stop_token &stop) : m_schema(schema), m_stop(stop)
    {
        m_pool.AllowUnknownDependencies();
    }

    void parse(const ProtoText &text)
    {
        if (m_stop.stop_requested() || m_files.contains(text.name)) // the first folder wins
            return;
        auto parsed = std::make_shared<ParsedFile>();
        SyntaxErrors errors(text.name, m_schema.problems);
        if (!isShallow(text, m_schema.problems))
            return;
        pb::io::ArrayInputStream stream(text.text.data(), int(text.text.size()));
        pb::io::Tokenizer tokens(&stream, &errors);
        pb::compiler::Parser parser;
        parser.RecordErrorsTo(&errors);
        parser.RecordSourceLocationsTo(&parsed->places);
        parsed->isGood = parser.Parse(&tokens, &parsed->proto);
        parsed->proto.set_name(text.name.toStdString());
        parsed->proto.clear_service();
        parsed->proto.clear_source_code_info();
        keepPlainOptions(parsed->proto.mutable_options());
        for (pb::FieldDescriptorProto &extension : *parsed->proto.mutable_extension())
            keepPlainOptions(extension.mutable_options());
        for (pb::EnumDescriptorProto &enumeration : *parsed->proto.mutable_enum_type())
            keepPlainOptions(&enumeration);
        for (pb::DescriptorProto &message : *parsed->proto.mutable_message_type())
            keepPlainOptions(&message);
        m_files.insert(text.name, parsed);
        m_names += text.name;
        ++m_schema.files;
    }
    void build()
    {
        addBuiltIn();
        const QStringList own = m_names;
        const ProtoNames names(m_names);
        for (const QString &name : own)
            resolveImports(name, *m_files[name], names);
        for (const QString &name : own)
            buildWithImports(name);
        if (!m_stop.stop_requested())
            take();
    }

private:
    static constexpr int mostImports = 2000;

    /// Whether a file of the user is one that comes with the library, perhaps at another place.
    [[nodiscard]] bool isReplaced(const QString &builtIn) const
    {
        return std::any_of(m_names.begin(), m_names.end(), [&](const QString &name) {
            return (builtIn == name || builtIn.endsWith(u'/' + name) || name.endsWith(u'/' + builtIn))
                && m_files[name]->isGood && m_files[name]->proto.package() == "google.protobuf";
        });
    }
    /// The files that come with the library.
    void addBuiltIn()
    {
        for (const pb::Descriptor *type :
             {pb::Any::descriptor(), pb::Api::descriptor(), pb::DescriptorProto::descriptor(),
              pb::Duration::descriptor(), pb::Empty::descriptor(), pb::FieldMask::descriptor(),
              pb::SourceContext::descriptor(), pb::Struct::descriptor(), pb::Timestamp::descriptor(),
              pb::Type::descriptor(), pb::BoolValue::descriptor()}) {
            const QString name = fromPb(type->file()->name());
            if (m_files.contains(name) || isReplaced(name))
                continue;
            auto parsed = std::make_shared<ParsedFile>();
            type->file()->CopyTo(&parsed->proto);
            parsed->isGood = parsed->isBuiltIn = true;
            m_files.insert(name, parsed);
        }
    }

    void tell(const ProtoProblem &problem) { addProblem(m_schema.problems, problem); }
    void resolveImports(const QString &name, ParsedFile &file, const ProtoNames &names)
    {
        if (m_stop.stop_requested())
            return;
        if (file.proto.dependency_size() > mostImports) {
            file.isGood = false;
            tell({name, 0, 0, tr("it imports more than %1 files").arg(mostImports)});
        }
        QHash<QString, QString> targets; // a hostile file repeats an import
        for (int i = 0; i < file.proto.dependency_size() && file.isGood; ++i) {
            const std::string import = file.proto.dependency(i);
            const QString wanted = fromPb(import);
            if (!targets.contains(wanted))
                targets.insert(wanted, m_files.contains(wanted) ? wanted : names.found(wanted, name));
            const QString target = targets.value(wanted);
            if (target.isEmpty() || target == name || !m_files[target]->isGood) {
                int line = -1, column = 0;
                file.places.FindImport(&file.proto, import, &line, &column);
                tell({name, line + 1, line < 0 ? 0 : column + 1,
                      target.isEmpty() ? tr("the import “%1” was not found").arg(wanted)
                                       : tr("the import “%1” has errors").arg(wanted)});
            }
            if (!target.isEmpty())
                file.proto.set_dependency(i, target.toStdString());
        }
    }

    /// Builds the files that are imported first, without recursion.
    void buildWithImports(const QString &name)
    {
        QStringList stack{name};
        while (!stack.isEmpty() && !m_stop.stop_requested()) {
            ParsedFile &file = *m_files[stack.last()];
            if (file.state == 0) {
                file.state = 1;
                for (const std::string &import : file.proto.dependency()) {
                    const QString next = fromPb(import);
                    if (m_files.contains(next) && m_files[next]->state == 0)
                        stack += next;
                }
                continue;
            }
            if (file.state == 1 && file.isGood) {
                LinkErrors errors(file, m_schema.problems);
                const pb::FileDescriptor *built = m_pool.BuildFileCollectingErrors(file.proto, &errors);
                if (built != nullptr)
                    m_built += {stack.last(), built};
            }
            file.state = 2;
            stack.removeLast();
        }
    }

    void take()
    {
        for (const auto &[name, file] : m_built)
            for (int i = 0; i < file->message_type_count(); ++i)
                number(name, file->message_type(i));
        for (const auto &[type, index] : m_numbered)
            fill(m_schema.messages[index], type);
    }
    /// Gives numbers to the type and those within it.
    void number(const QString &file, const pb::Descriptor *type)
    {
        ProtoMessage message;
        message.name = fromPb(type->full_name());
        message.file = file;
        message.isListed = !type->options().map_entry() && !m_files[file]->isBuiltIn;
        const auto index = int(m_schema.messages.size());
        m_schema.byName.insert(message.name, index);
        m_schema.messages += message;
        m_numbered += {type, index};
        m_indexes.insert(type, index);
        for (int i = 0; i < type->nested_type_count(); ++i)
            number(file, type->nested_type(i));
    }
    int indexOf(const pb::EnumDescriptor *type)
    {
        const auto known = m_enumIndexes.constFind(type);
        if (known != m_enumIndexes.constEnd())
            return *known;
        ProtoEnum all;
        for (int i = 0; i < type->value_count(); ++i) {
            const QString name = fromPb(type->value(i)->name());
            all.numbers.insert(name, type->value(i)->number());
            if (!all.names.contains(type->value(i)->number()))
                all.names.insert(type->value(i)->number(), name);
        }
        const auto index = int(m_schema.enums.size());
        m_schema.enums += all;
        m_enumIndexes.insert(type, index);
        return index;
    }

    void fill(ProtoMessage &message, const pb::Descriptor *type)
    {
        for (int i = 0; i < type->real_oneof_decl_count(); ++i)
            message.oneofs += fromPb(type->oneof_decl(i)->name());
        for (int i = 0; i < type->field_count(); ++i)
            add(message, type->field(i), fromPb(type->field(i)->name()));
        std::vector<const pb::FieldDescriptor *> extensions;
        if (type->extension_range_count() > 0)
            m_pool.FindAllExtensions(type, &extensions);
        for (const pb::FieldDescriptor *extension : extensions)
            add(message, extension, u'[' + fromPb(extension->full_name()) + u']');
    }
    void add(ProtoMessage &message, const pb::FieldDescriptor *from, const QString &name)
    {
        ProtoField field;
        field.number = quint32(from->number());
        field.type = ProtoField::Type(from->type());
        field.repeated = from->is_repeated();
        field.packed = from->is_packed();
        field.map = from->is_map();
        field.name = name;
        if (from->real_containing_oneof() != nullptr)
            field.oneof = from->real_containing_oneof()->index();
        if (from->message_type() != nullptr)
            field.of = m_indexes.value(from->message_type(), -1);
        else if (from->enum_type() != nullptr && !from->enum_type()->is_placeholder())
            field.of = indexOf(from->enum_type());
        if (field.of < 0 && (from->message_type() != nullptr || from->enum_type() != nullptr)) {
            tellUnknown(message, from);
            return; // it is shown by its number, as a field that the type does not have
        }
        if (from->is_required())
            message.required += field.number;
        message.numbers.insert(name, field.number);
        message.fields.insert(field.number, field);
    }
    /// The definition of the type in the text of its file.
    static const pb::DescriptorProto &definitionOf(const ParsedFile &file, const pb::Descriptor *type)
    {
        const pb::Descriptor *outer = type->containing_type();
        return outer == nullptr ? file.proto.message_type(type->index())
                                : definitionOf(file, outer).nested_type(type->index());
    }
    /// The type of the field is in none of the files, or in one with errors.
    void tellUnknown(const ProtoMessage &message, const pb::FieldDescriptor *field)
    {
        const QString type = fromPb(field->message_type() != nullptr ? field->message_type()->full_name()
                                                                     : field->enum_type()->full_name());
        int line = -1, column = 0;
        if (!field->is_extension()) {
            const ParsedFile &file = *m_files[message.file];
            file.places.Find(&definitionOf(file, field->containing_type()).field(field->index()),
                             pb::DescriptorPool::ErrorCollector::TYPE, &line, &column);
        }
        tell({message.file, line + 1, line < 0 ? 0 : column + 1,
              tr("the type %1 of the field %2 is not known: the field is shown by its number")
                  .arg(type, fromPb(field->full_name()))});
    }

    ProtoSchema &m_schema;
    std::stop_token m_stop;
    pb::DescriptorPool m_pool;
    QHash<QString, std::shared_ptr<ParsedFile>> m_files;
    QStringList m_names; ///< names of the user's files, in order
    QList<std::pair<QString, const pb::FileDescriptor *>> m_built;
    QList<std::pair<const pb::Descriptor *, int>> m_numbered;
    QHash<const pb::Descriptor *, int> m_indexes;
    QHash<const pb::EnumDescriptor *, int> m_enumIndexes;
};

} // namespace

ProtoSchemaPtr parseProtoFiles(const QList<ProtoText> &files, QList<ProtoProblem> problems, const std::stop_token &stop)
{
    silenceLog();
    auto schema = std::make_shared<ProtoSchema>();
    schema->problems = std::move(problems);
    auto none = std::make_shared<ProtoSchema>();
    try {
        ProtoSetBuilder builder(*schema, stop);
        for (const ProtoText &file : files)
            builder.parse(file);
        builder.build();
    } catch (const std::exception &error) { // a check within the library has failed
        none->problems = schema->problems;
        addProblem(none->problems, {tr(".proto files"), 0, 0, QString::fromUtf8(error.what())});
        return none;
    }
    return stop.stop_requested() ? none : schema; // a part of the types would look whole
}

} // namespace slotscope
