// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/metricspage.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/metrics/commandsboard.h"
#include "ui/metrics/historyfeed.h"
#include "ui/metrics/operationevents.h"
#include "core/metrics/metricskept.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/recordkeeper.h"
#include "ui/metrics/thresholdfeed.h"
#include "ui/metrics/timelane.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 minute = 60'000;
constexpr std::array<qint64, 7> spans{5 * minute,   15 * minute,   60 * minute,   180 * minute,
                                      360 * minute, 1440 * minute, 10080 * minute};
constexpr int refreshMs = 1000, settingsMs = 15'000;
constexpr int pointsOfPlot = 360;
constexpr qint64 aroundMoment = 2 * minute; ///< time shown before and after a moment that is navigated to
constexpr qint64 shortestRange = 10'000, shortestShown = 20'000;

} // namespace

MetricsPage::MetricsPage(PageContext &context, QWidget *parent) : Page(context, parent)
{
    m_lane = new TimeLane(context.theme(), this);
    m_history = new HistoryFeed(context, this);
    m_thresholds = new ThresholdFeed(context, this);
    m_keeper = new RecordKeeper(context, u"metrics/keep"_s, MetricsRecord::usualFolder(), this);
    m_empty = new EmptyState(context.theme(), this);
    m_stack = new CurrentStack(this);
    m_board = new PlotBoard(context.theme(), this);
    m_commands = new CommandsBoard(context, this);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_board, m_empty, m_commands})
        m_stack->addWidget(widget);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(10);
    layout->addWidget(makeHead());
    layout->addWidget(makeTools());
    layout->addWidget(m_lane);
    layout->addWidget(m_stack, 1);
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &MetricsPage::ask);
    connect(m_history, &HistoryFeed::changed, this, &MetricsPage::ask);
    connect(m_keeper, &RecordKeeper::filled, this, &MetricsPage::ask);
    connect(m_board, &PlotBoard::pointed, this, &MetricsPage::setMoment);
    connect(m_board, &PlotBoard::pinned, this, &MetricsPage::pin);
    connect(m_board, &PlotBoard::rangeChosen, this, &MetricsPage::showRange);
    connect(m_board, &PlotBoard::wholeRangeWanted, this, [this] { setLive(true); });
    connect(m_board, &PlotBoard::panned, this, [this](double share) {
        const qint64 by = qint64(share * double(m_picture.to - m_picture.from));
        showRange(m_picture.from + by, m_picture.to + by);
    });
    connect(m_board, &PlotBoard::plotWanted, this, &MetricsPage::addPlot);
    connect(m_thresholds, &ThresholdFeed::changed, this, &MetricsPage::sendFields);
    connect(m_lane, &TimeLane::pointed, this, &MetricsPage::setMoment);
    connect(m_lane, &TimeLane::eventChosen, this, &MetricsPage::showEventPlace);
    connect(&context, &PageContext::doorChanged, this, &MetricsPage::takeDoor);
    addPageShortcut(this, pauseKeys(), tr("Pause, or follow new values"), [this] { toggleLive(); });
    addPageShortcut(this, otherHalfKeys(), tr("Commands, or plots"),
                    [this] { showCommands(!m_byCommand->isChecked()); });
    addPageShortcut(this, QKeySequence::New, tr("Add plot…"), [this] { addPlot(); });
    context.setLatestChanges([this](qsizetype most) { return latestChanges(most); });
    takeDoor();
    updateAll();
}

MetricsPage::~MetricsPage()
{
    context().setLatestChanges({});
}

QList<MetricEvent> MetricsPage::latestChanges(qsizetype most) const
{
    QList<MetricEvent> all = operationEvents(context(), 0, QDateTime::currentMSecsSinceEpoch());
    if (m_book)
        for (const MetricEvent &event : m_book->latestEvents(size_t(most)))
            all.append(event);
    std::stable_sort(all.begin(), all.end(), [](const MetricEvent &a, const MetricEvent &b) { return a.at > b.at; });
    return all.mid(0, most);
}

void MetricsPage::showPlace(const Place &place)
{
    if (place.moment == 0)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    showRange(place.moment - aroundMoment,
              std::min(place.moment + aroundMoment, std::max(now, place.moment + shortestShown)));
    pin(place.moment);
}

void MetricsPage::takeDoor()
{
    ++m_generation;
    m_recorder.reset();
    m_book.reset();
    m_picture = {};
    m_from = m_to = 0;
    if (SessionDoor *door = context().door()) {
        m_book = std::make_shared<MetricsBook>();
        m_recorder = std::make_shared<Remote<MetricsRecorder>>(*door);
        m_recorder->tell([book = m_book](MetricsRecorder &recorder) {
            recorder.recordInto(book);
            recorder.watchSettings(settingsMs);
        });
    }
    useBook();
}

void MetricsPage::useBook()
{
    sendFields();
    m_history->setBook(m_book);
    m_thresholds->setBook(m_book);
    m_keeper->setRecord(m_book ? std::make_shared<MetricsRecord>(m_book) : nullptr);
    context().setMetricsBook(m_book);
    updateAll();
}

void MetricsPage::setView(const ClusterViewPtr &)
{
    m_keeper->takeView();
    updateHead();
}

qint64 MetricsPage::span() const
{
    return spans.at(size_t(std::clamp(m_spans->current(), 0, int(spans.size()) - 1)));
}

MetricsQuery MetricsPage::query() const
{
    MetricsQuery query;
    query.to = m_to > 0 ? m_to : QDateTime::currentMSecsSinceEpoch();
    query.from = m_to > 0 ? m_from : query.to - span();
    query.points = pointsOfPlot;
    query.group = m_group;
    query.replicas = m_replicas;
    const auto add = [&query](Metric metric) {
        if (std::find(query.metrics.begin(), query.metrics.end(), metric) == query.metrics.end())
            query.metrics.push_back(metric);
    };
    for (const PlotSpec &spec : m_board->specs()) {
        if (!m_board->shown().contains(spec.id))
            continue;
        for (const PlotSeries &series : spec.series)
            if (series.field)
                query.fields.push_back(*series.field);
            else
                add(series.metric);
        if (spec.ratioWith)
            add(*spec.ratioWith);
        const auto &rules = m_thresholds->rules();
        const bool hasShare = std::any_of(rules.begin(), rules.end(), [](const Threshold &rule) {
            return rule.watched().other == Metric::MaxMemory;
        });
        if (spec.hasLimit || hasShare)
            add(Metric::MaxMemory);
    }
    return query;
}

/// The record may be large, so it is read in another thread, one request at a time.
void MetricsPage::ask()
{
    if (!m_book || !isVisible())
        return;
    if (m_isAsking) {
        m_isDueAgain = true;
        return;
    }
    m_isAsking = true;
    const MetricsQuery asked = query();
    const qint64 by = m_comparing.byOf(asked.from, asked.to);
    using Windows = std::pair<MetricsWindow, MetricsWindow>; // the current window and the earlier one for comparison
    whenDone(QtConcurrent::run([book = m_book, asked, by] {
                 MetricsQuery before = asked;
                 before.from -= by;
                 before.to -= by;
                 return Windows(book->window(asked), by > 0 ? book->window(before) : MetricsWindow());
             }),
             this, [this, asked, by, generation = m_generation](Windows windows) {
                 m_isAsking = false;
                 if (generation == m_generation)
                     takeWindow(asked, std::move(windows.first), std::move(windows.second), by);
                 if (std::exchange(m_isDueAgain, false))
                     ask();
             });
}

void MetricsPage::takeWindow(const MetricsQuery &asked, MetricsWindow window, MetricsWindow earlier, qint64 by)
{
    m_picture.earlier = std::move(earlier);
    m_picture.earlierBy = by;
    m_picture.earlierLines.clear();
    for (size_t i = 0; i < m_picture.earlier.lines.size(); ++i)
        m_picture.earlierLines.insert(lineKey(m_picture.earlier.lines[i]), i);
    m_picture.window = std::move(window);
    m_picture.query = asked;
    for (const MetricEvent &event : operationEvents(context(), asked.from, asked.to))
        m_picture.window.events.push_back(event);
    std::stable_sort(m_picture.window.events.begin(), m_picture.window.events.end(),
                     [](const MetricEvent &a, const MetricEvent &b) { return a.at < b.at; });
    m_picture.limits = m_thresholds->rules();
    m_picture.historyProblem = m_history->problem();
    m_picture.from = asked.from;
    const qint64 recordedFrom = m_picture.window.recordedFrom, historyFrom = m_picture.window.historyFrom;
    const qint64 knownFrom = historyFrom > 0 ? historyFrom : recordedFrom;
    if (m_isLive && knownFrom > 0) // a short record fills the whole plots
        m_picture.from = std::max(asked.from, std::min(knownFrom, asked.to - shortestShown));
    m_picture.to = asked.to;
    MetricsQuery wide = asked; // includes the earlier time for comparison
    wide.from -= by;
    wide.points = int(asked.points * (asked.to - wide.from) / std::max<qint64>(1, asked.to - asked.from));
    m_history->want(wide, recordedFrom);
    updateAll();
}

void MetricsPage::updateAll()
{
    const bool hasLines = !m_picture.window.lines.empty();
    updateHead();
    updateChips();
    m_lane->setPicture(m_picture);
    const bool byCommand = m_byCommand->isChecked();
    m_lane->setVisible(hasLines && !byCommand);
    if (byCommand) {
        m_stack->setCurrentWidget(m_commands);
        return;
    }
    if (!hasLines) {
        if (m_picture.window.recordedFrom > 0)
            m_empty->setContent(u"metrics"_s, tr("Nothing was recorded in this period"),
                                tr("The record starts at %1.")
                                    .arg(QDateTime::fromMSecsSinceEpoch(m_picture.window.recordedFrom)
                                             .toString(u"yyyy-MM-dd HH:mm:ss"_s)));
        else
            m_empty->setContent(u"metrics"_s, tr("Waiting for the first values"),
                                tr("INFO of every node is read every second; a rate needs two values."));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_stack->setCurrentWidget(m_board);
    m_board->setPicture(m_picture);
}

void MetricsPage::setMoment(std::optional<qint64> moment)
{
    if (!moment)
        moment = m_pinned;
    if (m_picture.moment == moment)
        return;
    m_picture.moment = moment;
    m_lane->update();
    m_board->updateMoment();
}

void MetricsPage::pin(std::optional<qint64> moment)
{
    m_pinned = moment;
    setMoment(moment);
    updateHead();
}

void MetricsPage::setLive(bool live)
{
    m_isLive = live;
    if (live)
        m_from = m_to = 0;
    m_timer.setInterval(refreshMs);
    if (live && isVisible())
        m_timer.start();
    else
        m_timer.stop();
    updateHead();
    ask();
}

void MetricsPage::toggleLive()
{
    if (m_isLive)
        showRange(m_picture.from, m_picture.to);
    else
        setLive(true);
}

void MetricsPage::showCommands(bool on)
{
    m_byCommand->setChecked(on);
    m_commands->setSpan(span());
    m_groups->setVisible(!on);
    for (const char *name : {"compare", "plots"}) // these controls only apply to the plots
        findChild<QPushButton *>(QLatin1String(name))->setEnabled(!on);
    updateAll();
    ask();
}

void MetricsPage::showRange(qint64 from, qint64 to)
{
    if (to - from < shortestRange) {
        const qint64 middle = from + (to - from) / 2;
        from = middle - shortestRange / 2;
        to = middle + shortestRange / 2;
    }
    const qint64 late = std::max<qint64>(0, to - QDateTime::currentMSecsSinceEpoch());
    m_from = from - late;
    m_to = to - late;
    m_isLive = false;
    m_timer.stop();
    updateHead();
    ask();
}

void MetricsPage::showSpan(qint64 milliseconds)
{
    for (size_t i = 0; i < spans.size(); ++i)
        if (spans[i] == milliseconds)
            m_spans->setCurrent(int(i));
    setLive(true);
}

void MetricsPage::setGroup(MetricGroup group)
{
    m_groups->setCurrent(int(group));
}

void MetricsPage::readAgain()
{
    Q_EMIT refreshRequested();
    ask();
}

bool MetricsPage::closeDetail()
{
    if (m_byCommand->isChecked()) {
        showCommands(false);
        return true;
    }
    if (m_pinned) {
        pin(std::nullopt);
        return true;
    }
    if (m_to > 0) {
        setLive(true);
        return true;
    }
    if (m_comparing.with != Comparing::With::Nothing) {
        compareWith(Comparing::With::Nothing);
        return true;
    }
    return false;
}

void MetricsPage::showEventPlace(const MetricEvent &event)
{
    pin(event.at);
    if (!event.node.isEmpty() && context().view() && context().view()->node(event.node))
        m_hint->setText(tr("%1 · click again to go to its node").arg(event.words));
}

bool MetricsPage::isFilled() const
{
    return !m_picture.window.lines.empty() && m_stack->currentWidget() == m_board;
}

void MetricsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (m_isLive)
        m_timer.start();
    ask();
}

void MetricsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_timer.stop();
}

void MetricsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    updateChips();
    fitTools();
}

void MetricsPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space) {
        toggleLive();
        return;
    }
    const qint64 part = (m_picture.to - m_picture.from) / 4;
    if (part > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        const qint64 by = event->key() == Qt::Key_Left ? -part : part;
        showRange(m_picture.from + by, m_picture.to + by);
        return;
    }
    if (part > 0 && (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Minus)) {
        const qint64 by = event->key() == Qt::Key_Plus ? part : -2 * part;
        showRange(m_picture.from + by, m_picture.to - by);
        return;
    }
    Page::keyPressEvent(event);
}

} // namespace slotscope
