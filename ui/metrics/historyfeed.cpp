// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/historyfeed.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/whendone.h"
#include "ui/shared/placekey.h"
#include "ui/shared/pagecontext.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// in ms: delay of the next attempt after a failure, or if not all nodes were found
constexpr qint64 againAfter = 30'000;
const QString sourcesKey = u"metrics/sources"_s;

QStringList keptForm(const PrometheusSource &source)
{
    return {source.base.toString(), QString::number(int(source.login)), source.user, source.caFile};
}

PrometheusSource sourceOfKept(const QStringList &kept)
{
    PrometheusSource source;
    if (const auto base = prometheusBase(kept.value(0)))
        source.base = *base;
    source.login = PrometheusSource::Login(std::clamp(kept.value(1).toInt(), 0, 2));
    source.user = kept.value(2);
    source.caFile = kept.value(3);
    return source;
}

} // namespace

HistoryFeed::HistoryFeed(PageContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    connect(&context, &PageContext::connectionChanged, this, &HistoryFeed::takePlace);
}

HistoryFeed::~HistoryFeed() = default;

void HistoryFeed::setBook(std::shared_ptr<MetricsBook> book)
{
    m_book = std::move(book);
    m_reader.reset();
    if (SessionDoor *door = m_context.door(); door && m_book)
        m_reader = std::make_unique<Remote<PrometheusReader>>(*door);
    forget();
    takePlace();
}

void HistoryFeed::forget()
{
    ++m_generation;
    m_isAsking = false;
    m_got = {};
    m_askedAt = 0;
    m_problem.clear();
    if (m_book)
        m_book->setHistory(nullptr);
}

void HistoryFeed::takePlace()
{
    const QString place = placeKey(m_context.target());
    if (place == m_place)
        return;
    m_place = place;
    m_source = sourceOfKept(m_kept.value(place).toStringList());
    forget();
}

void HistoryFeed::setSource(const PrometheusSource &source)
{
    m_source = source;
    if (m_source.base.isEmpty())
        m_kept.remove(m_place);
    else
        m_kept[m_place] = keptForm(source);
    forget();
    Q_EMIT changed();
}

QFuture<Result<PrometheusFound>> HistoryFeed::test(const PrometheusSource &source)
{
    std::vector<PrometheusNode> nodes;
    if (m_context.view())
        nodes = prometheusNodesOf(*m_context.view());
    if (!m_reader)
        return QtFuture::makeReadyFuture(Result<PrometheusFound>(failure(Error::Code::Cancelled)));
    return m_reader->call<PrometheusFound>(
        [source, nodes = std::move(nodes)](PrometheusReader &reader) { return reader.test(source, nodes); });
}

bool HistoryFeed::covers(const PrometheusRequest &request) const
{
    if (m_got.to == 0 || m_got.from > request.from || m_got.to < request.to)
        return false;
    if (metricStep(m_got.to - m_got.from, m_got.pixels) > metricStep(request.to - request.from, request.pixels))
        return false; // the history in the book is for a longer range and therefore coarser
    return std::all_of(request.metrics.begin(), request.metrics.end(), [this](Metric metric) {
        return std::find(m_got.metrics.begin(), m_got.metrics.end(), metric) != m_got.metrics.end();
    });
}

void HistoryFeed::want(const MetricsQuery &query, qint64 recordedFrom)
{
    if (m_source.base.isEmpty() || m_isAsking || !m_reader || recordedFrom == 0 || query.from >= recordedFrom)
        return;
    if (!m_context.view())
        return;
    PrometheusRequest request;
    request.from = query.from;
    request.to = std::min(query.to, recordedFrom + 2000);
    request.metrics = query.metrics;
    // the step is that of the whole window, so the part before the record gets only its share of the pixels
    request.pixels = int(std::max<qint64>(1, query.points * (request.to - request.from) / (query.to - query.from)));
    const qint64 now = steadyMs();
    const bool isDue = m_askedAt == 0 || now - m_askedAt > againAfter;
    const bool isOpen = !m_problem.isEmpty() || m_isPartial;
    if (covers(request) ? !(isOpen && isDue) : !m_problem.isEmpty() && !isDue)
        return;
    request.nodes = prometheusNodesOf(*m_context.view());
    m_isAsking = true;
    m_askedAt = now;
    whenDone(m_reader->call<MetricsHistoryPtr>(
                 [source = m_source, request](PrometheusReader &reader) { return reader.history(source, request); }),
             this, [this, request, generation = m_generation](const Result<MetricsHistoryPtr> &history) {
                 if (generation == m_generation)
                     take(request, history);
             });
}

void HistoryFeed::take(const PrometheusRequest &request, const Result<MetricsHistoryPtr> &history)
{
    m_isAsking = false;
    if (history) {
        m_got = request;
        m_isPartial = (*history)->nodes.size() < qsizetype(request.nodes.size());
        m_problem = (*history)->nodes.isEmpty() ? (*history)->notes.value(0, tr("no data for this time")) : QString();
        if (m_book)
            m_book->setHistory(*history);
    } else {
        m_problem = history.error().detail.isEmpty() ? describe(history.error()) : history.error().detail;
    }
    Q_EMIT changed();
}

void HistoryFeed::save(QSettings &settings) const
{
    if (m_kept.contains(m_place))
        settings.setValue(sourcesKey + u'/' + m_place, m_kept.value(m_place));
    else if (!m_place.isEmpty())
        settings.remove(sourcesKey + u'/' + m_place);
}

void HistoryFeed::restore(const QSettings &settings)
{
    m_kept.clear();
    const QStringList all = settings.allKeys();
    for (const QString &key : all)
        if (key.startsWith(sourcesKey + u'/'))
            m_kept.insert(key.mid(sourcesKey.size() + 1), settings.value(key));
    m_place.clear();
    takePlace();
}

} // namespace slotscope
