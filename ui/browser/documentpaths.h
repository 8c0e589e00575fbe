// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/tree.h"
#include "core/values/edit.h"

#include <QObject>
#include <QSet>

#include <functional>
#include <memory>

class QAction;
class QModelIndex;
class QTreeView;

namespace slotscope {

class ElementDialog;
class FormatTreeModel;
struct ValueServices;

/// Edits parts of a JSON document in its tree: each edit is sent for the path of one row only, so the rest of the
/// document is neither sent nor overwritten.
class DocumentPaths final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentPaths)
public:
    /// Adds the actions to the tree. `dialogs` is the parent of the dialogs.
    DocumentPaths(QTreeView *tree, std::shared_ptr<ValueServices> services, QWidget *dialogs);

    /// Remembers which rows are open and which one is current, for the next setDocument(). Call it before the model's
    /// tree changes.
    void keepPlace();
    /// Sets the key and the tree of its document; open rows and the current row stay, as far as their paths still
    /// exist. An empty key: the value is not a document of the JSON type.
    void setDocument(const QByteArray &key, std::shared_ptr<const FormatTree> tree);
    void setKey(const QByteArray &key); ///< the key has another name now; the document is the same
    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void editRequested(const slotscope::Edit &edit);
    void problemFound(const slotscope::Error &error);

private:
    QAction *addAction(const QString &name, const QString &text, const QKeySequence &keys,
                       void (DocumentPaths::*act)());
    [[nodiscard]] std::optional<quint32> chosen() const;
    void updateActions();
    void visit(const QModelIndex &index, const QByteArray &path,
               const std::function<bool(const QModelIndex &, const QByteArray &)> &then) const;
    void readAt(const QByteArray &path,
                const std::function<void(const QByteArray &reply, const QByteArray &text)> &then);
    ElementDialog *ask(const QString &title, const QString &act, const QByteArray &path);
    void edit();
    void add();
    void remove();
    void copyPath();

    QTreeView *m_tree;
    std::shared_ptr<ValueServices> m_services;
    QWidget *m_dialogs;
    QByteArray m_key;
    std::shared_ptr<const FormatTree> m_document;
    bool m_readOnly = false;
    QSet<QByteArray> m_open; ///< paths of the open rows
    QByteArray m_current; ///< path of the current row
    QAction *m_edit, *m_add, *m_remove, *m_copyPath;
};

} // namespace slotscope
