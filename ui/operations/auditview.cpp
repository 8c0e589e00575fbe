// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/auditview.h"

#include "core/audit/auditlog.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/operations/auditexport.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QFileInfo>
#include <QFrame>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QtConcurrent>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr qsizetype windowRows = 500;
constexpr int lookMs = 1000; // interval for checking whether the log has grown
constexpr int typingMs = 200;
constexpr qint64 anHour = 3'600'000;

} // namespace

AuditView::AuditView(PageContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    m_problem = wrappedLabel({}, "error", this);
    m_problem->setAccessibleName(tr("Problem with the log"));
    m_problem->hide();
    m_empty = new EmptyState(context.theme(), this);
    m_stack = new CurrentStack(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeTools());
    layout->addWidget(m_problem);
    m_stack->addWidget(makeTable());
    m_stack->addWidget(m_empty);
    layout->addWidget(m_stack, 1);
    m_detail = wrappedLabel({}, nullptr, this);
    m_detail->setAccessibleName(tr("Selected entry"));
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_detail->hide();
    layout->addWidget(m_detail);
    auto *foot = new QHBoxLayout;
    m_foot = mutedLabel(this);
    m_older = new QPushButton(tr("Show older"), this);
    m_older->hide();
    foot->addWidget(m_foot, 1);
    foot->addWidget(m_older);
    layout->addLayout(foot);
    connectParts();
    takeAudit();
}

AuditView::~AuditView()
{
    m_stop.request_stop();
}

QWidget *AuditView::makeTools()
{
    auto *tools = new QWidget(this);
    m_scope = new SegmentedControl({tr("This cluster"), tr("All")}, tools);
    m_scope->setAccessibleName(tr("Entries shown"));
    m_times = new QComboBox(tools);
    m_times->setAccessibleName(tr("Period"));
    for (const auto &[text, hours] : std::initializer_list<std::pair<QString, int>>{
             {tr("Any time"), 0}, {tr("Last hour"), 1}, {tr("Last 24 hours"), 24}, {tr("Last 7 days"), 7 * 24}})
        m_times->addItem(text, hours);
    m_results = new QComboBox(tools);
    m_results->setAccessibleName(tr("Result"));
    m_results->addItem(tr("Any result"));
    using Result = AuditEntry::Result;
    for (const Result result : {Result::Done, Result::Failed, Result::Unknown, Result::NotSent, Result::Refused,
                                Result::Queued, Result::Lost})
        m_results->addItem(wordsOf(result), int(result));
    m_search = new QLineEdit(tools);
    m_search->setPlaceholderText(tr("Find a command, key, node, user…"));
    m_search->setAccessibleName(tr("Find in the audit log"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(themedIcon(u"search"_s, m_context.theme()), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(120);
    m_export = exportButton(m_context.theme(), tools, [this](QMenu *menu) {
        menu->clear();
        menu->addAction(tr("CSV…"), this, [this] { exportAs(true); });
        menu->addAction(tr("JSON lines…"), this, [this] { exportAs(false); });
    });
    m_openFolder = new QPushButton(tr("Open folder"), tools);
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_scope, m_times, m_results})
        layout->addWidget(widget);
    layout->addWidget(m_search, 1);
    layout->addWidget(m_export);
    layout->addWidget(m_openFolder);
    return tools;
}

QFrame *AuditView::makeTable()
{
    using Column = AuditModel::Column;
    constexpr int rowHeight = 26;
    QFrame *frame = pageCard(this);
    m_table = new TableView(m_context.theme(), frame);
    m_table->setAccessibleName(tr("Entries of the audit log"));
    m_table->setSource(&m_model);
    dressPageTable(m_table, rowHeight, int(Column::Words),
                   {{int(Column::Time), 196},
                    {int(Column::Cluster), 120},
                    {int(Column::Node), 130},
                    {int(Column::User), 130},
                    {int(Column::From), 80},
                    {int(Column::Result), 100},
                    {int(Column::Took), 80}});
    m_table->setColumnShown(int(Column::Cluster), false);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_table);
    return frame;
}

void AuditView::connectParts()
{
    m_clock.setInterval(lookMs);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connect(&m_clock, &QTimer::timeout, this, &AuditView::look);
    connect(&m_typing, &QTimer::timeout, this, &AuditView::readAgain);
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(m_scope, &SegmentedControl::currentChanged, this, [this](int scope) {
        m_table->setColumnShown(int(AuditModel::Column::Cluster), scope == 1);
        readAgain();
    });
    connect(m_times, &QComboBox::currentIndexChanged, this, &AuditView::readAgain);
    connect(m_results, &QComboBox::currentIndexChanged, this, &AuditView::readAgain);
    connect(m_older, &QPushButton::clicked, this, [this] { begin(Reading::Older); });
    connect(m_openFolder, &QPushButton::clicked, this, &AuditView::openFolder);
    connect(m_table, &TableView::rowChosen, this, [this](int row) {
        const AuditEntry *entry = m_model.at(row);
        m_detail->setText(entry ? detailOf(*entry) : QString());
        m_detail->setVisible(entry != nullptr);
    });
    connect(&m_context, &PageContext::auditChanged, this, &AuditView::takeAudit);
    connect(&m_context, &PageContext::connectionChanged, this, [this] {
        if (isVisible() && m_scope->current() == 0)
            readAgain();
    });
}

void AuditView::takeAudit()
{
    if (const AuditLog *log = m_context.audit())
        connect(log, &AuditLog::problemChanged, this, &AuditView::updateProblem, Qt::UniqueConnection);
    m_openFolder->setToolTip(folder());
    updateProblem();
    if (isVisible())
        readAgain();
}

QString AuditView::folder() const
{
    return m_context.audit() ? m_context.audit()->folder() : AuditFiles::defaultFolder();
}

AuditFilter AuditView::filter() const
{
    AuditFilter filter;
    if (const int hours = m_times->currentData().toInt(); hours > 0)
        filter.since = QDateTime::currentMSecsSinceEpoch() - hours * anHour;
    filter.words = m_search->text().split(u' ', Qt::SkipEmptyParts);
    if (m_results->currentIndex() > 0)
        filter.result = AuditEntry::Result(m_results->currentData().toInt());
    if (m_scope->current() == 1)
        return filter;
    AuditFilter::Cluster cluster{
        .name = m_context.target().title(), .seeds = m_context.target().seedsText(), .nodes = {}};
    if (const ClusterViewPtr &view = m_context.view())
        for (const NodeState &node : view->nodes)
            cluster.nodes.insert(node.id);
    filter.of = cluster;
    return filter;
}

void AuditView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_clock.start();
    look();
}

/// Stops reading while the view is hidden.
void AuditView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_clock.stop();
    m_stop.request_stop();
    ++m_number; // drop the running reading; it is repeated when the view is shown
    if (std::exchange(m_reading, false))
        m_seen = {-2, 0};
}

/// Checks whether the log has grown. Only if the table is scrolled to the top, because new rows would move the others.
void AuditView::look()
{
    const QFileInfo file(folder() + u"/audit.jsonl"_s);
    const std::pair<qint64, qint64> now{file.exists() ? file.size() : -1, file.lastModified().toMSecsSinceEpoch()};
    if (now != m_seen && !m_reading) // a running search finishes first
        begin(m_model.rowCount() == 0 ? Reading::Anew : Reading::Newer);
}

void AuditView::readAgain()
{
    begin(Reading::Anew);
}

void AuditView::begin(Reading reading)
{
    const bool older = reading == Reading::Older;
    if (m_reading && older)
        return;
    const QFileInfo file(folder() + u"/audit.jsonl"_s);
    m_seen = {file.exists() ? file.size() : -1, file.lastModified().toMSecsSinceEpoch()};
    m_stop.request_stop();
    m_stop = {};
    m_reading = true;
    const quint64 number = ++m_number;
    const AuditPlace from = older ? m_next : AuditPlace();
    whenDone(QtConcurrent::run([folder = folder(), filter = filter(), from, stop = m_stop.get_token()] {
                 return readAuditWindow(folder, filter, from, windowRows, stop);
             }),
             this, [this, number, reading](const AuditWindow &window) {
                 if (number == m_number)
                     take(window, reading);
             });
}

void AuditView::take(const AuditWindow &window, Reading reading)
{
    const bool older = reading == Reading::Older;
    if (reading == Reading::Anew)
        m_model.clear();
    m_reading = false;
    m_error = window.error;
    m_damaged = older ? m_damaged + window.damaged : window.damaged;
    if (older)
        m_model.append(window.entries);
    else
        m_model.update(window.entries);
    if (older || m_model.rowCount() <= window.entries.size()) { // otherwise the older entries are already there
        m_next = window.next;
        m_isWhole = window.isWhole;
    }
    updateFoot();
    updateProblem();
}

void AuditView::updateFoot()
{
    const int rows = m_model.rowCount();
    QStringList parts;
    parts.append(tr("%n entry(s)", nullptr, rows));
    if (!m_isWhole)
        parts.append(tr("the newest; older ones may exist"));
    if (m_damaged > 0)
        parts.append(tr("%n line(s) could not be read", nullptr, int(m_damaged)));
    m_foot->setText(parts.join(u" · "_s));
    m_older->setVisible(!m_isWhole);
    m_stack->setCurrentIndex(rows > 0 ? 0 : 1);
    if (rows > 0)
        return;
    const bool asks = m_search->text().isEmpty() && m_results->currentIndex() == 0 && m_times->currentIndex() == 0;
    const AuditLog *log = m_context.audit();
    const bool fails = log && (log->problem() || !log->records()); // changes are not recorded in this case
    m_empty->setContent(
        u"list"_s,
        fails      ? tr("Nothing has been recorded")
            : asks ? tr("Changes are not recorded")
                   : tr("No entry matches"),
        m_scope->current() == 0
            ? tr("Commands that Slotscope sends to change this cluster are recorded here. “All” shows other clusters.")
            : tr("Commands that Slotscope sends to change servers are recorded here."));
}

void AuditView::updateProblem()
{
    QStringList lines;
    const AuditLog *log = m_context.audit();
    if (log && !log->records())
        lines.append(tr("Recording is off: it is disabled in the settings."));
    if (const auto problem = log ? log->problem() : std::nullopt)
        lines.append(tr("Changes currently cannot be recorded. %1").arg(describe(*problem)));
    if (m_error)
        lines.append(tr("A part of the log could not be read. %1").arg(describe(*m_error)));
    m_problem->setText(lines.join(u'\n'));
    m_problem->setVisible(!lines.isEmpty());
    if (m_model.rowCount() == 0)
        updateFoot();
}

QString AuditView::detail() const
{
    return m_detail->isHidden() ? QString() : m_detail->text();
}

QString AuditView::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void AuditView::exportAs(bool csv)
{
    exportAudit(this, folder(), filter(), csv);
}

void AuditView::openFolder()
{
    if (!openOwnFolder(folder())) {
        m_problem->setText(tr("%1 could not be opened.").arg(folder()));
        m_problem->show();
    }
}

} // namespace slotscope
