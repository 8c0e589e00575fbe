// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/config/settingpanel.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

using Cell = SettingRow::Cell;
using Kind = SettingInfo::Kind;

namespace {

constexpr int mostListed = 8; ///< rows of the node list that are visible without scrolling
constexpr int listRow = 28;
constexpr int longestValue = 1'000'000; ///< in characters

/// Paints a node's name on the left and its relation to the new value on the right.
class NodeStateDelegate final : public QStyledItemDelegate
{
public:
    static constexpr int StateRole = Qt::UserRole, ChangesRole = Qt::UserRole + 1, ColourRole = Qt::UserRole + 2;
    NodeStateDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        QRect area = option.rect.adjusted(10, 0, -10, 0);
        painter->save();
        painter->setPen(tokens.line);
        if (index.row() > 0)
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        painter->setRenderHint(QPainter::Antialiasing);
        const int colour = index.data(ColourRole).toInt();
        painter->setPen(colour >= 0 ? QPen(Qt::NoPen) : QPen(tokens.line2));
        painter->setBrush(colour >= 0 ? QBrush(shardColour(colour)) : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(QRect(area.left(), area.center().y() - 4, 10, 10), 2, 2);
        area.setLeft(area.left() + 18);
        painter->setFont(Theme::smallFont());
        const QString state = index.data(StateRole).toString();
        const int width = std::min(painter->fontMetrics().horizontalAdvance(state) + 2, area.width() / 2);
        painter->setPen(index.data(ChangesRole).toBool() ? tokens.warn : tokens.muted);
        painter->drawText(area, int(Qt::AlignRight | Qt::AlignVCenter),
                          painter->fontMetrics().elidedText(state, Qt::ElideRight, width));
        area.setRight(area.right() - width - 8);
        painter->setFont(Theme::monoFont());
        painter->setPen(tokens.text);
        painter->drawText(area, int(Qt::AlignLeft | Qt::AlignVCenter),
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, area.width()));
        painter->restore();
    }

private:
    const Theme &m_theme;
};

QFont nameFont()
{
    QFont font = Theme::monoFont();
    font.setPixelSize(14);
    font.setBold(true);
    return font;
}

bool isKnown(Cell cell)
{
    return cell == Cell::AsMost || cell == Cell::Differs;
}

QString exactText(const SettingRow &row, const QByteArray &value)
{
    return row.isSecret ? settingCellText(row, value) : value.isEmpty() ? u"\"\""_s : toDisplay(value);
}

} // namespace

SettingPanel::SettingPanel(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_name(new ElidedLabel({}, Qt::ElideMiddle, this))
    , m_meaning(wrappedLabel({}, "muted", this))
    , m_facts(wrappedLabel({}, "muted", this))
    , m_whyNot(wrappedLabel({}, "muted", this))
    , m_foot(wrappedLabel({}, "muted", this))
    , m_finding(new QFrame(this))
{
    setObjectName(u"settingPanel"_s);
    setProperty("card", true);
    m_name->setFont(nameFont());
    m_finding->setProperty("finding", u"warn"_s);
    m_findingText = wrappedLabel({}, nullptr, m_finding);
    auto *findingLayout = new QVBoxLayout(m_finding);
    findingLayout->setContentsMargins(12, 10, 12, 10);
    findingLayout->addWidget(m_findingText);
    auto *copy = new QPushButton(themedIcon(u"copy"_s, theme), {}, this);
    auto *close = new QPushButton(themedIcon(u"close"_s, theme), {}, this);
    copy->setAccessibleName(tr("Copy the name"));
    close->setAccessibleName(tr("Close"));
    for (QPushButton *button : {copy, close}) {
        button->setProperty("quiet", true);
        button->setToolTip(button->accessibleName());
    }
    auto *head = new QHBoxLayout;
    head->addWidget(m_name, 1);
    head->addWidget(copy);
    head->addWidget(close);
    m_change = makeChange();
    m_set = new QPushButton(this);
    m_set->setObjectName(u"set"_s);
    m_set->setProperty("primary", true);
    auto *inside = new QWidget(this);
    auto *body = new QVBoxLayout(inside);
    body->setContentsMargins(16, 12, 16, 12);
    body->setSpacing(12);
    body->addLayout(head);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_meaning, m_finding, m_facts, m_whyNot, m_change})
        body->addWidget(widget);
    body->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 8, 12, 8);
    foot->addWidget(m_foot, 1);
    foot->addWidget(m_set);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addLayout(foot);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromLatin1(m_row.name)); });
    connect(close, &QPushButton::clicked, this, &SettingPanel::closed);
    connect(m_set, &QPushButton::clicked, this, [this] {
        if (const auto change = draft())
            Q_EMIT changeRequested(*change);
    });
}

QWidget *SettingPanel::makeChange()
{
    auto *box = new QWidget(this);
    m_choice = new QComboBox(box);
    m_choice->setObjectName(u"choice"_s);
    m_text = new QLineEdit(box);
    m_text->setObjectName(u"value"_s);
    m_text->setFont(Theme::monoFont());
    m_choice->setFont(Theme::monoFont());
    m_choice->setAccessibleName(tr("New value"));
    m_text->setAccessibleName(tr("New value"));
    m_scope = new SegmentedControl({tr("All"), tr("Primaries"), tr("Choose…")}, box);
    m_scope->setAccessibleName(tr("On"));
    m_checks = new NodeChecks([](const ClusterView &, const NodeState &) { return true; }, box);
    m_list = new QListWidget(box);
    m_list->setAccessibleName(tr("Current value of each node"));
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setItemDelegate(new NodeStateDelegate(m_theme, m_list));
    m_persist = new QCheckBox(tr("Write it to the file as well"), box);
    m_fileText = wrappedLabel({}, "muted", box);
    m_readAs = wrappedLabel({}, "muted", box);
    auto *title = plainLabel(tr("Change"), nullptr, box);
    title->setFont(Theme::strongFont());
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(title);
    layout->addWidget(plainLabel(tr("New value"), "muted", box));
    layout->addWidget(m_choice);
    layout->addWidget(m_text);
    layout->addWidget(m_readAs);
    layout->addSpacing(4);
    layout->addWidget(plainLabel(tr("On"), "muted", box));
    layout->addWidget(m_scope, 0, Qt::AlignLeft);
    layout->addWidget(m_checks);
    layout->addWidget(m_list);
    layout->addSpacing(4);
    layout->addWidget(m_persist);
    layout->addWidget(m_fileText);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &SettingPanel::update);
    connect(m_choice, &QComboBox::activated, this, [this] { m_isTouched = true; });
    connect(m_text, &QLineEdit::textEdited, this, [this] { m_isTouched = true; });
    connect(m_text, &QLineEdit::textChanged, this, &SettingPanel::update);
    connect(m_scope, &SegmentedControl::currentChanged, this, &SettingPanel::update);
    connect(m_checks, &NodeChecks::nodesChanged, this, &SettingPanel::update);
    connect(m_persist, &QCheckBox::toggled, this, &SettingPanel::update);
    connect(m_text, &QLineEdit::returnPressed, this, [this] { m_set->click(); });
    return box;
}

void SettingPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    update();
}

void SettingPanel::show(const SettingRow &row, const std::vector<NodeConfig> &nodes, const ClusterViewPtr &view)
{
    // as long as the user has not changed the field, it shows the nodes' value
    const bool isOther = row.name != m_row.name || (!m_isTouched && row.most != m_row.most);
    m_row = row;
    m_nodes = nodes;
    m_view = view;
    m_checks->setView(view);
    m_name->setText(QString::fromLatin1(row.name));
    m_meaning->setText(row.info
                           ? row.info->words()
                           : tr("Slotscope does not know this setting: it belongs to a module, or to a newer server."));
    QStringList facts;
    if (row.usual)
        facts.append(tr("Default: %1").arg(exactText(row, *row.usual)));
    if (!row.isOwn())
        facts.append(tr("Most nodes: %1").arg(exactText(row, row.most)));
    if (row.info && row.info->kind == Kind::Bytes)
        facts.append(tr("In bytes; 100mb and 2gb are understood."));
    m_facts->setText(facts.join(u'\n'));
    updateFinding();
    if (isOther)
        fillEditor();
    update();
}

void SettingPanel::fillEditor()
{
    const QSignalBlocker quietChoice(m_choice), quietText(m_text), quietScope(m_scope), quietPersist(m_persist);
    const bool isChoice = m_row.info && (m_row.info->kind == Kind::Choice || m_row.info->kind == Kind::Bool);
    m_choice->setVisible(isChoice);
    m_text->setVisible(!isChoice);
    m_choice->clear();
    if (isChoice)
        for (const QByteArray &choice : m_row.info->choiceList())
            m_choice->addItem(QString::fromLatin1(choice), choice);
    if (isChoice && m_choice->findData(m_row.most) < 0)
        m_choice->insertItem(0, toDisplay(m_row.most), m_row.most);
    m_choice->setCurrentIndex(std::max(0, m_choice->findData(m_row.most)));
    m_text->setMaxLength(longestValue);
    m_text->setText(m_row.isOwn() ? QString() : QString::fromUtf8(m_row.most));
    m_isTouched = false;
    m_isExact = m_row.isOwn() || m_text->text().toUtf8() == m_row.most;
    m_scope->setCurrent(int(m_row.isOwn() ? Scope::Chosen : Scope::All));
    m_checks->setNodes({});
    m_persist->setChecked(false);
}

void SettingPanel::updateFinding()
{
    QMap<QString, QStringList> others;
    QString most;
    int withMost = 0;
    for (qsizetype i = 0; i < m_row.cells.size(); ++i) {
        if (m_row.cells[i] == Cell::Differs)
            others[exactText(m_row, m_row.values[i])].append(m_nodes[size_t(i)].nodeName);
        else if (m_row.cells[i] == Cell::AsMost)
            ++withMost;
    }
    QStringList lines;
    for (auto each = others.cbegin(); each != others.cend(); ++each) {
        const QString names = each->size() > 3 ? tr("%1 nodes").arg(each->size()) : each->join(u", "_s);
        lines.append(tr("%1: %2").arg(names, m_row.isSecret ? tr("another or none") : each.key()));
    }
    if (!lines.isEmpty())
        lines.append(counted(withMost, tr("1 node: %1"), tr("%1 nodes: %2"))
                         .arg(m_row.isSecret ? tr("the same") : exactText(m_row, m_row.most)));
    m_findingText->setText(lines.isEmpty() ? QString() : tr("The nodes differ.") + u'\n' + lines.join(u'\n'));
    m_finding->setVisible(!lines.isEmpty());
}

QString SettingPanel::finding() const
{
    return m_finding->isHidden() ? QString() : m_findingText->text();
}

QString SettingPanel::whyNot() const
{
    if (m_row.isSecret)
        return tr("A password cannot be changed here, because plans are displayed and stored in a journal. Send CONFIG "
                  "SET %1 in the console: its history leaves the password out.")
            .arg(QString::fromLatin1(m_row.name));
    if (m_row.info && m_row.info->isFixed())
        return tr("The servers cannot change this while they run. Change it in the configuration file of a node, and "
                  "restart the node.");
    if (m_row.info && m_row.info->isProtected()) {
        return tr("Protected: the servers refuse to change it unless they were started with enable-protected-configs.");
    }
    if (!m_isExact)
        return tr("Its value contains bytes that cannot be entered here. Send CONFIG SET in the console.");
    return {};
}

QByteArray SettingPanel::typed() const
{
    const bool isChoice = m_row.info && (m_row.info->kind == Kind::Choice || m_row.info->kind == Kind::Bool);
    return isChoice ? m_choice->currentData().toByteArray() : settingValue(m_row.info, m_text->text().toUtf8());
}

QList<int> SettingPanel::scope() const
{
    QList<int> all;
    const QList<QByteArray> chosen = m_checks->nodes();
    for (int i = 0; i < int(m_nodes.size()); ++i) {
        const NodeState *node = m_view ? m_view->node(m_nodes[size_t(i)].nodeId) : nullptr;
        if (!node)
            continue;
        const auto scope = Scope(m_scope->current());
        if (scope == Scope::All || (scope == Scope::Primaries && node->primary && node->roleKnown)
            || (scope == Scope::Chosen && chosen.contains(node->id)))
            all.append(i);
    }
    return all;
}

QList<int> SettingPanel::changing() const
{
    QList<int> all;
    const QByteArray value = typed();
    for (const int i : scope())
        if (isKnown(m_row.cells[i]) && !isSameSetting(m_row.info, m_row.values[i], value))
            all.append(i);
    return all;
}

void SettingPanel::fillNodes()
{
    const QByteArray value = typed();
    m_list->clear();
    for (const int i : scope()) {
        const NodeConfig &node = m_nodes[size_t(i)];
        const Cell cell = m_row.cells[i];
        const QString state = !isKnown(cell)                    ? tr("not known")
            : isSameSetting(m_row.info, m_row.values[i], value) ? tr("already set")
                                                                : tr("now %1").arg(exactText(m_row, m_row.values[i]));
        const NodeState *known = m_view ? m_view->node(node.nodeId) : nullptr;
        auto *item = new QListWidgetItem(node.nodeName, m_list);
        item->setData(NodeStateDelegate::StateRole, state);
        item->setData(NodeStateDelegate::ChangesRole,
                      isKnown(cell) && !isSameSetting(m_row.info, m_row.values[i], value));
        item->setData(NodeStateDelegate::ColourRole,
                      known && known->shard >= 0 ? m_view->shards.at(size_t(known->shard)).colour : -1);
        item->setData(Qt::AccessibleTextRole, node.nodeName + u", "_s + state);
        item->setToolTip(plainToolTip(node.nodeName + u": "_s + state));
        item->setSizeHint({0, listRow});
    }
    m_list->setFixedHeight(std::clamp(m_list->count(), 1, mostListed) * listRow + 4);
}

void SettingPanel::update()
{
    const QString why = whyNot();
    m_whyNot->setText(why);
    m_whyNot->setVisible(!why.isEmpty());
    m_change->setVisible(why.isEmpty());
    m_checks->setVisible(Scope(m_scope->current()) == Scope::Chosen);
    fillNodes();
    // shows the exact number and its readable form before anything is sent
    const QByteArray wanted = typed();
    m_readAs->setText(tr("= %1 bytes, %2").arg(groupedNumber(wanted.toLongLong()), byteSize(wanted.toLongLong())));
    m_readAs->setVisible(m_row.info && m_row.info->kind == Kind::Bytes && !m_text->isHidden()
                         && wanted.toLongLong() > 0);
    const QList<int> nodes = changing();
    int withoutFile = 0;
    for (const int i : nodes)
        withoutFile += m_nodes[size_t(i)].isFileTold && m_nodes[size_t(i)].file.isEmpty() ? 1 : 0;
    m_fileText->setText(
        withoutFile == 0
            ? tr("CONFIG REWRITE on each changed node")
            : counted(withoutFile,
                      tr("1 node runs without a configuration file: there the change is lost at the next start."),
                      tr("%1 nodes run without a configuration file: there the change is lost at the next start.")));
    m_set->setVisible(why.isEmpty());
    m_set->setText(counted(nodes.size(), tr("Set on 1 node…"), tr("Set on %1 nodes…")));
    m_set->setEnabled(!nodes.isEmpty() && !m_readOnly);
    m_set->setToolTip(m_readOnly ? tr("This connection is read-only.") : QString());
    m_foot->setText(!why.isEmpty() ? QString() : nodes.isEmpty() ? tr("Nothing to change") : tr("Can be undone"));
}

std::optional<OperationDraft> SettingPanel::draft() const
{
    const QList<int> nodes = changing();
    if (nodes.isEmpty() || m_readOnly || !whyNot().isEmpty())
        return std::nullopt;
    ConfigRequest request;
    request.name = m_row.name;
    request.value = typed();
    request.persist = m_persist->isChecked();
    for (const int i : nodes)
        request.nodeIds.append(m_nodes[size_t(i)].nodeId);
    OperationDraft draft;
    draft.operation = Operation::Config;
    draft.ready = request;
    return draft;
}

} // namespace slotscope
