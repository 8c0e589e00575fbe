// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/thresholdsdialog.h"

#include "core/base/text.h"
#include "core/metrics/thresholdwatch.h"
#include "ui/metrics/thresholdfeed.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"
#include "ui/shared/trayentry.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int thresholdsWidth = 880, thresholdsHeight = 420, mostNodesListed = 1000;
enum RuleColumn { RuleText, RuleWhere, RuleState, RuleNow };

struct RuleStanding
{
    QString words;
    bool warns = false;
};

RuleStanding stateOf(const ThresholdSummary &rule)
{
    if (rule.subjects == 0)
        return {ThresholdsDialog::tr("this node does not exist"), true};
    if (rule.firing > 0 && rule.known == 0)
        return {ThresholdsDialog::tr("▲ exceeded, as last known"), true};
    if (rule.firing > 0) {
        const QString name = rule.fired.empty() ? QString() : rule.fired.front().name;
        if (name.isEmpty())
            return {ThresholdsDialog::tr("▲ exceeded"), true};
        return {rule.firing == 1 ? ThresholdsDialog::tr("▲ exceeded: %1").arg(name)
                                 : ThresholdsDialog::tr("▲ exceeded: %1 and %2 more").arg(name).arg(rule.firing - 1),
                true};
    }
    if (rule.known == 0)
        return {rule.problem.isEmpty() ? ThresholdsDialog::tr("not known")
                                       : ThresholdsDialog::tr("not known: %1").arg(rule.problem),
                !rule.problem.isEmpty()};
    const QString part = rule.known < rule.subjects
        ? ThresholdsDialog::tr(" · %1 of %2 known").arg(rule.known).arg(rule.subjects)
        : QString();
    return {(rule.passing > 0 ? ThresholdsDialog::tr("exceeded, not for %1 yet").arg(duration(rule.rule.forMs))
                              : ThresholdsDialog::tr("ok"))
                + part + (rule.problem.isEmpty() ? QString() : u" · "_s + rule.problem),
            !rule.problem.isEmpty()};
}

QString nowOf(const ThresholdSummary &rule)
{
    if (std::isnan(rule.nearest))
        return u"–"_s;
    const QString value = rule.rule.watched().valueText(rule.nearest);
    return rule.nearestName.isEmpty() ? value : value + u" · "_s + rule.nearestName;
}

} // namespace

ThresholdsDialog::ThresholdsDialog(ThresholdFeed &feed, PageContext &context, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_context(context)
    , m_list(new QTreeWidget(this))
    , m_figure(new QComboBox(this))
    , m_side(new QComboBox(this))
    , m_where(new QComboBox(this))
    , m_limit(new QLineEdit(this))
    , m_time(new QLineEdit(this))
    , m_note(wrappedLabel({}, "muted", this))
    , m_problem(wrappedLabel({}, "error", this))
    , m_add(new QPushButton(tr("Add"), this))
    , m_change(new QPushButton(tr("Change"), this))
    , m_remove(new QPushButton(tr("Remove"), this))
{
    setObjectName(u"thresholdsDialog"_s);
    setWindowTitle(tr("Thresholds"));
    fillFields();
    layOut();
    resize(thresholdsWidth, thresholdsHeight);
    connect(&feed, &ThresholdFeed::changed, this, &ThresholdsDialog::updateList);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &ThresholdsDialog::takeCurrent);
    for (QLineEdit *field : {m_limit, m_time})
        connect(field, &QLineEdit::textChanged, this, &ThresholdsDialog::check);
    for (QComboBox *field : {m_figure, m_side, m_where})
        connect(field, &QComboBox::currentIndexChanged, this, &ThresholdsDialog::check);
    connect(m_add, &QPushButton::clicked, this, &ThresholdsDialog::add);
    connect(m_change, &QPushButton::clicked, this, &ThresholdsDialog::change);
    connect(m_remove, &QPushButton::clicked, this, &ThresholdsDialog::remove);
    updateList();
    check();
    m_figure->setFocus();
}

void ThresholdsDialog::fillFields()
{
    for (const WatchedFigure &figure : watchedFigures())
        m_figure->addItem(figure.title(), figure.name);
    for (const InfoField &field : m_feed.fields())
        addField(field);
    m_figure->setCurrentIndex(m_figure->findData(QByteArray("memory")));
    m_side->addItems({tr("above"), tr("below")});
    m_where->addItem(tr("each node"), int(Threshold::On::Nodes));
    m_where->addItem(tr("each primary"), int(Threshold::On::Shards));
    m_where->addItem(tr("the sum"), int(Threshold::On::Sum));
    if (const ClusterViewPtr &view = m_context.view()) {
        int listed = 0;
        for (const NodeState &node : view->nodes)
            if (!node.id.isEmpty() && listed++ < mostNodesListed)
                m_where->addItem(node.name, node.id);
    }
    m_limit->setPlaceholderText(tr("100mb"));
    m_time->setText(u"5s"_s);
    m_figure->setAccessibleName(tr("Metric"));
    m_side->setAccessibleName(tr("Above or below"));
    m_limit->setAccessibleName(tr("Limit"));
    m_time->setAccessibleName(tr("For how long"));
    m_where->setAccessibleName(tr("Applies to"));
}

void ThresholdsDialog::addField(const InfoField &field)
{
    const WatchedFigure figure = watchedField(field);
    m_figure->addItem(field.perSecond ? tr("%1 per second").arg(figure.title()) : figure.title(), figure.name);
}

void ThresholdsDialog::layOut()
{
    m_list->setHeaderLabels({tr("Limit"), tr("Of"), tr("State"), tr("Closest now")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Thresholds"));
    m_list->header()->setStretchLastSection(true);
    for (const auto &[column, width] : {std::pair(RuleText, 230), {RuleWhere, 120}, {RuleState, 270}})
        m_list->header()->resizeSection(column, width);
    m_problem->hide();
    m_note->setText(tr("Limits are checked only while Slotscope is open. Exceeded limits are shown on the time axis, "
                       "on the tab of the connection and at the node, %1.")
                        .arg(TrayEntry::canTell() ? tr("and the desktop shows a notification")
                                                  : tr("and in a notice in this window: the desktop has no tray "
                                                       "that shows notifications")));
    auto *close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    for (QPushButton *button : {close, m_change, m_remove})
        button->setAutoDefault(false);
    m_add->setProperty("primary", true);
    m_add->setDefault(true);
    m_limit->setFixedWidth(96);
    m_time->setFixedWidth(64);
    m_where->setMinimumContentsLength(14);
    m_where->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *form = new QHBoxLayout;
    form->setSpacing(8);
    form->addWidget(m_figure);
    form->addWidget(plainLabel(tr("of"), "muted", this));
    form->addWidget(m_where, 1);
    form->addWidget(m_side);
    form->addWidget(m_limit);
    form->addWidget(plainLabel(tr("for"), "muted", this));
    form->addWidget(m_time);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_change);
    buttons->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(m_list, 1);
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_note);
    layout->addLayout(buttons);
}

QString ThresholdsDialog::whereWords(const Threshold &rule) const
{
    switch (rule.on) {
    case Threshold::On::Sum: return tr("the sum");
    case Threshold::On::Shards: return tr("each primary");
    case Threshold::On::Nodes: return tr("each node");
    case Threshold::On::Node: break;
    }
    const NodeState *node = m_context.view() ? m_context.view()->node(rule.node) : nullptr;
    return node ? node->name : toDisplay(rule.node);
}

/// Updates the list in place, so that the selection stays.
void ThresholdsDialog::updateList()
{
    const auto &rules = m_feed.rules();
    const auto &summary = m_feed.summary();
    {
        const QSignalBlocker blocker(m_list);
        while (m_list->topLevelItemCount() > int(rules.size()))
            delete m_list->takeTopLevelItem(m_list->topLevelItemCount() - 1);
        while (m_list->topLevelItemCount() < int(rules.size()))
            new QTreeWidgetItem(m_list);
    }
    for (size_t i = 0; i < rules.size(); ++i) {
        QTreeWidgetItem *item = m_list->topLevelItem(int(i));
        item->setText(RuleText, rules[i].words());
        item->setText(RuleWhere, whereWords(rules[i]));
        const bool isKnown = i < summary.size() && summary[i].rule == rules[i];
        const RuleStanding state = isKnown ? stateOf(summary[i]) : RuleStanding{tr("not checked yet"), false};
        item->setText(RuleState, state.words);
        item->setForeground(RuleState, state.warns ? m_context.theme().tokens().warn : m_context.theme().tokens().text);
        item->setText(RuleNow, isKnown ? nowOf(summary[i]) : u"–"_s);
        for (int column = RuleText; column <= RuleNow; ++column)
            item->setToolTip(column, plainToolTip(item->text(column)));
    }
    check();
}

int ThresholdsDialog::current() const
{
    return m_list->currentItem() ? m_list->indexOfTopLevelItem(m_list->currentItem()) : -1;
}

void ThresholdsDialog::takeCurrent()
{
    if (const int row = current(); row >= 0 && row < int(m_feed.rules().size())) {
        const Threshold &rule = m_feed.rules()[size_t(row)];
        if (const auto field = rule.watched().field; field && m_figure->findData(rule.figure) < 0)
            addField(*field);
        m_figure->setCurrentIndex(m_figure->findData(rule.figure));
        m_side->setCurrentIndex(rule.below ? 1 : 0);
        m_limit->setText(QString::fromLatin1(limitText(rule.limit, rule.watched().unit)));
        m_time->setText(rule.forMs > 0 ? QString::fromLatin1(shortTime(rule.forMs)) : u"0s"_s);
        int where = rule.on == Threshold::On::Node ? m_where->findData(rule.node) : m_where->findData(int(rule.on));
        if (where < 0) { // the rule is for a node that does not exist now
            m_where->addItem(toDisplay(rule.node), rule.node);
            where = m_where->count() - 1;
        }
        m_where->setCurrentIndex(where);
    }
    check();
}

Result<Threshold> ThresholdsDialog::typed() const
{
    Threshold rule;
    rule.figure = m_figure->currentData().toByteArray();
    rule.below = m_side->currentIndex() == 1;
    const auto limit = readLimit(m_limit->text().toUtf8(), rule.watched().unit);
    if (!limit)
        return failure(Error::Code::InvalidArgument, tr("The limit must be a number such as 100mb, 1.5gb, 20k or 90."));
    rule.limit = *limit;
    const auto time = readTime(m_time->text().toUtf8());
    if (!time)
        return failure(Error::Code::InvalidArgument, tr("The time must be like 5s, 500ms or 2min, at most a day."));
    rule.forMs = *time;
    const QVariant where = m_where->currentData();
    if (where.typeId() == QMetaType::QByteArray) {
        rule.on = Threshold::On::Node;
        rule.node = where.toByteArray();
    } else {
        rule.on = Threshold::On(where.toInt());
    }
    return rule;
}

void ThresholdsDialog::check()
{
    const auto rule = typed();
    const auto &rules = m_feed.rules();
    const bool isThere = rule && std::find(rules.begin(), rules.end(), *rule) != rules.end();
    const bool isFull = rules.size() >= ThresholdWatch::mostRules;
    m_add->setEnabled(rule && !isThere && !isFull);
    m_change->setEnabled(rule && !isThere && current() >= 0);
    m_remove->setEnabled(current() >= 0);
    const QString problem = !rule && !m_limit->text().isEmpty() ? rule.error().detail
        : isFull                                                ? tr("At most %1 limits can be set.").arg(rules.size())
                                                                : QString();
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void ThresholdsDialog::add()
{
    if (const auto rule = typed()) {
        std::vector<Threshold> rules = m_feed.rules();
        rules.push_back(*rule);
        m_feed.setRules(rules);
        m_list->setCurrentItem(m_list->topLevelItem(m_list->topLevelItemCount() - 1));
    }
}

void ThresholdsDialog::change()
{
    const int row = current();
    std::vector<Threshold> rules = m_feed.rules();
    if (const auto rule = typed(); rule && row >= 0 && row < int(rules.size())) {
        rules[size_t(row)] = *rule;
        m_feed.setRules(rules);
    }
}

void ThresholdsDialog::remove()
{
    const int row = current();
    std::vector<Threshold> rules = m_feed.rules();
    if (row < 0 || row >= int(rules.size()))
        return;
    rules.erase(rules.begin() + row);
    m_feed.setRules(rules);
    takeCurrent(); // load the form from the rule that is selected now
}

void ThresholdsDialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete && focusWidget() == m_list) {
        remove();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace slotscope
