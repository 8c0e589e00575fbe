// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/savedtree.h"

#include "ui/connect/connectfields.h"
#include "ui/shared/badge.h"
#include "ui/shared/environment.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QContextMenuEvent>
#include <QDateTime>
#include <QDropEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QTreeWidgetItemIterator>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

enum SavedColumn { NameColumn, KindColumn, WayColumn, TagsColumn, UsedColumn, savedColumns };
enum SavedRole {
    SavedIdRole = Qt::UserRole + 1,
    SavedAddressRole,
    SavedEnvironmentRole,
    SavedColourRole,
    SavedFolderRole,
    SavedLockRole ///< the connection is in a read-only file
};
constexpr int connectionRow = 46, folderRow = 34;

QString addressesText(const ConnectionTarget &target)
{
    QStringList texts;
    for (const Endpoint &seed : target.seeds)
        texts << seed.toString();
    return texts.join(u", "_s);
}

Tone toneOf(EnvironmentKind kind)
{
    switch (kind) {
    case EnvironmentKind::Production: return Tone::Bad;
    case EnvironmentKind::Staging: return Tone::Warning;
    case EnvironmentKind::Development: return Tone::Good;
    case EnvironmentKind::None: break;
    }
    return Tone::Neutral;
}

class SavedRowDelegate final : public QStyledItemDelegate
{
public:
    SavedRowDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) { }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        return {80, index.siblingAtColumn(0).data(SavedIdRole).toString().isEmpty() ? folderRow : connectionRow};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeTokens &tokens = m_theme.tokens();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
        if (isSelected || isHovered)
            painter->fillRect(option.rect, isSelected ? tokens.sel : tokens.raised);
        painter->setPen(tokens.line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        if (index.column() == NameColumn)
            paintName(*painter, option, index);
        else
            paintWord(*painter, option, index);
        painter->restore();
    }

private:
    void paintName(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const ThemeTokens &tokens = m_theme.tokens();
        const QString name = index.data(Qt::DisplayRole).toString();
        if (index.data(SavedIdRole).toString().isEmpty()) { // the row is a folder
            painter.setFont(Theme::strongFont());
            painter.setPen(tokens.text);
            const bool isLocked = index.data(SavedLockRole).toBool();
            if (isLocked)
                themedIcon(u"lock"_s, m_theme)
                    .paint(&painter, QRect(option.rect.left() + 8, option.rect.center().y() - 7, 14, 14));
            painter.drawText(option.rect.adjusted(isLocked ? 28 : 8, 0, -8, 0), Qt::AlignVCenter, name);
            return;
        }
        if (const QColor colour(index.data(SavedColourRole).toString()); colour.isValid())
            painter.fillRect(QRect(option.rect.left(), option.rect.top(), 4, option.rect.height() - 1), colour);
        const QRect inner = option.rect.adjusted(16, 5, -8, -5);
        const QString tag = Environment::of(EnvironmentKind(index.data(SavedEnvironmentRole).toInt())).tag;
        const int badge = tag.isEmpty() ? 0 : badgeSize(tag).width() + 8;
        painter.setFont(Theme::strongFont());
        painter.setPen(tokens.text);
        const QString shown = painter.fontMetrics().elidedText(name, Qt::ElideRight, inner.width() - badge);
        painter.drawText(QRect(inner.left(), inner.top(), inner.width(), 18), Qt::AlignVCenter, shown);
        if (!tag.isEmpty()) {
            const int at = inner.left() + painter.fontMetrics().horizontalAdvance(shown) + 8;
            paintBadge(painter, QRectF(QPointF(at, inner.top()), badgeSize(tag)), tag,
                       toneOf(EnvironmentKind(index.data(SavedEnvironmentRole).toInt())), tokens);
        }
        painter.setFont(Theme::monoFont());
        painter.setPen(tokens.muted);
        const QRect lower(inner.left(), inner.top() + 19, inner.width(), 17);
        painter.drawText(
            lower, Qt::AlignVCenter,
            painter.fontMetrics().elidedText(index.data(SavedAddressRole).toString(), Qt::ElideRight, lower.width()));
    }
    void paintWord(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const bool isUsed = index.column() == UsedColumn;
        const bool isOpen = isUsed && index.data(SavedColourRole).toBool();
        painter.setFont(Theme::textFont());
        painter.setPen(isOpen ? m_theme.tokens().ok : m_theme.tokens().muted);
        const QRect area = option.rect.adjusted(6, 0, -10, 0);
        painter.drawText(
            area, Qt::AlignVCenter | (isUsed ? Qt::AlignRight : Qt::AlignLeft),
            painter.fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, area.width()));
    }

    const Theme &m_theme;
};

} // namespace

bool SavedFilter::takes(const SavedConnection &connection) const
{
    const bool isOfKind = kind == Kind::All || (kind == Kind::Favourites && connection.isFavourite)
        || (kind == Kind::Recent && connection.usedAt > 0) || (kind == Kind::Folder && connection.folder == name)
        || (kind == Kind::Environment && connection.target.environment == environment)
        || (kind == Kind::Tag && connection.tags.contains(name));
    if (!isOfKind)
        return false;
    const QString text = (QStringList{connection.target.title(), addressesText(connection.target), connection.notes,
                                      connection.folder, connection.target.credentials.user}
                          + connection.tags)
                             .join(u'\n');
    const QStringList wanted = words.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(wanted.cbegin(), wanted.cend(),
                       [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

SavedTree::SavedTree(const Theme &theme, SavedConnections &saved, QWidget *parent) : QTreeWidget(parent), m_saved(saved)
{
    setObjectName(u"savedTree"_s);
    setAccessibleName(tr("Saved connections"));
    setColumnCount(savedColumns);
    setHeaderHidden(true);
    setItemDelegate(new SavedRowDelegate(theme, this));
    setRootIsDecorated(false);
    setIndentation(0);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setDragDropMode(InternalMove);
    setSelectionMode(SingleSelection);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    for (const auto &[column, width] : std::initializer_list<std::pair<int, int>>{
             {KindColumn, 112}, {WayColumn, 64}, {TagsColumn, 110}, {UsedColumn, 104}}) {
        header()->setSectionResizeMode(column, QHeaderView::Fixed);
        header()->resizeSection(column, width);
    }
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&saved, &SavedConnections::changed, this, &SavedTree::fill);
    connect(this, &QTreeWidget::currentItemChanged, this, [this] { Q_EMIT currentChosen(currentId()); });
    connect(this, &QTreeWidget::itemDoubleClicked, this, [this] {
        if (const QString id = currentId(); !id.isEmpty())
            Q_EMIT chosen(id);
    });
    connect(this, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem *item) {
        if (!item->data(0, SavedIdRole).toString().isEmpty())
            return;
        item->setExpanded(!item->isExpanded());
        const QString name = item->data(0, SavedFolderRole).toString();
        if (item->isExpanded())
            m_folded.remove(name);
        else
            m_folded.insert(name);
    });
    fill();
}

void SavedTree::setFilter(const SavedFilter &filter)
{
    m_filter = filter;
    fill();
}

void SavedTree::setOpenIds(const QSet<QString> &ids)
{
    if (std::exchange(m_openIds, ids) != ids)
        fill();
}

QString SavedTree::currentId() const
{
    return currentItem() ? currentItem()->data(0, SavedIdRole).toString() : QString();
}

void SavedTree::setCurrentId(const QString &id)
{
    for (QTreeWidgetItemIterator at(this); *at; ++at)
        if ((*at)->data(0, SavedIdRole).toString() == id)
            setCurrentItem(*at);
}

void SavedTree::addRow(QTreeWidgetItem *folder, const SavedConnection &connection)
{
    auto *item = folder ? new QTreeWidgetItem(folder) : new QTreeWidgetItem(this);
    const ConnectionTarget &target = connection.target;
    const bool isOpen = m_openIds.contains(connection.id);
    item->setText(NameColumn, connection.isFavourite ? target.title() + u" ★"_s : target.title());
    item->setData(NameColumn, SavedIdRole, connection.id);
    item->setData(NameColumn, SavedAddressRole, addressesText(target));
    item->setData(NameColumn, SavedEnvironmentRole, int(target.environment));
    item->setData(NameColumn, SavedColourRole, connection.colour);
    item->setText(KindColumn, connection.kind);
    const QString encryption = target.tls.on ? tr("TLS")
        : target.seeds.constFirst().isUnix() ? tr("socket")
                                             : tr("plain");
    item->setText(WayColumn,
                  target.way.isDirect()    ? encryption
                      : target.way.isSsh() ? tr("%1, SSH").arg(encryption)
                                           : tr("%1, proxy").arg(encryption));
    item->setText(TagsColumn, connection.tags.join(u' '));
    item->setText(UsedColumn,
                  isOpen                       ? tr("open now")
                      : connection.usedAt == 0 ? tr("never")
                                               : agoText(connection.usedAt, QDateTime::currentMSecsSinceEpoch()));
    item->setData(UsedColumn, SavedColourRole, isOpen);
    item->setFlags(item->flags() & ~Qt::ItemIsDropEnabled);
    if (!connection.file.isEmpty())
        item->setFlags(item->flags() & ~Qt::ItemIsDragEnabled);
    const QString environment = Environment::of(target.environment).tag;
    const QStringList told{target.title(),  environment,           addressesText(target),
                           connection.kind, item->text(WayColumn), item->text(UsedColumn)};
    item->setData(NameColumn, Qt::AccessibleTextRole,
                  QStringList(told).filter(QRegularExpression(u"."_s)).join(u", "_s));
    ++m_shown;
}

void SavedTree::fill()
{
    const QString before = currentId();
    QSignalBlocker blocker(this);
    clear();
    m_shown = 0;
    QList<SavedConnection> list;
    for (const SavedConnection &connection : m_saved.list())
        if (m_filter.takes(connection))
            list.append(connection);
    if (m_filter.kind == SavedFilter::Kind::Recent) {
        std::stable_sort(list.begin(), list.end(),
                         [](const SavedConnection &a, const SavedConnection &b) { return a.usedAt > b.usedAt; });
        for (const SavedConnection &connection : std::as_const(list))
            addRow(nullptr, connection);
    } else {
        const bool showsEmpty = m_filter.kind == SavedFilter::Kind::All && m_filter.words.isEmpty();
        for (const QString &name : m_saved.folders() + QStringList{QString()} + m_saved.fileFolders()) {
            const auto isIn = [&name](const SavedConnection &connection) { return connection.folder == name; };
            const auto count = std::count_if(list.cbegin(), list.cend(), isIn);
            if (count == 0 && (!showsEmpty || name.isEmpty()))
                continue;
            QTreeWidgetItem *folder = nullptr;
            const bool isLocked = m_saved.fileFolders().contains(name);
            if (!m_saved.folders().isEmpty() || !m_saved.fileFolders().isEmpty()) {
                folder = new QTreeWidgetItem(this);
                folder->setText(0, (name.isEmpty() ? tr("Not in a folder") : name) + u"  "_s + QString::number(count));
                folder->setData(0, SavedFolderRole, name);
                folder->setFlags((folder->flags() | Qt::ItemIsDropEnabled) & ~Qt::ItemIsDragEnabled);
                folder->setData(0, SavedLockRole, isLocked);
                if (isLocked) {
                    folder->setFlags(folder->flags() & ~Qt::ItemIsDropEnabled);
                    folder->setToolTip(0, tr("Slotscope only reads this file: change it outside Slotscope."));
                    folder->setData(0, Qt::AccessibleTextRole, tr("%1, read-only file").arg(name));
                }
                folder->setFirstColumnSpanned(true);
            }
            for (const SavedConnection &connection : std::as_const(list))
                if (isIn(connection))
                    addRow(folder, connection);
            if (folder)
                folder->setExpanded(!m_folded.contains(name));
        }
    }
    setCurrentId(before);
    if (currentId().isEmpty() && !list.isEmpty())
        setCurrentId(list.constFirst().id);
    blocker.unblock();
    Q_EMIT currentChosen(currentId());
}

void SavedTree::keyPressEvent(QKeyEvent *event)
{
    const QString id = currentId();
    if (!id.isEmpty() && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter))
        Q_EMIT chosen(id);
    else if (!id.isEmpty() && event->key() == Qt::Key_Delete)
        Q_EMIT removeRequested(id);
    else if (!id.isEmpty() && event->key() == Qt::Key_F2)
        Q_EMIT renameRequested(id);
    else
        QTreeWidget::keyPressEvent(event);
}

void SavedTree::contextMenuEvent(QContextMenuEvent *event)
{
    if (const QString id = currentId(); !id.isEmpty())
        Q_EMIT menuRequested(id, event->globalPos());
}

/// Changes the list of connections and fills the tree from it again; Qt must not move the rows itself.
void SavedTree::dropEvent(QDropEvent *event)
{
    QTreeWidgetItem *at = itemAt(event->position().toPoint());
    while (at && at->parent())
        at = at->parent();
    const QString id = currentId();
    event->setDropAction(Qt::IgnoreAction);
    event->accept();
    if (at && !id.isEmpty() && at->data(0, SavedIdRole).toString().isEmpty())
        Q_EMIT movedTo(id, at->data(0, SavedFolderRole).toString());
}

} // namespace slotscope
