// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/valueeditor.h"
#include "core/values/valuehead.h"

#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace slotscope {

class EditSender;
class ElidedLabel;
class EmptyState;
class KeyHead;
class PageContext;
class ValueView;

/// One open key: its facts, its value, and the line that describes what Save would send.
class ValueTab final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ValueTab)
public:
    ValueTab(PageContext &context, EditSender &sender, QByteArray key, QWidget *parent = nullptr);

    [[nodiscard]] const QByteArray &key() const { return m_key; }
    [[nodiscard]] const ValueHead &head() const { return m_valueHead; }
    [[nodiscard]] bool isChanged() const;
    /// True if replacing the tab loses nothing: no changes, no running action, nothing to undo.
    [[nodiscard]] bool mayBeReplaced() const;
    [[nodiscard]] bool isRead() const { return m_isRead; } ///< the first reply has arrived
    [[nodiscard]] KeyHead *keyHead() const { return m_head; }
    [[nodiscard]] ValueView *valueView() const { return m_view; } ///< null: no value is shown
    [[nodiscard]] QPushButton *saveButton() const { return m_save; }
    [[nodiscard]] QPushButton *undoButton() const { return m_undo; }
    [[nodiscard]] QString footText() const;
    [[nodiscard]] QString problemText() const; ///< text of the shown problem; empty: none
    void readAgain();
    void save();
    void askToDelete();
    void askToRename(bool keepsOld); ///< keepsOld: duplicate instead of rename

Q_SIGNALS:
    void titleChanged(); ///< type, name, or changed state has changed
    void keyGone(const QByteArray &key); ///< this tab deleted the key
    void keyChanged(const QByteArray &key); ///< this tab changed the value or the time to live
    void databaseRequested(const QByteArray &key, int database); ///< the user wants to see the key of that database
    void keyMade(const QByteArray &key); ///< this tab created the key: by renaming or duplicating

private:
    void makeFoot();
    void connectHead();
    void takeHead(const Result<ValueHead> &head);
    void showView(ValueType type);
    void showEmpty(const QString &title, const QString &text);
    void showMissing();
    void offerDatabases(const Result<QList<int>> &databases);
    void send(const Edit &edit, bool isSave);
    void takeOutcome(const Edit &edit, const Result<EditOutcome> &outcome, bool isSave);
    void showConflict(const Edit &edit, const EditOutcome &outcome);
    void tellRefused(const Edit &edit, const EditOutcome &outcome);
    [[nodiscard]] static QString refusedWords(const Edit &edit, const EditOutcome &outcome);
    void answerDialogs(const Edit &edit, const Result<EditOutcome> &outcome);
    [[nodiscard]] bool isKept() const;
    void takeBack();
    /// What the message is about: Key and View are readings that failed, Input is something refused before sending.
    enum class About { Action, Key, View, Input };
    void tell(const QString &text, bool isProblem, About about = About::Action);
    void untell(About about); ///< hides the message if it is about this
    void updateFoot();
    void askForExpiry();

    PageContext &m_context;
    EditSender &m_sender;
    QByteArray m_key;
    ValueHead m_valueHead;
    ValueType m_viewType = ValueType::None; ///< type shown by m_view
    bool m_isRead = false, m_isReading = false, m_isSaving = false, m_isCopying = false;
    bool m_isMissing = false; ///< the tab says that the key does not exist
    bool m_readDue = false; ///< read once more after the reading in progress
    bool m_deleteDue = false; ///< ask for confirmation of the deletion once the value is read
    std::optional<FormerValue> m_former;
    About m_toldAbout = About::Action;
    KeyHead *m_head;
    ValueView *m_view = nullptr;
    EmptyState *m_empty;
    QList<QPushButton *> m_elsewhere; ///< buttons of m_empty, one per other database with the key
    QVBoxLayout *m_layout;
    QFrame *m_foot, *m_messageBar;
    ElidedLabel *m_footText, *m_message;
    QLabel *m_changes;
    QPushButton *m_undo, *m_revert, *m_save;
    QTimer m_refresh;
};

} // namespace slotscope
