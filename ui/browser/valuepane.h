// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QStackedWidget;
class QTabBar;

namespace slotscope {

class EditSender;
class EmptyState;
class PageContext;
class ValueTab;

/// The open keys, as tabs.
class ValuePane final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ValuePane)
public:
    ValuePane(PageContext &context, EditSender &sender, QWidget *parent = nullptr);

    /// Shows the key: in its tab if it is open, else in a new tab, or in place of an unchanged tab that was opened only
    /// for viewing.
    void open(const QByteArray &key, bool inNewTab);
    void closeTab(int index); ///< asks first if the tab has unsaved changes
    void closeAll(); ///< without asking, because the session has changed
    [[nodiscard]] ValueTab *current() const;
    [[nodiscard]] ValueTab *tabAt(int index) const;
    [[nodiscard]] int count() const;
    [[nodiscard]] bool hasChanges() const;
    [[nodiscard]] QTabBar *tabs() const { return m_tabs; }

Q_SIGNALS:
    void keyGone(const QByteArray &key);
    void keyChanged(const QByteArray &key);
    void keyMade(const QByteArray &key);
    void databaseRequested(const QByteArray &key, int database);

private:
    void remove(int index);
    void updateTab(const ValueTab *tab);
    void updateStack();

    PageContext &m_context;
    EditSender &m_sender;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
};

} // namespace slotscope
