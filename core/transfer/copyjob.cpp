// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/copyjob.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/session/keyowner.h"
#include "core/transfer/keypiecereader.h"
#include "core/transfer/temporaryname.h"

#include <QRandomGenerator>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype keysOfCopy = 100; // number of keys per batch
constexpr qsizetype keysToTry = 50;

struct CopyRun
{
    QPointer<ClusterSession> session;
    CopyRequest request;
    std::shared_ptr<JobControl> control;
    CopyForm form;
    std::shared_ptr<KeyPieceReader> reader; ///< reads keys in the form in which they are sent
    std::shared_ptr<KeyPieceReader> sourceValues, targetValues; ///< for comparing values
    std::shared_ptr<KeyPieceReader> targetPayloads;
    bool payloadsCompare = true; ///< both servers create the same payload for the same value
    std::shared_ptr<KeyPieceWriter> writer;
};
using CopyRunPtr = std::shared_ptr<CopyRun>;

void countCopy(const CopyRunPtr &run, const QByteArray &key, const KeyWritten &outcome)
{
    switch (outcome.kind) {
    case KeyWritten::Kind::Written: ++run->control->progress.changed; break;
    case KeyWritten::Kind::Exists: run->control->leave(key); break;
    case KeyWritten::Kind::Expired: ++run->control->progress.untouched; break;
    case KeyWritten::Kind::Failed: run->control->fail(key, outcome.error); break;
    }
    run->control->tell();
}

Error differs(const QByteArray &what)
{
    return {.code = Error::Code::NotWhole,
            .detail =
                tr("the copy was written, but now differs from the source (%1): one of them may have been changed")
                    .arg(QString::fromUtf8(what)),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

/// Returns a digest of the complete value; nullopt if the key is gone.
QCoro::Task<Result<std::optional<ValueDigest>>> digestOf(std::shared_ptr<KeyPieceReader> reader, QByteArray key)
{
    const QByteArrayList one(1, key);
    auto reads = co_await reader->read(one);
    if (!reads)
        co_return failure(reads.error());
    const KeyRead &read = reads->front();
    ValueDigest digest;
    if (read.kind == KeyRead::Kind::Failed)
        co_return failure(read.error);
    if (read.kind == KeyRead::Kind::Gone)
        co_return Result<std::optional<ValueDigest>>(std::nullopt);
    if (read.kind == KeyRead::Kind::Whole) {
        digest.add(read.piece);
        co_return Result<std::optional<ValueDigest>>(digest);
    }
    const auto reading = co_await reader->begin(key);
    if (!reading)
        co_return failure(reading.error());
    for (bool isLast = false; !isLast;) {
        const Result<KeyPiece> piece = co_await reader->next(*reading);
        if (!piece)
            co_return failure(piece.error());
        if (piece->part == 0)
            digest = {};
        digest.add(*piece);
        isLast = piece->isLast;
    }
    co_return Result<std::optional<ValueDigest>>(digest);
}

/// Reads the key on both sides again, element by element, and compares it.
QCoro::Task<KeyWritten> comparedByValue(CopyRunPtr run, QByteArray key)
{
    auto left = co_await digestOf(run->sourceValues, key);
    auto right = co_await digestOf(run->targetValues, key);
    KeyWritten outcome{.kind = KeyWritten::Kind::Failed, .error = {}};
    if (!left || !right) {
        outcome.error = left ? right.error() : left.error();
        outcome.error.detail = tr("the copy was written, but could not be compared: %1").arg(outcome.error.detail);
    } else if (*left && *right && (*left)->isEqual(**right)) {
        outcome.kind = KeyWritten::Kind::Written;
    } else {
        outcome.error = differs(!*left ? "the source is gone"_ba : !*right ? "the copy is gone"_ba : "compared"_ba);
    }
    co_return outcome;
}

/// Returns the digest of a value that is in a single piece; nullopt otherwise.
std::optional<ValueDigest> digestOf(const KeyRead &read)
{
    if (read.kind != KeyRead::Kind::Whole)
        return std::nullopt;
    ValueDigest digest;
    digest.add(read.piece);
    return digest;
}

/// Counts the keys that read the same on both sides, and returns the others.
QCoro::Task<QByteArrayList> countEqual(CopyRunPtr run, QByteArrayList keys, std::vector<KeyRead> left,
                                       std::shared_ptr<KeyPieceReader> rightReader)
{
    const auto right = co_await rightReader->read(keys);
    if (!right)
        co_return keys; // each of them is then read separately, and gets its own error
    QByteArrayList others;
    for (size_t i = 0; i < left.size(); ++i) {
        const auto mine = digestOf(left[i]), theirs = digestOf((*right)[i]);
        if (mine && theirs && mine->isEqual(*theirs))
            countCopy(run, keys[qsizetype(i)], {.kind = KeyWritten::Kind::Written, .error = {}});
        else
            others.append(keys[qsizetype(i)]);
    }
    co_return others;
}

/// Compares payloads, which works if both servers create the same ones. If not one of a batch is equal, payloads are
/// not compared any more.
QCoro::Task<QByteArrayList> comparePayloads(CopyRunPtr run, QByteArrayList keys, std::vector<KeyRead> sent)
{
    const qsizetype all = keys.size();
    const QByteArrayList others = co_await countEqual(run, keys, std::move(sent), run->targetPayloads);
    run->payloadsCompare = others.size() < all;
    co_return others;
}

/// Reads the copies and compares them with what was sent. If that differs (servers of different versions create
/// different payloads), both sides are read element by element.
QCoro::Task<> compareCopies(CopyRunPtr run, std::vector<KeyPiece> sent)
{
    QByteArrayList keys;
    std::vector<KeyRead> reads;
    for (KeyPiece &piece : sent) {
        keys.append(piece.key);
        KeyRead &read = reads.emplace_back();
        read.kind = KeyRead::Kind::Whole;
        read.piece = std::move(piece);
    }
    if (!run->form.byPayload)
        keys = co_await countEqual(run, keys, std::move(reads), run->targetValues);
    else if (run->payloadsCompare)
        keys = co_await comparePayloads(run, keys, std::move(reads));
    if (keys.isEmpty())
        co_return;
    if (run->form.byPayload) {
        auto source = co_await run->sourceValues->read(keys);
        if (source)
            keys = co_await countEqual(run, keys, std::move(*source), run->targetValues);
    }
    for (const QByteArray &key : std::as_const(keys)) {
        const KeyWritten outcome = co_await comparedByValue(run, key);
        countCopy(run, key, outcome);
    }
}

QCoro::Task<> copyLong(CopyRunPtr run, QByteArray key)
{
    const auto reading = co_await run->reader->begin(key);
    KeyWritten outcome{.kind = KeyWritten::Kind::Failed, .error = {}};
    if (!reading) {
        outcome.error = reading.error();
    } else {
        const KeyPieceWriter::LongPtr writing = KeyPieceWriter::begin();
        std::optional<KeyWritten> told;
        while (!told) {
            const Result<KeyPiece> piece = co_await run->reader->next(*reading);
            if (!piece) {
                outcome.error = piece.error();
                break;
            }
            told = co_await run->writer->add(writing, *piece);
        }
        if (!told)
            co_await run->writer->drop(writing);
        else
            outcome = *told;
    }
    if (outcome.kind == KeyWritten::Kind::Failed && outcome.error.code == Error::Code::Outdated)
        outcome.kind = KeyWritten::Kind::Expired; // the key was gone before it could be copied
    if (outcome.kind == KeyWritten::Kind::Written)
        outcome = co_await comparedByValue(run, key);
    countCopy(run, key, outcome);
}

QCoro::Task<Result<>> copyKeys(CopyRunPtr run, QByteArrayList keys)
{
    auto reads = co_await run->reader->read(keys);
    if (!reads)
        co_return failure(reads.error());
    std::vector<KeyPiece> pieces;
    QByteArrayList longKeys;
    for (size_t i = 0; i < reads->size(); ++i) {
        KeyRead &read = (*reads)[i];
        switch (read.kind) {
        case KeyRead::Kind::Whole: pieces.push_back(std::move(read.piece)); break;
        case KeyRead::Kind::Long: longKeys.append(keys[qsizetype(i)]); break;
        case KeyRead::Kind::Gone: ++run->control->progress.untouched; break;
        case KeyRead::Kind::Failed: run->control->fail(keys[qsizetype(i)], read.error); break;
        }
    }
    const std::vector<KeyWritten> outcomes = co_await run->writer->write(pieces);
    std::vector<KeyPiece> sent;
    for (size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].kind == KeyWritten::Kind::Written)
            sent.push_back(std::move(pieces[i]));
        else
            countCopy(run, pieces[i].key, outcomes[i]);
    }
    co_await compareCopies(run, std::move(sent));
    for (const QByteArray &key : std::as_const(longKeys)) {
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 0);
        if (!goesOn)
            co_return Result<>();
        co_await copyLong(run, key);
    }
    co_return Result<>();
}

/// Finds out whether the target accepts a payload of the source.
QCoro::Task<CopyForm> formOf(CopyRunPtr run, UserConsent consent)
{
    const QByteArrayList some = run->request.keys.mid(0, keysToTry);
    KeyPieceReader reader(run->session, run->request.database, KeyPieceReader::Form::Payload);
    const auto reads = co_await reader.read(some);
    CopyForm form;
    if (!reads) {
        form.why = describe(reads.error());
        co_return form;
    }
    for (const KeyRead &read : *reads) {
        if (read.kind == KeyRead::Kind::Failed && form.why.isEmpty())
            form.why = describe(read.error);
        if (read.kind != KeyRead::Kind::Whole || !run->request.target)
            continue;
        const QByteArray name = temporaryNameFor(read.piece.key, QRandomGenerator::system()->generate64());
        const NodeReply restored = co_await run->request.target->executeIn(
            run->request.targetDatabase, commandOf("RESTORE", name, "60000", read.piece.bytes), consent);
        if (restored.reply && run->request.target)
            std::ignore = co_await run->request.target->executeIn(run->request.targetDatabase,
                                                                  commandOf("UNLINK", name), consent);
        form.byPayload = restored.reply.has_value();
        form.why = form.byPayload ? QString() : describe(restored.reply.error());
        break;
    }
    co_return form;
}

QCoro::Task<Result<>> allowedOn(CopyRequest request, UserConsent consent)
{
    const QList<Command> sample = KeyPieceWriter::gateSample();
    return askGate(request.target, sample, consent);
}

QCoro::Task<Result<CopyForm>> tryCopyForm(CopyRunPtr run, UserConsent consent)
{
    const Result<> allowed = co_await allowedOn(run->request, consent);
    if (!allowed)
        co_return failure(allowed.error());
    const CopyForm form = co_await formOf(run, consent);
    co_return Result<CopyForm>(form);
}

QCoro::Task<Result<BulkProgress>> runCopy(CopyRunPtr run, UserConsent consent)
{
    const Result<CopyForm> form = co_await tryCopyForm(run, consent);
    if (!form)
        co_return failure(form.error());
    using Form = KeyPieceReader::Form;
    const CopyRequest &request = run->request;
    run->form = *form;
    run->reader =
        std::make_shared<KeyPieceReader>(run->session, request.database, form->byPayload ? Form::Payload : Form::Value);
    run->sourceValues = std::make_shared<KeyPieceReader>(run->session, request.database, Form::Value);
    run->targetValues = std::make_shared<KeyPieceReader>(request.target, request.targetDatabase, Form::Value);
    run->targetPayloads = std::make_shared<KeyPieceReader>(request.target, request.targetDatabase, Form::Payload);
    run->writer = std::make_shared<KeyPieceWriter>(request.target, request.targetDatabase, request.conflict, consent);
    run->control->begin(request.keys.size());
    if (!form->byPayload && !form->why.isEmpty())
        run->control->progress.notes.append(
            tr("copied element by element, because the target refuses the DUMP payloads of the source: %1")
                .arg(form->why));
    for (qsizetype first = 0; first < request.keys.size(); first += keysOfCopy) {
        const QByteArrayList part = request.keys.mid(first, keysOfCopy);
        const bool goesOn = co_await JobControl::mayGoOn(run->control, part.size());
        if (!goesOn)
            break;
        const Result<> done = co_await copyKeys(run, part);
        if (!done)
            co_return failure(done.error());
    }
    const BulkProgress &progress = run->control->progress;
    run->control->finish(progress.handled() == progress.total ? BulkProgress::State::Done
                                                              : BulkProgress::State::Stopped);
    co_return Result<BulkProgress>(progress);
}

} // namespace

QCoro::Task<Result<CopyForm>> CopyJob::tryForm(CopyRequest request, UserConsent consent)
{
    const auto run = std::make_shared<CopyRun>();
    run->session = m_session;
    run->request = std::move(request);
    return tryCopyForm(run, consent);
}

QCoro::Task<Result<BulkProgress>> CopyJob::run(CopyRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                               UserConsent consent)
{
    const auto run = std::make_shared<CopyRun>();
    run->session = m_session;
    run->control = std::make_shared<JobControl>(std::move(sink), request.perSecond);
    run->request = std::move(request);
    m_control = run->control;
    return runCopy(run, consent);
}

} // namespace slotscope
