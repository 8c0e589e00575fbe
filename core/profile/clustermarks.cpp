// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/clustermarks.h"

#include "core/profile/settingsfile.h"

#include "core/cluster/samecluster.h"

#include "core/cluster/clusterview.h"

#include <QSettings>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString marksName = u"clusters"_s;

struct KnownCluster
{
    QSet<QByteArray> ids;
    QString name;
    EnvironmentKind environment = EnvironmentKind::None;
    qint64 usedAt = 0;
};

QList<KnownCluster> knownIn(QSettings &settings)
{
    QList<KnownCluster> list;
    const int count = settings.beginReadArray(marksName);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        KnownCluster known{.ids = {},
                           .name = settings.value(u"name"_s).toString(),
                           .environment = environmentNamed(settings.value(u"environment"_s).toString()),
                           .usedAt = settings.value(u"used"_s).toLongLong()};
        const QStringList ids = settings.value(u"nodes"_s).toString().split(u' ', Qt::SkipEmptyParts);
        for (const QString &id : ids)
            known.ids.insert(id.toLatin1());
        list.append(known);
    }
    settings.endArray();
    return list;
}

void writeKnown(QSettings &settings, const QList<KnownCluster> &list)
{
    settings.remove(marksName);
    settings.beginWriteArray(marksName, int(list.size()));
    for (int i = 0; i < list.size(); ++i) {
        const KnownCluster &known = list[i];
        QByteArrayList ids = known.ids.values();
        std::sort(ids.begin(), ids.end());
        settings.setArrayIndex(i);
        settings.setValue(u"nodes"_s, QString::fromLatin1(ids.join(' ')));
        settings.setValue(u"name"_s, known.name);
        settings.setValue(u"environment"_s, environmentName(known.environment));
        settings.setValue(u"used"_s, known.usedAt);
    }
    settings.endArray();
}

} // namespace

ConnectionTarget ClusterMarks::marked(ConnectionTarget target, const QSet<QByteArray> &nodeIds) const
{
    const QList<KnownCluster> all = knownIn(m_settings);
    const auto known = std::find_if(all.cbegin(), all.cend(), [&nodeIds](const KnownCluster &candidate) {
        return isSameCluster(candidate.ids, nodeIds);
    });
    if (known == all.cend())
        return target;
    if (target.name.isEmpty())
        target.name = known->name;
    if (target.environment == EnvironmentKind::None)
        target.environment = known->environment;
    return target;
}

void ClusterMarks::learn(const ConnectionTarget &target, const QSet<QByteArray> &nodeIds, qint64 now)
{
    if (nodeIds.isEmpty())
        return;
    const ConnectionTarget whole = marked(target, nodeIds);
    if (whole.name.isEmpty() && whole.environment == EnvironmentKind::None)
        return;
    const SettingsUpdate update(m_settings);
    QList<KnownCluster> all = knownIn(m_settings);
    all.removeIf([&nodeIds](const KnownCluster &known) { return isSameCluster(known.ids, nodeIds); });
    all.prepend({.ids = nodeIds, .name = whole.name, .environment = whole.environment, .usedAt = now});
    if (all.size() > maximum)
        all.resize(maximum);
    writeKnown(m_settings, all);
}

} // namespace slotscope
