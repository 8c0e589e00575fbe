// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "core/formats/treetext.h"

#include <functional>

namespace slotscope {

/// Result of a final form.
struct Shown
{
    QString text;
    Syntax syntax = Syntax::Plain;
    std::shared_ptr<const FormatTree> tree;
    std::optional<ImageFacts> image;
    QList<FormatNote> notes;
    std::optional<FormatProblem> problem;
    bool truncated = false;
    bool writable = false;
    QString whyNotWritable;

    void note(const QString &words) { notes += {FormatNote::Kind::Info, words}; }
    void warn(const QString &words) { notes += {FormatNote::Kind::Warning, words}; }
    void fail(qsizetype offset, const QString &words)
    {
        if (!problem)
            problem = FormatProblem{.step = 0, .offset = offset, .line = 0, .column = 0, .words = words};
    }
};

/// Input and output of a reader of a binary structure.
struct StructureReading
{
    Cursor in;
    TreeBuilder out;
    FormatBudget &budget;
    QList<FormatNote> notes;
    QString whyNotWritable; ///< set if this value contains something that the writer cannot reproduce

    [[nodiscard]] bool goesOn() const { return in.ok() && out.ok(); }
    void warn(const QString &words) { notes += {FormatNote::Kind::Warning, words}; }
    void note(const QString &words) { notes += {FormatNote::Kind::Info, words}; }
};

/// Output of a writer of an edited structure, with the first thing that cannot be written.
class StructureWriter
{
public:
    QByteArray bytes;

    [[nodiscard]] bool ok() const { return m_error.isEmpty(); }
    void fail(const QString &words)
    {
        if (m_error.isEmpty())
            m_error = words;
    }
    [[nodiscard]] Result<QByteArray> result() const
    {
        if (!ok())
            return failure(Error::Code::Parse, m_error);
        return bytes;
    }
    void u8(quint8 byte) { bytes += char(byte); }
    template <typename T>
    void big(T number)
    {
        char raw[sizeof(T)];
        qToBigEndian(number, raw);
        bytes.append(raw, sizeof(T));
    }
    template <typename T>
    void little(T number)
    {
        char raw[sizeof(T)];
        qToLittleEndian(number, raw);
        bytes.append(raw, sizeof(T));
    }

private:
    QString m_error;
};

/// A form whose decoder builds a tree, and whose encoder takes one (null: display only).
struct StructureForm
{
    FormatId id;
    void (*read)(StructureReading &reading);
    Result<QByteArray> (*write)(const FormatTree &tree);
    const char *whyNotWritable; ///< reason, if there is no encoder
};
[[nodiscard]] const StructureForm *structureFormOf(FormatId id);

void readMsgpack(StructureReading &reading);
[[nodiscard]] Result<QByteArray> writeMsgpack(const FormatTree &tree);
void readCbor(StructureReading &reading);
[[nodiscard]] Result<QByteArray> writeCbor(const FormatTree &tree);
void readBson(StructureReading &reading);
[[nodiscard]] Result<QByteArray> writeBson(const FormatTree &tree);
void readPhp(StructureReading &reading);
void readPhpSession(StructureReading &reading);
[[nodiscard]] Result<QByteArray> writePhp(const FormatTree &tree);
[[nodiscard]] Result<QByteArray> writePhpSession(const FormatTree &tree);
void readIgbinary(StructureReading &reading);
void readProtobuf(StructureReading &reading);
[[nodiscard]] Result<QByteArray> writeProtobuf(const FormatTree &tree);
void readAvro(StructureReading &reading);
void readJava(StructureReading &reading);
void readPickle(StructureReading &reading);
void readRubyMarshal(StructureReading &reading);
void readV8(StructureReading &reading);

/// Shows what the reader reads, as extended JSON and as a tree.
[[nodiscard]] Shown showRead(const std::function<void(StructureReading &)> &read, QByteArrayView bytes,
                             FormatBudget &budget);
[[nodiscard]] Shown showStructure(const StructureForm &form, QByteArrayView bytes, FormatBudget &budget);
/// Whether all bytes form such a structure, within small limits.
[[nodiscard]] bool readsWhole(FormatId id, QByteArrayView bytes, FormatBudget &budget, FormatTree *tree = nullptr);

/// `schema`: the .proto files, of which a step "protobuf:Type" names a type; null: none.
[[nodiscard]] Shown show(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget,
                         const ProtoSchema *schema = nullptr);
[[nodiscard]] Result<QByteArray> write(const FormatStep &step, const QString &text, QByteArrayView original,
                                       FormatBudget &budget, EncodeOptions options,
                                       const ProtoSchema *schema = nullptr);

// forms with functions of their own
[[nodiscard]] Shown showText(const QString &charset, QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Shown showHex(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> writeHex(const QString &text);
[[nodiscard]] Shown showJson(QByteArrayView bytes, bool lines, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> writeJson(const QString &text, QByteArrayView original, bool lines,
                                           EncodeOptions options);
[[nodiscard]] Shown showXml(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Shown showJwt(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Shown showNumbers(const FormatStep &step, QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Result<QByteArray> writeNumbers(const FormatStep &step, const QString &text);
[[nodiscard]] Shown showHyperLogLog(QByteArrayView bytes);
[[nodiscard]] Shown showDotNet(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] Shown showImage(QByteArrayView bytes, FormatBudget &budget);
[[nodiscard]] std::optional<ImageFacts> imageFacts(QByteArrayView bytes);

/// Formats Unix time as "2026-01-01T00:00:00.123456789Z"; empty for years outside 0–9999.
[[nodiscard]] QString timeText(qint64 seconds, quint32 nanoseconds, int digits);
/// The date that a text of digits may be, with its unit ("s", "ms", "us", "ns"); only for years 2001 to 2100.
[[nodiscard]] std::optional<std::pair<QString, QString>> timeOffered(QByteArrayView digits);
[[nodiscard]] QString uuidText(QByteArrayView sixteen);

} // namespace slotscope
