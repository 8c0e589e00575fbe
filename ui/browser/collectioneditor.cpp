// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/collectioneditor.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/shared/codeedit.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdelegate.h"
#include "ui/browser/streamgroups.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 longestShown = 4 * 1024 * 1024; // in bytes: larger elements are not shown below the table

int widthOf(CollectionModel::Column column)
{
    using Column = CollectionModel::Column;
    switch (column) {
    case Column::Name: return 176;
    case Column::Time: return 146;
    case Column::Ttl:
    case Column::Score: return 130;
    default: return 84;
    }
}

} // namespace

CollectionEditor::CollectionEditor(const Theme &theme, std::shared_ptr<ValueServices> services, QWidget *parent)
    : ValueView(parent)
    , m_theme(theme)
    , m_services(std::move(services))
    , m_filter(new QLineEdit(this))
    , m_order(new SegmentedControl({tr("Newest first"), tr("Oldest first")}, this))
    , m_note(new ElidedLabel({}, Qt::ElideRight, this))
    , m_add(new QPushButton(themedIcon(u"plus"_s, theme), tr("Add"), this))
    , m_trim(new QPushButton(tr("Trim…"), this))
    , m_table(new RowsView(this))
    , m_split(new QSplitter(Qt::Vertical, this))
    , m_groups(new StreamGroups(theme, m_services, this))
{
    auto *line = new QFrame(this);
    line->setObjectName(u"separator"_s);
    line->setFixedHeight(1);
    m_table->setModel(&m_model);
    auto *delegate = new ElementDelegate(theme, m_table);
    m_table->setItemDelegate(delegate);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAccessibleName(tr("Elements"));
    m_split->addWidget(m_table);
    m_split->addWidget(makeStrip());
    m_split->setStretchFactor(0, 1);
    m_split->setChildrenCollapsible(false);
    m_split->setSizes({500, 130});
    auto *sideBySide = new QSplitter(Qt::Horizontal, this);
    sideBySide->addWidget(m_split);
    sideBySide->addWidget(m_groups);
    sideBySide->setStretchFactor(0, 1);
    sideBySide->setChildrenCollapsible(false);
    m_groups->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    layout->addWidget(line);
    layout->addWidget(sideBySide, 1);
    connect(m_table, &RowsView::visibleRowsChanged, this, &CollectionEditor::readVisible);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &point) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(menu);
        menu->popup(m_table->viewport()->mapToGlobal(point));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CollectionEditor::updateStrip);
    connect(&m_model, &CollectionModel::changesChanged, this, &ValueView::changed);
    connect(delegate, &ElementDelegate::refused, this, &CollectionEditor::refuse);
    connect(&m_countDown, &QTimer::timeout, this, &CollectionEditor::countDown);
    m_countDown.setInterval(1000);
    connect(m_groups, &StreamGroups::editRequested, this, &ValueView::editRequested);
    connect(m_groups, &StreamGroups::problemFound, this, &ValueView::problemFound);
}

CollectionEditor::~CollectionEditor() = default;

QWidget *CollectionEditor::makeBar()
{
    auto *bar = new QWidget(this);
    m_filter->setPlaceholderText(tr("Pattern, such as *shirt*"));
    m_filter->setAccessibleName(tr("Search in the value"));
    m_filter->addAction(themedIcon(u"search"_s, m_theme), QLineEdit::LeadingPosition);
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(220);
    m_order->setAccessibleName(tr("Order"));
    m_note->setProperty("tone", u"muted"_s);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 7, 8, 7);
    layout->setSpacing(8);
    layout->addWidget(m_order);
    layout->addWidget(m_filter);
    layout->addWidget(m_note, 1);
    layout->addWidget(m_trim);
    layout->addWidget(m_add);
    connect(m_filter, &QLineEdit::returnPressed, this, &CollectionEditor::restart);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty())
            restart();
    });
    connect(m_order, &SegmentedControl::currentChanged, this, &CollectionEditor::restart);
    connect(m_add, &QPushButton::clicked, this, &CollectionEditor::addElement);
    connect(m_trim, &QPushButton::clicked, this, &CollectionEditor::trim);
    return bar;
}

QWidget *CollectionEditor::makeStrip()
{
    m_strip = new QWidget(this);
    m_stripTitle = new ElidedLabel({}, Qt::ElideMiddle, m_strip);
    m_stripTitle->setProperty("tone", u"muted"_s);
    m_stripText = new CodeEdit(m_theme, m_strip);
    m_stripText->setAccessibleName(tr("The element, decoded"));
    m_stripText->setReadOnly(true);
    m_stripText->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    auto *layout = new QVBoxLayout(m_strip);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->setSpacing(4);
    auto *title = new QHBoxLayout;
    title->setContentsMargins(16, 0, 16, 0);
    title->addWidget(m_stripTitle);
    layout->addLayout(title);
    layout->addWidget(m_stripText, 1);
    return m_strip;
}

void CollectionEditor::setUpColumns()
{
    QHeaderView *header = m_table->header();
    using Column = CollectionModel::Column;
    for (int section = 0; section < m_model.columnCount(); ++section) {
        const Column column = m_model.columnAt(section);
        const bool stretches = column == Column::Value || column == Column::Fields
            || (column == Column::Name && m_head.type != ValueType::Hash && m_head.type != ValueType::Stream);
        header->setSectionResizeMode(section, stretches ? QHeaderView::Stretch : QHeaderView::Interactive);
        if (!stretches)
            header->resizeSection(section, widthOf(column));
    }
    m_fitted.clear();
}

/// Gives scores, and all columns of a stream but its fields, the width of their widest visible content.
void CollectionEditor::fitColumns()
{
    using Column = CollectionModel::Column;
    const bool isStream = m_head.type == ValueType::Stream;
    if (!isStream && m_head.type != ValueType::SortedSet)
        return;
    const int last = m_model.columnCount() - 1;
    for (int section = 0; section <= last; ++section) {
        const Column column = m_model.columnAt(section);
        if (isStream ? column == Column::Fields : column != Column::Score)
            continue;
        int widest = QFontMetrics(Theme::textFont())
                         .horizontalAdvance(m_model.headerData(section, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int row = m_table->firstVisible(); row <= m_table->lastVisible(); ++row) {
            const QModelIndex index = m_model.index(row, section);
            const QFontMetrics metrics(index.data(MonospaceRole).toBool() ? Theme::monoFont() : Theme::textFont());
            widest = std::max(widest, metrics.horizontalAdvance(index.data().toString()));
        }
        widest += (section == 0 ? 16 : 10) + (section == last ? 16 : 8) + 2; // margins as ElementDelegate paints them
        if (column == Column::Score)
            widest = std::max(widthOf(column), std::min(widest, m_table->viewport()->width() / 2));
        if (widest > m_fitted.value(section)) { // a width that the user chose stays until wider content comes
            m_fitted.insert(section, widest);
            m_table->header()->resizeSection(section, widest);
        }
    }
}

void CollectionEditor::setHead(const ValueHead &head)
{
    const bool isFirst = m_head.key.isNull() || m_head.type != head.type;
    m_head = head;
    const bool isStream = head.type == ValueType::Stream, isList = head.type == ValueType::List;
    if (!head.hasFieldTtls)
        m_countDown.stop();
    else if (!m_countDown.isActive())
        m_countDown.start();
    m_order->setVisible(isStream);
    m_filter->setVisible(!isStream && !isList);
    m_trim->setVisible(isStream || isList);
    m_add->setText(isStream                           ? tr("Add entry…")
                       : isList                       ? tr("Add item…")
                       : head.type == ValueType::Hash ? tr("Add field…")
                                                      : tr("Add member…"));
    m_groups->setVisible(isStream);
    if (isStream)
        m_groups->setKey(head.key);
    if (isFirst) {
        restart();
    } else if (m_model.isByPosition()) { // read the visible pages again in place
        m_pagesUnderway.clear();
        m_model.setTotal(head.length);
        m_model.dropPagesBut(m_table->firstVisible(), m_table->lastVisible());
        for (int page = std::max(0, m_table->firstVisible()) / CollectionModel::pageRows * CollectionModel::pageRows;
             page <= m_table->lastVisible(); page += CollectionModel::pageRows)
            readPage(page);
    } else if (!m_table->isEditing()) { // do not disturb a cell that is being edited
        refreshGrowing();
    }
    updateNote();
}

void CollectionEditor::restart()
{
    ++m_round;
    m_pagesUnderway.clear();
    m_moreUnderway = m_ttlsUnderway = false;
    m_cursor = "0"_ba;
    if (m_head.key.isNull())
        return;
    const bool isSearch = m_filter->isVisibleTo(this) && !m_filter->text().isEmpty();
    m_model.setType(m_head.type, m_head.hasFieldTtls, isSearch); // changes are kept, because they are stored by name
    setUpColumns();
    m_model.setTotal(m_head.length);
    readVisible();
}

QString CollectionEditor::noteText() const
{
    return m_note->text();
}

void CollectionEditor::updateNote()
{
    const qint64 total = m_model.total();
    const QString all = total < 0 ? u"…"_s : groupedNumber(total);
    const QString read = groupedNumber(m_model.readRows());
    if (m_model.isByPosition())
        m_note->setText(tr("%1 in total, only visible ones are read").arg(all));
    else if (!m_filter->text().isEmpty() && m_filter->isVisibleTo(this))
        m_note->setText(m_model.isThrough() ? tr("%1 of %2 match").arg(read, all)
                                            : tr("%1 match so far, of %2").arg(read, all));
    else
        m_note->setText(m_model.isThrough() ? tr("%1 of %2 read").arg(read, all)
                                            : tr("%1 of %2 read, more as you scroll").arg(read, all));
}

int CollectionEditor::currentRow() const
{
    return m_table->currentIndex().row();
}

void CollectionEditor::updateStrip()
{
    const int at = currentRow();
    const ValueRow *row = m_model.row(at);
    ++m_stripRound;
    m_strip->setVisible(row != nullptr);
    if (!row)
        return;
    const QString size = tr("%1 B").arg(groupedNumber(row->valueSize));
    if (m_head.type == ValueType::Stream) {
        QString text;
        for (const auto &[field, value] : row->fields)
            text += toDisplay(field) + u"\t"_s + toDisplay(value) + u'\n';
        m_stripTitle->setText(
            tr("%1 · %n field(s) · %2", nullptr, int(row->fields.size())).arg(toDisplay(row->name), size));
        m_stripText->setCode(text, Syntax::Plain);
        return;
    }
    const bool isName = m_head.type == ValueType::Set || m_head.type == ValueType::SortedSet;
    if (isName || row->isWhole()) {
        showElement(isName ? row->name : row->value,
                    m_head.type == ValueType::List ? tr("item %1 · %2").arg(groupedNumber(at), size)
                        : isName                   ? tr("%1 B").arg(groupedNumber(row->name.size()))
                                                   : toDisplay(row->name) + u" · "_s + size);
        return;
    }
    if (row->valueSize > longestShown) {
        m_stripTitle->setText(tr("%1 · too long to show").arg(size));
        m_stripText->setCode(QString(), Syntax::Plain);
        return;
    }
    m_stripTitle->setText(tr("reading %1…").arg(size));
    const quint64 round = m_stripRound;
    const QByteArray name = m_head.type == ValueType::List ? QByteArray::number(at) : row->name;
    whenDone(m_services->reader.call<std::optional<QByteArray>>(
                 [key = m_head.key, type = m_head.type, name](ValueReader &reader) {
                     return reader.element(key, type, name);
                 }),
             this, [this, round, name, size](const Result<std::optional<QByteArray>> &bytes) {
                 if (round != m_stripRound)
                     return;
                 if (!bytes)
                     Q_EMIT problemFound(bytes.error());
                 else
                     showElement(bytes->value_or(QByteArray()), toDisplay(name) + u" · "_s + size);
             });
}

/// Detects the format and decodes in another thread.
void CollectionEditor::showElement(const QByteArray &bytes, const QString &title)
{
    const quint64 round = ++m_stripRound;
    whenDone(QtConcurrent::run([bytes] { return decode(bytes, detect(bytes)); }), this,
             [this, round, title](const Decoded &decoded) {
                 if (round != m_stripRound)
                     return;
                 m_stripTitle->setText(tr("%1 · shown as %2").arg(title, decoded.chain.toString()));
                 m_stripText->setCode(decoded.text, decoded.syntax);
             });
}

void CollectionEditor::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_model.setReadOnly(readOnly);
    m_groups->setReadOnly(readOnly);
    for (QPushButton *button : {m_add, m_trim}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    }
}

bool CollectionEditor::isChanged() const
{
    return m_model.changeCount() > 0;
}

void CollectionEditor::prepare(std::function<void(Result<Edit>)> then)
{
    const QByteArrayList fields = m_head.hasFieldTtls ? m_model.changedNames() : QByteArrayList();
    if (fields.isEmpty()) {
        m_model.markSent();
        then(m_model.edit(m_head.key));
        return;
    }
    whenDone(m_services->reader.call<QList<qint64>>(
                 [key = m_head.key, fields](ValueReader &reader) { return reader.fieldTtls(key, fields); }),
             this, [this, fields, then](const Result<QList<qint64>> &ttls) {
                 if (!ttls) {
                     then(failure(ttls.error()));
                     return;
                 }
                 m_model.takeTtls(fields, *ttls);
                 m_model.markSent();
                 then(m_model.edit(m_head.key));
             });
}

void CollectionEditor::takeSaved()
{
    m_model.takeSaved();
    updateStrip();
}

void CollectionEditor::revert()
{
    m_model.dropChanges();
}

QString CollectionEditor::footText() const
{
    return isChanged() ? m_model.changeWords() + u" · "_s + m_model.edit(m_head.key).words() : QString();
}

QString CollectionEditor::changeText() const
{
    const auto count = int(m_model.changeCount());
    return count == 0 ? QString() : tr("%n change(s)", nullptr, count);
}

} // namespace slotscope
