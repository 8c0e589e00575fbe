// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/sentview.h"

#include "core/audit/auditlog.h"
#include "core/base/text.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"

#include <QFrame>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

constexpr int sentLookMs = 250;
constexpr qsizetype sentRows = 5000;
int viewsOn = 0; // number of views that show commands, in all windows; the last one switches recording off

} // namespace

SentView::SentView(PageContext &context, QWidget *parent) : QWidget(parent), m_context(context)
{
    m_empty = new EmptyState(context.theme(), this);
    m_empty->setContent(
        u"list"_s, tr("Commands are not shown"),
        tr("Every command that Slotscope sends, including its own polling, with node, time and result. Passwords are "
           "removed. Commands are kept only in memory, and only while this is on; the newest %1 are shown.")
            .arg(groupedNumber(sentRows)));
    connect(m_empty->addAction(tr("Show commands"), true), &QPushButton::clicked, this, [this] { setOn(true); });
    m_stack = new CurrentStack(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeTools());
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeTable());
    layout->addWidget(m_stack, 1);
    m_foot = mutedLabel(this);
    layout->addWidget(m_foot);
    m_clock.setInterval(sentLookMs);
    connect(&m_clock, &QTimer::timeout, this, &SentView::look);
    update();
}

SentView::~SentView()
{
    setOn(false);
}

QWidget *SentView::makeTools()
{
    auto *tools = new QWidget(this);
    m_switch = new QPushButton(tr("Show commands"), tools);
    m_switch->setCheckable(true);
    m_pause = new QPushButton(themedIcon(u"pause"_s, m_context.theme()), tr("Pause"), tools);
    m_pause->setCheckable(true);
    m_scope = new SegmentedControl({tr("This cluster"), tr("All")}, tools);
    m_scope->setAccessibleName(tr("Commands shown"));
    m_filter = new QLineEdit(tools);
    m_filter->setPlaceholderText(tr("Filter: all words in one row"));
    m_filter->setAccessibleName(tr("Filter commands"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(themedIcon(u"filter"_s, m_context.theme()), QLineEdit::LeadingPosition);
    m_filter->setMinimumWidth(120);
    m_clear = new QPushButton(tr("Clear"), tools);
    m_export = exportButton(m_context.theme(), tools, [this](QMenu *menu) { fillExport(menu); });
    auto *layout = new QHBoxLayout(tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_switch, m_pause, m_scope})
        layout->addWidget(widget);
    layout->addWidget(m_filter, 1);
    layout->addWidget(m_clear);
    layout->addWidget(m_export);
    connect(m_switch, &QPushButton::toggled, this, &SentView::setOn);
    connect(m_pause, &QPushButton::toggled, this, [this](bool paused) {
        m_paused = paused;
        look();
        update();
    });
    connect(m_scope, &SegmentedControl::currentChanged, this, [this] { // read the recorded commands again
        m_model.clear();
        m_last = 0;
        look();
    });
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_table->setFilterText(text);
        update();
    });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_model.clear();
        m_missed = 0;
        update();
    });
    return tools;
}

QFrame *SentView::makeTable()
{
    using Column = AuditModel::Column;
    constexpr int rowHeight = 26;
    QFrame *frame = pageCard(this);
    m_table = new TableView(m_context.theme(), frame);
    m_table->setAccessibleName(tr("Commands that were sent"));
    m_table->setSource(&m_model);
    dressPageTable(m_table, rowHeight, int(Column::Words),
                   {{int(Column::Time), 196},
                    {int(Column::Node), 140},
                    {int(Column::From), 80},
                    {int(Column::Result), 100},
                    {int(Column::Took), 80}});
    for (const Column column : {Column::Cluster, Column::User})
        m_table->setColumnShown(int(column), false);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(m_table);
    return frame;
}

void SentView::fillExport(QMenu *menu)
{
    menu->clear();
    for (const auto &[name, format] : std::initializer_list<std::pair<QString, TableFormat>>{
             {tr("CSV…"), TableFormat::Csv}, {tr("JSON…"), TableFormat::Json}})
        menu->addAction(name, this, [this, chosen = format] {
            saveBytes(this, u"commands-sent"_s, chosen == TableFormat::Csv ? u"csv"_s : u"json"_s,
                      m_table->exported(chosen));
        });
}

SentCommands *SentView::source() const
{
    return m_context.audit() ? &m_context.audit()->sentCommands() : nullptr;
}

void SentView::setOn(bool on)
{
    if (on == m_on || !source())
        return;
    m_on = on;
    viewsOn += on ? 1 : -1;
    source()->setOn(viewsOn > 0);
    m_last = 0;
    m_missed = 0;
    m_model.clear();
    if (on)
        m_clock.start();
    else
        m_clock.stop();
    const QSignalBlocker quiet(m_switch);
    m_switch->setChecked(on);
    update();
}

bool SentView::isOurs(const AuditEntry &entry) const
{
    if (m_scope->current() == 1)
        return true;
    return entry.seeds == m_context.target().seedsText() && entry.cluster == m_context.target().title()
        ? true
        : m_context.view() && m_context.view()->indexOf(entry.nodeId) >= 0;
}

void SentView::look()
{
    SentCommands *commands = source();
    if (!m_on || m_paused || !commands)
        return;
    SentCommands::News news = commands->since(m_last, size_t(sentRows));
    m_last = news.last;
    m_missed += news.missed;
    news.entries.removeIf([this](const AuditEntry &entry) { return !isOurs(entry); });
    m_model.prepend(news.entries, sentRows);
    update();
}

void SentView::update()
{
    m_stack->setCurrentIndex(m_on ? 1 : 0);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_pause, m_scope, m_filter, m_clear, m_export})
        widget->setEnabled(m_on);
    m_foot->setVisible(m_on);
    m_switch->setText(m_on ? tr("Stop showing") : tr("Show commands"));
    QStringList parts{tr("%n command(s)", nullptr, m_table->model()->rowCount())};
    if (m_model.rowCount() >= sentRows)
        parts.append(tr("the newest %1; older ones were dropped").arg(groupedNumber(sentRows)));
    if (m_missed > 0)
        parts.append(tr("%1 are not shown").arg(groupedNumber(qint64(m_missed))));
    if (m_paused)
        parts.append(tr("paused"));
    m_foot->setText(parts.join(u" · "_s));
}

QString SentView::foot() const
{
    return m_foot->text();
}

} // namespace slotscope
