// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/documentpaths.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/formats/jsonpath.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeView>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;
using Kind = FormatNode::Kind;

namespace {

constexpr size_t mostVisited = 20'000; // nodes; in larger documents, a new reading closes the rows
constexpr qsizetype largestPart = 1024 * 1024; // in bytes; a dialog with more would block the window

Error problem(const QString &words)
{
    return {.code = Error::Code::InvalidArgument,
            .detail = words,
            .serverPrefix = {},
            .node = {},
            .command = u"JSON.GET"_s};
}

} // namespace

DocumentPaths::DocumentPaths(QTreeView *tree, std::shared_ptr<ValueServices> services, QWidget *dialogs)
    : QObject(tree), m_tree(tree), m_services(std::move(services)), m_dialogs(dialogs)
{
    m_edit = addAction(u"editAtPath"_s, tr("Edit at this path…"), Qt::Key_F2, &DocumentPaths::edit);
    m_add = addAction(u"addAtPath"_s, tr("Add…"), Qt::Key_Insert, &DocumentPaths::add);
    m_remove = addAction(u"removeAtPath"_s, tr("Delete…"), QKeySequence::Delete, &DocumentPaths::remove);
    m_copyPath = addAction(u"copyPath"_s, tr("Copy the path"), {}, &DocumentPaths::copyPath);
    tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &DocumentPaths::updateActions);
    connect(tree->model(), &QAbstractItemModel::modelReset, this, &DocumentPaths::updateActions);
    connect(tree, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        if (m_edit->isEnabled() && !index.model()->hasChildren(index.siblingAtColumn(0)))
            edit();
    });
    updateActions();
}

QAction *DocumentPaths::addAction(const QString &name, const QString &text, const QKeySequence &keys,
                                  void (DocumentPaths::*act)())
{
    auto *action = new QAction(text, m_tree);
    action->setObjectName(name);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, act);
    m_tree->addAction(action);
    return action;
}

/// Calls `then` for the row and, where it returns true, for the rows below.
void DocumentPaths::visit(const QModelIndex &index, const QByteArray &path,
                          const std::function<bool(const QModelIndex &, const QByteArray &)> &then) const
{
    if (!index.isValid() || !then(index, path))
        return;
    const bool isArray = m_document->at(quint32(index.internalId())).kind == Kind::Array;
    const QAbstractItemModel *model = index.model();
    for (int row = 0; row < model->rowCount(index); ++row) {
        const QModelIndex child = model->index(row, 0, index);
        visit(child,
              isArray ? path + '[' + QByteArray::number(row) + ']'
                      : memberPath(path, m_document->at(quint32(child.internalId())).name),
              then);
    }
}

void DocumentPaths::keepPlace()
{
    m_open.clear();
    m_current.clear();
    if (m_key.isNull() || !m_document || m_document->nodes.size() > mostVisited)
        return;
    if (const auto node = chosen())
        m_current = jsonPathOf(*m_document, *node);
    visit(m_tree->model()->index(0, 0), "$", [this](const QModelIndex &index, const QByteArray &path) {
        if (!m_tree->isExpanded(index))
            return false;
        m_open.insert(path);
        return true;
    });
}

void DocumentPaths::setDocument(const QByteArray &key, std::shared_ptr<const FormatTree> tree)
{
    const bool isSame = key == m_key && !key.isNull();
    m_key = key;
    m_document = std::move(tree);
    if (isSame && m_document && !m_open.isEmpty() && m_document->nodes.size() <= mostVisited) {
        m_tree->collapseAll();
        QModelIndex current;
        visit(m_tree->model()->index(0, 0), "$", [this, &current](const QModelIndex &index, const QByteArray &path) {
            if (path == m_current)
                current = index;
            m_tree->setExpanded(index, m_open.contains(path));
            return m_open.contains(path);
        });
        if (current.isValid())
            m_tree->setCurrentIndex(current);
    }
    updateActions();
}

void DocumentPaths::setKey(const QByteArray &key)
{
    m_key = key;
    updateActions();
}

void DocumentPaths::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    updateActions();
}

std::optional<quint32> DocumentPaths::chosen() const
{
    const QModelIndex index = m_tree->currentIndex();
    if (m_key.isNull() || !m_document || !index.isValid() || index.internalId() >= m_document->nodes.size())
        return std::nullopt;
    return quint32(index.internalId());
}

void DocumentPaths::updateActions()
{
    const auto node = chosen();
    const bool isDocument = !m_key.isNull();
    for (QAction *action : {m_edit, m_add, m_remove, m_copyPath})
        action->setVisible(isDocument);
    m_copyPath->setEnabled(node.has_value());
    m_edit->setEnabled(node && !m_readOnly);
    m_remove->setEnabled(node && *node != 0 && !m_readOnly); // without its root, the key would be deleted
    const Kind kind = node ? m_document->at(*node).kind : Kind::Null;
    m_add->setEnabled(node && !m_readOnly && (kind == Kind::Object || kind == Kind::Array));
    m_add->setText(kind == Kind::Array ? tr("Add an item…") : tr("Add a member…"));
}

/// Reads what the server has at the path now and calls `then` with the reply and with the JSON text in it.
void DocumentPaths::readAt(const QByteArray &path,
                           const std::function<void(const QByteArray &reply, const QByteArray &text)> &then)
{
    whenDone(m_services->reader.call<QByteArray>(
                 [key = m_key, path](ValueReader &reader) { return reader.document(key, path); }),
             this, [this, path, then](const Result<QByteArray> &reply) {
                 if (!reply) {
                     Q_EMIT problemFound(reply.error());
                     return;
                 }
                 if (reply->size() > largestPart) {
                     Q_EMIT problemFound(problem(tr("The part at %1 has %2. Choose a smaller part, or edit the text.")
                                                     .arg(toDisplay(path).left(300), byteSize(reply->size()))));
                     return;
                 }
                 if (const auto text = onlyMatch(*reply))
                     then(*reply, *text);
                 else
                     Q_EMIT problemFound(problem(
                         tr("The path %1 does not match one value: the document may have changed. Read it again.")
                             .arg(toDisplay(path).left(300))));
             });
}

ElementDialog *DocumentPaths::ask(const QString &title, const QString &act, const QByteArray &path)
{
    auto *dialog = new ElementDialog(title, act, m_dialogs);
    dialog->setWaits();
    dialog->addWords(toDisplay(path).left(300));
    return dialog;
}

void DocumentPaths::edit()
{
    const auto node = chosen();
    if (!node || m_readOnly)
        return;
    const QByteArray path = jsonPathOf(*m_document, *node);
    readAt(path, [this, path, key = m_key](const QByteArray &reply, const QByteArray &text) {
        ElementDialog *dialog = ask(tr("Edit at a path"), tr("Save"), path);
        dialog->addField(tr("JSON value"), text, true);
        dialog->setCheck([](const QByteArrayList &values) { return whyNotJson(values[0]); });
        connect(dialog, &ElementDialog::agreed, this, [this, key, path, reply](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::setAtPath(key, path, reply, values[0]));
        });
        dialog->open();
    });
}

void DocumentPaths::add()
{
    const auto node = chosen();
    if (!node || m_readOnly || !m_add->isEnabled())
        return;
    const QByteArray path = jsonPathOf(*m_document, *node);
    if (m_document->at(*node).kind == Kind::Object) {
        ElementDialog *dialog = ask(tr("Add a member"), tr("Add"), path);
        dialog->addField(tr("Name"));
        dialog->addField(tr("JSON value"), {}, true);
        dialog->setCheck([](const QByteArrayList &values) { return whyNotJson(values[1]); });
        connect(dialog, &ElementDialog::agreed, this, [this, key = m_key, path](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::addMember(key, memberPath(path, QString::fromUtf8(values[0])), values[1]));
        });
        dialog->open();
        return;
    }
    readAt(path, [this, path, key = m_key](const QByteArray &reply, const QByteArray &) {
        ElementDialog *dialog = ask(tr("Add an item"), tr("Add at the end"), path);
        dialog->addField(tr("JSON value"), {}, true);
        dialog->setCheck([](const QByteArrayList &values) { return whyNotJson(values[0]); });
        connect(dialog, &ElementDialog::agreed, this, [this, key, path, reply](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::appendAtPath(key, path, reply, values[0]));
        });
        dialog->open();
    });
}

void DocumentPaths::remove()
{
    const auto node = chosen();
    if (!node || *node == 0 || m_readOnly)
        return;
    const QByteArray path = jsonPathOf(*m_document, *node);
    readAt(path, [this, path, key = m_key](const QByteArray &reply, const QByteArray &text) {
        auto *question = new QMessageBox(
            QMessageBox::Question, tr("Delete"),
            tr("Delete %1 from the document?\n\n%2").arg(toDisplay(path).left(300), toDisplay(text.left(300))),
            QMessageBox::NoButton, m_dialogs);
        question->setTextFormat(Qt::PlainText);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setDefaultButton(question->addButton(tr("Keep it"), QMessageBox::RejectRole));
        const QPushButton *yes = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
        connect(yes, &QPushButton::clicked, this,
                [this, key, path, reply] { Q_EMIT editRequested(edits::removeAtPath(key, path, reply)); });
        question->open();
    });
}

void DocumentPaths::copyPath()
{
    if (const auto node = chosen())
        QGuiApplication::clipboard()->setText(QString::fromUtf8(jsonPathOf(*m_document, *node)));
}

} // namespace slotscope
