// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profile/savedconnections.h"

#include <QSet>
#include <QTreeWidget>

namespace slotscope {

class Theme;

/// Filter for the saved connections.
struct SavedFilter
{
    enum class Kind : quint8 { All, Favourites, Recent, Folder, Environment, Tag };
    Kind kind = Kind::All;
    QString name; ///< name of the folder or the tag
    EnvironmentKind environment = EnvironmentKind::None;
    QString words; ///< each word must occur in the name, an address, a tag or the notes

    [[nodiscard]] bool takes(const SavedConnection &connection) const;
};

/// The saved connections by folder, with name, addresses, kind, route, tags and last use. Enter connects.
class SavedTree final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SavedTree)
public:
    /// Both must outlive the tree.
    SavedTree(const Theme &theme, SavedConnections &saved, QWidget *parent = nullptr);

    void setFilter(const SavedFilter &filter);
    void setOpenIds(const QSet<QString> &ids); ///< ids of connections that are open in a tab
    [[nodiscard]] QString currentId() const; ///< empty if a folder is selected
    void setCurrentId(const QString &id);
    [[nodiscard]] int shownCount() const { return m_shown; }

Q_SIGNALS:
    void chosen(const QString &id); ///< connect to this connection
    void currentChosen(const QString &id); ///< selected; empty: none
    void renameRequested(const QString &id);
    void removeRequested(const QString &id);
    void menuRequested(const QString &id, const QPoint &globalPosition);
    void movedTo(const QString &id, const QString &folder); ///< dragged to that folder

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void fill();
    void addRow(QTreeWidgetItem *folder, const SavedConnection &connection);

    SavedConnections &m_saved;
    SavedFilter m_filter;
    QSet<QString> m_openIds, m_folded;
    int m_shown = 0;
};

} // namespace slotscope
