// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/importjob.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/session/keyowner.h"
#include "core/transfer/transferfile.h"

#include <QSet>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

struct ImportRun
{
    QPointer<ClusterSession> session;
    ImportRequest request;
    UserConsent consent = UserConsent::None;
    std::shared_ptr<JobControl> control;
    std::shared_ptr<KeyPieceWriter> writer;
    KeyFileReader::Ptr file;
    QSet<QByteArray> only;

    KeyPieceWriter::LongPtr longKey; ///< the long key whose parts are being read; null: none
    QByteArray longName;
    qint64 longLine = 0;
    bool skipsLong = false; ///< its outcome is known already, so further parts are skipped
    qint64 expired = 0, keysRead = 0;
    std::optional<qint64> keysTold; ///< number of keys according to the file's last line
};
using ImportRunPtr = std::shared_ptr<ImportRun>;

QByteArray placeOf(qint64 line, const QByteArray &key)
{
    return tr("line %1").arg(line).toUtf8() + (key.isEmpty() ? QByteArray() : ": " + quoted(key));
}

void countOutcome(const ImportRunPtr &run, qint64 line, const QByteArray &key, const KeyWritten &outcome)
{
    switch (outcome.kind) {
    case KeyWritten::Kind::Written: ++run->control->progress.changed; break;
    case KeyWritten::Kind::Exists: run->control->leave(key); break;
    case KeyWritten::Kind::Expired:
        ++run->control->progress.untouched;
        ++run->expired;
        break;
    case KeyWritten::Kind::Failed: run->control->fail(placeOf(line, key), outcome.error); break;
    }
    run->control->tell();
}

/// Ends a long key whose last part is missing.
QCoro::Task<> endLong(ImportRunPtr run)
{
    const KeyPieceWriter::LongPtr writing = std::exchange(run->longKey, nullptr);
    if (!writing)
        co_return;
    const bool wasTold = std::exchange(run->skipsLong, false);
    co_await run->writer->drop(writing);
    if (!wasTold)
        run->control->fail(placeOf(run->longLine, run->longName),
                           {.code = Error::Code::Parse,
                            .detail = tr("the rest of the value is missing: nothing of it was written"),
                            .serverPrefix = {},
                            .node = {},
                            .command = {}});
}

/// Counts the keys that exist already, without writing.
QCoro::Task<> tryPieces(ImportRunPtr run, std::vector<KeyPiece> pieces, std::vector<qint64> lines)
{
    std::vector<QCoro::Task<NodeReply>> asked;
    for (const KeyPiece &piece : pieces) {
        if (!run->session)
            co_return;
        asked.push_back(run->session->browse({"EXISTS"_ba, piece.key}, run->request.database));
    }
    for (size_t i = 0; i < pieces.size(); ++i) {
        const QByteArray key = pieces[i].key;
        const NodeReply there = co_await std::move(asked[i]);
        KeyWritten outcome{.kind = KeyWritten::Kind::Written, .error = {}};
        if (!there.reply)
            outcome = {.kind = KeyWritten::Kind::Failed, .error = there.reply.error()};
        else if (there.reply->toInteger() > 0 && run->request.conflict == OnConflict::Skip)
            outcome.kind = KeyWritten::Kind::Exists;
        else if (there.reply->toInteger() > 0)
            run->control->progress.conflicts.append(key);
        countOutcome(run, lines[i], key, outcome);
    }
}

QCoro::Task<> writePieces(ImportRunPtr run, std::vector<KeyPiece> pieces, std::vector<qint64> lines)
{
    if (pieces.empty())
        co_return;
    if (run->request.dryRun) {
        co_await tryPieces(run, std::move(pieces), std::move(lines));
        co_return;
    }
    QByteArrayList names;
    for (const KeyPiece &piece : pieces)
        names.append(piece.key);
    const std::vector<KeyWritten> outcomes = co_await run->writer->write(std::move(pieces));
    for (size_t i = 0; i < outcomes.size(); ++i)
        countOutcome(run, lines[i], names[qsizetype(i)], outcomes[i]);
}

/// Handles one part of a long key.
QCoro::Task<> takePart(ImportRunPtr run, KeyPiece piece, qint64 line)
{
    const bool isNext = run->longKey && piece.key == run->longName && piece.part > 0;
    const bool isLast = piece.isLast;
    if (!isNext) {
        const bool isAnew = run->longKey && piece.key == run->longName;
        if (!isAnew)
            co_await endLong(run);
        else if (run->skipsLong)
            co_return;
        if (piece.part != 0) {
            run->control->fail(placeOf(line, piece.key),
                               {.code = Error::Code::Parse,
                                .detail = tr("the parts before it are missing: nothing of it was written"),
                                .serverPrefix = {},
                                .node = {},
                                .command = {}});
            co_return;
        }
        if (!isAnew)
            run->longKey = KeyPieceWriter::begin();
        run->longName = piece.key;
        run->longLine = line;
    }
    std::optional<KeyWritten> outcome;
    if (run->request.dryRun && isLast) {
        run->longKey = nullptr;
        std::vector<KeyPiece> one;
        one.push_back(std::move(piece));
        const std::vector<qint64> place(1, run->longLine);
        co_await tryPieces(run, std::move(one), place);
        co_return;
    }
    if (!run->request.dryRun && !run->skipsLong)
        outcome = co_await run->writer->add(run->longKey, std::move(piece));
    if (outcome) {
        countOutcome(run, run->longLine, run->longName, *outcome);
        run->skipsLong = true;
    }
    if (isLast) {
        run->longKey = nullptr;
        run->skipsLong = false;
    }
}

QCoro::Task<> takeLines(ImportRunPtr run, std::vector<KeyFileItem> items)
{
    std::vector<KeyPiece> pieces;
    std::vector<qint64> lines;
    for (KeyFileItem &item : items) {
        if (!item.read) {
            run->control->fail(placeOf(item.line, {}), item.read.error());
            continue;
        }
        if (item.read->kind == KeyLine::Kind::Trailer)
            run->keysTold = item.read->keys;
        if (item.read->kind != KeyLine::Kind::Piece)
            continue;
        KeyPiece &piece = item.read->piece;
        run->keysRead += piece.isLast;
        if (!run->only.isEmpty() && !run->only.contains(piece.key))
            continue;
        if (piece.part == 0 && piece.isLast) {
            if (run->longKey && run->longName == piece.key) { // the file contains the key again, this time complete
                co_await run->writer->drop(std::exchange(run->longKey, nullptr));
                run->skipsLong = false;
            } else {
                co_await endLong(run);
            }
            pieces.push_back(std::move(piece));
            lines.push_back(item.line);
            continue;
        }
        co_await takePart(run, std::move(piece), item.line);
    }
    co_await writePieces(run, std::move(pieces), std::move(lines));
}

/// Runs commands in their order. If the gate or the server refuses one, that is a failure of its line.
QCoro::Task<> runLines(ImportRunPtr run, std::vector<KeyFileItem> items)
{
    for (const KeyFileItem &item : std::as_const(items)) {
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 1);
        if (!goesOn || !run->session)
            co_return;
        if (!item.read) {
            run->control->fail(placeOf(item.line, {}), item.read.error());
            continue;
        }
        KeyWritten outcome{.kind = KeyWritten::Kind::Written, .error = {}};
        if (run->request.dryRun) {
            const GateVerdict verdict = co_await run->session->judge(item.command);
            if (verdict.kind == GateVerdict::Kind::Refuse)
                outcome = {.kind = KeyWritten::Kind::Failed, .error = verdict.error};
        } else {
            const NodeReply told = co_await run->session->executeIn(run->request.database, item.command, run->consent);
            if (!told.reply)
                outcome = {.kind = KeyWritten::Kind::Failed, .error = told.reply.error()};
        }
        countOutcome(run, item.line, {}, outcome);
    }
}

void tellEnd(const ImportRunPtr &run)
{
    BulkProgress &progress = run->control->progress;
    if (run->expired > 0)
        progress.notes.append(tr("keys that had already expired: %1").arg(groupedNumber(run->expired)));
    if (run->file->format() != KeyFileFormat::Lines || run->control->isStopping())
        return;
    const auto complain = [&](const QString &what) {
        run->control->fail(tr("end of the file").toUtf8(),
                           {.code = Error::Code::Parse, .detail = what, .serverPrefix = {}, .node = {}, .command = {}});
    };
    if (!run->keysTold)
        complain(tr("the last line is missing: the file was truncated, or the export was stopped. Everything before it "
                    "was imported"));
    else if (*run->keysTold != run->keysRead)
        complain(tr("the file should contain %1 keys, but %2 were found")
                     .arg(groupedNumber(*run->keysTold), groupedNumber(run->keysRead)));
}

QCoro::Task<Result<BulkProgress>> runImport(ImportRunPtr run)
{
    const QList<Command> sample = KeyPieceWriter::gateSample();
    const Result<> allowed = co_await askGate(run->session, sample, run->consent);
    if (!allowed)
        co_return failure(allowed.error());
    auto file = KeyFileReader::open(run->request.path);
    if (!file)
        co_return failure(file.error());
    run->file = *file;
    run->writer =
        std::make_shared<KeyPieceWriter>(run->session, run->request.database, run->request.conflict, run->consent);
    run->control->begin(-1);
    run->control->progress.bytesTotal = run->file->size();
    bool isThrough = false;
    for (;;) {
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 0);
        if (!goesOn)
            break;
        auto items = co_await KeyFileReader::next(run->file);
        if (!items) {
            run->control->fail(tr("after line %1").arg(run->file->linesRead()).toUtf8(), items.error());
            break;
        }
        isThrough = items->empty();
        if (isThrough)
            break;
        run->control->progress.bytes = run->file->bytesRead();
        if (run->file->format() != KeyFileFormat::Lines) {
            co_await runLines(run, std::move(*items));
            continue;
        }
        const bool maySend = co_await JobControl::mayGoOn(run->control, qsizetype(items->size()));
        if (!maySend)
            break;
        co_await takeLines(run, std::move(*items));
    }
    co_await endLong(run);
    if (isThrough)
        tellEnd(run);
    run->control->progress.total = run->control->progress.handled();
    run->control->finish(isThrough ? BulkProgress::State::Done : BulkProgress::State::Stopped);
    co_return Result<BulkProgress>(run->control->progress);
}

} // namespace

QCoro::Task<Result<BulkProgress>> ImportJob::run(ImportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                                 UserConsent consent)
{
    const auto run = std::make_shared<ImportRun>();
    run->session = m_session;
    run->consent = consent;
    run->control = std::make_shared<JobControl>(std::move(sink), request.perSecond);
    run->only = QSet<QByteArray>(request.onlyKeys.cbegin(), request.onlyKeys.cend());
    run->request = std::move(request);
    m_control = run->control;
    return runImport(run);
}

} // namespace slotscope
