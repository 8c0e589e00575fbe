// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/run.h"
#include "core/profile/importing.h"
#include "ui/connect/savedtree.h"

#include <QWidget>

class QFrame;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace slotscope {

class Badge;
class ElidedLabel;
class FactsList;
class Theme;
class UnfinishedList;

/// Start page with the saved connections: filters on the left, the connections by folder, details of the selected one
/// on the right. A field above connects to an address without saving it.
class ConnectionsPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionsPage)
public:
    /// Both must outlive the page.
    ConnectionsPage(const Theme &theme, SavedConnections &saved, QWidget *parent = nullptr);

    [[nodiscard]] SavedTree *tree() const { return m_tree; }
    void setUnfinished(const QList<RunSnapshotPtr> &runs);
    void setOpenIds(const QSet<QString> &ids) { m_tree->setOpenIds(ids); }
    /// Problem text below the field; empty: none.
    void setNotice(const QString &text);
    void chooseImport(); ///< asks for the file to import
    void chooseExport(); ///< asks for the options and the file
    void tellOfFile(const QString &what, const QString &more); ///< shows a message box
    void importFrom(
        /// imports an export of this program or another tool, or a Compose file, and shows the result
        const QString &path);

Q_SIGNALS:
    void connectRequested(const slotscope::ConnectionTarget &target); ///< connect to the typed address
    void chosen(const QString &id); ///< connect to a saved connection
    void newRequested();
    /// an empty passphrase exports without secrets
    void exportRequested(const QString &path, const QString &passphrase);
    void secretsImported(const slotscope::AddedConnections &added);
    void editRequested(const QString &id);
    void removeRequested(const QString &id); ///< emitted after the confirmation
    void demoRequested();
    void createRequested();
    void unfinishedChosen(const QString &id);
    void unfinishedDismissed(const QString &id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeSide();
    QWidget *makeMiddle();
    QFrame *makePanel();
    void fillFilters();
    void applyFilter();
    void connectTyped();
    void showConnection(const QString &id);
    void change(const QString &id, const std::function<void(SavedConnection &)> &act);
    void addFolder();
    void openSealed(const QString &path, const QByteArray &bytes, const QString &before = {});
    void importRead(const QString &path, const Result<ImportedConnections> &imported, bool takesSecrets);
    void showFolderMenu(const QString &folder);
    void rename(const QString &id);
    void askToRemove(const QString &id);
    void showMenu(const QString &id, const QPoint &at);
    void tell(const Result<> &outcome);

    const Theme &m_theme;
    SavedConnections &m_saved;
    QListWidget *m_filters = nullptr;
    QLineEdit *m_quick = nullptr, *m_search = nullptr;
    QLabel *m_notice = nullptr;
    UnfinishedList *m_unfinished = nullptr;
    QFrame *m_unfinishedCard = nullptr, *m_panel = nullptr;
    QWidget *m_side = nullptr;
    SavedTree *m_tree = nullptr;
    ElidedLabel *m_foot = nullptr, *m_name = nullptr;
    QLabel *m_notes = nullptr;
    Badge *m_badge = nullptr;
    FactsList *m_facts = nullptr;
    QList<QPushButton *> m_acts; ///< buttons for the selected connection
    QPushButton *m_star = nullptr;
};

} // namespace slotscope
