// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palette/commandpalette.h"

#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int maximumRows = 60;
constexpr int shownRows = 9;
constexpr int fieldHeight = 55;

} // namespace

CommandPalette::CommandPalette(const Theme &theme, QWidget *host)
    : Overlay(host)
    , m_field(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_icon(new QLabel(this))
    , m_nothing(plainLabel(tr("Nothing matches."), "muted", this))
    , m_theme(theme)
{
    setAccessibleName(tr("Command palette"));
    m_field->setObjectName(u"paletteField"_s);
    m_field->setPlaceholderText(tr("Find a page, node, slot 123, key:name or command…"));
    m_field->setAccessibleName(tr("Search text"));
    m_field->installEventFilter(this);
    m_list->setItemDelegate(new TwoLineDelegate(theme, this));
    m_list->setAccessibleName(tr("Search results"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothing->setAlignment(Qt::AlignCenter);
    auto *head = new QFrame(this);
    head->setObjectName(u"overlayHead"_s);
    auto *line = new QHBoxLayout(head);
    line->setContentsMargins(16, 4, 12, 5);
    line->addWidget(m_icon);
    line->addWidget(m_field, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(head);
    auto *results = new QVBoxLayout;
    results->setContentsMargins(5, 6, 5, 6);
    results->addWidget(m_list);
    results->addWidget(m_nothing);
    layout->addLayout(results, 1);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) { actOn(m_list->row(item)); });
}

void CommandPalette::aboutToOpen()
{
    m_icon->setPixmap(tintedPixmap(u"search"_s, m_theme.tokens().muted, 18, devicePixelRatioF()));
    m_entries = m_source ? m_source() : QList<PaletteEntry>();
    const QSignalBlocker blocker(m_field);
    m_field->clear();
    search();
    m_field->setFocus();
}

void CommandPalette::setText(const QString &text)
{
    m_field->setText(text);
}

void CommandPalette::search()
{
    m_list->clear();
    m_acts.clear();
    const QString words = m_field->text();
    const auto answer = m_answerer ? m_answerer(words) : std::nullopt;
    if (answer && answer->weight >= 0)
        addRow(*answer, {});
    const QList<RankedEntry> ranked = rankEntries(m_entries, words);
    for (const RankedEntry &found : ranked.first(std::min<qsizetype>(ranked.size(), maximumRows)))
        addRow(m_entries.at(found.index), found.emphasis);
    if (answer && answer->weight < 0)
        addRow(*answer, {});
    m_list->setCurrentRow(0);
    m_list->setVisible(m_list->count() > 0);
    m_nothing->setVisible(m_list->count() == 0);
    place();
}

void CommandPalette::addRow(const PaletteEntry &entry, const QList<int> &emphasis)
{
    auto *item = new QListWidgetItem(m_list);
    item->setData(TwoLineDelegate::IconRole, entry.icon);
    item->setData(TwoLineDelegate::TitleRole, entry.title);
    item->setData(TwoLineDelegate::SubtitleRole, entry.subtitle);
    item->setData(TwoLineDelegate::TrailingRole, entry.trailing);
    item->setData(TwoLineDelegate::EmphasisRole, QVariant::fromValue(emphasis));
    item->setData(Qt::AccessibleTextRole, u"%1, %2"_s.arg(entry.title, entry.subtitle));
    m_acts.append(entry.act);
}

QStringList CommandPalette::titles() const
{
    QStringList titles;
    for (int row = 0; row < m_list->count(); ++row)
        titles << m_list->item(row)->data(TwoLineDelegate::TitleRole).toString();
    return titles;
}

void CommandPalette::actOn(int row)
{
    const std::function<void()> act = m_acts.value(row);
    if (!act)
        return;
    closeOver();
    act();
}

void CommandPalette::move(int rows)
{
    if (m_list->count() == 0)
        return;
    const int at = m_list->currentRow() + rows;
    const bool step = rows == 1 || rows == -1;
    m_list->setCurrentRow(step ? (at + m_list->count()) % m_list->count() : std::clamp(at, 0, m_list->count() - 1));
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Up: move(-1); return true;
        case Qt::Key_Down: move(1); return true;
        case Qt::Key_PageUp: move(-shownRows); return true;
        case Qt::Key_PageDown: move(shownRows); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: actOn(m_list->currentRow()); return true;
        default: break;
        }
    }
    return Overlay::eventFilter(watched, event);
}

QRect CommandPalette::placeIn(const QRect &host) const
{
    const int width = std::min(640, host.width() - 48);
    const int rows = std::clamp(m_list->count(), 1, shownRows);
    const int height = std::min(fieldHeight + rows * TwoLineDelegate::rowHeight + 16, host.height() - 96);
    return {(host.width() - width) / 2, 64, width, height};
}

} // namespace slotscope
