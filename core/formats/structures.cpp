// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"
#include "core/formats/steps.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr StructureForm forms[] = {
    {FormatId::Msgpack, &readMsgpack, &writeMsgpack, ""},
    {FormatId::Cbor, &readCbor, &writeCbor, ""},
    {FormatId::Bson, &readBson, &writeBson, ""},
    {FormatId::Php, &readPhp, &writePhp, ""},
    {FormatId::PhpSession, &readPhpSession, &writePhpSession, ""},
    {FormatId::Protobuf, &readProtobuf, &writeProtobuf, ""},
    {FormatId::RubyMarshal, &readRubyMarshal, nullptr, "Marshal makes objects of a program: it is only shown."},
    {FormatId::Java, &readJava, nullptr, "Java's objects belong to a program: they are only shown."},
    {FormatId::V8, &readV8, nullptr, "What V8 serializes is only shown."},
    {FormatId::Avro, &readAvro, nullptr, "An Avro container is only shown."},
    {FormatId::Pickle, &readPickle, nullptr, "A pickle is a program: it is only shown."},
    {FormatId::Igbinary, &readIgbinary, nullptr, "igbinary is only shown."},
};

} // namespace

const StructureForm *structureFormOf(FormatId id)
{
    for (const StructureForm &form : forms)
        if (form.id == id)
            return &form;
    return nullptr;
}

Shown showRead(const std::function<void(StructureReading &)> &read, QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown;
    shown.syntax = Syntax::Json;
    StructureReading reading{
        .in = Cursor(bytes), .out = TreeBuilder(budget), .budget = budget, .notes = {}, .whyNotWritable = {}};
    read(reading);
    const bool whole = reading.out.ok() && budget.spent() == FormatBudget::Spent::Nothing;
    if (reading.out.tooDeep())
        shown.fail(reading.in.at(),
                   tr("it is nested deeper than %1 levels: only those are shown").arg(budget.limits().depth));
    else if (!reading.in.ok())
        shown.problem = reading.in.problem();
    else if (whole && !reading.in.atEnd())
        shown.fail(reading.in.at(), tr("%1 byte(s) after the end of the value").arg(reading.in.left()));
    FormatTree tree = reading.out.take();
    bool cut = false;
    if (!tree.isEmpty()) {
        shown.text = treeToText(tree, budget.outputLeft(), &cut);
        shown.tree = std::make_shared<const FormatTree>(std::move(tree));
    }
    shown.truncated = !whole || cut;
    shown.notes = reading.notes;
    shown.writable = reading.whyNotWritable.isEmpty();
    shown.whyNotWritable = reading.whyNotWritable;
    return shown;
}

Shown showStructure(const StructureForm &form, QByteArrayView bytes, FormatBudget &budget)
{
    Shown shown = showRead(form.read, bytes, budget);
    if (form.write == nullptr) {
        shown.writable = false;
        shown.whyNotWritable = tr(form.whyNotWritable);
    }
    return shown;
}

bool readsWhole(FormatId id, QByteArrayView bytes, FormatBudget &budget, FormatTree *tree)
{
    const StructureForm *form = structureFormOf(id);
    StructureReading reading{
        .in = Cursor(bytes), .out = TreeBuilder(budget), .budget = budget, .notes = {}, .whyNotWritable = {}};
    form->read(reading);
    const bool whole = reading.goesOn() && reading.in.atEnd() && budget.spent() == FormatBudget::Spent::Nothing;
    if (whole && tree != nullptr)
        *tree = reading.out.take();
    return whole;
}

} // namespace slotscope
