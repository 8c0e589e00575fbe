// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace slotscope {

class Theme;

/// A completion proposal.
struct Proposal
{
    QByteArray text; ///< text that is inserted
    QString shown, detail, mark; ///< `mark`: for example "same slot"
    bool isMarkGood = true;
    QByteArray type; ///< type of the key
};

/// List of completion proposals above the current word. It takes no focus: the editor passes the keyboard events to it.
class CompletionPopup final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompletionPopup)
public:
    explicit CompletionPopup(const Theme &theme, QWidget *parent);

    /// Shows the proposals with the lower left corner at `anchor` (in parent coordinates), or hides the list if there
    /// are none.
    void propose(const QList<Proposal> &proposals, const QString &foot, const QRect &anchor);
    void move(int by);
    void take();
    [[nodiscard]] const QList<Proposal> &proposals() const { return m_proposals; }
    [[nodiscard]] int current() const { return m_current; }

Q_SIGNALS:
    void taken(const QByteArray &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] int firstShown() const;
    const Theme &m_theme;
    QList<Proposal> m_proposals;
    QString m_foot;
    int m_current = 0;
};

} // namespace slotscope
