// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"
#include "core/formats/steps.h"

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype largestInput = qsizetype(1) << 30; // the libraries count in 32 bits
constexpr qsizetype shownAtLimit = 256 * 1024; // part of the output shown if a limit was reached

bool unwraps(const FormatStep &step)
{
    return infoOf(step.id).kind == FormatKind::Step;
}

FormatStep plainForm(QByteArrayView bytes)
{
    return {.id = bytes.isValidUtf8() ? FormatId::Text : FormatId::Hex, .option = {}};
}

void setProblem(Decoded &decoded, int step, std::optional<FormatProblem> problem)
{
    if (!problem || decoded.problem)
        return;
    decoded.problem = std::move(problem);
    decoded.problem->step = step;
}

/// Runs all unwrapping steps; returns false if nothing can be shown.
void unwrapAll(Decoded &decoded, FormatBudget &budget, int *step)
{
    const QList<FormatStep> &steps = decoded.chain.steps;
    for (*step = 0; *step < steps.size() && unwraps(steps[*step]); ++*step) {
        Unwrapped out = unwrap(steps[*step], decoded.inner, budget);
        decoded.inner = std::move(out.bytes);
        decoded.sizes += decoded.inner.size();
        decoded.notes += out.notes;
        setProblem(decoded, *step, std::move(out.problem));
        if (budget.spent() != FormatBudget::Spent::Nothing)
            return;
    }
}

void take(Decoded &decoded, Shown shown, int step)
{
    decoded.text = std::move(shown.text);
    decoded.syntax = shown.syntax;
    decoded.tree = std::move(shown.tree);
    decoded.image = std::move(shown.image);
    decoded.notes += shown.notes;
    decoded.truncated = decoded.truncated || shown.truncated;
    setProblem(decoded, step, std::move(shown.problem));
    decoded.writable = shown.writable;
    decoded.whyNotWritable = std::move(shown.whyNotWritable);
}

/// Shows the start of the output up to the limit.
void showBeginning(Decoded &decoded, int step)
{
    FormatBudget own({.outputBytes = shownAtLimit * 10});
    const QByteArrayView part = QByteArrayView(decoded.inner).first(std::min(shownAtLimit, decoded.inner.size()));
    take(decoded, show(plainForm(part), part, own), step);
}

void stopAtLimit(Decoded &decoded, const FormatBudget &budget, int step)
{
    decoded.truncated = true;
    setProblem(decoded, step,
               FormatProblem{.step = step, .offset = 0, .line = 0, .column = 0, .words = spentWords(budget)});
}

void decideWritable(Decoded &decoded)
{
    if (decoded.problem || decoded.truncated) {
        decoded.writable = false;
        // the problem is in an earlier step than the final form
        const bool earlier = decoded.problem && decoded.problem->step < decoded.sizes.size() - 1;
        if (decoded.whyNotWritable.isEmpty() || earlier)
            decoded.whyNotWritable = decoded.truncated
                ? tr("Only a part of the value was decoded.")
                : tr("The value could not be decoded to its end: %1.").arg(decoded.problem->words);
    }
}

} // namespace

Decoded decode(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits, std::stop_token stop)
{
    Decoded decoded;
    decoded.chain = chain;
    decoded.sizes += bytes.size();
    if (bytes.size() > largestInput) {
        decoded.truncated = true;
        bytes = bytes.first(largestInput);
    }
    decoded.inner = bytes.toByteArray();
    FormatBudget budget(limits, std::move(stop));
    int step = 0;
    unwrapAll(decoded, budget, &step);
    if (budget.spent() == FormatBudget::Spent::Nothing) {
        const FormatStep form = step < chain.steps.size() ? chain.steps[step] : plainForm(decoded.inner);
        take(decoded, show(form, decoded.inner, budget, chain.schema.get()), step);
        if (decoded.truncated) // a form that checked the limit in advance has not spent the budget, so mark it as spent
            (void)budget.takeOutput(budget.outputLeft() + 1);
    }
    if (budget.spent() != FormatBudget::Spent::Nothing)
        stopAtLimit(decoded, budget, step);
    if (decoded.text.isEmpty() && !decoded.inner.isEmpty())
        showBeginning(decoded, step);
    decideWritable(decoded);
    return decoded;
}

namespace {

/// Returns the bytes before each decoding step and, last, the bytes that the final format displays.
Result<QByteArrayList> layersOf(QByteArrayView bytes, const FormatChain &chain, FormatBudget &budget)
{
    QByteArrayList layers{bytes.toByteArray()};
    for (const FormatStep &step : chain.steps) {
        if (!unwraps(step))
            break;
        Unwrapped out = unwrap(step, layers.last(), budget);
        if (out.problem || budget.spent() != FormatBudget::Spent::Nothing)
            return failure(Error::Code::Parse, out.problem ? out.problem->words : spentWords(budget));
        layers += std::move(out.bytes);
    }
    return layers;
}

FormatStep finalOf(const FormatChain &chain, QByteArrayView inner)
{
    return !chain.steps.isEmpty() && !unwraps(chain.steps.last()) ? chain.steps.last() : plainForm(inner);
}

/// Wraps from the inside to the outside, and verifies that unwrapping gives the same bytes again.
Result<QByteArray> wrapAll(QByteArray inner, const FormatChain &chain, const QByteArrayList &layers,
                           const FormatLimits &limits)
{
    const QByteArray wanted = inner;
    for (qsizetype layer = layers.size() - 2; layer >= 0; --layer) {
        auto outer = wrap(chain.steps[layer], inner, layers[layer]);
        if (!outer)
            return outer;
        inner = std::move(*outer);
    }
    FormatBudget budget(limits);
    const auto again = layersOf(inner, chain, budget);
    if (!again || again->last() != wanted)
        return failure(Error::Code::Parse,
                       tr("the result of encoding as %1 does not decode to the same value%2; nothing was encoded")
                           .arg(chain.toString(), again ? QString() : u": "_s + again.error().detail));
    return inner;
}

/// Layers for a new value.
Result<QByteArrayList> emptyLayers(const FormatChain &chain)
{
    return QByteArrayList(1 + std::count_if(chain.steps.begin(), chain.steps.end(), unwraps), QByteArray());
}

/// Verifies a structure: reading and writing it again gives the same bytes.
bool readsAsWritten(const FormatStep &form, const QByteArray &bytes, const FormatLimits &limits,
                    const ProtoSchema *schema)
{
    FormatBudget reading(limits), writing(limits);
    const Shown shown = show(form, bytes, reading, schema);
    if (shown.problem || shown.truncated)
        return false;
    const auto again = write(form, shown.text, bytes, writing, {}, schema);
    return again && *again == bytes;
}

} // namespace

Result<QByteArray> encode(const QString &editedText, const FormatChain &chain, QByteArrayView original,
                          const FormatLimits &limits, EncodeOptions options)
{
    if (!original.isEmpty()) {
        const Decoded before = decode(original, chain, limits);
        if (!before.writable)
            return failure(Error::Code::InvalidArgument, before.whyNotWritable);
        if (options.reuseOriginal && editedText == before.text)
            return original.toByteArray();
    }
    FormatBudget budget(limits);
    const auto layers = original.isEmpty() ? emptyLayers(chain) : layersOf(original, chain, budget);
    if (!layers)
        return failure(layers.error());
    const FormatStep form = finalOf(chain, layers->last());
    FormatBudget writing(limits);
    const auto inner = write(form, editedText, layers->last(), writing, options, chain.schema.get());
    if (!inner)
        return inner;
    if (structureFormOf(form.id) != nullptr && !readsAsWritten(form, *inner, limits, chain.schema.get()))
        return failure(
            Error::Code::Parse,
            tr("the result of encoding as %1 does not read as the same value; nothing was encoded").arg(idOf(form.id)));
    if (layers->size() > 1 && *inner == layers->last() && options.reuseOriginal)
        return original.toByteArray();
    return wrapAll(*inner, chain, *layers, limits);
}

namespace {

qsizetype firstDifference(QByteArrayView one, QByteArrayView other)
{
    const qsizetype length = std::min(one.size(), other.size());
    const auto [at, there] = std::mismatch(one.begin(), one.begin() + length, other.begin());
    return one.size() == other.size() && at == one.end() ? -1 : at - one.begin();
}

} // namespace

RoundTrip proveRoundTrip(QByteArrayView bytes, const FormatChain &chain, const FormatLimits &limits)
{
    RoundTrip trip;
    const Decoded before = decode(bytes, chain, limits);
    if (!before.writable) {
        trip.words = before.whyNotWritable;
        return trip;
    }
    const auto again = encode(before.text, chain, bytes, limits, {.keepLayout = true, .reuseOriginal = false});
    if (!again) {
        trip.words = again.error().detail;
        return trip;
    }
    trip.differsAt = firstDifference(bytes, *again);
    if (trip.differsAt < 0) {
        trip.proof = RoundTrip::Proof::SameBytes;
        trip.words = tr("Encoding the value again gives the same bytes.");
        return trip;
    }
    const Decoded after = decode(*again, chain, limits);
    if (after.inner == before.inner || (after.text == before.text && !after.problem && !after.truncated)) {
        trip.proof = RoundTrip::Proof::SameMeaning;
        trip.words = after.inner == before.inner
            ? tr("Encoding the value again gives different outer bytes, from byte %1 on, but the same content.")
                  .arg(trip.differsAt)
            : tr("Encoding the value again gives different bytes, from byte %1 on, that decode to the same value.")
                  .arg(trip.differsAt);
        return trip;
    }
    trip.words = tr("Encoding the value again gives a different value, from byte %1 on.").arg(trip.differsAt);
    return trip;
}

} // namespace slotscope
