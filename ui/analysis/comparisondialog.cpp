// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/comparisondialog.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QLocale>
#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString reportName(const StoredReport &stored)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(stored.startedAt);
    const QString time = QLocale().toString(at.time(), QLocale::ShortFormat);
    QString name = at.date() == QDate::currentDate()
        ? ComparisonDialog::tr("today %1").arg(time)
        : QLocale().toString(at.date(), QLocale::ShortFormat) + u' ' + time;
    if (!stored.scope.isEmpty())
        name += u" · "_s + stored.scope;
    if (stored.isPartial)
        name += u" · "_s + ComparisonDialog::tr("partial");
    return name;
}

ComparisonDialog::ComparisonDialog(const Theme &theme, AnalysisFeed &feed, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_shown(feed.report())
    , m_other(new QComboBox(this))
    , m_note(wrappedLabel(tr("The other report is being read…"), "muted", this))
    , m_table(new TableView(theme, this))
{
    setObjectName(u"comparisonDialog"_s);
    setWindowTitle(tr("Compare reports"));
    resize(860, 560);
    m_other->setAccessibleName(tr("Compare with"));
    for (const StoredReport &stored : feed.stored())
        if (stored.path != feed.path())
            m_other->addItem(reportName(stored), stored.path);
    m_table->setAccessibleName(tr("What changed"));
    m_table->setSource(&m_model);
    using Column = ReportChangesModel::Column;
    dressPageTable(m_table, 26, int(Column::Name),
                   {{int(Column::What), 96},
                    {int(Column::Before), 100},
                    {int(Column::After), 100},
                    {int(Column::Bytes), 110},
                    {int(Column::Keys), 110}});
    m_table->sortByColumn(int(Column::Bytes), Qt::DescendingOrder);
    auto *head = new QHBoxLayout;
    head->addWidget(plainLabel(tr("The current report, compared with"), "muted", this));
    head->addWidget(m_other, 1);
    auto *close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_note, 1);
    foot->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
    connect(m_other, &QComboBox::currentIndexChanged, this, &ComparisonDialog::read);
    read();
}

void ComparisonDialog::read()
{
    const QString path = m_other->currentData().toString();
    if (path.isEmpty() || !m_shown)
        return;
    m_feed.readFor(path, [self = QPointer<ComparisonDialog>(this), path](const Result<AnalysisReportPtr> &other) {
        if (self)
            self->take(path, other);
    });
}

void ComparisonDialog::take(const QString &path, const Result<AnalysisReportPtr> &other)
{
    if (path != m_other->currentData().toString())
        return;
    if (!other) {
        m_model.show({});
        m_note->setText(other.error().detail.isEmpty() ? describe(other.error()) : other.error().detail);
        return;
    }
    const bool isOlder = (*other)->outcome.startedAt <= m_shown->outcome.startedAt;
    const AnalysisReportPtr before = isOlder ? *other : m_shown, after = isOlder ? m_shown : *other;
    whenDone(
        QtConcurrent::run([before, after] { return compared(*before, *after); }), this,
        [this, path, before, after](const QList<ReportChange> &changes) {
            if (path != m_other->currentData().toString())
                return;
            m_model.show(changes);
            const QString apart =
                tr("%1 between the two reports.").arg(duration(after->outcome.startedAt - before->outcome.startedAt));
            const QString unlike = unlikeness(*before, *after);
            m_note->setText(unlike.isEmpty() ? apart : unlike + u' ' + apart);
        });
}

} // namespace slotscope
