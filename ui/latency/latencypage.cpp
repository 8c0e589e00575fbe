// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/latency/latencypage.h"

#include "ui/latency/doctorcard.h"
#include "ui/latency/latencycommands.h"
#include "ui/latency/spectrumplot.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/pageshortcut.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTime>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int eventsPaceMs = 2000, tickMs = 500;
constexpr int foldLatencyBelow = 1060; // page width in px; a window of about 1180 px
constexpr int usualWindow = 1; // index in the combo box
constexpr int mostRowsShown = 8;

enum Stacked { RoundTripsStacked, CommandsStacked, EmptyStacked };

} // namespace

LatencyPage::LatencyPage(PageContext &context, QWidget *parent)
    : Page(context, parent), m_theme(context.theme()), m_feed(context), m_roundTrips(m_feed.book())
{
    m_stack = new CurrentStack(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(makeNotice());
    layout->addWidget(m_stack, 1);
    m_stack->addWidget(makeRoundTrips());
    m_commands = new LatencyCommands(m_theme, m_roundTrips, this);
    m_stack->addWidget(m_commands);
    m_empty = new EmptyState(m_theme, this);
    m_empty->setContent(u"latency"_s, tr("Nothing has been measured yet"),
                        tr("Round-trip times appear as soon as the nodes answer."));
    m_stack->addWidget(m_empty);
    m_split->setNarrowBelow(foldLatencyBelow);
    m_ticking.setInterval(tickMs);
    connectParts();
    m_window->setCurrentIndex(usualWindow);
    takeWindow();
    takeRights();
    setLive(true);
    tick();
}

LatencyPage::~LatencyPage() = default;

void LatencyPage::connectParts()
{
    connect(&m_feed, &LatencyFeed::heard, this, &LatencyPage::takeEvents);
    connect(&m_feed, &LatencyFeed::paced, this, [this] {
        if (m_which->current() == 1)
            m_feed.readCommands();
    });
    connect(&m_feed, &LatencyFeed::readerChanged, this, &LatencyPage::takeReader);
    connect(&m_feed, &LatencyFeed::doctorsHeard, m_doctor, &DoctorCard::take);
    connect(&m_feed, &LatencyFeed::commandsHeard, this, [this](const NodeCommands &commands) {
        m_commands->take(commands);
        updateNotice();
    });
    connect(&m_ticking, &QTimer::timeout, this, &LatencyPage::tick);
    connect(&context(), &PageContext::readOnlyChanged, this, &LatencyPage::takeRights);
    connect(m_live, &QPushButton::clicked, this, &LatencyPage::setLive);
    connect(m_which, &SegmentedControl::currentChanged, this, [this](int which) { showCommands(which == 1); });
    connect(m_window, &QComboBox::currentIndexChanged, this, &LatencyPage::takeWindow);
    connect(m_table, &TableView::rowChosen, this, [this](int row) {
        if (row >= 0)
            chooseNode(m_roundTrips.nodeAt(row));
    });
    connect(m_table, &QTableView::activated, this, [this] { m_split->setPanelShown(true); });
    connect(m_eventsTable, &TableView::rowChosen, this, [this](int row) {
        if (row >= 0)
            chooseNode(m_events.nodeAt(row));
    });
    connect(m_doctor, &DoctorCard::nodeChosen, this, &LatencyPage::chooseNode);
    connect(m_doctor, &DoctorCard::slowlogRequested, this,
            [this](const QByteArray &node) { context().goTo({.page = u"slowlog"_s, .node = node}); });
    connect(m_plot, &SpectrumPlot::refreshed, this, [this] { m_legend->setMost(m_plot->scaleText()); });
    connect(m_commands, &LatencyCommands::readRequested, &m_feed, &LatencyFeed::readCommands);
    connect(m_threshold, &QPushButton::clicked, this, &LatencyPage::editThreshold);
    connect(m_copyRight, &QPushButton::clicked, this, &LatencyPage::copyRight);
    connect(m_dismiss, &QPushButton::clicked, this, [this] { tell({}, false); });
    connect(m_split, &SideSplit::narrowChanged, this, [this](bool narrow) {
        m_panelButton->setVisible(narrow);
        m_split->setPanelShown(!narrow);
    });
    connect(m_panelButton, &QPushButton::clicked, this, [this] { m_split->setPanelShown(!m_split->isPanelShown()); });
    for (QWidget *each : std::initializer_list<QWidget *>{m_table, m_eventsTable, m_commands->table(), m_plot})
        each->installEventFilter(this);
    addPageShortcut(this, pauseKeys(), tr("Pause, or measure on"), [this] { setLive(!m_isLive); });
    addPageShortcut(this, otherHalfKeys(), tr("Commands, or round trips"),
                    [this] { showCommands(m_which->current() == 0); });
    addPageShortcut(this, QKeySequence(Qt::CTRL | Qt::Key_L), tr("Threshold of the latency monitor…"),
                    [this] { m_threshold->click(); });
}

void LatencyPage::setView(const ClusterViewPtr &view)
{
    m_roundTrips.setView(view);
    m_events.setView(view);
    m_commands->refreshNodes();
    m_doctor->refresh();
    const int rows = std::min(std::max(1, m_roundTrips.rowCount()), mostRowsShown);
    m_tableCard->setFixedHeight(m_table->verticalHeader()->defaultSectionSize() * rows
                                + m_table->horizontalHeader()->sizeHint().height() + 4);
    if (!view || !view->node(m_plot->node()))
        chooseNode(m_roundTrips.nodeAt(0));
    updateStack();
}

void LatencyPage::chooseNode(const QByteArray &nodeId)
{
    if (nodeId == m_plot->node() && !nodeId.isEmpty())
        return;
    m_plot->setNode(nodeId);
    m_plotTitle->setText(nodeId.isEmpty() ? QString() : m_roundTrips.nameOf(nodeId));
    m_doctor->setNode(nodeId);
    m_table->selectSourceRow(m_roundTrips.rowOf(nodeId));
    if (m_hasBegun)
        m_feed.readDoctors(nodeId);
}

void LatencyPage::showCommands(bool commands)
{
    m_which->setCurrent(commands ? 1 : 0);
    m_window->setEnabled(!commands);
    if (commands)
        m_feed.readCommands();
    updateStack();
}

void LatencyPage::updateStack()
{
    const bool any = m_roundTrips.rowCount() > 0 && context().door();
    m_stack->setCurrentIndex(!any ? EmptyStacked : m_which->current() == 1 ? CommandsStacked : RoundTripsStacked);
    updateNotice();
}

void LatencyPage::takeEvents(const NodeLatency &latency)
{
    m_events.take(latency);
    if (latency.nodeId == m_doctor->node())
        m_doctor->refresh();
    updateEvents();
    updateNotice();
}

void LatencyPage::takeReader()
{
    m_events.clear();
    m_commands->clear();
    m_doctor->forget();
    tell({}, false);
    setPace();
    if (m_hasBegun) {
        m_feed.readNow();
        m_feed.readDoctors(m_doctor->node());
    }
    tick();
}

void LatencyPage::takeRights()
{
    const bool readOnly = context().isReadOnly();
    for (QPushButton *button : {m_threshold, m_reset}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    }
}

void LatencyPage::takeWindow()
{
    m_feed.book().setWindow(m_window->currentData().toLongLong());
    tick();
}

void LatencyPage::setLive(bool live)
{
    m_isLive = live;
    m_live->setChecked(live);
    m_live->setText(live ? tr("Live") : tr("Paused"));
    m_live->setIcon(themedIcon(live ? u"pause"_s : u"play"_s, m_theme));
    m_live->setToolTip(live ? tr("Stop pinging; its connections are closed (Space)") : tr("Resume (Space)"));
    setPace();
    if (live && m_hasBegun)
        m_feed.readNow();
}

/// Measuring continues while another page is shown, so that the time before opening this page can be viewed afterwards.
void LatencyPage::setPace()
{
    const bool runs = m_isLive && m_hasBegun;
    m_feed.setPinging(runs);
    m_feed.setPace(runs && isVisible() ? eventsPaceMs : 0);
    if (runs && isVisible())
        m_ticking.start();
    else
        m_ticking.stop();
}

void LatencyPage::tick()
{
    if (m_isLive)
        m_feed.book().slideTo(QDateTime::currentMSecsSinceEpoch());
    m_roundTrips.refresh();
    m_plot->refresh();
    updateHead();
    updateEvents();
    updateNotice();
}

void LatencyPage::showPlace(const Place &place)
{
    if (!place.node.isEmpty())
        chooseNode(place.node);
}

void LatencyPage::readAgain()
{
    m_feed.readNow();
    m_feed.readDoctors(m_doctor->node());
    if (m_which->current() == 1)
        m_feed.readCommands();
}

bool LatencyPage::closeDetail()
{
    if (!m_split->isNarrow() || !m_split->isPanelShown())
        return false;
    m_split->setPanelShown(false);
    return true;
}

void LatencyPage::saveState(QSettings &settings) const
{
    settings.setValue(u"latency/window"_s, m_window->currentIndex());
    if (const QByteArray state = m_split->saveState(); !state.isEmpty())
        settings.setValue(u"latency/split"_s, state);
}

void LatencyPage::restoreState(const QSettings &settings)
{
    m_window->setCurrentIndex(settings.value(u"latency/window"_s, usualWindow).toInt());
    m_split->restoreState(settings.value(u"latency/split"_s).toByteArray());
}

void LatencyPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_hasBegun = true;
    setPace();
    readAgain();
}

void LatencyPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    setPace();
}

void LatencyPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool isWide = width() >= foldLatencyBelow;
    m_table->setColumnShown(int(RoundTripModel::Column::Spectrum), isWide);
    m_table->horizontalHeader()->setSectionResizeMode(int(RoundTripModel::Column::Node),
                                                      isWide ? QHeaderView::Interactive : QHeaderView::Stretch);
    m_eventsTable->setColumnShown(int(LatencyEventModel::Column::Meaning), width() >= 760);
}

void LatencyPage::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space) {
        Page::keyPressEvent(event);
        return;
    }
    setLive(!m_isLive);
}

/// Tables would handle Space themselves.
bool LatencyPage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space) {
        setLive(!m_isLive);
        return true;
    }
    return Page::eventFilter(watched, event);
}

QString LatencyPage::heldHere() const
{
    return isFilled() ? tr("Round-trip times measured so far") : QString();
}

} // namespace slotscope
