// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/loadview.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/latencywords.h"
#include "core/models/tableroles.h"
#include "ui/operations/loadcells.h"
#include "ui/operations/loadform.h"
#include "ui/operations/loadplot.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int lookMs = 250;
constexpr int narrowBelow = 1100; // in px of the view's width
constexpr int answeredColumn = 2, p999Column = 6;

QList<QStandardItem *> rowOfLoad(const LoadRow &row, const QString &name, double seconds)
{
    const double rate = seconds > 0 ? double(row.ok) / seconds : 0;
    QStandardItem *errors = loadCell(groupedNumber(row.errorSum()), row.errorSum(), true);
    if (row.errorSum() > 0)
        errors->setData(int(Tone::Bad), ToneRole);
    return {loadCell(name, name, false),
            loadCell(rateWords(rate), rate, true),
            loadCell(groupedNumber(row.ok), row.ok, true),
            errors,
            timeCell(row.times.p50),
            timeCell(row.times.p99),
            timeCell(row.times.p999),
            timeCell(row.times.longest)};
}

} // namespace

LoadView::LoadView(PageContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    m_form = new LoadForm(this);
    QFrame *formCard = pageCard(this);
    formCard->setFixedWidth(330);
    auto *formLayout = new QVBoxLayout(formCard);
    formLayout->setContentsMargins(1, 1, 1, 1);
    formLayout->addWidget(m_form);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(12);
    outer->addWidget(makeBanner());
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    row->addWidget(formCard);
    row->addWidget(makeResults(), 1);
    outer->addLayout(row, 1);
    m_clock.setInterval(lookMs);
    connect(&m_clock, &QTimer::timeout, this, &LoadView::look);
    connect(m_form, &LoadForm::startRequested, this, &LoadView::start);
    connect(m_form, &LoadForm::stopRequested, this, &LoadView::stop);
    connect(&context, &PageContext::doorChanged, this, &LoadView::takeDoor);
    connect(&context, &PageContext::readOnlyChanged, this, &LoadView::takeRights);
    connect(&context, &PageContext::connectionChanged, this, &LoadView::takeRights);
    takeDoor();
}

QFrame *LoadView::makeBanner()
{
    m_banner = pageCard(this);
    m_bannerText = plainLabel({}, nullptr, m_banner);
    m_bannerText->setWordWrap(true);
    m_remove = new QPushButton(tr("Delete them"), m_banner);
    auto *layout = new QHBoxLayout(m_banner);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->addWidget(m_bannerText, 1);
    layout->addWidget(m_remove);
    m_banner->hide();
    connect(m_remove, &QPushButton::clicked, this, &LoadView::removeLeft);
    return m_banner;
}

QWidget *LoadView::makeResults()
{
    auto *column = new QWidget(this);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    m_head = plainLabel({}, nullptr, column);
    m_head->setAccessibleName(tr("State of the load test"));
    m_head->setFont(Theme::strongFont());
    m_head->setWordWrap(true);
    m_head->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *plots = pageCard(column);
    m_rate = new LoadPlot(LoadPlot::What::Rate, m_context.theme(), plots);
    m_times = new LoadPlot(LoadPlot::What::Times, m_context.theme(), plots);
    auto *plotted = new QVBoxLayout(plots);
    plotted->setContentsMargins(8, 8, 8, 0);
    plotted->addWidget(plainLabel(tr("Requests per second"), "muted", plots));
    plotted->addWidget(m_rate, 1);
    plotted->addWidget(plainLabel(tr("Milliseconds"), "muted", plots));
    plotted->addWidget(m_times, 1);
    makeNodeTable(column);
    m_errors = plainLabel({}, nullptr, column);
    m_errors->setAccessibleName(tr("Failures, and how to read the times"));
    m_errors->setWordWrap(true);
    m_errors->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_empty = new EmptyState(m_context.theme(), column);
    m_empty->setContent(
        u"operations"_s, tr("No load test yet"),
        tr("A load test sends the commands on the left to all primaries and shows how many are answered, how long that "
           "takes, and what fails. Its keys have a prefix of their own and are deleted at the end."));
    auto *shown = new QWidget(column);
    auto *inside = new QVBoxLayout(shown);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(12);
    inside->addWidget(plots, 3);
    inside->addWidget(m_errors);
    inside->addWidget(m_nodeTable, 2);
    m_stack = new CurrentStack(column);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(shown);
    showPart(0);
    layout->addWidget(m_head);
    layout->addWidget(m_stack, 1);
    layout->addWidget(makeStored());
    auto *area = new QScrollArea(this);
    area->setWidget(column);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setAccessibleName(tr("Results of load tests"));
    return area;
}

/// Hidden parts take no space.
void LoadView::showPart(int part)
{
    for (int i = 0; i < m_stack->count(); ++i) {
        const auto policy = i == part ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_stack->widget(i)->setSizePolicy(policy, policy);
    }
    m_stack->setCurrentIndex(part);
}

void LoadView::makeNodeTable(QWidget *column)
{
    m_nodeTable = new TableView(m_context.theme(), column);
    m_nodeTable->setAccessibleName(tr("Results per node and command"));
    m_nodes.setHorizontalHeaderLabels({tr("Node, command"), tr("Per second"), tr("Answered"), tr("Errors"), u"p50"_s,
                                       u"p99"_s, u"p99.9"_s, tr("Longest")});
    for (int figure = 1; figure < m_nodes.columnCount(); ++figure)
        m_nodes.setHeaderData(figure, Qt::Horizontal, int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
    m_nodeTable->setSource(&m_nodes);
    dressPageTable(m_nodeTable, 28, 0, {{1, 84}, {2, 92}, {3, 64}, {4, 82}, {5, 82}, {6, 82}, {7, 82}});
    m_nodeTable->sortByColumn(-1, Qt::AscendingOrder); // initially unsorted: nodes, then commands, then the total
    m_nodeTable->setMinimumHeight(120);
}

QFrame *LoadView::makeStored()
{
    QFrame *card = pageCard(this);
    m_storedCard = card;
    card->hide();
    m_open = new QPushButton(tr("Open"), card);
    m_compare = new QPushButton(tr("Compare with it"), card);
    m_compare->setToolTip(tr("Compare the displayed test with the selected one"));
    m_delete = new QPushButton(tr("Forget"), card);
    QPushButton *save = exportButton(m_context.theme(), card, [this](QMenu *menu) {
        const LoadReportPtr report = m_report;
        if (!report)
            return;
        menu->addAction(tr("Values per second as CSV…"), this,
                        [this, report] { saveBytes(this, u"load.csv"_s, u"csv"_s, csvOf(*report)); });
        menu->addAction(tr("The report as JSON…"), this, [this, report] {
            saveBytes(this, u"load.json"_s, u"json"_s, QJsonDocument(jsonOf(*report)).toJson());
        });
    });
    m_storedTable = new TableView(m_context.theme(), card);
    m_storedTable->setAccessibleName(tr("Earlier load tests of this cluster"));
    m_stored.setHorizontalHeaderLabels({tr("Started"), tr("What"), tr("Per second"), u"p99"_s, tr("Errors")});
    m_storedTable->setSource(&m_stored);
    m_storedTable->setFixedHeight(120);
    m_compared = plainLabel({}, nullptr, card);
    m_compared->setWordWrap(true);
    m_compared->setMargin(12);
    m_compared->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_compared->hide();
    auto *spring = new QWidget(card);
    spring->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    QVBoxLayout *layout =
        layOutCard(card, {pageCardTitle(tr("Earlier tests"), card), spring, m_open, m_compare, m_delete, save}, spring);
    layout->addWidget(m_compared);
    layout->addWidget(m_storedTable);
    dressPageTable(m_storedTable, 28, 1, {{0, 180}, {2, 96}, {3, 80}, {4, 76}});
    m_storedTable->sortByColumn(-1, Qt::AscendingOrder); // initially unsorted: newest first
    connectStored();
    return card;
}

/// If the view is narrow, hides the least important columns.
void LoadView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool isNarrow = event->size().width() < narrowBelow;
    if (isNarrow == m_isNarrow)
        return;
    m_isNarrow = isNarrow;
    for (const int column : {answeredColumn, p999Column})
        m_nodeTable->setColumnHidden(column, isNarrow);
}

void LoadView::takeDoor()
{
    m_generator.reset();
    setRunning(false);
    m_askedLeft = false;
    m_banner->hide();
    if (m_context.door())
        m_generator = std::make_unique<Remote<LoadGenerator>>(*m_context.door());
    takeRights();
    setView();
}

void LoadView::takeRights()
{
    m_form->setConnection(m_context.title(), m_context.environment());
    m_form->setReason(!m_context.door()            ? tr("There is no connection.")
                          : m_context.isReadOnly() ? tr("This connection is read-only, but a load test writes keys. "
                                                        "Unlock writes in the status line to start one.")
                                                   : QString());
}

void LoadView::setView()
{
    if (!m_generator || !m_context.view() || m_askedLeft)
        return;
    m_askedLeft = true;
    readStored();
    readLeft();
}

void LoadView::start()
{
    const auto spec = m_form->spec();
    if (!spec || !m_generator || m_running || !m_form->hasConsent())
        return;
    m_errors->clear();
    m_compared->hide();
    setRunning(true);
    const LoadSpec wanted = *spec;
    const UserConsent consent = m_form->consent() ? UserConsent::NameTyped : UserConsent::None;
    whenDone(m_generator->call<LoadReportPtr>(
                 [wanted, consent](LoadGenerator &generator) { return generator.run(wanted, consent); }),
             this, [this](const Result<LoadReportPtr> &done) {
                 if (!m_running)
                     return; // the reply belongs to an earlier session
                 setRunning(false);
                 if (!done) {
                     m_head->setText(tr("The load test was not started."));
                     showProblem(describe(done.error()));
                     return;
                 }
                 show(*done);
                 readStored();
                 readLeft();
             });
}

void LoadView::stop()
{
    if (!m_generator || !m_running)
        return;
    m_stopping = true;
    m_form->setRunning(true, true);
    m_generator->tell([](LoadGenerator &generator) { generator.stop(); });
}

void LoadView::setRunning(bool running)
{
    m_running = running;
    m_stopping = false;
    m_form->setRunning(running, false);
    m_context.setBusy(u"operations"_s, running);
    if (running) {
        m_head->setText(tr("Connecting…"));
        m_clock.start();
    } else {
        m_clock.stop();
    }
    if (m_open) {
        const bool chosen = m_storedTable->currentSourceRow() >= 0;
        m_open->setEnabled(chosen && !running);
        m_compare->setEnabled(chosen && m_report && !running);
    }
}

void LoadView::look()
{
    if (m_looking || !m_generator)
        return;
    m_looking = true;
    whenDone(m_generator->call<LoadState>([](LoadGenerator &generator) { return generator.stateNow(); }), this,
             [this](const Result<LoadState> &state) {
                 m_looking = false;
                 if (state && m_running)
                     showState(*state);
             });
}

void LoadView::showState(const LoadState &state)
{
    using Phase = LoadState::Phase;
    if (state.report && state.revision != m_revision && !state.report->timeline.isEmpty()) {
        m_revision = state.revision;
        show(state.report);
    }
    const QString done = state.done >= 0 ? u" %1 %"_s.arg(int(state.done * 100)) : QString();
    switch (state.phase) {
    case Phase::Idle:
    case Phase::Preparing: m_head->setText(tr("Connecting…")); return;
    case Phase::Filling: m_head->setText(tr("Writing the keys to be read…") + done); return;
    case Phase::Removing: m_head->setText(tr("Deleting its keys…") + done); return;
    case Phase::WarmingUp: m_head->setText(tr("Warm-up…") + done); return;
    case Phase::Running: break;
    }
    QString text = tr("Running…") + done;
    if (m_report && !m_report->timeline.isEmpty())
        text += u" · "_s
            + tr("%1 per second")
                  .arg(rateWords(double(m_report->timeline.last().ok) / m_report->timeline.last().length));
    m_head->setText(text);
}

void LoadView::show(const LoadReportPtr &report)
{
    m_report = report;
    showPart(1);
    m_rate->setReport(report);
    m_times->setReport(report);
    m_nodes.removeRows(0, m_nodes.rowCount());
    for (const LoadRow &node : report->nodes)
        m_nodes.appendRow(
            rowOfLoad(node, node.isReplica ? tr("%1 (replica)").arg(node.name) : node.name, report->seconds));
    if (report->commands.size() > 1)
        for (const LoadRow &command : report->commands)
            m_nodes.appendRow(rowOfLoad(command, command.name, report->seconds));
    m_nodes.appendRow(rowOfLoad(report->all, tr("all"), report->seconds));
    QStringList lines;
    if (const QString own = loadOwnDelayWords(*report); !own.isEmpty())
        lines.append(own);
    for (const LoadRow &node : report->nodes) {
        for (auto each = node.errors.cbegin(); each != node.errors.cend(); ++each)
            lines.append(tr("%1: %2 times %3").arg(node.name, groupedNumber(each.value()), loadErrorWords(each.key())));
        if (!node.problem.isEmpty())
            lines.append(tr("Connections to %1 ended: %2").arg(node.name, node.problem));
    }
    if (report->unfinished > 0)
        lines.append(tr("%1 were due but not answered by the end; they count with their waiting time.")
                         .arg(groupedNumber(report->unfinished)));
    if (report->problem)
        lines.append(describe(*report->problem));
    m_errors->setText(lines.join(u'\n'));
    setStyleProperty(m_errors, "tone", lines.isEmpty() ? u"muted"_s : u"bad"_s);
    if (lines.isEmpty())
        m_errors->setText(loadTimesWords(*report));
    if (report->end != LoadReport::End::None)
        m_head->setText(tr("%1 per second, p50 %2, p99 %3, longest %4 · %5")
                            .arg(rateWords(report->rate()), timeText(report->all.times.p50),
                                 timeText(report->all.times.p99), timeText(report->all.times.longest),
                                 loadEndWords(*report)));
}

void LoadView::showProblem(const QString &text)
{
    showPart(1);
    setStyleProperty(m_errors, "tone", u"bad"_s);
    m_errors->setText(text);
}

QString LoadView::headText() const
{
    return m_head->text();
}

QString LoadView::comparisonText() const
{
    return m_compared->isHidden() ? QString() : m_compared->text();
}

void LoadView::saveState(QSettings &settings) const
{
    if (const auto spec = m_form->spec())
        settings.setValue(u"operations/load"_s, QJsonDocument(jsonOf(*spec)).toJson(QJsonDocument::Compact));
}

void LoadView::restoreState(const QSettings &settings)
{
    const QByteArray kept = settings.value(u"operations/load"_s).toByteArray();
    if (!kept.isEmpty())
        m_form->setSpec(loadSpecOf(QJsonDocument::fromJson(kept).object()));
}

} // namespace slotscope
