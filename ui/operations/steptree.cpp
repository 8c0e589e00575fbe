// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/steptree.h"

#include "core/base/text.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

enum Role : int {
    HeadRole = Qt::UserRole + 1, ///< text shown first: a number, an address
    KindRole, ///< a value of Kind
    StepRole,
};
enum class Kind : int { Step, Risk, Command, More };
constexpr int lineHeight = 26;

class StepDelegate final : public QStyledItemDelegate
{
public:
    StepDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {100, lineHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        const Kind kind = Kind(index.data(KindRole).toInt());
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, tokens.sel);
        painter->setFont(kind == Kind::Step || kind == Kind::Risk ? Theme::textFont() : Theme::monoFont());
        QRect area = option.rect.adjusted(4, 0, -8, 0);
        const QString head = index.data(HeadRole).toString();
        if (!head.isEmpty()) {
            const int width =
                std::max(kind == Kind::Step ? 24 : 0, painter->fontMetrics().horizontalAdvance(head) + 10);
            painter->setPen(kind == Kind::Step ? tokens.faint : kind == Kind::Risk ? tokens.warn : tokens.text);
            painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, head);
            area.setLeft(area.left() + width);
        }
        painter->setPen(kind == Kind::Risk ? tokens.warn : kind == Kind::Step ? tokens.text : tokens.muted);
        painter->drawText(
            area, Qt::AlignLeft | Qt::AlignVCenter,
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, std::max(20, area.width())));
        painter->restore();
    }

private:
    const Theme &m_theme;
};

QTreeWidgetItem *childOf(QTreeWidgetItem *parent, Kind kind, const QString &head, const QString &text)
{
    auto *item = new QTreeWidgetItem(parent, {text});
    item->setData(0, KindRole, int(kind));
    item->setData(0, HeadRole, head);
    item->setToolTip(0, text.toHtmlEscaped());
    return item;
}

/// The command as it is sent, without "redis-cli -h … -p …".
QString commandText(const StepCommand &command)
{
    QStringList words;
    for (const QByteArray &word : command.command)
        words.append(word.isEmpty() ? u"\"\""_s : toDisplay(word));
    return words.join(u' ');
}

} // namespace

StepTree::StepTree(const Theme &theme, QWidget *parent) : QTreeWidget(parent)
{
    setProperty("boxed", true);
    setAccessibleName(tr("Steps"));
    setHeaderHidden(true);
    setItemDelegate(new StepDelegate(theme, this));
    setUniformRowHeights(true);
    setIndentation(18);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QTreeWidget::itemExpanded, this, [this](QTreeWidgetItem *item) {
        unfold(item);
        fit();
    });
    connect(this, &QTreeWidget::itemCollapsed, this, &StepTree::fit);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void StepTree::setPlan(const OperationPlan &plan)
{
    if (plan.steps == m_plan.steps && topLevelItemCount() > 0)
        return;
    m_plan = plan;
    clear();
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        const PlanStep &step = plan.steps[i];
        auto *item = new QTreeWidgetItem(this, {step.title});
        item->setData(0, KindRole, int(Kind::Step));
        item->setData(0, HeadRole, QString::number(i + 1));
        item->setData(0, StepRole, int(i));
        item->setToolTip(0, (step.risk.isEmpty() ? step.title : step.title + u'\n' + step.risk).toHtmlEscaped());
        const bool foldable = !step.risk.isEmpty() || !step.commands.isEmpty() || !step.moves.isEmpty();
        item->setChildIndicatorPolicy(foldable ? QTreeWidgetItem::ShowIndicator : QTreeWidgetItem::DontShowIndicator);
    }
    fit();
}

void StepTree::unfold(QTreeWidgetItem *item)
{
    if (item->parent() || item->childCount() > 0)
        return;
    const PlanStep &step = m_plan.steps.at(item->data(0, StepRole).toInt());
    if (!step.risk.isEmpty())
        childOf(item, Kind::Risk, u"▲"_s, step.risk);
    const QList<StepCommand> commands = commandsOf(step, mostCommands);
    for (const StepCommand &command : commands.mid(0, mostCommands))
        childOf(item, Kind::Command, command.node.address, commandText(command));
    const qint64 total = commandCountOf(step);
    if (total > mostCommands)
        childOf(item, Kind::More, {}, tr("… slot by slot, %1 commands in total").arg(groupedNumber(total)));
    else if (total < 0 && !commands.isEmpty())
        childOf(item, Kind::More, {}, tr("… slot by slot, and repeated while a slot has keys"));
}

void StepTree::fit()
{
    int rows = 0;
    for (int i = 0; i < topLevelItemCount(); ++i)
        rows += 1 + (topLevelItem(i)->isExpanded() ? topLevelItem(i)->childCount() : 0);
    setFixedHeight(std::max(1, rows) * lineHeight + 10);
}

int StepTree::chosenStep() const
{
    const QTreeWidgetItem *item = currentItem();
    if (item && item->parent())
        item = item->parent();
    return item ? item->data(0, StepRole).toInt() : -1;
}

void StepTree::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        return;
    }
    QTreeWidget::keyPressEvent(event);
}

} // namespace slotscope
