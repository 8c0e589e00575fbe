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

/// Shows what nodes refused or did not report, with the missing ACL permission and a button that copies the ACL
/// command; above it, the result of an action. Hidden if there is nothing to show. GUI thread.
class NodeNotice final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeNotice)
public:
    struct Problem
    {
        QString node; ///< name of the node
        Error error;
    };
    explicit NodeNotice(PageContext &context, QWidget *parent = nullptr);

    void addButton(QPushButton *button); ///< placed beside the button for the permission; its owner shows and hides it
    /// Shows the result of an action until it is closed. Empty: hides it.
    void tell(const QString &text, bool isBad);
    /// `nodes`: number of all nodes. `refusedWords`: such as "%1 does not list its users: the user lacks %2." `more`:
    /// additional lines.
    void setProblems(const QList<Problem> &problems, qsizetype nodes, const QString &refusedWords,
                     const QStringList &more = {});
    [[nodiscard]] QString text() const; ///< all shown text; empty: nothing is shown
    [[nodiscard]] QString problems() const { return m_problems.join(u'\n'); } ///< without the text of tell()

private:
    void update();

    PageContext &m_context;
    QStringList m_problems;
    QString m_told;
    bool m_isToldBad = false;
    QByteArray m_right; ///< missing permission; empty: none
    QLabel *m_text;
    QPushButton *m_copy, *m_dismiss;
    QHBoxLayout *m_layout;
};

/// A note of what has just happened, with the time, so that it is not taken for the present state later. Empty stays
/// empty.
[[nodiscard]] QString datedNote(const QString &text);

} // namespace slotscope
