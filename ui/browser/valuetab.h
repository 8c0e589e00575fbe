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

/// One open key: its facts, its value, and the line that says what Save would do.
class ValueTab final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ValueTab)
public:
    ValueTab(PageContext &context, EditSender &sender, QByteArray key, QWidget *parent = nullptr);

    [[nodiscard]] const QByteArray &key() const { return m_key; }
    [[nodiscard]] const ValueHead &head() const { return m_valueHead; }
    [[nodiscard]] bool isChanged() const;
    /// Nothing of the user's would go with it: no changes, nothing under way, nothing that can be taken back.
    [[nodiscard]] bool mayBeReplaced() const;
    [[nodiscard]] bool isRead() const { return m_isRead; } ///< the first answer is there
    [[nodiscard]] KeyHead *keyHead() const { return m_head; }
    [[nodiscard]] ValueView *valueView() const { return m_view; } ///< null: nothing is shown
    [[nodiscard]] QPushButton *saveButton() const { return m_save; }
    [[nodiscard]] QPushButton *undoButton() const { return m_undo; }
    [[nodiscard]] QString footText() const;
    [[nodiscard]] QString problemText() const; ///< empty: none
    void readAgain();
    void save();
    void askToDelete();
    void askToRename(bool keepsOld); ///< keepsOld: duplicates it

Q_SIGNALS:
    void titleChanged(); ///< type, name, or whether it is changed
    void keyGone(const QByteArray &key); ///< by our hand
    void keyMade(const QByteArray &key); ///< by our hand: renamed to, duplicated as

private:
    void makeFoot();
    void connectHead();
    void takeHead(const Result<ValueHead> &head);
    void showView(ValueType type);
    void showEmpty(const QString &title, const QString &text);
    void send(const Edit &edit, bool isSave);
    void takeOutcome(const Edit &edit, const Result<EditOutcome> &outcome, bool isSave);
    void showConflict(const Edit &edit, const EditOutcome &outcome);
    void tellRefused(const Edit &edit, const EditOutcome &outcome);
    [[nodiscard]] static QString refusedWords(const Edit &edit, const EditOutcome &outcome);
    void answerDialogs(const Edit &edit, const Result<EditOutcome> &outcome);
    [[nodiscard]] bool isKept() const;
    void takeBack();
    void tell(const QString &text, bool isProblem);
    void updateFoot();
    void askForExpiry();

    PageContext &m_context;
    EditSender &m_sender;
    QByteArray m_key;
    ValueHead m_valueHead;
    ValueType m_viewType = ValueType::None; ///< that m_view shows
    bool m_isRead = false, m_isReading = false, m_isSaving = false, m_isCopying = false;
    bool m_readDue = false; ///< once more, after the reading under way
    bool m_deleteDue = false; ///< asks when it was read
    std::optional<FormerValue> m_former;
    KeyHead *m_head;
    ValueView *m_view = nullptr;
    EmptyState *m_empty;
    QVBoxLayout *m_layout;
    QFrame *m_foot, *m_messageBar;
    ElidedLabel *m_footText, *m_message;
    QLabel *m_changes;
    QPushButton *m_undo, *m_revert, *m_save;
    QTimer m_refresh;
};

} // namespace slotscope
