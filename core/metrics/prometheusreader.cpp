// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/prometheusreader.h"

#include "core/base/secrets.h"
#include "core/base/text.h"

#include <QDateTime>
#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QUrlQuery>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 assumedInterval = 60'000, pointsOfAnswer = 100'000, mostCaBytes = 4 * 1024 * 1024;
constexpr size_t mostTargets = 100;
constexpr qsizetype mostNotes = 20;

QByteArray seconds(qint64 ms)
{
    return QByteArray::number(double(ms) / 1000, 'f', 3);
}

Result<QSslConfiguration> sslOf(const PrometheusSource &source)
{
    QSslConfiguration ssl = QSslConfiguration::defaultConfiguration();
    if (source.caFile.isEmpty())
        return ssl;
    QFile file(source.caFile);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, u"%1: %2"_s.arg(source.caFile, file.errorString()));
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(file.read(mostCaBytes), QSsl::Pem);
    if (certificates.isEmpty())
        return failure(Error::Code::InvalidArgument,
                       PrometheusReader::tr("%1 contains no certificate (PEM)").arg(source.caFile));
    ssl.setCaCertificates(certificates);
    return ssl;
}

bool isSendable(const PrometheusSource &source)
{
    const auto isControl = [](char each) { return uchar(each) < 0x20 || each == 0x7f; };
    const QByteArray user = source.user.toUtf8();
    return std::none_of(source.secret.begin(), source.secret.end(), isControl)
        && std::none_of(user.begin(), user.end(), isControl);
}

void authorize(QNetworkRequest &request, const PrometheusSource &source)
{
    if (source.login == PrometheusSource::Login::None)
        return;
    rememberSecret(source.secret);
    if (source.login == PrometheusSource::Login::Token)
        request.setRawHeader("Authorization", "Bearer " + source.secret);
    else
        request.setRawHeader("Authorization", "Basic " + (source.user.toUtf8() + ':' + source.secret).toBase64());
}

Error errorOfNetwork(const QNetworkReply &reply, const QString &sslProblem)
{
    Error error{.code = Error::Code::Unreachable,
                .detail = toDisplay(scrubbed(reply.errorString().toUtf8())),
                .serverPrefix = {},
                .node = {},
                .command = {}};
    if (!sslProblem.isEmpty()) {
        error.detail = PrometheusReader::tr("its certificate is not trusted: %1").arg(sslProblem);
        return error;
    }
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError: error.code = Error::Code::ConnectionRefused; break;
    case QNetworkReply::HostNotFoundError: error.code = Error::Code::HostNotFound; break;
    case QNetworkReply::RemoteHostClosedError: error.code = Error::Code::ConnectionLost; break;
    case QNetworkReply::TimeoutError: error.code = Error::Code::Timeout; break;
    default: break;
    }
    return error;
}

/// Formats "1 min" instead of "1 min 0 s".
QString roundDuration(qint64 ms)
{
    if (ms % 3'600'000 == 0)
        return PrometheusReader::tr("%1 h").arg(ms / 3'600'000);
    return ms % 60'000 == 0 ? PrometheusReader::tr("%1 min").arg(ms / 60'000) : duration(ms);
}

QString intervalWords(qint64 interval, const PrometheusPlan &plan)
{
    return PrometheusReader::tr("Prometheus, every %1 · rates over %2")
        .arg(roundDuration(std::max(interval, plan.step)), roundDuration(plan.rateWindow));
}

/// Selectors for groups of targets, small enough to limit the size of each reply.
QByteArrayList selectorsOf(const std::vector<PrometheusTarget> &targets, const PrometheusPlan &plan)
{
    const qint64 points = std::clamp<qint64>(qint64(plan.points()), 1, PrometheusPlan::mostPoints);
    const size_t atOnce = std::clamp<size_t>(size_t(pointsOfAnswer / points), 1, mostTargets);
    QByteArrayList all;
    for (size_t i = 0; i < targets.size(); i += atOnce)
        all.append(prometheusSelector(
            {targets.begin() + qsizetype(i), targets.begin() + qsizetype(std::min(targets.size(), i + atOnce))}));
    return all;
}

/// Creates a history without figures, with its description and remarks.
std::shared_ptr<MetricsHistory> begun(const PrometheusRequest &request, const PrometheusPlan &plan,
                                      const PrometheusMatch &match, bool isIntervalKnown)
{
    auto history = std::make_shared<MetricsHistory>();
    history->from = request.from;
    history->to = request.to;
    history->step = plan.step;
    history->words = intervalWords(plan.interval, plan);
    if (match.targets.isEmpty())
        history->notes.append(PrometheusReader::tr("Prometheus has no series of these nodes"));
    else if (match.targets.size() < qsizetype(request.nodes.size()))
        history->notes.append(
            PrometheusReader::tr("%1 of %2 nodes").arg(match.targets.size()).arg(request.nodes.size()));
    if (!isIntervalKnown && !match.targets.isEmpty())
        history->notes.append(PrometheusReader::tr("the scrape interval of Prometheus is not known; %1 is assumed")
                                  .arg(duration(plan.interval)));
    return history;
}

} // namespace

PrometheusReader::PrometheusReader(QPointer<ClusterSession>)
{
    m_network.setParent(this);
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

/// Waiting callers get an error, and no longer access this object.
PrometheusReader::~PrometheusReader()
{
    const auto underway = std::exchange(m_underway, {});
    for (auto each = underway.constBegin(); each != underway.constEnd(); ++each) {
        each.key()->disconnect(this);
        each.key()->abort();
        each.value()->complete(failure(Error::Code::Cancelled));
    }
}

void PrometheusReader::setLimits(qint64 mostBytes, int mostMs)
{
    m_mostBytes = mostBytes;
    m_mostMs = mostMs;
}

Awaited<Result<PrometheusReader::Http>> PrometheusReader::send(const PrometheusSource &source, const QString &path,
                                                               const Form &form, bool isPost)
{
    using Answer = Awaited<Result<Http>>;
    const Result<QSslConfiguration> ssl = sslOf(source);
    if (!ssl)
        return Answer::finished(failure(ssl.error()));
    if (!isSendable(source))
        return Answer::finished(
            failure(Error::Code::InvalidArgument,
                    tr("user name, password or token contains a line break or another control character")));
    QUrlQuery query;
    for (const auto &[name, value] : form)
        query.addQueryItem(QString::fromUtf8(name),
                           QString::fromLatin1(QUrl::toPercentEncoding(QString::fromUtf8(value))));
    const QByteArray body = query.toString(QUrl::FullyEncoded).toLatin1();
    QUrl url = source.base;
    url.setPath(url.path() + path);
    if (!isPost && !body.isEmpty())
        url.setQuery(QString::fromLatin1(body), QUrl::StrictMode);
    QNetworkRequest request(url);
    request.setSslConfiguration(*ssl);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (const auto attribute :
         {QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::CookieLoadControlAttribute,
          QNetworkRequest::CookieSaveControlAttribute})
        request.setAttribute(attribute, QNetworkRequest::Manual);
    request.setHeader(QNetworkRequest::UserAgentHeader, u"Slotscope"_s);
    authorize(request, source);
    if (isPost)
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/x-www-form-urlencoded"_s);
    QNetworkReply *reply = isPost ? m_network.post(request, body) : m_network.get(request);
    auto completer = std::make_shared<Answer::Completer>();
    const Answer answer = completer->awaited();
    m_underway.insert(reply, completer);
    reply->setReadBufferSize(m_mostBytes + 1);
    connect(reply, &QNetworkReply::readyRead, this, [this, reply] {
        if (reply->bytesAvailable() > m_mostBytes && reply->isRunning()) {
            reply->setProperty("why", int(Error::Code::LimitExceeded));
            reply->abort();
        }
    });
    connect(reply, &QNetworkReply::sslErrors, this, [reply](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            reply->setProperty("ssl", errors.front().errorString());
    });
    QTimer::singleShot(m_mostMs, reply, [reply] {
        if (!reply->isRunning())
            return;
        reply->setProperty("why", int(Error::Code::Timeout));
        reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply] { finish(reply, m_underway.take(reply)); });
    return answer;
}

void PrometheusReader::finish(QNetworkReply *reply, const std::shared_ptr<Awaited<Result<Http>>::Completer> &completer)
{
    reply->deleteLater();
    if (!completer)
        return;
    const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (reply->bytesAvailable() > m_mostBytes) {
        completer->complete(failure(Error::Code::LimitExceeded));
    } else if (const QVariant why = reply->property("why"); why.isValid()) {
        completer->complete(failure(Error::Code(why.toInt())));
    } else if (status == 0 || reply->error() == QNetworkReply::RemoteHostClosedError) {
        completer->complete(failure(errorOfNetwork(*reply, reply->property("ssl").toString())));
    } else {
        Http http;
        http.status = status;
        http.body = reply->readAll();
        if (status >= 300 && status < 400)
            http.leadsTo = reply->url().resolved(reply->header(QNetworkRequest::LocationHeader).toUrl());
        completer->complete(std::move(http));
    }
}

/// A reply that is not Prometheus': finds out what else it may be.
QCoro::Task<Error> PrometheusReader::whatIsThere(PrometheusSource source, int status)
{
    Error error{.code = Error::Code::Parse, .detail = {}, .serverPrefix = {}, .node = {}, .command = {}};
    error.detail = status == 200
        ? tr("the server at this address is not Prometheus")
        : tr("there is no Prometheus at this address (HTTP %1); the address may need a path").arg(status);
    const auto page = co_await send(source, {}, {}, false);
    if (page && isExporterPage(page->body))
        error.detail =
            tr("this is the page of an exporter; enter the address of the Prometheus server that scrapes it");
    co_return error;
}

/// Uses POST, because a query may be longer than a URL allows; GET if POST is refused.
QCoro::Task<Result<PrometheusAnswer>> PrometheusReader::ask(PrometheusSource source, QString call, Form form)
{
    const QPointer<PrometheusReader> self(this);
    const QString path = u"/api/v1/"_s + call, known = source.base.toString();
    const bool isPost = !m_onlyGet.contains(known);
    auto answer = co_await send(source, path, form, isPost);
    if (answer && self && isPost && answer->status == 405) {
        m_onlyGet.insert(known);
        answer = co_await send(source, path, form, false);
    }
    if (!answer)
        co_return failure(answer.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    const int status = answer->status;
    if (status >= 300 && status < 400)
        co_return failure(
            Error::Code::ServerError,
            tr("the address redirects to %1; no request was sent there. If that is the right address, enter it instead")
                .arg(toDisplay(answer->leadsTo.toString(QUrl::RemoveUserInfo).toUtf8())));
    if (status == 401 || status == 403) {
        if (source.login == PrometheusSource::Login::None)
            co_return failure(Error::Code::AuthRequired,
                              tr("Prometheus requires a user name and password, or a token"));
        co_return failure(Error::Code::WrongPassword,
                          tr("Prometheus refuses this user name and password, or this token"));
    }
    Result<PrometheusAnswer> read = readPrometheus(answer->body);
    if (read || read.error().code != Error::Code::Parse)
        co_return std::move(read);
    const Error error = co_await whatIsThere(source, status);
    co_return failure(error);
}

QCoro::Task<Result<PrometheusAnswer>> PrometheusReader::askRange(PrometheusSource source, QByteArray query,
                                                                 PrometheusPlan plan)
{
    const QPointer<PrometheusReader> self(this);
    PrometheusAnswer all;
    for (const auto &[first, last] : plan.pieces) {
        Form form;
        form.emplace_back("query", query);
        form.emplace_back("start", seconds(first));
        form.emplace_back("end", seconds(last));
        form.emplace_back("step", seconds(plan.step));
        auto answer = co_await ask(source, u"query_range"_s, form);
        if (!answer)
            co_return failure(answer.error());
        if (!self)
            co_return failure(Error::Code::Cancelled);
        std::move(answer->series.begin(), answer->series.end(), std::back_inserter(all.series));
        all.warnings += answer->warnings;
    }
    co_return Result<PrometheusAnswer>(std::move(all));
}

/// Finds out which series belong to which nodes, and how often they are scraped.
QCoro::Task<Result<PrometheusReader::Known>> PrometheusReader::find(PrometheusSource source, PrometheusRequest request)
{
    const QPointer<PrometheusReader> self(this);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    Form form;
    form.emplace_back("match[]", "redis_instance_info");
    form.emplace_back("match[]", "redis_up");
    form.emplace_back("start", seconds(request.from));
    form.emplace_back("end", seconds(now));
    const auto series = co_await ask(source, u"series"_s, form);
    if (!series)
        co_return failure(series.error());
    Known known;
    known.match = matchTargets(series->series, request.nodes);
    if (known.match.targets.isEmpty())
        co_return Result<Known>(std::move(known));
    std::vector<PrometheusTarget> some = known.match.all();
    some.resize(std::min(some.size(), size_t(20)));
    const QByteArray up = "redis_up" + prometheusSelector(some);
    const qint64 to = std::min(request.to, now);
    const std::vector<std::pair<QByteArray, qint64>> looks{{"[5m]", to}, {"[1h]", to}, {"[5m]", now}, {"[1h]", now}};
    for (const auto &[range, at] : looks) {
        Form look;
        look.emplace_back("query", up + range);
        look.emplace_back("time", seconds(at));
        const auto points = co_await ask(source, u"query"_s, look);
        if (!points)
            co_return failure(points.error());
        if (!self)
            co_return failure(Error::Code::Cancelled);
        known.interval = scrapeInterval(points->series);
        if (known.interval)
            break;
    }
    co_return Result<Known>(std::move(known));
}

QCoro::Task<Result<PrometheusFound>> PrometheusReader::test(PrometheusSource source, std::vector<PrometheusNode> nodes)
{
    const QPointer<PrometheusReader> self(this);
    PrometheusFound found;
    PrometheusRequest request;
    request.to = QDateTime::currentMSecsSinceEpoch();
    request.from = request.to - 3'600'000;
    request.nodes = nodes;
    const auto known = co_await find(source, request);
    if (!known)
        co_return failure(known.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    PrometheusMatch match = known->match;
    found.interval = known->interval;
    found.nodes = int(nodes.size());
    found.nodesFound = int(match.targets.size());
    chooseTargets(match, {}, nodes, found.notes);
    const auto build = co_await send(source, u"/api/v1/status/buildinfo"_s, {}, false);
    if (build && build->status == 200)
        found.version = prometheusVersion(build->body);
    co_return Result<PrometheusFound>(std::move(found));
}

QCoro::Task<Result<MetricsHistoryPtr>> PrometheusReader::history(PrometheusSource source, PrometheusRequest request)
{
    const QPointer<PrometheusReader> self(this);
    const auto known = co_await find(source, request);
    if (!known)
        co_return failure(known.error());
    if (!self)
        co_return failure(Error::Code::Cancelled);
    PrometheusMatch match = known->match;
    const PrometheusPlan plan =
        planPrometheus(request.from, request.to, request.pixels, known->interval.value_or(assumedInterval));
    auto history = begun(request, plan, match, known->interval.has_value());
    if (match.targets.isEmpty())
        co_return Result<MetricsHistoryPtr>(std::move(history));
    const auto takeWarnings = [&history](const QStringList &warnings) {
        for (const QString &each : warnings)
            if (!history->notes.contains(each) && history->notes.size() < mostNotes)
                history->notes.append(each);
    };
    std::vector<PrometheusSeries> roles;
    const QByteArrayList before = selectorsOf(match.all(), plan);
    for (const QByteArray &selector : before) {
        auto answer = co_await askRange(source, prometheusRoleQuery(selector), plan);
        if (!answer)
            co_return failure(answer.error());
        if (!self)
            co_return failure(Error::Code::Cancelled);
        std::move(answer->series.begin(), answer->series.end(), std::back_inserter(roles));
        takeWarnings(answer->warnings);
    }
    chooseTargets(match, roles, request.nodes, history->notes);
    HistoryBuilder builder(plan, match);
    builder.addRoles(roles);
    const QByteArrayList chosen = selectorsOf(match.all(), plan);
    for (const Metric metric : request.metrics) {
        for (const QByteArray &selector : chosen) {
            const auto answer = co_await askRange(source, prometheusQuery(metric, selector, plan), plan);
            if (!self)
                co_return failure(Error::Code::Cancelled);
            if (!answer && answer.error().code != Error::Code::ServerError)
                co_return failure(answer.error());
            if (!answer) { // continue, because other metrics may be available
                takeWarnings({QString::fromLatin1(metricName(metric)) + u": "_s + answer.error().detail});
                continue;
            }
            builder.add(metric, answer->series);
            takeWarnings(answer->warnings);
        }
    }
    history->nodes = builder.take();
    co_return Result<MetricsHistoryPtr>(std::move(history));
}

} // namespace slotscope
