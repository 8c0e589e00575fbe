// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/analysis/analysispage.h"

#include "core/analysis/reportexport.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "ui/analysis/analysisfindings.h"
#include "ui/analysis/comparisondialog.h"
#include "ui/analysis/namespacemap.h"
#include "ui/analysis/sizescard.h"
#include "ui/analysis/slotscard.h"
#include "ui/analysis/ttlhistogram.h"
#include "ui/analysis/typescard.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QProgressBar>
#include <QPushButton>
#include <QResizeEvent>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int hotBelowWidth = 1080; // below this page width the hottest slots are placed below the recommendations
constexpr int tallWhenNarrow = 980; // height of the cards in a narrow page, which then scrolls
constexpr int barsOf = 1000; // the progress bar counts thousandths

} // namespace

AnalysisPage::AnalysisPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_theme(context.theme()), m_feed(context)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(makeStrip());
    layout->addWidget(makeNotice());
    layout->addWidget(makeCards(), 1);
    connectParts();
    connectMap();
    showReport();
}

AnalysisPage::~AnalysisPage() = default;

void AnalysisPage::connectParts()
{
    connect(&m_feed, &AnalysisFeed::runningChanged, this, &AnalysisPage::takeRunning);
    connect(&m_feed, &AnalysisFeed::progressChanged, this, &AnalysisPage::takeProgress);
    connect(&m_feed, &AnalysisFeed::reportChanged, this, [this] {
        m_failure.clear(); // the failure was about another report
        showReport();
    });
    connect(&m_feed, &AnalysisFeed::storedChanged, this, [this] {
        fillReports();
        updateNotice();
    });
    connect(&m_feed, &AnalysisFeed::sizesChanged, this, [this] {
        const ClusterKeySizesPtr &sizes = m_feed.sizes();
        m_sizes->setSizes(sizes, sizes ? keySizesLacks(*sizes, context().target().credentials.user) : QStringList());
    });
    connect(m_sizes, &SizesCard::againRequested, &m_feed, &AnalysisFeed::readSizes);
    connect(&m_feed, &AnalysisFeed::failed, this, [this](const Error &error) {
        const bool saysAll = error.code == Error::Code::Parse || error.code == Error::Code::Cancelled;
        m_failure = saysAll && !error.detail.isEmpty() ? error.detail : describe(error);
        updateNotice();
        updateStack();
    });
    connect(&context(), &PageContext::connectionChanged, this,
            [this] { m_last.scan.database = std::max(0, context().target().database); });
    connect(&context(), &PageContext::doorChanged, this, [this] {
        m_hasRead = false;
        m_areSizesDue = true;
        updateStack();
    });
    connect(m_start, &QPushButton::clicked, this, &AnalysisPage::askToAnalyse);
    connect(m_emptyStart, &QPushButton::clicked, this, &AnalysisPage::askToAnalyse);
    connect(m_fromFiles, &QPushButton::clicked, this, &AnalysisPage::askForFiles);
    connect(m_stop, &QPushButton::clicked, &m_feed, &AnalysisFeed::stop);
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_feed.progress().isPaused)
            m_feed.goOn();
        else
            m_feed.pause();
    });
    connect(m_compare, &QPushButton::clicked, this, &AnalysisPage::compare);
    connect(m_reports, &QComboBox::activated, this, [this](int row) {
        const QString path = m_reports->itemData(row).toString();
        if (path.isEmpty())
            removeReport();
        else if (path != m_feed.path())
            m_feed.open(path);
    });
    connect(m_keysBy, &SegmentedControl::currentChanged, this, &AnalysisPage::updateKeys);
    connect(m_hotKeys, &QPushButton::clicked, this,
            [this] { context().goTo({.page = u"profiler"_s, .part = u"hotkeys"_s}); });
    connect(m_slots, &SlotsCard::slotChosen, this, [this](int slot) {
        Place place{.page = u"slots"_s};
        if (slot >= 0)
            place.slots = {{quint16(slot), quint16(slot)}};
        context().goTo(place);
    });
    connect(m_findings, &AnalysisFindings::actRequested, this, &AnalysisPage::act);
    connect(&m_theme, &Theme::changed, this, [this] { // the icons use colours of the theme
        m_findings->show(m_feed.report() ? m_feed.report()->findings : QList<AnalysisFinding>(), whyNoActs());
    });
    connect(m_keysTable, &QTableView::activated, this, [this] {
        if (const ReportKey *key = m_keys.at(m_keysTable->currentSourceRow()))
            openKey(key->key);
    });
    connect(m_keysTable, &TableView::menuRequested, this, [this](QMenu *menu, int row) {
        const ReportKey *key = m_keys.at(row);
        if (!key)
            return;
        QAction *open = menu->addAction(tr("Open"), this, [this, name = key->key] { openKey(name); });
        open->setEnabled(whyNoActs().isEmpty());
        open->setToolTip(whyNoActs());
        menu->setToolTipsVisible(true);
    });
}

void AnalysisPage::connectMap()
{
    connect(m_form, &SegmentedControl::currentChanged, m_mapStack, &QStackedWidget::setCurrentIndex);
    connect(m_map, &NamespaceMap::openRequested, this, &AnalysisPage::openPart);
    connect(m_map, &NamespaceMap::upRequested, this, &AnalysisPage::closeDetail);
    connect(m_map, &NamespaceMap::menuRequested, this, [this](int part, const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillNamespaceMenu(menu, part);
        menu->popup(at);
    });
    connect(m_bars, &QTableView::activated, this, [this] { openPart(m_bars->currentSourceRow()); });
    connect(m_bars, &TableView::menuRequested, this, &AnalysisPage::fillNamespaceMenu);
    connect(m_up, &QPushButton::clicked, this, [this] { showNamespace(0); });
}

void AnalysisPage::setView(const ClusterViewPtr &view)
{
    const bool isFirst = !m_view && view;
    m_view = view;
    m_keys.setView(view);
    m_slots->setView(view);
    readWhatIsDue();
    if (isFirst)
        updateStack();
}

void AnalysisPage::takeRunning()
{
    const bool runs = m_feed.isRunning();
    m_strip->setVisible(runs);
    m_start->setEnabled(!runs && context().door() && m_view);
    m_emptyStart->setEnabled(m_start->isEnabled());
    m_fromFiles->setEnabled(!runs);
    if (runs) {
        m_failure.clear();
        updateNotice();
    }
    takeProgress();
    updateStack();
}

void AnalysisPage::takeProgress()
{
    const AnalysisProgress &now = m_feed.progress();
    const ScanRequest &scan = m_feed.request().scan;
    m_pause->setText(now.isPaused ? tr("Continue") : tr("Pause"));
    m_pause->setIcon(themedIcon(now.isPaused ? u"play"_s : u"pause"_s, m_theme));
    m_stripTitle->setText(now.isPaused ? tr("Paused") : tr("Analysing"));
    const bool areFiles = now.step == AnalysisProgress::Step::Files;
    m_pause->setVisible(!areFiles);
    if (areFiles) {
        const RdbAnalysisProgress files = m_feed.filesProgress();
        m_bar->setRange(0, barsOf);
        m_bar->setValue(files.size > 0 ? int(files.read * barsOf / files.size) : 0);
        m_stripText->setText(tr("file %1 of %2 · %3 of %4 · %5 keys")
                                 .arg(files.file)
                                 .arg(files.files)
                                 .arg(byteSize(files.read), byteSize(files.size), groupedNumber(files.keys)));
        return;
    }
    if (now.step == AnalysisProgress::Step::Heat) {
        m_bar->setRange(0, 0);
        m_stripText->setText(tr("Measuring the load of slots before reading the keys…"));
        return;
    }
    const bool isKnown = now.scan.expected > 0;
    m_bar->setRange(0, isKnown ? barsOf : 0);
    if (isKnown)
        m_bar->setValue(int(std::min<qint64>(barsOf, now.counted * barsOf / now.scan.expected)));
    m_stripText->setText(now.step == AnalysisProgress::Step::Checks
                             ? tr("Checking the estimates…")
                             : tr("%1 keys counted, %2 · %3 · %4")
                                   .arg(groupedNumber(now.counted), byteSize(now.bytes), summaryOf(now.scan, scan),
                                        duration(now.elapsedMs)));
}

void AnalysisPage::fillReports()
{
    m_reports->clear();
    int current = -1;
    for (const StoredReport &stored : m_feed.stored()) {
        if (stored.path == m_feed.path())
            current = m_reports->count();
        m_reports->addItem(tr("Report %1").arg(reportName(stored)), stored.path);
    }
    const bool hasStored = current >= 0;
    if (!hasStored && m_feed.report()) {
        m_reports->insertItem(0, tr("Not saved"), u"-"_s);
        current = 0;
    }
    if (hasStored) {
        m_reports->insertSeparator(m_reports->count());
        m_reports->addItem(tr("Delete this report…"), QString());
    }
    m_reports->setCurrentIndex(current);
    m_reports->setVisible(m_feed.report() != nullptr);
    m_compare->setVisible(m_feed.report() != nullptr);
    m_compare->setEnabled(m_feed.stored().size() > (hasStored ? 1 : 0));
    m_compare->setToolTip(m_compare->isEnabled() ? QString() : tr("There is no other report of this cluster yet"));
}

void AnalysisPage::showReport()
{
    const AnalysisReportPtr &report = m_feed.report();
    m_within = 0;
    m_subtitle->setText(report ? reportSummary(*report) : QString());
    m_start->setText(report ? tr("Analyse again…") : tr("Analyse…"));
    m_export->setVisible(report != nullptr);
    m_ttl->show(report);
    m_keysBy->setVisible(report != nullptr);
    if (report) {
        const KeySum &none = report->withoutTtl;
        m_ttlNote->setText(report->sum.keys == 0
                               ? QString()
                               : tr("share of keys · %1 have no TTL and take %2")
                                     .arg(shareText(none.keys, report->sum.keys), byteSize(none.bytes)));
        int notes = 0;
        for (const AnalysisFinding &finding : report->findings)
            notes += finding.isNote ? 1 : 0;
        const int found = int(report->findings.size()) - notes;
        m_findingsNote->setText(tr("findings: %1, notes: %2").arg(found).arg(notes));
        m_findings->show(report->findings, whyNoActs());
    }
    fillReports();
    updateMap();
    updateKeys();
    m_types->show(report);
    m_sizes->show(report);
    m_slots->show(report);
    updateNotice();
    updateStack();
}

void AnalysisPage::updateNotice()
{
    QStringList lines;
    if (!m_failure.isEmpty())
        lines += m_failure;
    if (m_feed.report())
        lines += reportLacks(*m_feed.report());
    for (const QString &path : m_feed.unreadable())
        lines += tr("%1 is not a readable report.").arg(path);
    constexpr qsizetype mostLines = 6;
    const qsizetype more = lines.size() - mostLines;
    if (more > 0)
        lines = lines.mid(0, mostLines) + QStringList(tr("and %1 more").arg(more));
    m_noticeText->setText(lines.join(u'\n'));
    const bool isBad = !m_failure.isEmpty() || (m_feed.report() && m_feed.report()->outcome.isPartial());
    setStyleProperty(m_notice, "finding", isBad ? u"warn"_s : u"note"_s);
    m_notice->setVisible(!lines.isEmpty());
}

void AnalysisPage::updateStack()
{
    m_start->setEnabled(!m_feed.isRunning() && context().door() && m_view);
    m_emptyStart->setEnabled(m_start->isEnabled());
    m_start->setVisible(m_feed.report() != nullptr); // otherwise the empty page shows this button
    m_cards->setVisible(m_feed.report() != nullptr);
    m_empty->setVisible(!m_feed.report());
    if (m_feed.report())
        return;
    m_emptyStart->setVisible(!m_feed.isRunning());
    if (m_feed.isRunning())
        m_empty->setContent(u"analysis"_s, tr("The keys are being read"),
                            tr("The report appears when all keys are counted. If you stop earlier, it covers only the "
                               "keys counted so far."));
    else
        m_empty->setContent(
            u"analysis"_s, tr("No report yet"),
            tr("An analysis reads all keys, or those that you choose: types, memory by namespace, times to live, the "
               "biggest keys, and recommendations. Each key costs its node a share of a SCAN call and five or six "
               "short commands, paced so that no server is busy longer than you allow."));
}

void AnalysisPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_areSizesDue = true; // sizes are current values, so they are read each time the page is shown
    readWhatIsDue();
}

void AnalysisPage::readWhatIsDue()
{
    if (!m_view)
        return;
    if (!std::exchange(m_hasRead, true))
        m_feed.readList();
    if (isVisible() && std::exchange(m_areSizesDue, false))
        m_feed.readSizes();
}

void AnalysisPage::readAgain()
{
    if (!m_view)
        return;
    m_feed.readSizes();
    m_feed.readList();
}

void AnalysisPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool isNarrow = event->size().width() < hotBelowWidth;
    m_lower->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_cards->setMinimumHeight(isNarrow ? tallWhenNarrow : 0);
    m_legendText->setVisible(!isNarrow);
    fitKeyColumns(isNarrow);
}

/// If there is no room for all columns, hides some so that the names have enough; columns hidden by the user stay
/// hidden.
void AnalysisPage::fitKeyColumns(bool isNarrow)
{
    if (isNarrow == std::exchange(m_isNarrow, isNarrow))
        return;
    for (const BigKeysModel::Column column : {BigKeysModel::Column::Ttl, BigKeysModel::Column::Shard}) {
        if (isNarrow && !m_keysTable->isColumnHidden(int(column))) {
            m_keysTable->hideColumn(int(column));
            m_withoutRoom.append(int(column));
        } else if (!isNarrow && m_withoutRoom.removeOne(int(column))) {
            m_keysTable->showColumn(int(column));
        }
    }
}

bool AnalysisPage::isFilled() const
{
    return m_view && (m_feed.report() || (!m_feed.isRunning() && m_hasRead));
}

QString AnalysisPage::unsaved() const
{
    return m_feed.isRunning() ? tr("An analysis is running; its report would be lost.") : QString();
}

QString AnalysisPage::heldHere() const
{
    return m_feed.report() && m_feed.path().isEmpty() ? tr("A report that is not saved") : QString();
}

QString AnalysisPage::subtitle() const
{
    return m_subtitle->text();
}

QString AnalysisPage::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_noticeText->text();
}

void AnalysisPage::showExample()
{
    if (m_feed.report() || m_feed.isRunning())
        return;
    AnalysisRequest request;
    request.heatMs = 0;
    m_feed.start(request);
}

void AnalysisPage::saveState(QSettings &settings) const
{
    settings.setValue(u"analysis/form"_s, m_form->current());
    settings.setValue(u"analysis/samples"_s, m_last.samples);
    settings.setValue(u"analysis/ceiling"_s, m_last.scan.ceilingMs);
    settings.setValue(u"analysis/heat"_s, m_last.heatMs);
    settings.setValue(u"analysis/idle"_s, m_last.asksIdle);
    settings.setValue(u"analysis/values"_s, m_last.triesValues);
    settings.setValue(u"analysis/delimiters"_s, QVariant::fromValue(QByteArrayList(m_last.delimiters)));
    if (!m_isNarrow)
        m_keysTable->saveState(settings, u"analysis/keys"_s);
}

void AnalysisPage::restoreState(const QSettings &settings)
{
    m_form->setCurrent(std::clamp(settings.value(u"analysis/form"_s, 0).toInt(), 0, 1));
    m_last.samples = std::clamp(settings.value(u"analysis/samples"_s, m_last.samples).toInt(), 1, 1000);
    m_last.scan.ceilingMs = std::clamp(settings.value(u"analysis/ceiling"_s, m_last.scan.ceilingMs).toInt(), 1, 10'000);
    m_last.heatMs = std::clamp(settings.value(u"analysis/heat"_s, m_last.heatMs).toInt(), 0, 3'600'000);
    m_last.asksIdle = settings.value(u"analysis/idle"_s, true).toBool();
    m_last.triesValues = settings.value(u"analysis/values"_s, true).toBool();
    const auto delimiters = settings.value(u"analysis/delimiters"_s).value<QByteArrayList>();
    if (!delimiters.isEmpty())
        m_last.delimiters = delimiters;
    m_keysTable->restoreState(settings, u"analysis/keys"_s);
}

} // namespace slotscope
