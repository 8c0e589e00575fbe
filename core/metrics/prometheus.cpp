// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/prometheus.h"

#include "core/base/secrets.h"
#include "core/base/text.h"
#include "core/base/tr.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

#include <map>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostWarnings = 5, longestWords = 300;

QString shownWords(const QString &text)
{
    const QString shown = toDisplay(scrubbed(text.toUtf8()));
    return shown.size() > longestWords ? shown.left(longestWords) + u'…' : shown;
}

void addPoint(PrometheusSeries &series, const QJsonArray &point)
{
    bool ok = false;
    const double value = point.at(1).toString().toDouble(&ok);
    const double at = point.at(0).toDouble(-1);
    if (ok && qIsFinite(value) && at >= 0 && at < 1e11)
        series.points.emplace_back(qRound64(at * 1000), value);
}

PrometheusLabels labelsOf(const QJsonObject &json)
{
    PrometheusLabels labels;
    for (auto each = json.constBegin(); each != json.constEnd(); ++each)
        labels.insert(each.key().toUtf8(), each->toString().toUtf8());
    return labels;
}

/// Reduces "redis://user:secret@host:6379/0" to "host:6379".
QString plainAddress(const QByteArray &label)
{
    QString address = QString::fromUtf8(label);
    if (const qsizetype scheme = address.indexOf(u"://"_s); scheme >= 0)
        address.remove(0, scheme + 3);
    address = address.section(u'/', 0, 0);
    return address.mid(address.lastIndexOf(u'@') + 1);
}

} // namespace

Result<QUrl> prometheusBase(const QString &typed)
{
    QString text = typed.trimmed();
    if (text.isEmpty())
        return failure(Error::Code::InvalidArgument, tr("no address was given"));
    if (!text.contains(u"://"_s))
        text.prepend(u"http://"_s);
    QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return failure(Error::Code::InvalidArgument, tr("this is not a server address: %1").arg(shownWords(typed)));
    if (url.scheme() != u"http"_s && url.scheme() != u"https"_s)
        return failure(Error::Code::InvalidArgument, tr("The address of Prometheus must begin with http or https"));
    if (!url.userInfo().isEmpty())
        return failure(Error::Code::InvalidArgument,
                       tr("enter the user name and password in the fields below the address"));
    url.setQuery(QString());
    url.setFragment(QString());
    QString path = url.path();
    static const QRegularExpression pages(u"(^|/)(api(/v1(/.*)?)?|graph|query)/*$"_s);
    path.remove(pages);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path);
    return url;
}

Result<PrometheusAnswer> readPrometheus(const QByteArray &body)
{
    const QJsonObject json = QJsonDocument::fromJson(body).object();
    const QString status = json.value("status"_L1).toString();
    if (status == u"error"_s)
        return failure(Error::Code::ServerError,
                       tr("Prometheus: %1").arg(shownWords(json.value("error"_L1).toString())));
    if (status != u"success"_s)
        return failure(Error::Code::Parse, tr("this is not a reply of Prometheus"));
    PrometheusAnswer answer;
    const QJsonArray warnings = json.value("warnings"_L1).toArray();
    for (const QJsonValue &each : warnings)
        if (answer.warnings.size() < mostWarnings)
            answer.warnings.append(shownWords(each.toString()));
    const QJsonValue data = json.value("data"_L1);
    if (data.isArray()) {
        const QJsonArray all = data.toArray();
        for (const QJsonValue &each : all)
            answer.series.push_back({labelsOf(each.toObject()), {}});
        return answer;
    }
    if (!data.toObject().value("result"_L1).isArray())
        return failure(Error::Code::Parse, tr("Prometheus replied without a result"));
    const QJsonArray result = data.toObject().value("result"_L1).toArray();
    for (const QJsonValue &each : result) {
        const QJsonObject object = each.toObject();
        PrometheusSeries series{labelsOf(object.value("metric"_L1).toObject()), {}};
        const QJsonArray values = object.value("values"_L1).toArray();
        for (const QJsonValue &point : values)
            addPoint(series, point.toArray());
        if (object.contains("value"_L1))
            addPoint(series, object.value("value"_L1).toArray());
        answer.series.push_back(std::move(series));
    }
    return answer;
}

QString prometheusVersion(const QByteArray &body)
{
    return shownWords(
        QJsonDocument::fromJson(body).object().value("data"_L1).toObject().value("version"_L1).toString());
}

bool isExporterPage(QByteArrayView body)
{
    const QByteArray start = body.first(std::min<qsizetype>(body.size(), 2000)).trimmed().toByteArray();
    if (start.startsWith("# HELP ") || start.startsWith("# TYPE "))
        return true;
    return start.startsWith('<') && start.toLower().contains("exporter") && start.contains("/metrics");
}

PrometheusTarget PrometheusTarget::of(const PrometheusLabels &labels)
{
    return {labels.value("job"), labels.value("instance"), labels.value("addr")};
}

std::vector<PrometheusNode> prometheusNodesOf(const ClusterView &view)
{
    std::vector<PrometheusNode> nodes;
    for (const NodeState &node : view.nodes) {
        if (node.id.isEmpty())
            continue;
        PrometheusNode made{.id = node.id,
                            .runId = node.info ? node.info->runId : QByteArray(),
                            .name = node.name,
                            .addresses = {node.name}};
        const auto add = [&made](const QString &host, quint16 port) {
            if (!host.isEmpty() && port != 0)
                made.addresses.append((host.contains(u':') ? u'[' + host + u']' : host) + u':' + QString::number(port));
        };
        add(node.address.host, node.address.port);
        add(node.address.hostname, node.address.port);
        if (!node.reach.address.isEmpty())
            made.addresses.append(node.reach.address);
        made.addresses.removeDuplicates();
        nodes.push_back(std::move(made));
    }
    return nodes;
}

std::vector<PrometheusTarget> PrometheusMatch::all() const
{
    std::vector<PrometheusTarget> all;
    for (const auto &each : targets)
        all.insert(all.end(), each.begin(), each.end());
    std::sort(all.begin(), all.end());
    return all;
}

PrometheusMatch matchTargets(const std::vector<PrometheusSeries> &series, const std::vector<PrometheusNode> &nodes)
{
    struct Told
    {
        QSet<QByteArray> runIds;
        QSet<QString> addresses;
    };
    std::map<PrometheusTarget, Told> targets;
    for (const PrometheusSeries &each : series) {
        Told &told = targets[PrometheusTarget::of(each.labels)];
        if (const QByteArray runId = each.labels.value("run_id"); !runId.isEmpty())
            told.runIds.insert(runId);
        for (const char *label : {"addr", "instance", "target"})
            if (each.labels.contains(label))
                told.addresses.insert(plainAddress(each.labels.value(label)));
    }
    PrometheusMatch match;
    for (const auto &[target, told] : targets) {
        for (const PrometheusNode &node : nodes) {
            const bool byRunId = !told.runIds.isEmpty() && !node.runId.isEmpty();
            const bool isIt = byRunId
                ? told.runIds.contains(node.runId)
                : std::any_of(node.addresses.begin(), node.addresses.end(),
                              [&told](const QString &each) { return told.addresses.contains(each); });
            if (!isIt)
                continue;
            match.targets[node.id].push_back(target);
            break;
        }
    }
    return match;
}

void chooseTargets(PrometheusMatch &match, const std::vector<PrometheusSeries> &roles,
                   const std::vector<PrometheusNode> &nodes, QStringList &notes)
{
    std::map<PrometheusTarget, size_t> points;
    for (const PrometheusSeries &each : roles)
        points[PrometheusTarget::of(each.labels)] += each.points.size();
    for (const PrometheusNode &node : nodes) {
        const auto found = match.targets.find(node.id);
        if (found == match.targets.end())
            continue;
        std::vector<PrometheusTarget> &all = *found;
        std::stable_sort(all.begin(), all.end(), [&points](const PrometheusTarget &a, const PrometheusTarget &b) {
            return points[a] != points[b] ? points[a] > points[b] : a < b;
        });
        if (all.size() < 2)
            continue;
        const bool sameJob = all[0].job == all[1].job;
        const QString used = toDisplay(sameJob ? all[0].instance : all[0].job);
        if (all.size() == 2)
            notes.append(sameJob ? tr("two series match %1; the one with instance %2 is used").arg(node.name, used)
                                 : tr("two series match %1; the one with job %2 is used").arg(node.name, used));
        else
            notes.append(tr("%1 series match %2; the one with job %3 is used")
                             .arg(QString::number(all.size()), node.name, toDisplay(all[0].job)));
        all.resize(1);
    }
}

} // namespace slotscope
