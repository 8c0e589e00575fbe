// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/exportjob.h"

#include "core/base/text.h"
#include "core/base/tr.h"
#include "core/transfer/keypiecereader.h"
#include "core/transfer/transferfile.h"

namespace slotscope {

namespace {

constexpr qsizetype keysOfExport = 200; // number of keys per batch

struct ExportRun
{
    QPointer<ClusterSession> session;
    ExportRequest request;
    std::shared_ptr<JobControl> control;
    std::shared_ptr<KeyPieceReader> reader;
    KeyFileWriter::Ptr file;
    qint64 changedWhileRead = 0;
};
using ExportRunPtr = std::shared_ptr<ExportRun>;

QCoro::Task<Result<>> putPieces(ExportRunPtr run, std::vector<KeyPiece> pieces)
{
    if (pieces.empty())
        co_return Result<>();
    const auto written = co_await KeyFileWriter::write(run->file, std::move(pieces));
    if (!written)
        co_return failure(written.error());
    run->control->progress.bytes = *written;
    co_return Result<>();
}

/// Writes a long value part by part. A returned error concerns the file; errors of the key are counted.
QCoro::Task<Result<>> exportLong(ExportRunPtr run, QByteArray key)
{
    const auto reading = co_await run->reader->begin(key);
    Error error;
    if (reading) {
        for (;;) {
            Result<KeyPiece> piece = co_await run->reader->next(*reading);
            if (!piece) {
                error = piece.error();
                break;
            }
            const bool isLast = piece->isLast;
            run->changedWhileRead += piece->changed;
            std::vector<KeyPiece> one;
            one.push_back(std::move(*piece));
            const Result<> put = co_await putPieces(run, std::move(one));
            if (!put)
                co_return put;
            run->control->tell();
            if (isLast) {
                ++run->control->progress.changed;
                co_return Result<>();
            }
        }
    } else {
        error = reading.error();
    }
    if (error.code == Error::Code::Outdated)
        ++run->control->progress.untouched;
    else
        run->control->fail(key, error);
    co_return Result<>();
}

QCoro::Task<Result<>> exportKeys(ExportRunPtr run, QByteArrayList keys)
{
    auto reads = co_await run->reader->read(keys);
    if (!reads)
        co_return failure(reads.error());
    std::vector<KeyPiece> pieces;
    QByteArrayList longKeys;
    qint64 whole = 0;
    for (size_t i = 0; i < reads->size(); ++i) {
        KeyRead &read = (*reads)[i];
        switch (read.kind) {
        case KeyRead::Kind::Whole:
            pieces.push_back(std::move(read.piece));
            ++whole;
            break;
        case KeyRead::Kind::Long: longKeys.append(keys[qsizetype(i)]); break;
        case KeyRead::Kind::Gone: ++run->control->progress.untouched; break;
        case KeyRead::Kind::Failed: run->control->fail(keys[qsizetype(i)], read.error); break;
        }
    }
    const Result<> put = co_await putPieces(run, std::move(pieces));
    if (!put)
        co_return put;
    run->control->progress.changed += whole;
    for (const QByteArray &key : std::as_const(longKeys)) {
        const bool goesOn = co_await JobControl::mayGoOn(run->control, 0);
        if (!goesOn)
            co_return Result<>();
        const Result<> done = co_await exportLong(run, key);
        if (!done)
            co_return done;
    }
    run->control->tell();
    co_return Result<>();
}

QCoro::Task<Result<BulkProgress>> runExport(ExportRunPtr run)
{
    auto file = KeyFileWriter::open(run->request.path, run->request.format);
    if (!file)
        co_return failure(file.error());
    run->file = *file;
    run->reader = std::make_shared<KeyPieceReader>(run->session, run->request.database, KeyPieceReader::Form::Value);
    run->control->begin(run->request.keys.size());
    for (qsizetype first = 0; first < run->request.keys.size(); first += keysOfExport) {
        const QByteArrayList part = run->request.keys.mid(first, keysOfExport);
        const bool goesOn = co_await JobControl::mayGoOn(run->control, part.size());
        if (!goesOn)
            break;
        const Result<> done = co_await exportKeys(run, part);
        if (!done)
            co_return failure(done.error());
    }
    BulkProgress &progress = run->control->progress;
    const bool isDone = progress.handled() == progress.total;
    std::optional<qint64> written;
    if (isDone)
        written = progress.changed;
    const Result<> closed = co_await KeyFileWriter::finish(run->file, written);
    if (!closed)
        co_return failure(closed.error());
    if (run->changedWhileRead > 0)
        progress.notes.append(
            tr("long values that changed while they were read, so the file holds a mix of versions: %1")
                .arg(groupedNumber(run->changedWhileRead)));
    run->control->finish(isDone ? BulkProgress::State::Done : BulkProgress::State::Stopped);
    co_return Result<BulkProgress>(progress);
}

} // namespace

QCoro::Task<Result<BulkProgress>> ExportJob::run(ExportRequest request, std::shared_ptr<BatchSink<BulkProgress>> sink,
                                                 UserConsent /*consent*/)
{
    const auto run = std::make_shared<ExportRun>();
    run->session = m_session;
    run->control = std::make_shared<JobControl>(std::move(sink), request.perSecond);
    run->request = std::move(request);
    m_control = run->control;
    return runExport(run);
}

} // namespace slotscope
