// SPDX-License-Identifier: GPL-3.0-or-later
// The doing half of AnalysisPage: what its cards show of the report, and where they lead.
#include "ui/analysis/analysispage.h"

#include "core/analysis/reportexport.h"
#include "core/analysis/reportjson.h"
#include "core/base/text.h"
#include "core/keys/keyfilter.h"
#include "ui/analysis/analysisdialog.h"
#include "ui/analysis/analysisfindings.h"
#include "ui/analysis/comparisondialog.h"
#include "ui/analysis/namespacemap.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QFileDialog>
#include <QJsonDocument>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
void AnalysisPage::askToAnalyse()
{
    if (m_feed.isRunning() || !context().door())
        return;
    auto *dialog = new AnalysisDialog(m_last, m_view, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_last = dialog->request();
        m_feed.start(m_last);
    });
    dialog->open();
}

void AnalysisPage::askForFiles()
{
    auto *dialog = new QFileDialog(this, tr("RDB files, one per shard"), {}, tr("RDB files (*.rdb);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, &m_feed, &AnalysisFeed::startFiles);
    dialog->open();
}

void AnalysisPage::showNamespace(int index)
{
    const AnalysisReportPtr &report = m_feed.report();
    m_within = report && index > 0 && index < report->namespaces.size() ? index : 0;
    updateMap();
    updateKeys();
}

bool AnalysisPage::closeDetail()
{
    const AnalysisReportPtr &report = m_feed.report();
    if (!report || m_within <= 0)
        return false;
    const int left = m_within;
    showNamespace(report->namespaces[m_within].parent);
    for (int part = 0; part < m_parts.parts().size(); ++part)
        if (m_parts.parts()[part].index == left)
            m_map->setCurrent(part);
    return true;
}

void AnalysisPage::openPart(int part)
{
    if (part < 0 || part >= m_parts.parts().size())
        return;
    const NamespacePart &chosen = m_parts.parts()[part];
    if (chosen.kind == NamespacePart::Kind::Below)
        showNamespace(chosen.index);
}

void AnalysisPage::updateMap()
{
    const AnalysisReportPtr &report = m_feed.report();
    m_parts.show(report, m_within);
    m_map->show(m_parts.parts());
    if (!report || report->namespaces.isEmpty())
        return;
    const ReportNamespace &within = report->namespaces[m_within];
    const QString estimated = report->sampled.keys > 0 ? u"≈ "_s : QString();
    m_mapNote->setText(m_within == 0 ? tr("%1%2 in keys").arg(estimated, byteSize(within.sum.bytes))
                                     : tr("%1 · %2%3 · %4 keys")
                                           .arg(toDisplay(within.name), estimated, byteSize(within.sum.bytes),
                                                groupedNumber(within.sum.keys)));
    QString off;
    if (report->sampleError >= 0)
        off = tr("%1 of it in %2 keys whose size was estimated from a few elements. A second look at the biggest of "
                 "them, with more elements, differed by %3 % (%4 keys).")
                  .arg(byteSize(report->sampled.bytes), groupedNumber(report->sampled.keys))
                  .arg(report->sampleError * 100, 0, 'f', 1)
                  .arg(report->samplesChecked);
    m_mapNote->setToolTip(off);
    m_up->setVisible(m_within != 0);
}

void AnalysisPage::updateKeys()
{
    const AnalysisReportPtr &report = m_feed.report();
    const auto by = BigKeysModel::By(m_keysBy->current());
    m_keys.show(report, by, m_within);
    m_keysTable->sortByColumn(
        int(by == BigKeysModel::By::Memory ? BigKeysModel::Column::Memory : BigKeysModel::Column::Length),
        Qt::DescendingOrder);
    m_hotKeys->setVisible(by == BigKeysModel::By::Frequency);
    if (!report)
        return;
    if (m_within != 0)
        m_keysNote->setText(tr("in %1").arg(toDisplay(report->namespaces[m_within].name)));
    else if (by == BigKeysModel::By::Frequency)
        m_keysNote->setText(report->hottest.isEmpty()
                                ? tr("only with an LFU policy (OBJECT FREQ)")
                                : tr("OBJECT FREQ: logarithmic, 0 to 255, without a fixed interval"));
    else
        m_keysNote->setText(tr("%1 kept per type").arg(AnalysisReport::mostKeys));
}

QString AnalysisPage::whyNoActs() const
{
    const AnalysisReportPtr &report = m_feed.report();
    return report && report->scope.samples == AnalysisScope::ofAFile
        ? tr("This report was made from RDB files: it is not known whether these keys are in the connected cluster.")
        : QString();
}

void AnalysisPage::openKey(const QByteArray &key)
{
    if (whyNoActs().isEmpty())
        context().goTo({.page = u"browser"_s, .key = key, .database = m_feed.report()->scope.database});
}

void AnalysisPage::browse(const QByteArray &pattern, const QString &how)
{
    context().goTo({.page = u"browser"_s,
                    .key = pattern,
                    .database = m_feed.report()->scope.database,
                    .part = how.isEmpty() ? u"pattern"_s : how});
}

void AnalysisPage::act(const AnalysisFinding &finding)
{
    if (!m_feed.report() || !whyNoActs().isEmpty())
        return;
    switch (finding.act) {
    case AnalysisFinding::Act::OpenKey: openKey(finding.name); break;
    case AnalysisFinding::Act::Expire:
        browse(globEscaped(finding.name) + '*',
               context().isReadOnly() ? u"pattern-without-ttl"_s : u"pattern-expire"_s);
        break;
    case AnalysisFinding::Act::Browse: // sort by memory, so that the largest keys come first
        if (finding.kind == AnalysisFinding::Kind::LoadedTag)
            browse("*{" + globEscaped(finding.name) + "}*", u"pattern-by-memory"_s);
        else
            browse(globEscaped(finding.name) + '*', u"pattern-by-memory-strings"_s);
        break;
    case AnalysisFinding::Act::HotKeys: context().goTo({.page = u"profiler"_s, .part = u"hotkeys"_s}); break;
    case AnalysisFinding::Act::Setting:
        context().goTo({.page = u"config"_s, .setting = "hash-max-listpack-entries"_ba});
        break;
    case AnalysisFinding::Act::Rebalance: {
        OperationDraft draft;
        draft.operation = Operation::Rebalance;
        draft.balance = RebalanceRequest::By::Memory; // the finding is about memory
        Q_EMIT operationRequested(draft);
        break;
    }
    case AnalysisFinding::Act::None: break;
    }
}

void AnalysisPage::fillNamespaceMenu(QMenu *menu, int part)
{
    const AnalysisReportPtr &report = m_feed.report();
    if (!report || part < 0 || part >= m_parts.parts().size())
        return;
    const NamespacePart &chosen = m_parts.parts()[part];
    if (chosen.kind != NamespacePart::Kind::Below)
        return;
    const QByteArray pattern = globEscaped(report->namespaces[chosen.index].name) + '*';
    menu->addAction(tr("Open"), this, [this, index = chosen.index] { showNamespace(index); });
    const QString whyNot = whyNoActs();
    menu->setToolTipsVisible(true);
    const auto leading = [&](QAction *action) {
        action->setEnabled(whyNot.isEmpty());
        action->setToolTip(whyNot);
    };
    leading(menu->addAction(tr("Show its keys in the browser"), this, [this, pattern] { browse(pattern); }));
    leading(menu->addAction(tr("Show its keys without a TTL…"), this,
                            [this, pattern] { browse(pattern, u"pattern-without-ttl"_s); }));
    if (!whyNot.isEmpty())
        return;
    QAction *again = menu->addAction(tr("Analyse only this namespace…"), this, [this, pattern] {
        m_last.scan.pattern = pattern;
        askToAnalyse();
        m_last.scan.pattern.clear();
    });
    again->setEnabled(m_start->isEnabled());
}

void AnalysisPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    const AnalysisReportPtr report = m_feed.report();
    if (!report)
        return;
    const QString name = u"slotscope-analysis-"_s
        + QDateTime::fromMSecsSinceEpoch(report->outcome.startedAt).toString(u"yyyyMMdd-HHmm"_s);
    const auto add = [&](const QString &title, const QString &suffix, auto make) {
        menu->addAction(title, this, [this, report, name, suffix, make] {
            saveMade(this, name, suffix, [report, make] { return make(*report); });
        });
    };
    add(tr("HTML page…"), u"html"_s, [](const AnalysisReport &made) { return reportHtml(made); });
    add(tr("CSV…"), u"csv"_s, [](const AnalysisReport &made) { return reportCsv(made); });
    add(tr("JSON…"), u"json"_s, [](const AnalysisReport &made) { return QJsonDocument(reportToJson(made)).toJson(); });
}

void AnalysisPage::compare()
{
    if (!m_feed.report())
        return;
    auto *dialog = new ComparisonDialog(m_theme, m_feed, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void AnalysisPage::removeReport()
{
    const QString path = m_feed.path();
    fillReports(); // the combo box shows the report again, not the chosen action
    if (path.isEmpty())
        return;
    auto *box = new QMessageBox(QMessageBox::Question, tr("Delete report"),
                                tr("Delete this report? The keys of the cluster are not changed."),
                                QMessageBox::NoButton, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *go = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    box->addButton(QMessageBox::Cancel);
    connect(go, &QPushButton::clicked, this, [this, path] { m_feed.remove(path); });
    box->open();
}

} // namespace slotscope
