// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/valuehead.h"

#include <QFrame>
#include <QTimer>

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class PageContext;
class TypeBadge;

/// Header above a value: the key's name, actions, and facts. The time to live counts down.
class KeyHead final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyHead)
public:
    explicit KeyHead(PageContext &context, QWidget *parent = nullptr);
    void setHead(const ValueHead &head);
    void setReadOnly(bool readOnly);
    [[nodiscard]] QString fact(const QString &name) const; ///< text as shown; empty if the fact is hidden
    [[nodiscard]] QComboBox *refreshBox() const { return m_refresh; }
    [[nodiscard]] QToolButton *moreButton() const { return m_more; }

Q_SIGNALS:
    void readAgainRequested();
    void deleteRequested();
    void expiryRequested();
    void renameRequested();
    void duplicateRequested();
    void copiesRequested();
    void copyCommandRequested();
    void refreshChosen(int everyMs); ///< 0: no automatic refresh

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Fact
    {
        QString name;
        QWidget *box;
        QLabel *value;
        int droppedAt; ///< if there is too little room, the facts with the highest number are hidden first
    };
    QLabel *addFact(const QString &name, int droppedAt);
    void makeButtons();
    void setFact(const QString &name, const QString &text, const QString &toolTip = {});
    void updateTtl();
    void placeFacts();

    PageContext &m_context;
    ValueHead m_head;
    QList<Fact> m_facts;
    TypeBadge *m_badge;
    ElidedLabel *m_name;
    QComboBox *m_refresh;
    QToolButton *m_copy, *m_again, *m_delete, *m_more, *m_expiry = nullptr;
    QWidget *m_factsRow;
    QLabel *m_shardDot = nullptr;
    QTimer m_clock;
};

} // namespace slotscope
