// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/tr.h"
#include "core/operations/run/rdbstream.h"
#include "core/operations/run/steps.h"

#include "core/base/errortext.h"
#include "core/base/ownfiles.h"
#include "core/base/text.h"
#include "core/cluster/viewjson.h"

#include <QCoro/QCoroTimer>
#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int reportMs = 200;

struct Piece
{
    NodeRef node;
    QString file;
    std::shared_ptr<RdbStream> stream;
    Result<RdbStream::Outcome> outcome = failure(Error::Code::Cancelled);
    bool over = false;
};

QCoro::Task<> fetch(std::shared_ptr<Piece> piece)
{
    piece->outcome = co_await piece->stream->fetch();
    piece->over = true;
}

/// Returns "127.0.0.1-7001-3f2a9c01.rdb", or "127.0.0.1-7001.rdb" for a server without an id.
QString fileName(const NodeRef &node)
{
    QString name = node.address;
    name.replace(u':', u'-').remove(u'[').remove(u']').replace(u'/', u'_');
    if (node.id == node.address.toUtf8())
        return name + u".rdb"_s;
    return name + u'-' + QString::fromLatin1(node.id.left(8)) + u".rdb"_s;
}

QJsonObject manifestOf(const RunContext &context, const std::vector<std::shared_ptr<Piece>> &pieces, qint64 begun)
{
    QJsonArray files;
    for (const auto &piece : pieces) {
        const NodeState *node = context.session->view()->node(piece->node.id);
        files.append(QJsonObject{{u"file"_s, piece->file},
                                 {u"node"_s, QString::fromLatin1(piece->node.id)},
                                 {u"address"_s, piece->node.address},
                                 {u"slots"_s, node ? node->slots.toString() : QString()},
                                 {u"bytes"_s, piece->outcome->bytes},
                                 {u"sha256"_s, QString::fromLatin1(piece->outcome->sha256)},
                                 {u"crc64"_s, piece->outcome->checksum ? u"right"_s : u"none"_s},
                                 {u"format"_s, QString::fromLatin1(piece->outcome->header)}});
    }
    return {{u"begun"_s, QDateTime::fromMSecsSinceEpoch(begun, Qt::UTC).toString(Qt::ISODateWithMs)},
            {u"ended"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
            {u"by"_s, u"slotscope " SLOTSCOPE_VERSION ""_s},
            {u"files"_s, files},
            {u"topology"_s, toJson(*context.session->view())}};
}

void report(RunContext &context, const std::vector<std::shared_ptr<Piece>> &pieces)
{
    qint64 bytes = 0;
    qsizetype over = 0;
    QStringList waiting;
    for (const auto &piece : pieces) {
        bytes += piece->stream->received();
        over += piece->over ? 1 : 0;
        if (!piece->over && piece->stream->received() == 0)
            waiting.append(piece->node.address);
    }
    context.state.progress.bytesDone = bytes;
    context.note(tr("%1 of %2 nodes, %3").arg(over).arg(pieces.size()).arg(byteSize(bytes)));
    context.waitFor(waiting.isEmpty() ? QString() : tr("%1 to write its snapshot").arg(waiting.join(u", "_s)));
}

} // namespace

QCoro::Task<Result<>> backUp(std::shared_ptr<RunContext> context, PlanStep step)
{
    const qint64 begun = QDateTime::currentMSecsSinceEpoch();
    const QDir folder(step.folder);
    if (const auto made = makeFolders(folder.absolutePath()); !made)
        co_return failure(made.error());
    if (folder.exists(u"manifest.json"_s))
        co_return failure(Error::Code::Io, tr("%1 already contains a backup").arg(step.folder));
    context->state.progress = {};
    std::vector<std::shared_ptr<Piece>> pieces;
    std::vector<QCoro::Task<>> tasks;
    const QList<NodeRef> nodes = step.nodes;
    for (const NodeRef &node : nodes) {
        const auto link = co_await RunContext::link(context, node);
        if (!link)
            co_return failure(link.error());
        auto piece = std::make_shared<Piece>();
        piece->node = node;
        piece->file = fileName(node);
        QFile::remove(folder.filePath(piece->file) + u".part"_s); // left behind by an interrupted run
        piece->stream = std::make_shared<RdbStream>((*link)->options(), folder.filePath(piece->file));
        pieces.push_back(piece);
    }
    // start only now that all connections are open, so that all snapshots begin at the same time
    for (const auto &piece : pieces)
        tasks.push_back(fetch(piece));
    const auto running = [&pieces] {
        return std::any_of(pieces.begin(), pieces.end(), [](const auto &piece) { return !piece->over; });
    };
    while (running() && !context->abandoned && !context->stopping) {
        report(*context, pieces);
        co_await QCoro::sleepFor(std::chrono::milliseconds(reportMs));
    }
    if (running()) {
        for (const auto &piece : pieces)
            piece->stream.reset(); // aborts the transfer and removes the incomplete file
        co_return failure(Error::Code::Cancelled);
    }
    report(*context, pieces);
    context->waitFor({});
    for (const auto &piece : pieces) {
        if (!piece->outcome) {
            Error error = piece->outcome.error();
            if (error.node.isEmpty())
                error.node = piece->node.address;
            co_return failure(std::move(error));
        }
        const QString checksum = piece->outcome->checksum
            ? tr("its checksum is correct")
            : tr("it has no checksum (the server is set to rdbchecksum no)");
        context->log(tr("%1: %2 in %3, %4, SHA-256 %5")
                         .arg(piece->node.address, byteSize(piece->outcome->bytes), piece->file, checksum,
                              QString::fromLatin1(piece->outcome->sha256.left(16)) + u'…'));
    }
    const auto looked = co_await RunContext::look(context);
    if (!looked)
        co_return failure(looked.error());
    const QJsonObject manifest = manifestOf(*context, pieces, begun);
    co_return replaceFile(folder.filePath(u"manifest.json"_s), QJsonDocument(manifest).toJson());
}

} // namespace slotscope
