// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QFrame>
#include <QList>
#include <QStringList>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace slotscope {

class PageContext;

/// What nodes refused or did not tell, with the right that is missing and a button that copies the ACL command; and,
/// above it, what an act came to. Hidden where there is nothing to say. GUI thread.
class NodeNotice final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeNotice)
public:
    struct Problem
    {
        QString node; ///< its name
        Error error;
    };
    explicit NodeNotice(PageContext &context, QWidget *parent = nullptr);

    void addButton(QPushButton *button); ///< beside that of the right; shown and hidden by its owner
    /// What an act came to; stays until it is closed. Empty: nothing.
    void tell(const QString &text, bool isBad);
    /// `nodes`: how many there are. `refusedWords`: "%1 will not list its users: the user lacks %2." `more`: further
    /// lines.
    void setProblems(const QList<Problem> &problems, qsizetype nodes, const QString &refusedWords,
                     const QStringList &more = {});
    [[nodiscard]] QString text() const; ///< all that is shown; empty: nothing
    [[nodiscard]] QString problems() const { return m_problems.join(u'\n'); } ///< without what was told

private:
    void update();

    PageContext &m_context;
    QStringList m_problems;
    QString m_told;
    bool m_isToldBad = false;
    QByteArray m_right; ///< that is missing; empty: none
    QLabel *m_text;
    QPushButton *m_copy, *m_dismiss;
    QHBoxLayout *m_layout;
};

} // namespace slotscope
